"""What a draft still lacks and what stands in its way: the next question is computed from the row. Pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tasks import price
from tasks.parameters import Poll
from texts.reply import Fact, Say
from twitter import formats, tags, text

#: X: "Manage Posts", media.media_ids takes 4 photos, or 1 GIF, or 1 video (read 2026-08).
PHOTOS_MAX = 4
#: Bot API, getFile: larger files cannot be fetched.
TELEGRAM_FILE_MAX = 20 * 1024 * 1024
#: X: long posts for Premium accounts (changelog, August 2024).
PREMIUM_LENGTH = 25_000
PLAIN_LENGTH = 280
#: X: "Manage Posts", poll.options and poll.duration_minutes (OpenAPI): least and most, and characters of one.
POLL_OPTIONS = (2, 4)
POLL_OPTION_LENGTH = 25
POLL_MINUTES = (5, 10_080)

_KINDS: dict[str, formats.Kind] = {"photo": "photo", "gif": "gif", "video": "video"}


@dataclass(frozen=True, slots=True)
class File:
    """A file of a draft, as far as it is known before it is fetched."""

    kind: str
    mime: str | None
    size: int | None
    duration_s: int | None
    alt_text: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What the decisions look at."""

    text: str
    files: Sequence[File] = ()
    connected: bool = True
    may_write: bool = True
    """False: the app may only read with this account."""
    premium: bool = False
    further: tuple["Draft", ...] = ()
    """The parts of a thread behind this one."""
    repeats: bool = False
    """It shall go out again and again."""
    poll: Poll | None = None
    quotes: bool = False
    """It quotes a post."""
    edits: bool = False
    """It takes the place of a post."""

    @property
    def parts(self) -> tuple["Draft", ...]:
        """Give all that is posted, one by one."""
        return (self, *self.further)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a draft cannot go out as it is; `key` names the sentence."""

    key: str
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Composed:
    """A draft, weighed and priced."""

    length: int
    """Of a thread that of its longest part."""
    limit: int
    price: price.Price
    problems: tuple[Problem, ...]
    mentions: tuple[str, ...]
    """@names in the text: on X they may be somebody else than on Telegram."""


def missing(draft: Draft) -> str | None:
    """Say what to ask for next: `connection`, `text`, or None when nothing is missing."""
    if not draft.connected:
        return "connection"
    if not draft.files and _is_blank(draft.text) and not draft.further:
        return "text"
    return None


def compose(draft: Draft) -> Composed:
    """Weigh and price a draft and list what stands in its way."""
    if not draft.further:
        one = _compose_one(draft)
        return replace(one, problems=(*_in_access(draft), *one.problems))
    composed = [_compose_one(part) for part in draft.parts]
    dollars = sum((each.price.dollars for each in composed), Decimal(0))
    problems = [
        Problem("thread.problem", {"number": number, "why": Say(problem.key, problem.facts)})
        for number, each in enumerate(composed, 1)
        for problem in each.problems
    ]
    blank = [
        Problem("thread.problem_blank", {"number": number})
        for number, part in enumerate(draft.parts, 1)
        if _is_blank(part.text) and not part.files
    ]
    again = [Problem("thread.problem_again")] if draft.repeats else []
    again += [Problem("edit.problem_thread")] if draft.edits else []
    return Composed(
        length=max(each.length for each in composed),
        limit=composed[0].limit,
        price=price.Price(dollars, for_a_link=any(each.price.for_a_link for each in composed)),
        problems=(*_in_access(draft), *blank, *problems, *again),
        mentions=tuple(dict.fromkeys(name for each in composed for name in each.mentions)),
    )


def _compose_one(draft: Draft) -> Composed:
    limit = PREMIUM_LENGTH if draft.premium else PLAIN_LENGTH
    weighed = text.weigh(draft.text, limit=limit)
    alt_texts = sum(1 for file in draft.files if file.alt_text)
    return Composed(
        length=weighed.length,
        limit=limit,
        price=price.of_tweet(has_link=bool(weighed.links), alt_texts=alt_texts),
        problems=(
            *_in_text(draft.text, weighed),
            *_in_files(draft),
            *_in_company(draft),
            *_in_poll(draft.poll),
        ),
        mentions=tuple(dict.fromkeys(m.name for m in tags.mentions(draft.text))),
    )


def _is_blank(text: str) -> bool:
    """Say whether nothing of it can be seen: spaces, and marks that only steer (Unicode: Cf)."""
    return all(char.isspace() or unicodedata.category(char) == "Cf" for char in text)


def _in_access(draft: Draft) -> list[Problem]:
    return [] if draft.may_write else [Problem("x.read_only", {"detail": ""})]


def _in_text(written: str, weighed: text.Weighed) -> list[Problem]:
    found = []
    if weighed.invalid_characters:
        found.append(Problem("tweet.problem_characters"))
    if weighed.overflow_at is not None:
        fits, rest = weighed.text[: weighed.overflow_at], weighed.text[weighed.overflow_at :]
        facts: dict[str, Fact] = {
            "over": weighed.length - weighed.limit,
            "before": fits[-20:],
            "after": rest[:40],
        }
        found.append(Problem("tweet.problem_too_long", facts))
    if len(tags.cashtags(written)) > 1:
        found.append(Problem("tweet.problem_cashtags"))
    return found


def _in_company(draft: Draft) -> list[Problem]:
    """Check that a tweet has only one of files, poll and quote ("Manage Posts": mutually exclusive)."""
    if draft.poll and draft.files:
        return [Problem("poll.problem_files")]
    if draft.poll and draft.quotes:
        return [Problem("poll.problem_quote")]
    return [Problem("extras.problem_quote_files")] if draft.quotes and draft.files else []


def _in_poll(poll: Poll | None) -> list[Problem]:
    if poll is None:
        return []
    (least, most), count = POLL_OPTIONS, len(poll.options)
    found = []
    if count < least:
        found.append(Problem("poll.problem_few", {"count": count}))
    if count > most:
        found.append(Problem("poll.problem_many", {"count": count, "limit": most}))
    return found + [
        Problem("poll.problem_long", {"number": n, "length": len(option), "limit": POLL_OPTION_LENGTH})
        for n, option in enumerate(poll.options, 1)
        if len(option) > POLL_OPTION_LENGTH
    ]


def _in_files(draft: Draft) -> list[Problem]:
    kinds = {file.kind for file in draft.files}
    if "other" in kinds:
        return [Problem("tweet.problem_file_kind")]
    if len(kinds) > 1:
        return [Problem("tweet.problem_mixed")]
    if kinds & {"gif", "video"} and len(draft.files) > 1:
        return [Problem("tweet.problem_one_video")]
    if len(draft.files) > PHOTOS_MAX:
        return [Problem("tweet.problem_too_many", {"count": len(draft.files)})]
    return [problem for file in draft.files if (problem := _in_file(file, premium=draft.premium))]


def _in_file(file: File, *, premium: bool) -> Problem | None:
    """Check what is known before the file is fetched; the rest shows when it is uploaded."""
    if file.size is not None and file.size > TELEGRAM_FILE_MAX:
        return Problem("tweet.problem_telegram_size", {"mb": file.size // 1024 // 1024})
    kind = _KINDS.get(file.kind)
    if kind is None or file.mime is None or file.size is None:
        return None
    code = formats.check(kind, file.mime, file.size, duration_s=file.duration_s, premium=premium)
    return Problem(f"x.{code}", {"detail": ""}) if code else None
