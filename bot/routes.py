"""The map of the product: which command answers which command word, button or message."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.commands import (
    approvals,
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
    grant_buttons,
    handing,
    handoff,
    happenings,
    in_groups,
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
    policy,
    policy_naming,
    poll,
    queue,
    queue_buttons,
    reply,
    schedule,
    secret,
    share,
    slots,
    start,
    template,
    thread,
    thread_buttons,
    tweet_buttons,
    undo,
    who,
    words,
    zone,
)
from bot.turn import Answer, BotChange, Command, MemberChange, Moved, Titled, Turn, Witness
from tasks.policy import Asked
from texts.reply import Button, Fact, Reply, Say

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
    asks: frozenset[Asked] | None = None
    """In a group: what the person must be allowed to ask for with some account there. None: see `live`."""
    live: bool = False
    """In a group Telegram is asked first what the person is there (`Turn.stands`)."""
    operators: bool = False
    """Only for who runs the bot."""


def _anywhere(name: str, command: Command) -> Route:
    """Make the route of a command that may be given in groups too, as in_groups.py says."""
    return Route(command, in_groups=True, asks=in_groups.COMMANDS[name])


COMMANDS: dict[str, Route] = {
    "tweet": _anywhere("tweet", poll.or_tweet),
    "thread": _anywhere("thread", thread.thread),
    "reply": _anywhere("reply", reply.reply),
    "quote": _anywhere("quote", reply.quote),
    "dm": _anywhere("dm", dm.dm),
    "schedule": _anywhere("schedule", schedule.schedule),
    "next": _anywhere("next", slots.next_),
    "queue": _anywhere("queue", queue.queue),
    "drafts": _anywhere("drafts", drafts.show),
    **{name: _anywhere(name, command) for name, command in look.COMMANDS.items()},
    **{name: _anywhere(name, command) for name, command in deed.COMMANDS.items()},
    "delete": _anywhere("delete", delete.delete),
    "template": Route(template.keep),
    "templates": Route(template.show),
    "connect": Route(connect.start),
    "connections": Route(connections.show),
    "share": Route(share.share, in_groups=True),
    "policy": Route(policy.show, in_groups=True),
    "doctor": Route(doctor.doctor),
    "limits": Route(limits.show),
    "slots": Route(slots.show),
    "timezone": Route(zone.timezone),
    "undo": Route(undo.undo),
    "log": Route(log.show, in_groups=True),
    "who": Route(who.who, in_groups=True),
    "cancel": _anywhere("cancel", words.cancel),
    "people": Route(operator.people, operators=True),
    "language": Route(person.language),
    "privacy": Route(person.privacy, in_groups=True),
    "forget": Route(forgetting.forget),
    "help": Route(start.help_, in_groups=True),
    "start": Route(start.start),
}


def _buttons(verbs: Iterable[tuple[str, Command]], *, operators: bool = False) -> dict[str, Route]:
    return {verb: _button(verb, command, operators=operators) for verb, command in verbs}


def _button(verb: str, command: Command, *, operators: bool) -> Route:
    if verb in in_groups.ASKING_BUTTONS:
        return Route(command, in_groups=True, asks=in_groups.ASKING_BUTTONS[verb])
    is_plain = verb in in_groups.PLAIN_BUTTONS
    about_task = verb in in_groups.BUTTONS
    return Route(command, in_groups=is_plain or about_task, live=about_task, operators=operators)


BUTTONS: dict[str, Route] = {
    **_buttons(connect.VERBS.items()),
    **_buttons(connections.VERBS.items()),
    **_buttons(doctor.VERBS.items()),
    **_buttons(tweet_buttons.VERBS.items()),
    **_buttons(approvals.VERBS.items()),
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
    **_buttons(share.VERBS.items()),
    **_buttons(policy.VERBS.items()),
    **_buttons(grant_buttons.VERBS.items()),
    **_buttons(handing.VERBS.items()),
    **{verb: Route(command, in_groups=True) for verb, command in grant_buttons.IN_GROUPS.items()},
    **{verb: Route(command, in_groups=True) for verb, command in policy_naming.IN_GROUPS.items()},
    **_buttons(operator.VERBS.items(), operators=True),
}
STALE_BUTTON = Route(start.stale_button, in_groups=True)
WORDS = Route(words.private)
WORDS_IN_A_GROUP = Route(words.in_a_group, in_groups=True)
EDITED = Route(words.edited)
EDITED_IN_A_GROUP = Route(words.edited_in_a_group, in_groups=True)
UNKNOWN_COMMAND = Route(start.unknown_command)
INLINE = Route(inline.offer, in_groups=True)
MEMBERSHIP = Route(happenings.membership)

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
        return EDITED if turn.chat.private else EDITED_IN_A_GROUP
    if turn.command is None:
        return WORDS if turn.chat.private else WORDS_IN_A_GROUP
    unknown = UNKNOWN_COMMAND if turn.chat.private else None
    return COMMANDS.get(turn.command, unknown)


def for_a_group(answer: Answer) -> Answer:
    """Leave out the buttons that work in private chats only, and say how a question is answered there."""
    return [_for_a_group(each) if isinstance(each, Reply) else each for each in answer]


def _for_a_group(reply: Reply) -> Reply:
    rows = tuple(tuple(each for each in row if each.url or _is_for_groups(each)) for row in reply.buttons)
    reply = replace(reply, buttons=tuple(row for row in rows if row))
    if not reply.ask or reply.to is not None:
        return reply
    facts: dict[str, Fact] = {"card": Say(reply.key, reply.facts), "lines": (Say("group.reply"),)}
    return replace(reply, key="group.card", facts=facts)


def _is_for_groups(button: Button) -> bool:
    route = BUTTONS.get(button.data.partition(":")[0])
    return route is not None and route.in_groups
