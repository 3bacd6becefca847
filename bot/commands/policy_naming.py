"""The buttons of `/policy` in reply to somebody: the owner lets them ask or approve, or no longer."""

from dataclasses import replace

from bot.commands import granted, loosened, policy, policy_card, press
from bot.commands.granted import Granted
from bot.turn import Answer, Command, Turn
from storage import grants
from storage.tables import OPEN_GRANT
from tasks.permissions import Action
from tasks.policy import Asks
from texts.reply import Refusal, Toast


async def _name(turn: Turn, row: Granted) -> Answer:
    """Name somebody who is in the group now, or strike who is named."""
    role, _, number = (turn.press.extra if turn.press else "").partition(".")
    person_id = press.number(number)
    if turn.chat.private or role not in policy_card.nameable(row.policy) or not person_id:
        raise Refusal("button.stale")
    await granted.require(turn, row, Action.CHANGE_POLICY)
    async with turn.begin() as session:
        named = await grants.people(session, row.grant.id, role)
    if role == "asks" and row.policy.asks is not Asks.LISTED:
        # Whom an earlier list named does not come back with the new one.
        named = []
    if person_id in named:
        named.remove(person_id)
    else:
        await _refuse_unless_here(turn, person_id)
        named.append(person_id)
    async with turn.work() as session:
        kept: Granted | None = row
        if role == "asks":
            kept = await policy.change(session, turn, row, replace(row.policy, asks=Asks.LISTED))
        if kept is None:
            raise Refusal("button.moved_on")
        kept = await policy.name_people(session, turn, kept, role, named)
        page = await policy_card.in_group(session, kept, about=person_id)
        gone = await loosened.told(session, turn, kept)
    return [Toast("policy.changed"), page, *gone]


async def _refuse_unless_here(turn: Turn, person_id: int) -> None:
    membership = await turn.doors.members(turn.chat.id, person_id)
    if membership is None:
        raise Refusal("group.no_answer")
    if not membership.present:
        raise Refusal("policy.not_here")


#: Pressed in the group; each press asks Telegram who pressed.
IN_GROUPS: dict[str, Command] = {"pol_name": policy.guard.button(*OPEN_GRANT)(_name)}
