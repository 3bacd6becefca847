"""Polls as people send them: what Telegram takes, and how the Bot API shows one. Nobody votes here."""

import secrets
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.refusals import Impossible
from sandbox.telegram.wishes import integer_or

# Bot API, sendPoll: characters of question and option, number of options, seconds
QUESTION_LIMIT = 300
OPTION_LIMIT = 100
MOST_OPTIONS = 12
OPEN_SECONDS = range(5, 2_628_001)


@dataclass(frozen=True)
class Survey:
    """A poll's content; `correct` holds the numbers of a quiz's right options."""

    id: str
    question: str
    options: tuple[tuple[str, str], ...]
    """Persistent id and text."""
    anonymous: bool = True
    multiple: bool = False
    correct: tuple[int, ...] = ()
    open_seconds: int = 0
    made_at: int = 0

    def as_json(self, *, with_solution: bool) -> dict[str, Any]:
        """Return the Bot API's Poll; the solution only where the bot may know it."""
        options = [{"persistent_id": number, "text": text, "voter_count": 0} for number, text in self.options]
        shown: dict[str, Any] = {
            "id": self.id,
            "question": self.question,
            "options": options,
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": self.anonymous,
            "type": "quiz" if self.correct else "regular",
            "allows_multiple_answers": self.multiple,
            "allows_revoting": not self.correct,
            "members_only": False,
        }
        if self.correct and with_solution:
            shown["correct_option_ids"] = list(self.correct)
        if self.open_seconds:
            shown |= {"open_period": self.open_seconds, "close_date": self.made_at + self.open_seconds}
        return shown


def make(wish: dict[str, Any], now: int) -> Survey:
    """Raise Impossible for a poll Telegram's apps would not send."""
    question = str(wish.get("question") or "").strip()
    options = [str(option).strip() for option in wish.get("options") or []]
    if not 1 <= len(question) <= QUESTION_LIMIT:
        raise Impossible(f"a question has 1 to {QUESTION_LIMIT} characters")
    if not 2 <= len(options) <= MOST_OPTIONS:
        raise Impossible(f"a poll has 2 to {MOST_OPTIONS} options")
    if not all(1 <= len(option) <= OPTION_LIMIT for option in options):
        raise Impossible(f"an option has 1 to {OPTION_LIMIT} characters")
    open_seconds = integer_or(wish, "open_period", 0)
    if open_seconds and open_seconds not in OPEN_SECONDS:
        raise Impossible(f"a poll is open {OPEN_SECONDS.start} to {OPEN_SECONDS.stop - 1} seconds")
    return Survey(
        id=str(secrets.randbits(62)),
        question=question,
        options=tuple((str(secrets.randbits(31)), option) for option in options),
        anonymous=bool(wish.get("is_anonymous", True)),
        multiple=bool(wish.get("allows_multiple_answers")),
        correct=_correct(wish, len(options)),
        open_seconds=open_seconds,
        made_at=now,
    )


def _correct(wish: dict[str, Any], options: int) -> tuple[int, ...]:
    kind = wish.get("type") or "regular"
    if kind not in {"regular", "quiz"}:
        raise Impossible("a poll is regular or a quiz")
    given = wish.get("correct_option_ids") or []
    if kind == "regular":
        return ()
    if not given or not all(isinstance(number, int) and 0 <= number < options for number in given):
        raise Impossible("a quiz needs its right answer")
    return tuple(given)
