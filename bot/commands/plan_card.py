"""The card of what is planned: its time, its rule, the next runs, and its buttons. Changes nothing."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.commands import deed_card, look_title, planning, press, preview, rule_words, zone_card
from bot.turn import Doors
from storage import accounts, schedules
from storage import missed as missed_tasks
from storage.db import Session
from storage.tables import Person, Schedule, ScheduleState, Task
from tasks import compose, looks, schedule, waking
from tasks.lateness import Missed, is_missed
from tasks.schedule import Rule
from tasks.wall import Shift, occurrence, on_wall
from texts.reply import Button, Fact, Reply, Rows, Say, Style

#: So many runs of a schedule are shown.
RUNS_SHOWN = 3
#: So many runs on days on which clocks change.
SHIFTS_SHOWN = 4
_MOMENT = timedelta(seconds=1)
#: What may be chosen to happen with what is missed.
POLICIES = ("ask", "late:1", "late:6", "late:24", "skip")


async def of_draft(session: Session, doors: Doors, task: Task) -> Reply:
    """Show a planned draft: its preview, or the next question."""
    draft = await preview.draft_of(session, task)
    if compose.missing(draft) == "connection":
        return await preview.of(session, task)
    person = await planning.person_of(session, task)
    if not person.zone:
        return zone_card.question(person, Say("zone.why_planned"))
    if task.asked == planning.SLOT:
        return slots_question()
    if task.due_at is None or task.asked in planning.ASKS_WHEN:
        return when_question(task, draft)
    if task.kind != "tweet":
        return await _preview_of_kind(session, doors, task, person)
    return await _preview(session, task, draft, person)


async def _preview_of_kind(session: Session, doors: Doors, task: Task, person: Person) -> Reply:
    """Show the plan of a task that is no tweet."""
    what = await _what(session, doors, task)
    when, lines = await _when(session, task, person)
    row = (
        press.button("plan.button_plan", "plan", task, style=Style.SUCCESS),
        press.button("plan.button_when", "when", task),
        press.button("tweet.button_cancel", "drop", task),
    )
    rows: Rows = (row,)
    if len(await accounts.usable(session, person_id=task.person_id, chat_id=task.chat_id)) > 1:
        rows = (row, (press.button("tweet.button_accounts", "accounts", task),))
    if task.schedule_id is not None and task.reads:
        lines.append(Say(_watching(task)))
    key = "plan.other_preview" if task.schedule_id is None else "plan.other_preview_again"
    return Reply(key, what | when | {"plan": tuple(lines)}, rows)


def _watching(task: Task) -> str:
    """Say what a schedule that looks tells, and what of it is billed."""
    if task.kind == "messages":
        return "plan.watch_messages"
    return "plan.watch_new" if task.kind in looks.BY_TIME else "plan.watch_all"


async def _what(session: Session, doors: Doors, task: Task) -> dict[str, Fact]:
    """Say what a task that is no tweet does, as whom, and for how much at most."""
    said = (await look_title.of(session, task),) if task.reads else deed_card.said(doors.x, task)
    cost = looks.at_most(task) if task.reads else deed_card.cost(task)
    username = await preview.username_of(session, task)
    how = "yes" if task.reads else "no"
    return {"username": username, "text": said, "price": cost.dollars, "is_at_most": how}


async def _preview(session: Session, task: Task, draft: compose.Draft, person: Person) -> Reply:
    if compose.missing(draft) == "text":
        return Reply("tweet.ask_text", ask="tweet.ask_text_hint")
    facts, composed = await preview.facts_of(session, task, draft)
    plan, lines = await _when(session, task, person)
    go = press.button("plan.button_plan", "plan", task, style=Style.SUCCESS)
    more = [press.button("plan.button_when", "when", task)]
    if task.schedule_id is not None:
        more.append(press.button("plan.button_more", "more", task))
        lines += await _texts_in_turn(session, task)
    rows = await preview.rows_of(session, task, draft, composed, go=go, more=tuple(more))
    key = "plan.preview" if task.schedule_id is None else "plan.preview_again"
    return Reply(key, facts | plan | {"plan": tuple(lines)}, rows)


async def _when(session: Session, task: Task, person: Person) -> tuple[dict[str, Fact], list[Say]]:
    """Give the moment as facts, and what is to be said about it line by line."""
    found = await schedules.get(session, task.schedule_id)
    zone = planning.zone_of(person) if found is None else ZoneInfo(found.zone)
    if task.due_at is None:
        return {"zone": zone.key}, []
    facts: dict[str, Fact] = {"at": task.due_at, "zone": zone.key}
    if found is None:
        shown = occurrence(on_wall(task.due_at, zone), zone)
        doubled = shown.note is Shift.DOUBLED and shown.at == task.due_at
        return facts, [planning.shifted(shown, zone)] if doubled else []
    facts["rule"] = rule_words.said(Rule.read(found.rule))
    return facts, _runs(Rule.read(found.rule), zone, task)


def _runs(rule: Rule, zone: ZoneInfo, task: Task) -> list[Say]:
    """List the next runs, and those that fall into a change of the clocks."""
    if task.due_at is None:
        return []
    after = task.due_at - _MOMENT
    coming = schedule.upcoming(rule, zone, after, RUNS_SHOWN)
    lines = [Say("plan.run", {"at": run.at, "zone": zone.key}) for run in coming]
    return [
        *lines,
        *(planning.shifted(run, zone) for run in schedule.shifted(rule, zone, after)[:SHIFTS_SHOWN]),
    ]


async def _texts_in_turn(session: Session, task: Task) -> list[Say]:
    others = [text for text in await schedules.texts(session, task.schedule_id or 0) if text != task.text]
    if not others:
        return [Say("plan.same_text")]
    return [Say("plan.texts", {"count": len(others) + 1}), *(Say("plan.text", {"text": t}) for t in others)]


def when_question(task: Task, draft: compose.Draft) -> Reply:
    """Ask when: by buttons, or in words."""
    quick = [press.button(f"plan.button_{which}", "when", task, extra=which) for which in planning.QUICK]
    other = press.button("plan.button_other", "when", task, extra="other")
    back = press.button("tweet.button_back", "when", task, extra="back")
    rows = ((quick[0], quick[1]), (quick[2], other), (back,))
    return Reply("plan.ask_when", {"text": preview.content(draft)}, rows)


def slots_question() -> Reply:
    """Ask for the times of day of /next."""
    usual = Button("slots.button_usual", "slots:0:0:9:00,13:00,18:00")
    return Reply("slots.ask", buttons=((usual,),))


async def of_planned(session: Session, doors: Doors, task: Task) -> Reply:
    """Show a task that waits for its moment."""
    facts, lines = await _facts(session, doors, task)
    found = await schedules.get(session, task.schedule_id)
    if found is None:
        return Reply("plan.planned", facts | {"plan": tuple(lines)}, _once_rows(task))
    if found.state == ScheduleState.PAUSED:
        return Reply("plan.paused", facts, _paused_rows(task))
    count = len(await schedules.texts(session, found.id)) if task.kind == "tweet" else 0
    if count > 1:
        lines.append(Say("plan.texts", {"count": count}))
    return Reply("plan.planned_again", facts | {"plan": tuple(lines)}, _again_rows(task, found))


async def _facts(session: Session, doors: Doors, task: Task) -> tuple[dict[str, Fact], list[Say]]:
    person = await planning.person_of(session, task)
    when, lines = await _when(session, task, person)
    if task.kind != "tweet":
        return await _what(session, doors, task) | when, lines
    draft = await preview.draft_of(session, task)
    composed = compose.compose(draft)
    facts: dict[str, Fact] = {
        "username": await preview.username_of(session, task),
        "text": preview.content(draft),
        "price": composed.price.dollars,
        "is_at_most": "no",
    }
    return facts | when, [*lines, *(Say(problem.key, problem.facts) for problem in composed.problems)]


def _once_rows(task: Task) -> Rows:
    if task.chat_id != task.person_id:
        return ((press.button("plan.button_edit", "p_edit", task), _delete(task)),)
    if task.kind != "tweet":
        return (
            (press.button("plan.button_when", "when", task), press.button(_now(task), "p_now", task)),
            (_delete(task),),
        )
    return (
        (press.button("plan.button_edit", "p_edit", task), press.button("plan.button_when", "when", task)),
        (press.button("plan.button_now", "p_now", task), _delete(task)),
    )


def _now(task: Task) -> str:
    return "plan.button_look_now" if task.reads else "plan.button_do_now"


def _again_rows(task: Task, found: Schedule) -> Rows:
    when = press.button("plan.button_when_one", "when", task)
    skip = press.button("plan.button_skip", "p_skip", task)
    pause = press.button("plan.button_pause", "p_pause", task)
    if task.reads:
        # What only reads is never missed: the next look finds it all.
        return ((when, skip), (press.button(_now(task), "p_now", task), pause), (_delete(task),))
    missed = Missed.read(found.missed)
    policy: dict[str, Fact] = {"policy": missed.policy, "hours": missed.hours}
    late = press.button("plan.button_missed", "p_late", task, facts=policy)
    if task.kind != "tweet":
        return (
            (when, skip),
            (press.button(_now(task), "p_now", task), pause),
            (late, _delete(task)),
        )
    return (
        (
            press.button("plan.button_edit_one", "p_edit", task),
            press.button("plan.button_edit_all", "p_edit", task, extra="all"),
        ),
        (when, skip),
        (press.button("plan.button_now", "p_now", task), pause),
        (late, _delete(task)),
    )


def _paused_rows(task: Task) -> Rows:
    resume = press.button("plan.button_resume", "p_resume", task, style=Style.SUCCESS)
    return ((resume, _delete(task)),)


def _delete(task: Task) -> Button:
    return press.button("plan.button_delete", "p_del", task, style=Style.DANGER)


async def of_delete_question(session: Session, doors: Doors, task: Task) -> Reply:
    """Ask before something planned is deleted; of a schedule, how much of it."""
    facts, _ = await _facts(session, doors, task)
    one = press.button("plan.button_delete_one", "p_del2", task, style=Style.DANGER)
    every = press.button("plan.button_delete_all", "p_del2", task, extra="all", style=Style.DANGER)
    rows = ((one,), (every,)) if task.schedule_id is not None else ((one,),)
    return Reply("plan.delete_sure", facts, (*rows, preview.back(task)))


def of_policies(task: Task, found: Schedule) -> Reply:
    """Ask what shall happen with what a schedule misses."""
    choices = [(words, Missed.read(words)) for words in POLICIES]
    rows = tuple(
        (
            press.button(
                "plan.button_policy",
                "p_late",
                task,
                extra=words,
                facts={
                    "policy": missed.policy,
                    "hours": missed.hours,
                    "is_chosen": "yes" if words == found.missed else "no",
                },
            ),
        )
        for words, missed in choices
    )
    return Reply("plan.ask_missed", buttons=(*rows, preview.back(task)))


async def lateness(session: Session, task: Task) -> tuple[Say, ...]:
    """Say that something planned went out late, where its schedule lets it. Empty: it was in time."""
    done, due = task.finished_at, task.due_at
    if not task.promised or done is None or due is None or not is_missed(due, done, waking.GRACE):
        return ()
    found = await schedules.get(session, task.schedule_id)
    zone = found.zone if found else planning.zone_of(await planning.person_of(session, task)).key
    return (Say("plan.posted_late", {"at": due, "zone": zone}),)


async def of_missed(session: Session, doors: Doors, task: Task) -> Reply:
    """Show one task that was missed: now, another time, or not at all."""
    facts, _ = await _facts(session, doors, task)
    if task.outcome == missed_tasks.SKIPPED:
        return Reply("plan.skipped", facts)
    now = press.button("plan.button_now", "p_now", task)
    when = press.button("plan.button_when", "when", task)
    drop = press.button("missed.button_drop", "p_del2", task, style=Style.DANGER)
    if task.chat_id != task.person_id:
        return Reply("plan.missed", facts, ((now,), (press.button("plan.button_edit", "p_edit", task), drop)))
    back = Button("tweet.button_back", "missed:0:0")
    return Reply("plan.missed", facts, ((now, when), (drop, back)))
