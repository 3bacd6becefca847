"""`/timezone`: somebody's time zone, by buttons or typed; a draft that waited for it goes on."""

from zoneinfo import ZoneInfo

from bot.commands import asked, card, planning, zone_card
from bot.turn import Answer, Command, Turn
from storage import people, tasks
from storage.db import Session
from tasks import zones
from texts.reply import Fact, Refusal, Reply, Say


async def timezone(turn: Turn) -> Answer:
    """Answer /timezone: which one it is, and the choice; with a city, take it."""
    if turn.argument:
        return await _take_words(turn, turn.argument)
    return await _ask(turn)


async def _ask(turn: Turn) -> Answer:
    async with turn.begin() as session:
        await asked.ask(session, turn, "zone")
    return [zone_card.question(turn.person, _now(turn))]


def _now(turn: Turn) -> Say:
    if not turn.person.zone:
        return Say("zone.why")
    return Say("zone.is", {"zone": turn.person.zone, "at": turn.now})


async def region(turn: Turn) -> Answer:
    """Show the zones of one part of the world."""
    name = turn.press.row if turn.press else ""
    if name not in zones.REGIONS:
        raise Refusal("button.stale")
    return [zone_card.of_region(name)]


async def choose(turn: Turn) -> Answer:
    """Take the zone a button names."""
    name = turn.press.row if turn.press else ""
    if not zones.exists(name):
        raise Refusal("button.stale")
    return await _take(turn, name)


async def words(turn: Turn, question: asked.Question) -> Answer | None:
    """Take a typed zone. None: another question was asked."""
    if question.what != "zone":
        return None
    return await _take_words(turn, turn.message.text)


async def _take_words(turn: Turn, said: str) -> Answer:
    found = zones.find(said, planning.language_of(turn.person))
    if len(found) == 1:
        return await _take(turn, found[0])
    if not found:
        return [Reply("zone.unknown", {"words": said[:64]}, ask="zone.ask_hint", fresh=True)]
    return [zone_card.choice("zone.which", found)]


async def _take(turn: Turn, zone: str) -> Answer:
    async with turn.work() as session:
        await people.set_zone(session, turn.person.id, zone)
        await asked.taken(session, turn)
        goes_on = await go_on(session, turn)
        # A draft's card takes the place of the question for the zone; this stays above it.
        facts: dict[str, Fact] = {"zone": ZoneInfo(zone).key, "at": turn.now}
        return [Reply("zone.chosen", facts, fresh=bool(goes_on)), *goes_on]


async def go_on(session: Session, turn: Turn) -> Answer:
    """Let a draft go on that waited for zone or slots: show it with its moment."""
    draft = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
    if draft is None or not draft.promised or (draft.due_at and not draft.asked):
        return []
    settled, said = await planning.settle(session, turn, draft)
    return [*said, await card.of(session, turn.doors, settled, fresh=True)]


VERBS: dict[str, Command] = {"zone": choose, "zone_in": region, "zone_ask": _ask}
