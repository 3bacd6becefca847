"""What a draft's card says and offers beside text and files: poll, marks, replies. Changes nothing."""

from bot.commands import press
from storage.tables import Task
from tasks import compose
from tasks.parameters import Extras, Poll
from texts.reply import Button, Fact, Rows, Say, Style
from twitter.posts import REPLY_SETTINGS

#: For how long a poll may be open by a button, in minutes.
OPEN_FOR = (60, 1440, 4320, 10080)
_UNITS = (("day", 1440), ("hour", 60), ("minute", 1))
#: What a button says for who may reply, with X's name for it; None: everybody.
EVERYBODY = "everyone"
WHO_MAY_REPLY = (EVERYBODY, *REPLY_SETTINGS)


def notes(extras: Extras) -> tuple[Say, ...]:
    """Say what is set of a draft, a line each."""
    said = [*of_poll(extras.poll)]
    if extras.reply_settings:
        said.append(Say("extras.note_reply", {"who": extras.reply_settings}))
    if extras.paid_partnership:
        said.append(Say("extras.note_paid"))
    if extras.made_with_ai:
        said.append(Say("extras.note_ai"))
    return tuple(said)


def of_poll(poll: Poll | None) -> tuple[Say, ...]:
    """Say what a poll asks, an option a line, and for how long."""
    if poll is None:
        return ()
    options = [Say("poll.option", {"text": option}) for option in poll.options]
    return (*options, Say("poll.open_for", {"wait": _wait(poll.minutes)}))


def button(task: Task) -> Button:
    """Offer the panel of options."""
    return press.button("extras.button_options", "x_options", task)


def panel(task: Task) -> Rows:
    """Offer who may reply, and the marks; what is set bears a tick."""
    extras = Extras.read(task.parameters)
    chosen = extras.reply_settings or EVERYBODY
    who = [
        press.button(
            "extras.button_reply",
            "x_reply",
            task,
            extra=each,
            facts={"who": each, "is_set": _yes(is_so=each == chosen)},
        )
        for each in WHO_MAY_REPLY
    ]
    marks = (
        press.button(
            "extras.button_paid", "x_paid", task, facts={"is_set": _yes(is_so=extras.paid_partnership)}
        ),
        press.button("extras.button_ai", "x_ai", task, facts={"is_set": _yes(is_so=extras.made_with_ai)}),
    )
    back = press.button("tweet.button_back", "show", task)
    return (*((each,) for each in who), marks, (back,))


def poll_rows(task: Task, composed: compose.Composed) -> list[tuple[Button, ...]]:
    """Offer how long a poll is open, and what helps where X would not take it."""
    poll = Extras.read(task.parameters).poll
    if poll is None:
        return []
    keys = {problem.key for problem in composed.problems}
    helps: list[tuple[Button, ...]] = []
    if "poll.problem_many" in keys:
        first = press.button("poll.button_first", "p_first", task, style=Style.PRIMARY)
        helps.append((first,))
    helps += [
        (press.button("poll.button_shorten", "p_option", task, extra=str(at), facts=_option(at, poll)),)
        for at, option in enumerate(poll.options)
        if len(option) > compose.POLL_OPTION_LENGTH
    ]
    if keys & {"poll.problem_files", "poll.problem_quote", "poll.problem_few"}:
        helps.append((press.button("poll.button_none", "p_none", task),))
    times = tuple(
        press.button(
            "poll.button_open",
            "p_open",
            task,
            extra=str(minutes),
            facts={"wait": _wait(minutes), "is_set": _yes(is_so=minutes == poll.minutes)},
        )
        for minutes in OPEN_FOR
    )
    return [*helps, times[:2], times[2:]]


def _wait(minutes: int) -> Say:
    """Say for how long, in the largest unit that tells it exactly."""
    unit, each = next((unit, each) for unit, each in _UNITS if minutes % each == 0)
    return Say("poll.wait", {"unit": unit, "count": minutes // each})


def _option(at: int, poll: Poll) -> dict[str, Fact]:
    return {"number": at + 1, "text": poll.options[at][:20]}


def _yes(*, is_so: bool) -> str:
    return "yes" if is_so else "no"
