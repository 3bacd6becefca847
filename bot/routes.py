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
    drafts,
    extras_buttons,
    forgetting,
    handoff,
    inline,
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
    words,
    zone,
)
from bot.turn import Command, Turn

#: What the bot wants to hear of (Bot API: getUpdates, allowed_updates).
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "inline_query")


@dataclass(frozen=True, slots=True)
class Route:
    """A command and where it may be given; deny by default: private chats only."""

    command: Command
    in_groups: bool = False
    operators: bool = False
    """Only for who runs the bot."""


COMMANDS: dict[str, Route] = {
    "start": Route(start.start),
    "help": Route(start.help_, in_groups=True),
    "connect": Route(connect.start),
    "connections": Route(connections.show),
    "tweet": Route(tweet.tweet),
    "thread": Route(thread.thread),
    "undo": Route(undo.undo),
    "reply": Route(reply.reply),
    "delete": Route(delete.delete),
    **{name: Route(command) for name, command in deed.COMMANDS.items()},
    "dm": Route(dm.dm),
    **{name: Route(command) for name, command in look.COMMANDS.items()},
    "drafts": Route(drafts.show),
    "template": Route(template.keep),
    "templates": Route(template.show),
    "schedule": Route(schedule.schedule),
    "queue": Route(queue.queue),
    "next": Route(slots.next_),
    "slots": Route(slots.show),
    "timezone": Route(zone.timezone),
    "cancel": Route(words.cancel),
    "people": Route(operator.people, operators=True),
    "privacy": Route(person.privacy, in_groups=True),
    "forget": Route(forgetting.forget),
    "language": Route(person.language),
}


def _buttons(verbs: Iterable[tuple[str, Command]], *, operators: bool = False) -> dict[str, Route]:
    return {verb: Route(command, operators=operators) for verb, command in verbs}


BUTTONS: dict[str, Route] = {
    **_buttons(connect.VERBS.items()),
    **_buttons(connections.VERBS.items()),
    **_buttons(tweet_buttons.VERBS.items()),
    **_buttons(thread_buttons.VERBS.items()),
    **_buttons(extras_buttons.VERBS.items()),
    **_buttons(poll.VERBS.items()),
    **_buttons(drafts.VERBS.items()),
    **_buttons(template.VERBS.items()),
    **_buttons(outcome_buttons.VERBS.items()),
    **_buttons(deed_buttons.VERBS.items()),
    **_buttons(handoff.VERBS.items()),
    **_buttons(look_buttons.VERBS.items()),
    **_buttons(undo.VERBS.items()),
    **_buttons(parked.VERBS.items()),
    **_buttons(plan_buttons.VERBS.items()),
    **_buttons(queue.VERBS.items()),
    **_buttons(queue_buttons.VERBS.items()),
    **_buttons(missed.VERBS.items()),
    **_buttons(slots.VERBS.items()),
    **_buttons(zone.VERBS.items()),
    **_buttons(person.VERBS.items()),
    **_buttons(operator.VERBS.items(), operators=True),
}
STALE_BUTTON = Route(start.stale_button, in_groups=True)
WORDS = Route(words.private)
WORDS_IN_A_GROUP = Route(words.in_a_group, in_groups=True)
EDITED = Route(words.edited)
UNKNOWN_COMMAND = Route(start.unknown_command)
INLINE = Route(inline.offer, in_groups=True)
MEMBERSHIP = Route(start.membership, in_groups=True)

#: The menus people see (Bot API: setMyCommands), in this order; each has a text `menu.<command>`.
MENU_PRIVATE = ("tweet", "connect", "connections", "undo", "cancel", "language", "privacy", "forget", "help")
MENU_GROUP = ("help", "privacy")
MENU_OPERATOR = (*MENU_PRIVATE, "people")


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
