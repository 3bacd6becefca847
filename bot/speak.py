"""Saying replies in Telegram: new messages, edits of living ones, toasts. What to say, commands decide."""

import functools
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import telegram
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.dress import NO_PREVIEW, Dressed, dress
from bot.line import Line
from bot.offering import answer_query
from bot.split import CAPTION_MAX, plain, visible_length
from bot.turn import Answer
from storage import db
from texts.catalogue import Catalogue
from texts.reply import Card, Offers, Reply, Toast

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Bot API: answerCallbackQuery, text.
TOAST_MAX = 200

# Telegram's own words (td/telegram and telegram-bot-api sources); its errors carry no finer code.
_NOT_MODIFIED = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "message identifier")
_NO_TEXT = "there is no text in the message to edit"
_BAD_HTML = "can't parse entities"
_NO_THREAD = "message thread not found"
_TOO_LATE = ("query is too old", "query id is invalid")
_NO_CHAT = ("chat not found", "not enough rights", "have no rights", "topic_closed", "peer_id_invalid")


@dataclass(frozen=True, slots=True)
class Target:
    """To whom and where; `language`: a tag, chosen by the person or by their Telegram, if any."""

    chat_id: int
    language: str | None = None
    thread_id: int | None = None
    press_id: str | None = None
    """A pressed button that waits for its answer."""
    query_id: str | None = None
    """An inline query that waits for its offers."""
    pressed_message_id: int | None = None
    """The message the pressed button stands under."""


class Cards(Protocol):
    """Where the rows keep the ids of their living messages."""

    async def message_of(self, card: Card, chat_id: int) -> int | None:
        """Find the living message's id in that chat; None: there is none yet."""

    async def remember(self, card: Card, message_id: int) -> None:
        """Keep the id of the row's new living message. Commits."""


class Speaker:
    """Says replies in the reader's language. Never inside a transaction."""

    def __init__(
        self,
        line: Line,
        catalogue: Catalogue,
        cards: Cards,
        *,
        blocked: Callable[[int], Awaitable[None]],
    ) -> None:
        """`blocked` is told the chat id of a person who blocked the bot or is gone."""
        self._line = line
        self._bot = line.bot
        self._catalogue = catalogue
        self._cards = cards
        self._blocked = blocked

    async def say(self, target: Target, answer: Answer) -> None:
        """Say it all, in order. Raises Unsaid when Telegram cannot be reached or asks to wait too long.

        A chat that is closed to the bot counts as said to: nobody is there to hear it.
        """
        if db.in_transaction():
            raise RuntimeError("Telegram is called inside a transaction")
        if target.query_id:
            for offers in (each for each in answer if isinstance(each, Offers)):
                await answer_query(self._bot, self._catalogue, target.language, target.query_id, offers)
            return
        if target.press_id:
            await self._answer_press(target, next((a for a in answer if isinstance(a, Toast)), None))
        try:
            await self._say_all(target, [a for a in answer if isinstance(a, Reply)])
        except Forbidden as closed:
            log.info("chat=%s closed: %s", target.chat_id, closed.message)
            if target.chat_id > 0:
                await self._blocked(target.chat_id)
        except ChatMigrated as moved:
            log.info("chat=%s is now chat=%s", target.chat_id, moved.new_chat_id)
            moved_target = Target(moved.new_chat_id, target.language)
            await self._say_all(moved_target, [a for a in answer if isinstance(a, Reply)])

    async def _say_all(self, target: Target, replies: list[Reply]) -> None:
        pressed = target.pressed_message_id
        language = self._catalogue.choose(target.language)
        for reply in replies:
            dressed = dress(reply, self._catalogue, language)
            living = await self._cards.message_of(reply.card, target.chat_id) if reply.card else None
            message_id = None if reply.fresh else living
            if not (reply.card or reply.fresh or reply.document):
                message_id, pressed = pressed, None
            if message_id and await self._edit(target.chat_id, message_id, dressed):
                continue
            sent = await self._send(target, dressed)
            if reply.card and sent:
                await self._cards.remember(reply.card, sent)
                await self._take_away(target.chat_id, living)

    async def _take_away(self, chat_id: int, message_id: int | None) -> None:
        """Delete a card that has a newer one: its buttons would look alive. It may be too old, or gone."""
        if message_id is None:
            return
        try:
            await self._line.call(
                chat_id, lambda: self._bot.delete_message(chat_id, message_id), repeatable=True
            )
        except TelegramError as kept:
            log.info("chat=%s an older card stays: %s", chat_id, type(kept).__name__)

    async def _answer_press(self, target: Target, toast: Toast | None) -> None:
        """Answer the press in any case, so that the client's button stops turning."""
        press_id = target.press_id or ""
        text = None
        if toast:
            language = self._catalogue.choose(target.language)
            text = self._catalogue.label(language, toast.key, toast.facts)[:TOAST_MAX]
        alert = bool(toast and toast.alert)
        try:
            await self._line.call(
                target.chat_id,
                lambda: self._bot.answer_callback_query(press_id, text, show_alert=alert),
                repeatable=True,
            )
        except BadRequest as refused:
            if not _says(refused, *_TOO_LATE):
                raise

    async def _send(self, target: Target, dressed: Dressed) -> int | None:
        """Send a new message; gives its id. None: the chat takes none."""
        try:
            return await self._send_as_it_is(target, dressed)
        except BadRequest as refused:
            if _says(refused, _NO_THREAD) and target.thread_id:
                return await self._send(replace(target, thread_id=None), dressed)
            if _says(refused, *_NO_CHAT):
                log.warning("chat=%s takes no message: %s", target.chat_id, refused.message)
                return None
            raise

    async def _send_as_it_is(self, target: Target, dressed: Dressed) -> int | None:
        if dressed.document:
            return await self._send_document(target, dressed, *dressed.document)
        if dressed.picture:
            try:
                return await self._send_picture(target, dressed)
            except BadRequest as refused:
                if _says(refused, _NO_THREAD, *_NO_CHAT):
                    raise
                log.info("chat=%s the picture was refused: %s", target.chat_id, refused.message)
        sent = None
        for number, part in enumerate(dressed.parts, 1):
            markup = dressed.markup if number == len(dressed.parts) else None
            sent = await self._send_text(target, part, markup, protect=dressed.protect)
        return sent

    async def _send_picture(self, target: Target, dressed: Dressed) -> int:
        return await self._send_captioned(target, dressed, self._bot.send_photo, dressed.picture or "")

    async def _send_document(self, target: Target, dressed: Dressed, name: str, content: bytes) -> int:
        send = functools.partial(self._bot.send_document, filename=name)
        return await self._send_captioned(target, dressed, send, content)

    async def _send_captioned(
        self,
        target: Target,
        dressed: Dressed,
        send: Callable[..., Awaitable[telegram.Message]],
        file: str | bytes,
    ) -> int:
        options = {"caption": dressed.parts[0], "parse_mode": ParseMode.HTML, "reply_markup": dressed.markup}
        where = {"message_thread_id": target.thread_id, "protect_content": dressed.protect}
        message = await self._line.call(
            target.chat_id, lambda: send(target.chat_id, file, **options, **where), repeatable=False
        )
        return message.message_id

    async def _send_text(
        self,
        target: Target,
        text: str,
        markup: telegram.InlineKeyboardMarkup | telegram.ForceReply | None,
        *,
        protect: bool,
    ) -> int:
        async def send(text: str, parse_mode: str | None) -> telegram.Message:
            return await self._bot.send_message(
                target.chat_id,
                text,
                parse_mode=parse_mode,
                link_preview_options=NO_PREVIEW,
                reply_markup=markup,
                message_thread_id=target.thread_id,
                protect_content=protect,
            )

        message = await self._as_html_or_plain(target.chat_id, text, send, repeatable=False)
        return message.message_id

    async def _edit(self, chat_id: int, message_id: int, dressed: Dressed) -> bool:
        """Change a message. False: it is gone or cannot be changed, so a new one has to be sent."""
        if dressed.picture and await self._edit_picture(chat_id, message_id, dressed):
            return True
        try:
            return await self._edit_text(chat_id, message_id, dressed)
        except BadRequest as refused:
            if _says(refused, _NOT_MODIFIED):
                return True
            if _says(refused, _NO_TEXT):
                return await self._edit_caption(chat_id, message_id, dressed)
            if _says(refused, *_GONE):
                return False
            raise

    async def _edit_text(self, chat_id: int, message_id: int, dressed: Dressed) -> bool:
        async def edit(text: str, parse_mode: str | None) -> telegram.Message | bool:
            return await self._bot.edit_message_text(
                text,
                chat_id,
                message_id,
                parse_mode=parse_mode,
                link_preview_options=NO_PREVIEW,
                reply_markup=dressed.keyboard,
            )

        await self._as_html_or_plain(chat_id, dressed.one, edit, repeatable=True)
        return True

    async def _edit_caption(self, chat_id: int, message_id: int, dressed: Dressed) -> bool:
        async def edit(text: str, parse_mode: str | None) -> telegram.Message | bool:
            return await self._bot.edit_message_caption(
                chat_id, message_id, caption=text, parse_mode=parse_mode, reply_markup=dressed.keyboard
            )

        if visible_length(dressed.one) > CAPTION_MAX:
            return False
        try:
            await self._as_html_or_plain(chat_id, dressed.one, edit, repeatable=True)
        except BadRequest as refused:
            return _says(refused, _NOT_MODIFIED)
        return True

    async def _edit_picture(self, chat_id: int, message_id: int, dressed: Dressed) -> bool:
        """Put a picture into a message. False: it cannot be had, or the message cannot be changed."""
        photo = telegram.InputMediaPhoto(dressed.picture or "", dressed.parts[0], parse_mode=ParseMode.HTML)
        try:
            await self._line.call(
                chat_id,
                lambda: self._bot.edit_message_media(
                    photo, chat_id, message_id, reply_markup=dressed.keyboard
                ),
                repeatable=True,
            )
        except BadRequest as refused:
            if not _says(refused, _NOT_MODIFIED):
                log.info("chat=%s the picture was refused: %s", chat_id, refused.message)
                return False
        return True

    async def _as_html_or_plain(
        self, chat_id: int, text: str, method: Callable[[str, str | None], Awaitable[T]], *, repeatable: bool
    ) -> T:
        """Send HTML; should Telegram not read it, the same words without formatting."""
        try:
            return await self._line.call(chat_id, lambda: method(text, ParseMode.HTML), repeatable=repeatable)
        except BadRequest as refused:
            if not _says(refused, _BAD_HTML):
                raise
            log.error("chat=%s Telegram cannot read our HTML: %s", chat_id, refused.message)  # noqa: TRY400
            return await self._line.call(chat_id, lambda: method(plain(text), None), repeatable=repeatable)


def _says(error: BadRequest, *words: str) -> bool:
    message = error.message.lower()
    return any(word in message for word in words)
