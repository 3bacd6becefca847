"""What somebody's next words are, beside a draft: a time zone, slots, a new text or time of what is planned.

Kept with the person as `what:row:second`, of a group with `:chat` behind it: what was asked in one chat is
answered in no other. A tweet that was begun later takes the words instead.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.commands import newest_question
from bot.turn import Turn
from storage import people
from storage.db import Session

#: So long after a question words answer it; later ones are about something else.
WITHIN = timedelta(hours=1)
#: What has been answered, by which message: `taken:row:message`.
TAKEN = "taken"
_GROUPS = 1 << 36


@dataclass(frozen=True, slots=True)
class Question:
    """A question somebody was asked."""

    what: str
    row: str
    number: int
    """The second (Unix) it was asked in; of an answered one, the message that answered it."""


async def ask(session: Session, turn: Turn, what: str, row: str = "") -> None:
    """Note that the next words are `what` of a row; a former question is over."""
    await people.set_asked(session, turn.person.id, f"{what}:{row}:{int(turn.now.timestamp())}{_where(turn)}")


async def taken(session: Session, turn: Turn, row: str = "") -> None:
    """Note that this turn's words answered the question, about which row."""
    await people.set_asked(session, turn.person.id, f"{TAKEN}:{row}:{turn.message.id}{_where(turn)}")


async def withdraw(session: Session, turn: Turn) -> None:
    """Ask nothing any more."""
    await people.set_asked(session, turn.person.id, None)


async def now(session: Session, turn: Turn) -> Question | None:
    """Give the question that this turn's words answer, or answered when they came first. None: none."""
    what, _, rest = (turn.person.asked or "").partition(":")
    row, _, number = rest.partition(":")
    number, _, _ = number.partition(":")
    if not number.isdigit() or rest != f"{row}:{number}{_where(turn)}":
        return None
    asked = Question(what, row, int(number))
    if what == TAKEN:
        return asked if turn.again and asked.number == turn.message.id else None
    since = datetime.fromtimestamp(asked.number, UTC)
    if turn.now - since > WITHIN:
        return None
    return None if await newest_question.is_about_a_draft(session, turn, since=since) else asked


def _where(turn: Turn) -> str:
    """Name the group in as few digits as leave room for the rest; a private chat needs no name."""
    return "" if turn.chat.private else f":{abs(turn.chat.id) % _GROUPS:x}"
