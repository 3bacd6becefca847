"""The map of the product: which command answers which command word, button or message."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.commands import (
    connect,
    connections,
    deed,
    deed_buttons,
    delete,
    dm,
    doctor,
    drafts,
    edit_buttons,
    extras_buttons,
    forgetting,
    handoff,
    happenings,
    inline,
    limits,
    links,
    log,
    look,
    look_buttons,
    missed,
    operator,
    outcome_buttons,
    parked,
    person,
    plan_buttons,
    poll,
    queue,
    queue_buttons,
    reply,
    schedule,
    secret,
    slots,
    start,
    template,
    thread,
    thread_buttons,
    tweet,
    tweet_buttons,
    undo,
    who,
    words,
    zone,
)
from bot.turn import BotChange, Command, MemberChange, Moved, Titled, Turn, Witness

#: What the bot wants to hear of (Bot API: getUpdates, allowed_updates).
ALLOWED_UPDATES = (
    *("message", "edited_message", "callback_query", "inline_query"),
    *("my_chat_member", "chat_member"),
)


@dataclass(frozen=True, slots=True)
class Route:
    """A command and where it may be given; deny by default: private chats only."""

    command: Command
    in_groups: bool = False
    operators: bool = False
    """Only for who runs the bot."""


COMMANDS: dict[str, Route] = {
    "tweet": Route(tweet.tweet),
    "thread": Route(thread.thread),
    "reply": Route(reply.reply),
    "quote": Route(reply.quote),
    "dm": Route(dm.dm),
    "schedule": Route(schedule.schedule),
    "next": Route(slots.next_),
    "queue": Route(queue.queue),
    "drafts": Route(drafts.show),
    **{name: Route(command) for name, command in look.COMMANDS.items()},
    **{name: Route(command) for name, command in deed.COMMANDS.items()},
    "delete": Route(delete.delete),
    "template": Route(template.keep),
    "templates": Route(template.show),
    "connect": Route(connect.start),
    "connections": Route(connections.show),
    "doctor": Route(doctor.doctor),
    "limits": Route(limits.show),
    "slots": Route(slots.show),
    "timezone": Route(zone.timezone),
    "undo": Route(undo.undo),
    "log": Route(log.show, in_groups=True),
    "who": Route(who.who, in_groups=True),
    "cancel": Route(words.cancel),
    "people": Route(operator.people, operators=True),
    "language": Route(person.language),
    "privacy": Route(person.privacy, in_groups=True),
    "forget": Route(forgetting.forget),
    "help": Route(start.help_, in_groups=True),
    "start": Route(start.start),
}


def _buttons(verbs: Iterable[tuple[str, Command]], *, operators: bool = False) -> dict[str, Route]:
    return {verb: Route(command, operators=operators) for verb, command in verbs}


BUTTONS: dict[str, Route] = {
    **_buttons(connect.VERBS.items()),
    **_buttons(connections.VERBS.items()),
    **_buttons(doctor.VERBS.items()),
    **_buttons(tweet_buttons.VERBS.items()),
    **_buttons(thread_buttons.VERBS.items()),
    **_buttons(extras_buttons.VERBS.items()),
    **_buttons(poll.VERBS.items()),
    **_buttons(edit_buttons.VERBS.items()),
    **_buttons(links.VERBS.items()),
    **_buttons(drafts.VERBS.items()),
    **_buttons(template.VERBS.items()),
    **_buttons(outcome_buttons.VERBS.items()),
    **_buttons(deed_buttons.VERBS.items()),
    **_buttons(handoff.VERBS.items()),
    **_buttons(look_buttons.VERBS.items()),
    **_buttons(undo.VERBS.items()),
    **_buttons(parked.VERBS.items()),
    **_buttons(limits.VERBS.items()),
    **_buttons(plan_buttons.VERBS.items()),
    **_buttons(queue.VERBS.items()),
    **_buttons(queue_buttons.VERBS.items()),
    **_buttons(missed.VERBS.items()),
    **_buttons(slots.VERBS.items()),
    **_buttons(zone.VERBS.items()),
    **{verb: Route(command, in_groups=True) for verb, command in log.VERBS.items()},
    **_buttons(person.VERBS.items()),
    **_buttons(operator.VERBS.items(), operators=True),
}
STALE_BUTTON = Route(start.stale_button, in_groups=True)
WORDS = Route(words.private)
WORDS_IN_A_GROUP = Route(words.in_a_group, in_groups=True)
EDITED = Route(words.edited)
UNKNOWN_COMMAND = Route(start.unknown_command)
INLINE = Route(inline.offer, in_groups=True)
MEMBERSHIP = Route(start.membership)

#: What is done when something happens to a group, whoever does it.
HAPPENED: dict[type, Witness] = {
    BotChange: happenings.bot_changed,
    MemberChange: happenings.member_changed,
    Moved: happenings.moved,
    Titled: happenings.titled,
}

#: The menus people see (Bot API: setMyCommands) list what they may give, in the order of the map; each
#: command has a text `menu.<command>`. Telegram shows a Start button of its own.
MENU_PRIVATE = tuple(name for name, route in COMMANDS.items() if not route.operators and name != "start")
MENU_GROUP = tuple(name for name in MENU_PRIVATE if COMMANDS[name].in_groups)
MENU_OPERATOR = (*MENU_PRIVATE, *(name for name, route in COMMANDS.items() if route.operators))


async def find(turn: Turn) -> Route | None:
    """Say which command answers; None: silence (a message in a group that is not for the bot)."""
    if turn.inline or turn.membership:
        return INLINE if turn.inline else MEMBERSHIP
    if takes_secret := await secret.taker(turn):
        return Route(takes_secret, in_groups=True)
    if turn.press:
        return BUTTONS.get(turn.press.verb, STALE_BUTTON)
    if turn.edited:
        return EDITED if turn.chat.private else WORDS_IN_A_GROUP
    if turn.command is None:
        return WORDS if turn.chat.private else WORDS_IN_A_GROUP
    unknown = UNKNOWN_COMMAND if turn.chat.private else None
    return COMMANDS.get(turn.command, unknown)
