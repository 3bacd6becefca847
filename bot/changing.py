"""Changing a message that is out: its words, its picture, its caption, its buttons."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import telegram
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.dress import NO_PREVIEW, Dressed
from bot.line import Line
from bot.split import CAPTION_MAX, plain, visible_length

log = logging.getLogger(__name__)

T = TypeVar("T")

# Telegram's own words (td/telegram and telegram-bot-api sources); its errors carry no finer code.
_NOT_MODIFIED = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "message identifier")
_NO_TEXT = "there is no text in the message to edit"
_BAD_HTML = "can't parse entities"


class Changer:
    """Changes one bot's messages."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._bot = line.bot

    async def change(self, chat_id: int, message_id: int, dressed: Dressed) -> bool:
        """Change a message. False: it is gone or cannot be changed, so a new one has to be sent."""
        if dressed.picture and await self._edit_picture(chat_id, message_id, dressed):
            return True
        try:
            return await self._edit_text(chat_id, message_id, dressed)
        except BadRequest as refused:
            if says(refused, _NOT_MODIFIED):
                return True
            if says(refused, _NO_TEXT):
                return await self._edit_caption(chat_id, message_id, dressed)
            if says(refused, *_GONE):
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

        await as_html_or_plain(self._line, chat_id, dressed.one, edit, repeatable=True)
        return True

    async def _edit_caption(self, chat_id: int, message_id: int, dressed: Dressed) -> bool:
        async def edit(text: str, parse_mode: str | None) -> telegram.Message | bool:
            return await self._bot.edit_message_caption(
                chat_id, message_id, caption=text, parse_mode=parse_mode, reply_markup=dressed.keyboard
            )

        if visible_length(dressed.one) > CAPTION_MAX:
            return False
        try:
            await as_html_or_plain(self._line, chat_id, dressed.one, edit, repeatable=True)
        except BadRequest as refused:
            return says(refused, _NOT_MODIFIED)
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
            if not says(refused, _NOT_MODIFIED):
                log.info("chat=%s the picture was refused: %s", chat_id, refused.message)
                return False
        return True


async def as_html_or_plain(
    line: Line,
    chat_id: int,
    text: str,
    method: Callable[[str, str | None], Awaitable[T]],
    *,
    repeatable: bool,
) -> T:
    """Send HTML; should Telegram not read it, the same words without formatting."""
    try:
        return await line.call(chat_id, lambda: method(text, ParseMode.HTML), repeatable=repeatable)
    except BadRequest as refused:
        if not says(refused, _BAD_HTML):
            raise
        log.error("chat=%s Telegram cannot read our HTML: %s", chat_id, refused.message)  # noqa: TRY400
        return await line.call(chat_id, lambda: method(plain(text), None), repeatable=repeatable)


def says(error: BadRequest, *words: str) -> bool:
    """Tell whether Telegram refused in one of these words, which are lower case."""
    message = error.message.lower()
    return any(word in message for word in words)
