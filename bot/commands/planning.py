"""From what was said about a time to a draft that has one: moment, rule or slot. Shows nothing.

A planned draft is `promised`. What it waits for stands in `asked`: `read` (its text still begins with the
time, to be read once the zone is known), `slot` (the next free slot, likewise), `when` (the next words) or
`unread` (likewise; its text is all that was said to /schedule, where no time was found).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands import planned_kinds, preview
from bot.turn import Turn
from storage import people, schedules, tasks
from storage.db import Session
from storage.tables import Person, Task
from tasks import compose, kinds, saying, slots
from tasks.parameters import Extras
from tasks.saying import Said, Trouble
from tasks.schedule import Rule, next_after
from tasks.wall import Occurrence, Shift, occurrence, on_wall
from texts.reply import Refusal, Reply, Say
from twitter import text

READ, SLOT, WHEN, UNREAD = "read", "slot", "when", "unread"
ASKS = (READ, SLOT, WHEN, UNREAD)
#: With these the next words are a time.
ASKS_WHEN = (WHEN, UNREAD)


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a draft's columns, and what is to be said about it."""

    changes: dict[str, Any]
    replies: list[Reply] = field(default_factory=list)


async def person_of(session: Session, task: Task) -> Person:
    """Find whose task it is, with zone and slots as they are now."""
    person = await people.get(session, task.person_id)
    if person is None:
        raise Refusal("button.stale")
    return person


def zone_of(person: Person) -> ZoneInfo:
    """Give somebody's zone; UTC before they said one."""
    return ZoneInfo(person.zone or "UTC")


async def settle(session: Session, turn: Turn, task: Task) -> tuple[Task, list[Reply]]:
    """Give a planned draft its moment, if all that takes is known by now; and what there is to say."""
    person = await person_of(session, task)
    if not person.zone or task.asked not in (READ, SLOT):
        return task, []
    if task.asked == SLOT:
        if not person.slots:
            return task, []
        plan = Plan({"due_at": await next_free(session, person, turn.now), "asked": None})
        plan.changes["occurrence_at"] = plan.changes["due_at"]
    else:
        # In 20 minutes: from when it was said, not from when the zone was known.
        plan = await read(session, turn, task, person, task.text or "", said_at=task.created_at)
    return await tasks.change_draft(session, task.id, **plan.changes) or task, plan.replies


async def read(
    session: Session, turn: Turn, task: Task, person: Person, words: str, *, said_at: datetime
) -> Plan:
    """Read the words of /schedule: a time, then a text."""
    said = saying.read(words, now=said_at, zone=zone_of(person), language=language_of(person))
    if isinstance(said, Trouble):
        trouble = [] if not words.strip() else [_trouble(said)]
        return Plan({"asked": UNREAD, "due_at": None, "text": text.normalise(words) or None}, trouble)
    plan = await _as_plan(session, turn, task, person, said)
    return Plan(plan.changes | _what(turn, person, task, said, said.rest), plan.replies)


async def read_time(session: Session, turn: Turn, task: Task, words: str) -> Plan:
    """Read an answer to when: a time, and a text if the draft has none. Raises Refusal."""
    person = await person_of(session, task)
    said = saying.read(words, now=turn.now, zone=zone_of(person), language=language_of(person))
    if isinstance(said, Trouble):
        raise Refusal("plan.trouble", why=_why(said))
    if said.rest and task.text:
        raise Refusal("plan.more_than_a_time", words=said.words)
    plan = await _as_plan(session, turn, task, person, said)
    # A command whose time could not be read was kept as the text.
    words = said.rest or ((task.text or "") if task.asked == UNREAD else "")
    return Plan(plan.changes | (_what(turn, person, task, said, words) if words else {}), plan.replies)


def plain(task: Task) -> dict[str, Any]:
    """Give the columns that make a draft a tweet about no post; what a tweet has beside its text stays."""
    extras = Extras.read(task.parameters) if task.kind == kinds.TWEET.name else Extras()
    return {
        "kind": kinds.TWEET.name,
        "parameters": replace(extras, reply_to=None, quote=None).written(),
        "target_post_id": None,
        "target_user_id": None,
        "reads": False,
    }


def _what(turn: Turn, person: Person, task: Task, said: Said, words: str) -> dict[str, Any]:
    """Say what a draft becomes by what stands behind the time: a text, or another kind of task."""
    planner = planned_kinds.Planner(
        zone_of(person), turn.now, turn.doors.x.web_origin, again=isinstance(said.when, Rule)
    )
    becomes = planned_kinds.read(words, planner)
    if becomes is None and task.kind in (kinds.TWEET.name, kinds.MESSAGE.name):
        return {"text": text.normalise(words) or None}
    becomes = plain(task) | (becomes or {"text": text.normalise(words) or None})
    if task.kind == becomes["kind"] == kinds.TWEET.name:
        about = Extras.read(becomes["parameters"])
        stays = replace(Extras.read(task.parameters), reply_to=about.reply_to, quote=about.quote)
        becomes["parameters"] = stays.written()
    return becomes


async def read_moment(session: Session, turn: Turn, task: Task, words: str) -> datetime:
    """Read the one moment to which something planned is moved. Raises Refusal."""
    person = await person_of(session, task)
    said = saying.read(words, now=turn.now, zone=zone_of(person), language=language_of(person))
    if isinstance(said, Trouble):
        raise Refusal("plan.trouble", why=_why(said))
    if said.rest:
        raise Refusal("plan.more_than_a_time", words=said.words)
    if isinstance(said.when, Rule):
        raise Refusal("plan.one_moment")
    return said.when.at


async def _as_plan(session: Session, turn: Turn, task: Task, person: Person, said: Said) -> Plan:
    notes = [Reply(f"plan.note_{note}", fresh=True) for note in said.notes]
    cleared = {"asked": None, "occurrence_at": None, "promised": True}
    if not isinstance(said.when, Rule):
        if said.when.note is Shift.SKIPPED:
            skipped = shifted(said.when, zone_of(person))
            notes.append(Reply(skipped.key, skipped.facts, fresh=True))
        return Plan(cleared | {"due_at": said.when.at, "schedule_id": None}, notes)
    planned_kinds.refuse_again(task.kind, task.parameters)
    first = next_after(said.when, zone_of(person), turn.now)
    if first is None:
        raise Refusal("plan.trouble_never")
    zone = person.zone or "UTC"
    schedule = await schedules.propose(session, task, rule=str(said.when), zone=zone, now=turn.now)
    return Plan(cleared | {"due_at": first, "schedule_id": schedule.id}, notes)


def shifted(run: Occurrence, zone: ZoneInfo) -> Say:
    """Say what a change of the clocks does to a run that has such a note."""
    return Say(f"plan.shift_{run.note}", {"at": run.at, "zone": zone.key, "asked": f"{run.wall:%H:%M}"})


def _trouble(trouble: Trouble) -> Reply:
    return Reply("plan.not_read", {"why": _why(trouble)}, fresh=True)


def _why(trouble: Trouble) -> Say:
    return Say(f"plan.trouble_{trouble.why}", trouble.facts)


def language_of(person: Person) -> str:
    """Say in which language somebody writes times, as far as that is known."""
    return person.language or person.telegram_language or "en"


async def next_free(session: Session, person: Person, now: datetime) -> datetime:
    """Find the next of somebody's slots that nothing is planned for. They must have slots."""
    times = slots.read_slots(person.slots or "") or ()
    taken = await schedules.planned_at(session, person.id)
    return slots.next_slot(times, zone_of(person), now, taken)


#: Moments offered by buttons: in an hour, or the next time a clock shows this hour.
QUICK = ("h1", "t18", "m9")


def quick(which: str, person: Person, now: datetime) -> datetime | None:
    """Give the moment of a button. None: it is none of ours, or that time is over today."""
    zone = zone_of(person)
    today = on_wall(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    at = {
        "h1": (now + timedelta(hours=1)).replace(second=0, microsecond=0),
        "t18": occurrence(today.replace(hour=18), zone).at,
        "m9": occurrence((today + timedelta(days=1)).replace(hour=9), zone).at,
    }.get(which)
    return at if at is not None and at > now else None


async def refuse_problems(session: Session, task: Task, words: str) -> None:
    """Refuse a text with which this task could not go out; links, length and files are looked at again."""
    draft = replace(await preview.draft_of(session, task), text=words)
    if compose.missing(draft) == "text":
        raise Refusal("tweet.not_ready")
    problems = compose.compose(draft).problems
    if problems:
        notes = tuple(Say(problem.key, problem.facts) for problem in problems)
        raise Refusal("plan.text_refused", notes=notes)
