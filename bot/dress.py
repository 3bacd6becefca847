"""From a Reply to what Telegram's methods take: markup, texts and keyboards. Sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import telegram

from bot.split import CAPTION_MAX, MESSAGE_MAX, split, visible_length
from texts.catalogue import Catalogue
from texts.reply import Button, Pick, Picks, Reply, Style

#: Bot API: InlineKeyboardButton.callback_data, bytes.
CALLBACK_DATA_MAX = 64
#: Bot API: ForceReply.input_field_placeholder, characters.
PLACEHOLDER_MAX = 64

#: Stands for what was taken out of a text that is too long to be shown.
CUT = " […] "
#: A shorter text is no reason why a sentence is too long.
KEPT_MIN = 64

NO_PREVIEW = telegram.LinkPreviewOptions(is_disabled=True)

Markup = (
    telegram.InlineKeyboardMarkup
    | telegram.ForceReply
    | telegram.ReplyKeyboardMarkup
    | telegram.ReplyKeyboardRemove
)
#: Whoever administers has at least none of these rights (Bot API: KeyboardButtonRequestChat).
_ANY_ADMIN = telegram.ChatAdministratorRights(*[False] * 11)


@dataclass(frozen=True, slots=True)
class Dressed:
    """A reply in a language, ready to be sent."""

    parts: tuple[str, ...]
    """HTML, each within the limit of a message; a card is always one."""
    one: str
    """The same as one message: what is too long in it is shortened in its middle, so that the end stays."""
    keyboard: telegram.InlineKeyboardMarkup | None
    """None: no buttons; an edit then takes the old ones away."""
    ask: telegram.ForceReply | telegram.ReplyKeyboardMarkup | telegram.ReplyKeyboardRemove | None
    picture: str | None
    """Only when the sentence fits under it."""
    protect: bool
    answers: bool = False
    """In a group it is sent as a reply to what it answers: a question opens the keyboard of who asked."""
    document: tuple[str, bytes] | None = None
    """A file to send instead of a message, by name and content."""

    @property
    def markup(self) -> Markup | None:
        """What goes under a new message; a question's field only where there are no buttons."""
        return self.keyboard or self.ask


def dress(reply: Reply, catalogue: Catalogue, language: str) -> Dressed:
    """Put a reply into words. Raises MissingText for a key or fact the catalogue lacks."""
    sentence = catalogue.say(language, reply.key, reply.facts)
    fits = visible_length(sentence) <= CAPTION_MAX
    if reply.document and not fits:
        raise ValueError(f"{reply.key} exceeds what a file takes as its caption")
    one = _in_one_message(reply, catalogue, language, sentence)
    return Dressed(
        parts=(one,) if reply.card else tuple(split(sentence)),
        one=one,
        keyboard=_keyboard(reply.buttons, catalogue, language),
        ask=_ask(reply, catalogue, language),
        picture=reply.picture if fits else None,
        protect=reply.protect,
        answers=reply.answers or bool(reply.ask),
        document=reply.document,
    )


def _in_one_message(reply: Reply, catalogue: Catalogue, language: str, sentence: str) -> str:
    """Shorten the longest texts in a sentence until a message holds it."""
    facts = dict(reply.facts)
    texts = {name: fact for name, fact in facts.items() if isinstance(fact, str)}
    while (excess := visible_length(sentence) - MESSAGE_MAX) > 0:
        name = max(texts, key=lambda name: len(texts[name]), default=None)
        if name is None or len(texts[name]) <= KEPT_MIN:
            return split(sentence, MESSAGE_MAX - 1)[0] + "…"
        facts[name] = texts[name] = _without_middle(texts[name], excess)
        sentence = catalogue.say(language, reply.key, facts)
    return sentence


def _without_middle(text: str, excess: int) -> str:
    """Take at least so many characters out of the middle, and say so; never below KEPT_MIN."""
    kept = max(len(text.replace(CUT, "")) - excess - len(CUT), KEPT_MIN - len(CUT))
    head, tail = (kept + 1) // 2, kept // 2
    return text[:head] + CUT + text[len(text) - tail :]


def _keyboard(
    rows: Sequence[Sequence[Button]], catalogue: Catalogue, language: str
) -> telegram.InlineKeyboardMarkup | None:
    if not any(rows):
        return None
    return telegram.InlineKeyboardMarkup(
        [[button_of(b, catalogue, language) for b in row] for row in rows if row]
    )


def button_of(button: Button, catalogue: Catalogue, language: str) -> telegram.InlineKeyboardButton:
    """Make a button. Raises ValueError for one Telegram would not take."""
    if len(button.data.encode()) > CALLBACK_DATA_MAX:
        raise ValueError(f"the data of button {button.key} exceeds {CALLBACK_DATA_MAX} bytes")
    if bool(button.data) == bool(button.url):
        raise ValueError(f"button {button.key} needs either data or a url")
    return telegram.InlineKeyboardButton(
        catalogue.label(language, button.key, button.facts),
        callback_data=button.data or None,
        url=button.url or None,
        style=None if button.style is Style.PLAIN else button.style.value,
    )


def _ask(
    reply: Reply, catalogue: Catalogue, language: str
) -> telegram.ForceReply | telegram.ReplyKeyboardMarkup | telegram.ReplyKeyboardRemove | None:
    if reply.pick:
        button = _picking(reply.pick, catalogue.label(language, reply.pick.key, reply.facts))
        return telegram.ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
    if reply.picked:
        return telegram.ReplyKeyboardRemove()
    if not reply.ask or reply.buttons:
        return None
    placeholder = catalogue.label(language, reply.ask, reply.facts)[:PLACEHOLDER_MAX]
    return telegram.ForceReply(selective=True, input_field_placeholder=placeholder)


def _picking(pick: Pick, label: str) -> telegram.KeyboardButton:
    if pick.what is Picks.GROUP:
        chat = telegram.KeyboardButtonRequestChat(
            pick.request_id,
            chat_is_channel=False,
            user_administrator_rights=_ANY_ADMIN,
            bot_is_member=True,
            request_title=True,
        )
        return telegram.KeyboardButton(label, request_chat=chat)
    people = telegram.KeyboardButtonRequestUsers(
        pick.request_id,
        user_is_bot=False,
        max_quantity=pick.most,
        request_name=True,
        request_username=True,
    )
    return telegram.KeyboardButton(label, request_users=people)
