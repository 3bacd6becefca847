"""The way out of what X, money or the bot refused: its sentence, its cause, and the button that helps.

Which code has which cause and help stands in tasks/remedies.py. Changes nothing.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from bot.commands import on_x, press
from bot.turn import Doors
from storage.tables import AppKind, Connection, Task
from tasks import booking, kinds, price, remedies
from tasks.kinds import KINDS
from tasks.remedies import BY_OWNER, Help
from texts.reply import Button, Fact, Say, Style
from twitter.client import X

#: What begins as a draft, so that there are words to edit and a composer at X to go to.
_DRAFTED = (kinds.TWEET.name, kinds.MESSAGE.name)
#: The end of a task's id, by which it is found in the log.
_ID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Trouble:
    """A no: of a task, or of a connection alone."""

    code: str
    connection: Connection | None
    """Whose it is; None: it is not connected any more."""
    task: Task | None = None
    detail: str = ""
    """X's own words."""
    error_id: str = ""
    """What the log calls it."""
    is_operator: bool = False
    """The person runs the bot, so the registered app is theirs."""


def of_task(task: Task, connection: Connection | None, *, is_operator: bool) -> Trouble:
    """Give the trouble of a task that failed, or that its person is asked about."""
    code = task.outcome or "internal"
    words, error_id = task.outcome_detail or "", task.id[-_ID_LENGTH:]
    return Trouble(code, connection, task, words, error_id, is_operator)


def sentence(trouble: Trouble) -> tuple[Say, ...]:
    """Say what happened; of what nobody knows, in X's own words and with the id it has in the log."""
    if trouble.code == booking.OVER_CAP and _is_of_a_group(trouble):
        # What its owner lets it cost, and has spent, is no matter of the group.
        return (Say("group.account_over"),)
    facts = {"detail": trouble.detail}
    if remedies.is_known(trouble.code):
        return (Say(f"x.{trouble.code}", facts),)
    said = Say("x.unknown_error", facts) if trouble.detail else Say("doctor.unknown_wordless")
    return (said, Say("doctor.error_id", {"id": trouble.error_id}))


def _is_of_a_group(trouble: Trouble) -> bool:
    """Say whether a group reads it: on a task's card there, or, without a task, in its log."""
    return trouble.task is None or trouble.task.chat_id != trouble.task.person_id


def cause(trouble: Trouble) -> Say:
    """Say why."""
    return Say(f"doctor.cause_{remedies.of(trouble.code).cause}")


def button(doors: Doors, trouble: Trouble, *, afar: bool = False) -> Button:
    """Give the one button that helps, and that this person can use.

    `afar`: it stands below something else than the task's card, which it then brings down.
    """
    return _made(doors, trouble, _reachable(trouble), style=Style.PRIMARY, afar=afar)


def further(doors: Doors, trouble: Trouble) -> tuple[Button, ...]:
    """Give the buttons for what is to be done then, or instead; none where there is nothing."""
    first = _reachable(trouble)
    then = [one for one in remedies.of(trouble.code).then if one is not first]
    return tuple(_made(doors, trouble, one, style=Style.PLAIN) for one in then)


def _reachable(trouble: Trouble) -> Help:
    """Say what helps of what this person can do with this kind of task."""
    remedy, task = remedies.of(trouble.code), trouble.task
    if remedy.help in BY_OWNER and not _owns_app(trouble):
        return Help.CONNECT if Help.CONNECT in remedy.then else Help.OPERATOR
    if remedy.help is Help.EDIT and not _is_drafted(task):
        return Help.AGAIN
    if remedy.help is Help.HAND_OFF and not _is_drafted(task):
        return Help.LOOK
    return remedy.help


def _is_drafted(task: Task | None) -> bool:
    return task is not None and task.kind in _DRAFTED


def _owns_app(trouble: Trouble) -> bool:
    """Say whether the app is this person's; of a connection that is gone nobody knows."""
    connection = trouble.connection
    return trouble.is_operator or connection is None or connection.app_kind == AppKind.OWN


def _made(doors: Doors, trouble: Trouble, help_: Help, *, style: Style, afar: bool = False) -> Button:
    connection, task = trouble.connection, trouble.task
    if url := _address(doors, trouble, help_):
        return Button(_ADDRESS_LABELS[help_], url=url, style=style)
    if task is not None and help_ in _TASK_BUTTONS:
        return _of_task(task, help_, style=style, afar=afar)
    if connection is None:
        return Button("tweet.button_connect", "connect", style=style)
    if help_ in _CONNECTION_BUTTONS:
        return press.button(*_CONNECTION_BUTTONS[help_], connection, style=style)
    return ask(connection)


def ask(connection: Connection) -> Button:
    """Offer to ask X now, with what that costs."""
    costs: dict[str, Fact] = {"price": price.of_people(1).dollars}
    return press.button("doctor.button_ask", "doc_ask", connection, facts=costs)


def _address(doors: Doors, trouble: Trouble, help_: Help) -> str | None:
    """Give the address where that is done; None: it is done here."""
    if help_ is Help.OPERATOR:
        return _to_be_told(doors, trouble)
    if help_ is Help.LOOK:
        return _on_x(doors.x, trouble)
    return remedies.page(help_, doors.x.web_origin)


def _of_task(task: Task, help_: Help, *, style: Style, afar: bool) -> Button:
    if help_ is Help.ANSWER or (afar and help_ is not Help.EDIT):
        return press.button("doctor.button_show", "q_open", task, style=style, facts={"help": help_})
    return press.button(*_TASK_BUTTONS[help_], task, style=style)


_ADDRESS_LABELS = {
    Help.OPERATOR: "doctor.button_tell",
    Help.LOOK: "tweet.button_open_x",
    Help.SETTINGS: "doctor.button_settings",
    Help.CREDIT: "doctor.button_credit",
    Help.UNLOCK: "tweet.button_open_x",
    Help.APPEAL: "tweet.button_open_x",
}
#: Labels and verbs of what is done to a connection.
_CONNECTION_BUTTONS = {
    Help.CONNECT: ("tweet.button_reconnect", "reauthorize"),
    Help.CAP: ("limits.button_raise", "limits"),
    Help.THAW: ("connections.button_thaw", "conn_thaw"),
}
#: Labels and verbs of what is done to a task.
_TASK_BUTTONS = {
    Help.EDIT: ("tweet.button_edit", "edit"),
    Help.NO_FILES: ("tweet.button_no_files", "nofiles"),
    Help.HAND_OFF: ("reply.button_free", "handoff"),
    Help.AGAIN: ("tweet.button_retry", "retry"),
    Help.ANSWER: ("doctor.button_show", "q_open"),
}


def _on_x(x: X, trouble: Trouble) -> str:
    """Give the address at X of what a task is about, with the deed ready where only the app may not do it."""
    task = trouble.task
    if task is None:
        return x.web_origin
    is_for_person = remedies.of(trouble.code).help is Help.HAND_OFF and not KINDS[task.kind].reads
    return on_x.intent_of(x, task) if is_for_person else on_x.about(x, task)


def _to_be_told(doors: Doors, trouble: Trouble) -> str:
    """Give the address that opens Telegram's list of chats, to pass on what whoever runs the bot must know.

    Source: Telegram, "Share links" (t.me/share).
    """
    said = " ".join(filter(None, (trouble.code, trouble.error_id)))
    shared = {"url": f"https://t.me/{doors.rules.bot_username}", "text": said}
    return f"https://t.me/share/url?{urlencode(shared, quote_via=quote)}"
