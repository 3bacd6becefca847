"""`/slots` and `/next`: times of day somebody set aside, and posting into the next free one."""

from bot.commands import asked, plan_card, planning, tweet, zone, zone_card
from bot.turn import Answer, Command, Turn
from storage import people, tasks
from storage.db import Session
from storage.tables import Task
from tasks import slots
from texts.reply import Refusal, Reply, Say
from twitter import text

#: What the column holds (storage/tables.py).
WRITTEN_MAX = 200


async def show(turn: Turn) -> Answer:
    """Answer /slots: which there are; with times, take them."""
    if turn.argument:
        return await _take(turn, turn.argument)
    async with turn.begin() as session:
        await asked.ask(session, turn, "slots")
    if not turn.person.slots:
        return [plan_card.slots_question()]
    return [Reply("slots.are", {"times": turn.person.slots, "zone": turn.person.zone or "UTC"})]


async def next_(turn: Turn) -> Answer:
    """Answer /next: a draft for the next free slot."""
    said, attachments = tweet.of_message(turn, turn.argument)
    return await tweet.begin(turn, said, attachments, _plan)


async def _plan(session: Session, turn: Turn, draft: Task, words: str) -> tuple[Task, list[Reply]]:
    said = text.normalise(words) or None
    raw = await tasks.change_draft(session, draft.id, promised=True, asked=planning.SLOT, text=said)
    return await planning.settle(session, turn, raw or draft)


async def choose(turn: Turn) -> Answer:
    """Take the times a button offers."""
    return await _take(turn, turn.press.extra if turn.press else "")


async def words(turn: Turn, question: asked.Question) -> Answer | None:
    """Take typed times. None: another question was asked."""
    if question.what != "slots":
        return None
    return await _take(turn, turn.message.text)


async def _take(turn: Turn, said: str) -> Answer:
    times = slots.read_slots(said)
    if not times:
        raise Refusal("slots.not_read", words=said[:64])
    written = " ".join(f"{at:%H:%M}" for at in times)
    if len(written) > WRITTEN_MAX:
        raise Refusal("slots.not_read", words=said[:64])
    async with turn.work() as session:
        await people.set_slots(session, turn.person.id, written)
        await asked.taken(session, turn)
        if not turn.person.zone:
            return [_kept(turn, written), zone_card.question(turn.person, Say("zone.why_planned"))]
        goes_on = await zone.go_on(session, turn)
        return [_kept(turn, written, fresh=bool(goes_on)), *goes_on]


def _kept(turn: Turn, written: str, *, fresh: bool = False) -> Reply:
    return Reply("slots.kept", {"times": written, "zone": turn.person.zone or "UTC"}, fresh=fresh)


VERBS: dict[str, Command] = {"slots": choose}
