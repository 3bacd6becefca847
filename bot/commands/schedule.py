"""/schedule: from a time and a text to a planned draft, and the words that answer what it asked."""

from bot.commands import alike, asked, card, planning, slots, tweet, zone
from bot.turn import Answer, Turn
from storage import schedules, tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import saying
from tasks.saying import Said
from texts.reply import Refusal, Reply
from twitter import text


async def schedule(turn: Turn) -> Answer:
    """Answer /schedule: with time and text, as a caption, in reply to a message, or alone."""
    said, attachments = tweet.of_message(turn, turn.argument)
    planner = _plan if turn.argument else _ask_when
    return await tweet.begin(turn, said + _quoted(turn), attachments, planner)


def _quoted(turn: Turn) -> str:
    """Give the text replied to, as further lines, if the command has a time and no text of its own."""
    source = turn.message.reply_to
    if source is None or source.protected or not turn.argument:
        return ""
    language = planning.language_of(turn.person)
    said = saying.read(turn.argument, now=turn.now, zone=planning.zone_of(turn.person), language=language)
    return f"\n{source.text}" if isinstance(said, Said) and not said.rest else ""


async def _plan(session: Session, turn: Turn, draft: Task, words: str) -> tuple[Task, list[Reply]]:
    """Read the time at the beginning of the words, now or when the zone is known."""
    raw = await tasks.change_draft(
        session, draft.id, promised=True, asked=planning.READ, text=words, **planning.plain(draft)
    )
    return await planning.settle(session, turn, raw or draft)


async def _ask_when(session: Session, turn: Turn, draft: Task, words: str) -> tuple[Task, list[Reply]]:
    del turn
    said = text.normalise(words) or None
    changed = await tasks.change_draft(session, draft.id, promised=True, asked=planning.WHEN, text=said)
    return changed or draft, []


async def words(turn: Turn) -> Answer | None:
    """Take what a planned draft asked for: the zone, slots, a time, another text. None: it asked nothing."""
    async with turn.begin() as session:
        draft = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
    if draft is None or not draft.promised or turn.again:
        return None
    if not turn.person.zone:
        return await zone.words(turn, asked.Question("zone", "", 0))
    if draft.asked == planning.SLOT:
        return await slots.words(turn, asked.Question("slots", "", 0))
    if draft.asked in planning.ASKS_WHEN:
        return await _take_time(turn, draft)
    if draft.asked == "more":
        return await _take_text(turn, draft)
    return None


async def _take_time(turn: Turn, draft: Task) -> Answer:
    async with turn.work() as session:
        plan = await planning.read_time(session, turn, draft, turn.message.text)
        changed = await tasks.change_draft(session, draft.id, **plan.changes)
        return [*plan.replies, await card.of(session, turn.doors, changed or draft, fresh=True)]


async def _take_text(turn: Turn, draft: Task) -> Answer:
    """Keep one more text that a schedule posts in turn."""
    said = text.normalise(turn.message.text)
    if draft.schedule_id is None or not said:
        raise Refusal("tweet.no_draft")
    async with turn.work() as session:
        await planning.refuse_problems(session, draft, said)
        await alike.refuse_elsewhere(session, draft, now=turn.now, words=said)
        await schedules.add_text(session, draft.schedule_id, said)
        changed = await tasks.change_draft(session, draft.id, asked=None)
        return [await card.of(session, turn.doors, changed or draft, fresh=True)]


async def edited(turn: Turn) -> Answer | None:
    """Answer an edit of the message something was planned by. None: it is like any other draft's."""
    async with turn.begin() as session:
        task = await tasks.from_message(session, chat_id=turn.chat.id, message_id=turn.message.id)
    if task is None or task.person_id != turn.person.id or not task.promised:
        return None
    if task.state in (TaskState.SCHEDULED, TaskState.MISSED):
        async with turn.begin() as session:
            return [Reply("plan.edited"), await card.of(session, turn.doors, task, fresh=True)]
    if task.state != TaskState.DRAFT or turn.command != "schedule":
        return None
    if not turn.argument:
        return []
    async with turn.work() as session:
        changed, said = await _plan(session, turn, task, turn.argument)
        return [*said, await card.of(session, turn.doors, changed)]
