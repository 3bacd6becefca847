"""Saying replies in Telegram: new messages, edits of living ones, toasts. What to say, commands decide."""

import functools
import html
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

import telegram
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.changing import Changer, as_html_or_plain, says
from bot.dress import NO_PREVIEW, Dressed, Markup, dress
from bot.line import Line
from bot.members import was_deleted
from bot.offering import answer_query
from bot.turn import Answer
from storage import db
from texts.catalogue import Catalogue
from texts.reply import Card, Offers, Reply, Toast

log = logging.getLogger(__name__)

#: Bot API: answerCallbackQuery, text.
TOAST_MAX = 200

# Telegram's own words (td/telegram and telegram-bot-api sources); its errors carry no finer code.
_NO_THREAD = "message thread not found"
_TOO_LATE = ("query is too old", "query id is invalid")
_CLOSED = "topic_closed"
_NOT_FOUND = "chat not found"
_NO_CHAT = (_NOT_FOUND, "not enough rights", "have no rights", _CLOSED, "peer_id_invalid")


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
    said_id: int | None = None
    """The message in a group that is answered."""
    presser: tuple[int, str] | None = None
    """Who pressed a button in a group (id, name): a question for them has no message to answer."""


class Cards(Protocol):
    """Where the rows keep the ids of their living messages."""

    async def message_of(self, card: Card, chat_id: int) -> int | None:
        """Find the living message's id in that chat; None: there is none yet."""

    async def remember(self, card: Card, message_id: int) -> None:
        """Keep the id of the row's new living message. Commits."""


class Out(Protocol):
    """What is to be done when Telegram says that the bot is out of a group."""

    async def __call__(self, chat_id: int, *, is_gone: bool) -> Answer:
        """Note it; gives what is to be told to whom. `is_gone`: the group was deleted. Commits."""


class Speaker:
    """Says replies in the reader's language. Never inside a transaction."""

    def __init__(
        self,
        line: Line,
        catalogue: Catalogue,
        cards: Cards,
        *,
        blocked: Callable[[int], Awaitable[None]],
        out: Out,
        moved: Callable[[int, int], Awaitable[Answer]],
    ) -> None:
        """`blocked` is told who blocked the bot or is gone, `moved` a chat's old id and its new one.

        `out` is told which group the bot is out of. Both give what has to be said besides.
        """
        self._line = line
        self._bot = line.bot
        self._changer = Changer(line)
        self._catalogue = catalogue
        self._cards = cards
        self._blocked = blocked
        self._out = out
        self._moved = moved

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
        replies = [a for a in answer if isinstance(a, Reply)]
        await self._say_here(target, [reply for reply in replies if not _is_elsewhere(reply, target)])
        for reply in replies:
            if _is_elsewhere(reply, target):
                there = Target(reply.to or 0, target.language, reply.thread_id)
                await self._say_here(there, [reply])

    async def _say_here(self, target: Target, replies: list[Reply]) -> None:
        try:
            await self._say_all(target, replies)
        except Forbidden as closed:
            log.info("chat=%s closed: %s", target.chat_id, closed.message)
            if target.chat_id > 0:
                await self._blocked(target.chat_id)
                return
            for each in await self._out(target.chat_id, is_gone=was_deleted(closed)):
                if isinstance(each, Reply) and each.to is not None:
                    await self._say_here(Target(each.to), [each])
        except ChatMigrated as moved:
            log.info("chat=%s is now chat=%s", target.chat_id, moved.new_chat_id)
            cards = await self._moved(target.chat_id, moved.new_chat_id)
            moved_target = Target(moved.new_chat_id, target.language)
            await self._say_all(moved_target, [each for each in cards if isinstance(each, Reply)])
            await self._say_all(moved_target, replies)

    async def _say_all(self, target: Target, replies: list[Reply]) -> None:
        pressed = target.pressed_message_id
        language = self._catalogue.choose(target.language)
        for reply in replies:
            dressed = dress(reply, self._catalogue, language)
            living = await self._cards.message_of(reply.card, target.chat_id) if reply.card else None
            message_id = None if reply.fresh else living
            if not (reply.card or reply.fresh or reply.document):
                message_id, pressed = pressed, None
            if message_id and await self._changer.change(target.chat_id, message_id, dressed):
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
            if not says(refused, *_TOO_LATE):
                raise

    async def _send(self, target: Target, dressed: Dressed) -> int | None:
        """Send a new message; gives its id. None: the chat takes none."""
        try:
            return await self._send_as_it_is(target, dressed)
        except BadRequest as refused:
            if says(refused, _NO_THREAD, _CLOSED) and target.thread_id:
                return await self._send(replace(target, thread_id=None), dressed)
            if says(refused, _NOT_FOUND) and target.chat_id < 0:
                raise Forbidden(refused.message) from None
            if says(refused, *_NO_CHAT):
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
                if says(refused, _NO_THREAD, *_NO_CHAT):
                    raise
                log.info("chat=%s the picture was refused: %s", target.chat_id, refused.message)
        sent = None
        for number, part in enumerate(dressed.parts, 1):
            markup = dressed.markup if number == len(dressed.parts) else None
            said_id = target.said_id if dressed.answers else None
            asks = markup is not None and markup is dressed.ask
            said = _named(part, *target.presser) if asks and target.presser and not said_id else part
            sent = await self._send_text(target, said, markup, protect=dressed.protect, said_id=said_id)
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
        markup: Markup | None,
        *,
        protect: bool,
        said_id: int | None,
    ) -> int:
        answered = telegram.ReplyParameters(said_id, allow_sending_without_reply=True) if said_id else None

        async def send(text: str, parse_mode: str | None) -> telegram.Message:
            return await self._bot.send_message(
                target.chat_id,
                text,
                parse_mode=parse_mode,
                link_preview_options=NO_PREVIEW,
                reply_markup=markup,
                message_thread_id=target.thread_id,
                protect_content=protect,
                reply_parameters=answered,
            )

        message = await as_html_or_plain(self._line, target.chat_id, text, send, repeatable=False)
        return message.message_id


def _is_elsewhere(reply: Reply, target: Target) -> bool:
    if reply.to in (None, target.chat_id):
        return reply.thread_id not in (None, target.thread_id)
    return True


def _named(text: str, person_id: int, name: str) -> str:
    """Name whom a question is for: a selective one opens the keyboard of no others (Bot API: ForceReply)."""
    return f'<a href="tg://user?id={person_id}">{html.escape(name)}</a>\n{text}'
