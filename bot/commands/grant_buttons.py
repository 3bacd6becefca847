"""Stopping what a group may do, letting it go on, taking it back, and handing the connection over."""

from datetime import timedelta

from bot.commands import asked, granted, policy, policy_card, press
from bot.commands.granted import Granted
from bot.commands.logged import note
from bot.turn import Answer, Command, PickedPeople, Turn
from storage import grants, handing_over, people, start_links
from storage.db import Session
from storage.tables import OPEN_GRANT, GrantState, GroupState, PersonState
from tasks.acts import Act
from tasks.permissions import Action, may, role_of
from texts.reply import Button, Fact, Pick, Picks, Refusal, Reply, Style, Toast

#: What the owner's choice of a person is for, and later that person's Yes (asked.py).
ASKED, OFFERED = "hand_over", "take_over"
#: What the link of an offer leads to: `take:<grant>.<version of its connection>`.
PURPOSE = "take:"
OFFER_FOR = timedelta(hours=24)


async def freeze(turn: Turn) -> Answer:
    """Stop all that goes through a grant: any admin, with one tap, however old the card is."""
    row = await policy.guard.row(turn)
    await granted.require(turn, row, Action.FREEZE)
    async with turn.work() as session:
        frozen = None
        if not turn.again:
            frozen = await grants.freeze(session, row.grant, by=turn.person.id, now=turn.now)
        now = await granted.find(session, turn, str(row.grant.id)) or row
        shown = await _shown(session, turn, now)
        if frozen is not None:
            await note(session, turn, frozen, Act.FROZEN)
    if frozen is None and not turn.again:
        return [Toast("grant.frozen_already"), shown]
    return [Toast("grant.is_frozen"), shown, _told("grant.frozen_told", turn, now)]


async def _thaw(turn: Turn, row: Granted) -> Answer:
    """Let it go on: the owner, or who froze it."""
    await granted.require(turn, row, Action.THAW, own=row.grant.frozen_by == turn.person.id)
    async with turn.work() as session:
        thawed = await grants.thaw(session, row.grant, by=turn.person.id, now=turn.now)
        if thawed is None:
            raise Refusal("button.moved_on")
        now = await granted.find(session, turn, str(row.grant.id)) or row
        shown = await _shown(session, turn, now)
        await note(session, turn, thawed, Act.THAWED)
    return [Toast("grant.is_thawed"), shown, _told("grant.thawed_told", turn, now)]


async def _resume(turn: Turn, row: Granted) -> Answer:
    """Put a suspended grant in force again: its owner, where they are an admin now."""
    if row.group.state != GroupState.ACTIVE:
        raise Refusal("grant.bot_is_out")
    await granted.require(turn, row, Action.SHARE)
    async with turn.work() as session:
        resumed = await grants.resume(session, row.grant, now=turn.now)
        if resumed is None:
            raise Refusal("button.moved_on")
        now = await granted.find(session, turn, str(row.grant.id)) or row
        shown = await _shown(session, turn, now)
        await note(session, turn, resumed, Act.RESUMED)
    return [Toast("grant.is_resumed"), shown, _told("grant.resumed_told", turn, now)]


async def _ask_to_end(_turn: Turn, row: Granted) -> Answer:
    facts: dict[str, Fact] = {"username": row.account, "title": row.group.title}
    surely = press.button("policy.button_end_surely", "g_end_yes", row.grant, style=Style.DANGER)
    keep = press.button("connections.button_keep", "pol", row.grant)
    return [Reply("grant.ask_end", facts, ((surely,), (keep,)))]


async def _end(turn: Turn, row: Granted) -> Answer:
    """Take a connection back; of whose it is Telegram has nothing to say."""
    await granted.require(turn, row, Action.UNSHARE)
    async with turn.work() as session:
        ended = await grants.end(session, row.grant.id, now=turn.now)
        if ended is None:
            raise Refusal("button.moved_on")
        await note(session, turn, ended, Act.UNSHARED)
    facts: dict[str, Fact] = {"username": row.account, "title": row.group.title}
    back = Button("policy.button_all", "policies:0:0")
    return [Reply("grant.ended", facts, ((back,),)), _told("grant.ended_told", turn, row)]


async def _ask_whom(turn: Turn, row: Granted) -> Answer:
    """Ask to whom the connection is to go: another admin of the group."""
    await granted.require(turn, row, Action.HAND_OVER)
    async with turn.work() as session:
        await asked.ask(session, turn, ASKED, str(row.grant.id))
    return [_pick(row, int(turn.now.timestamp()))]


def _pick(row: Granted, request_id: int) -> Reply:
    facts: dict[str, Fact] = {"username": row.account, "title": row.group.title}
    pick = Pick("grant.button_pick", Picks.PEOPLE, request_id)
    return Reply("grant.ask_whom", facts, pick=pick, fresh=True)


async def words(turn: Turn, question: asked.Asked) -> Answer | None:
    """Answer words where a person was to be chosen. None: another question was asked."""
    if question.what != ASKED:
        return None
    return [_pick(await _of(turn, question.row), question.number)]


async def _of(turn: Turn, row: str) -> Granted:
    async with turn.begin() as session:
        found = await granted.find(session, turn, row)
    if found is None or found.grant.state == GrantState.ENDED:
        raise Refusal("grant.unknown")
    return found


async def picked(turn: Turn, question: asked.Asked, chosen: PickedPeople) -> Answer:
    """Offer the connection in the group, by a link that is good for that admin alone."""
    row, to = await _of(turn, question.row), chosen.people[0]
    if to.id == turn.person.id:
        raise Refusal("grant.yours_already")
    await granted.require(turn, row, Action.HAND_OVER)
    await _require_receiver(turn, row, to.id)
    async with turn.work() as session:
        person = await people.get(session, to.id)
        if person is None or person.state != PersonState.ACTIVE:
            raise Refusal("grant.receiver_unknown")
        token = await start_links.make(
            session,
            f"{PURPOSE}{row.grant.id}.{row.connection.version}",
            person_id=to.id,
            expires_at=turn.now + OFFER_FOR,
            made_by=turn.person.id,
        )
        await asked.taken(session, turn, f"policy.{row.grant.id}")
        name = to.first_name or await policy_card.name(session, to.id)
    url = f"https://t.me/{turn.doors.rules.bot_username}?start={token}"
    accept = Button("grant.button_accept", url=url, style=Style.PRIMARY)
    facts: dict[str, Fact] = {"who": turn.person.first_name, "to_name": name, "username": row.account}
    offer = Reply("grant.offered", facts, ((accept,),), to=row.group.chat_id, fresh=True)
    return [Reply("grant.offer_is_out", facts, picked=True, fresh=True), offer]


async def _require_receiver(turn: Turn, row: Granted, person_id: int) -> None:
    membership = await turn.doors.members(row.group.chat_id, person_id)
    if not may(role_of(membership), Action.RECEIVE, row.policy):
        raise Refusal("group.no_answer" if membership is None else "grant.no_receiver")


async def open_offer(turn: Turn, purpose: str) -> Answer:
    """Ask whom the offer is for whether the connection is to be theirs."""
    grant_id, _, version = purpose.removeprefix(PURPOSE).partition(".")
    async with turn.begin() as session:
        grant = await grants.get(session, int(grant_id))
        row = await granted.load(session, grant) if grant else None
        if row is None or str(row.connection.version) != version or row.grant.state == GrantState.ENDED:
            raise Refusal("grant.offer_is_over")
        await asked.ask(session, turn, OFFERED, f"{grant_id}.{version}")
        owner = await policy_card.name(session, row.connection.person_id)
    facts: dict[str, Fact] = {"who": owner, "username": row.account, "title": row.group.title}
    accept = press.button("grant.button_take", "g_take", row.grant, style=Style.PRIMARY)
    return [Reply("grant.ask_take", facts, ((accept,),), fresh=True)]


async def _take(turn: Turn) -> Answer:
    """Let a connection become the presser's: only with an offer they opened, asked live of both."""
    row = await _offer(turn)
    await _require_receiver(turn, row, turn.person.id)
    giver = row.connection.person_id
    membership = await turn.doors.members(row.group.chat_id, giver)
    if not may(role_of(membership, owns=True), Action.HAND_OVER, row.policy, own=True):
        raise Refusal("group.no_answer" if membership is None else "grant.offer_is_over")
    async with turn.work() as session:
        was = await policy_card.name(session, giver)
        taken = await handing_over.hand_over(
            session, turn.doors.vault, row.connection, to=turn.person.id, now=turn.now
        )
        now = await granted.find(session, turn, str(row.grant.id)) if taken else None
        if now is None:
            raise Refusal("grant.cannot_take")
        await asked.taken(session, turn, f"policy.{row.grant.id}")
        page = await policy_card.of(session, now)
        for each in await grants.of_connection(session, row.connection.id):
            await note(session, turn, each, Act.HANDED_OVER, facts={"to": turn.person.id})
    facts: dict[str, Fact] = {"who": was, "to_name": turn.person.first_name, "username": row.account}
    told = [Reply("grant.handed_over_told", facts, to=row.group.chat_id, fresh=True)]
    return [Toast("grant.is_yours"), page, *told, Reply("grant.given_away", facts, to=giver, fresh=True)]


async def _offer(turn: Turn) -> Granted:
    """Find the offer that somebody opened last, if the pressed button is about it. Raises Refusal."""
    async with turn.begin() as session:
        question = await asked.now(session, turn)
        grant_id, _, version = (question.row if question else "").partition(".")
        if question is None or question.what != OFFERED or not turn.press or turn.press.row != grant_id:
            raise Refusal("grant.offer_is_over")
        grant = await grants.get(session, int(grant_id))
        row = await granted.load(session, grant) if grant else None
    if row is None or str(row.connection.version) != version or row.grant.state == GrantState.ENDED:
        raise Refusal("grant.offer_is_over")
    return row


async def _shown(session: Session, turn: Turn, row: Granted) -> Reply:
    if turn.chat.private:
        return await policy_card.of(session, row)
    return await policy_card.in_group(session, row)


def _told(key: str, turn: Turn, row: Granted) -> Reply:
    """Tell the group what one person did; with the one tap that stops it, or lets it go on."""
    facts: dict[str, Fact] = {"who": turn.person.first_name, "username": row.account}
    buttons = () if key == "grant.ended_told" else ((policy_card.freezing(row),),)
    return Reply(key, facts, buttons, to=row.group.chat_id, fresh=True)


_pressed = policy.guard.button(*OPEN_GRANT)

#: Pressed in the group too: each asks Telegram who pressed.
IN_GROUPS: dict[str, Command] = {"g_freeze": freeze, "g_thaw": _pressed(_thaw)}
VERBS: dict[str, Command] = {
    "g_resume": _pressed(_resume),
    "g_end": _pressed(_ask_to_end),
    "g_end_yes": _pressed(_end),
    "g_over": _pressed(_ask_whom),
    "g_take": _take,
}
