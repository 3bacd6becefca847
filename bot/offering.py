"""Answering inline queries: from offers to what answerInlineQuery takes. A lost answer stays lost."""

import logging

import telegram
from telegram.error import TelegramError

from bot.dress import NO_PREVIEW, button_of
from bot.unpack import PLAIN_START
from texts.catalogue import Catalogue
from texts.reply import Offer, Offers

log = logging.getLogger(__name__)

#: Seconds: later the person has typed on, and another query waits.
WITHIN_S = 4.0


async def answer_query(
    bot: telegram.Bot, catalogue: Catalogue, tag: str | None, query_id: str, offers: Offers
) -> None:
    """Offer it to the one who asked, and let Telegram keep it for nobody. Never raises what Telegram says."""
    language = catalogue.choose(tag)
    label = catalogue.label(language, offers.key, offers.facts)
    button = telegram.InlineQueryResultsButton(label, start_parameter=offers.start or PLAIN_START)
    try:
        await bot.answer_inline_query(
            query_id,
            [_article(offer, catalogue, language) for offer in offers.offers],
            cache_time=0,
            is_personal=True,
            button=button,
            read_timeout=WITHIN_S,
            connect_timeout=WITHIN_S,
            pool_timeout=WITHIN_S,
        )
    except TelegramError as lost:
        log.info("an inline query stays unanswered: %s", type(lost).__name__)


def _article(offer: Offer, catalogue: Catalogue, language: str) -> telegram.InlineQueryResultArticle:
    return telegram.InlineQueryResultArticle(
        id=offer.id,
        title=catalogue.label(language, offer.title.key, offer.title.facts),
        description=catalogue.label(language, offer.description.key, offer.description.facts),
        # No parse mode: what is sent is what was typed.
        input_message_content=telegram.InputTextMessageContent(offer.text, link_preview_options=NO_PREVIEW),
        reply_markup=telegram.InlineKeyboardMarkup([[button_of(offer.button, catalogue, language)]]),
    )
