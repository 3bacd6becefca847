"""Handing a connection over: offered to another admin of a group, who accepts; all its groups are told."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.commands import asked, granted, policy, policy_card, press, relations
from bot.commands.granted import Granted
from bot.commands.logged import note
from bot.turn import Answer, Command, PickedPeople, Turn
from storage import grants, groups, handing_over, log_reading, people, start_links
from storage.db import Session
from storage.tables import OPEN_GRANT, Grant, GrantState, LostGround, PersonState
from tasks import logged
from tasks.acts import Act
from tasks.departure import lost_ground
from tasks.membership import Membership
from tasks.permissions import Action, may, role_of
from texts.reply import Button, Fact, Pick, Picks, Refusal, Reply, Style, Toast

#: What the owner's choice of a person is for, and later that person's Yes (asked.py).
ASKED, OFFERED = "hand_over", "take_over"
#: What the link of an offer leads to: `take:<grant>.<version of its connection>`.
PURPOSE = "take:"
OFFER_FOR = timedelta(hours=24)


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


async def words(turn: Turn, question: asked.Question) -> Answer | None:
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


async def picked(turn: Turn, question: asked.Question, chosen: PickedPeople) -> Answer:
    """Offer the connection in the group, by a link that is good for that admin alone.

    A redelivery makes a link of its own: of the one that may have been lost only the hash is kept.
    """
    row, to = await _of(turn, question.row), chosen.people[0]
    if to.id == turn.person.id:
        raise Refusal("grant.yours_already")
    await granted.require(turn, row, Action.HAND_OVER)
    await _require_receiver(turn, row, to.id)
    async with turn.work() as session:
        person = await people.get(session, to.id)
        if person is None or person.state != PersonState.ACTIVE:
            is_open = "yes" if turn.doors.rules.open_to_all else "no"
            raise Refusal("grant.receiver_unknown", is_open=is_open)
        token = await start_links.make(
            session,
            f"{PURPOSE}{row.grant.id}.{row.connection.version}",
            person_id=to.id,
            expires_at=turn.now + OFFER_FOR,
            made_by=turn.person.id,
        )
        await asked.taken(session, turn, f"{ASKED}.{row.grant.id}")
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
    if turn.again and (said := await _taken_before(turn)):
        return said
    row = await _offer(turn)
    await _require_receiver(turn, row, turn.person.id)
    giver = row.connection.person_id
    membership = await turn.doors.members(row.group.chat_id, giver)
    if not may(role_of(membership, owns=True), Action.HAND_OVER, row.policy, own=True):
        raise Refusal("group.no_answer" if membership is None else "grant.offer_is_over")
    stands = await _stands(turn, row.connection.id)
    async with turn.work() as session:
        taken = await handing_over.hand_over(
            session, turn.doors.vault, row.connection, to=turn.person.id, now=turn.now
        )
        if taken is None:
            raise Refusal("grant.cannot_take")
        await asked.taken(session, turn, f"policy.{row.grant.id}")
        await _change_hands(session, turn, taken.id, giver, stands)
        return await _said(session, turn, row.grant, giver, since=turn.now)


async def _stands(turn: Turn, connection_id: int) -> dict[int, Membership | None]:
    """Ask what the presser is in each group that uses a connection."""
    async with turn.begin() as session:
        using = await grants.of_connection(session, connection_id)
        here = [found for each in using if (found := await groups.get(session, each.group_id))]
    said = await asyncio.gather(*(turn.doors.members(group.chat_id, turn.person.id) for group in here))
    return {group.id: membership for group, membership in zip(here, said, strict=True)}


async def _change_hands(
    session: Session, turn: Turn, connection_id: int, giver: int, stands: Mapping[int, Membership | None]
) -> None:
    """Suspend what the new owner may not share, by Telegram's word, and write it all down; last of all."""
    suspended: dict[int, LostGround] = {}
    for grant in await grants.of_connection(session, connection_id):
        # One that came to be in between was not asked about: no answer is no.
        membership = stands.get(grant.group_id)
        why = LostGround.OWNER_NOT_ADMIN if membership is None else lost_ground(membership)
        if why is not None and await grants.suspend(session, grant.id, why, now=turn.now):
            suspended[grant.id] = why
    for grant in await relations.sharing(session, [connection_id]):
        vault, facts = turn.doors.vault, {"to": turn.person.id}
        await logged.note(session, vault, grant, Act.HANDED_OVER, at=turn.now, by=giver, facts=facts)
        if grant.id in suspended:
            await note(session, turn, grant, Act.SUSPENDED, facts={"why": suspended[grant.id]})


async def _said(session: Session, turn: Turn, grant: Grant, giver: int, *, since: datetime) -> Answer:
    """Show the new owner the page, and tell each group, and whose it was. `since`: when it changed hands."""
    facts: dict[str, Fact] = {
        "who": await policy_card.name(session, giver),
        "to_name": turn.person.first_name,
    }
    told: list[Reply] = []
    for each in await relations.sharing(session, [grant.connection_id]):
        row = await granted.load(session, each)
        if row is None:
            continue
        facts["username"] = row.account
        told.append(Reply("grant.handed_over_told", dict(facts), to=row.group.chat_id, fresh=True))
        if each.suspended_at is not None and each.suspended_at >= since:
            lost: dict[str, Fact] = {"username": row.account, "why": each.suspended_why or "other"}
            told.append(Reply("group.suspended", lost, to=row.group.chat_id, fresh=True))
    shown = await granted.find(session, turn, str(grant.id))
    page = [await policy_card.of(session, shown)] if shown else []
    return [Toast("grant.is_yours"), *page, *told, Reply("grant.given_away", facts, to=giver, fresh=True)]


async def _taken_before(turn: Turn) -> Answer | None:
    """Say again what the same press has done already. None: nothing."""
    async with turn.begin() as session:
        grant = await grants.get(session, press.number(turn.press.row if turn.press else "") or 0)
        entry = await log_reading.last(session, grant, Act.HANDED_OVER) if grant else None
        if grant is None or entry is None or json.loads(entry.facts).get("to") != turn.person.id:
            return None
        return await _said(session, turn, grant, entry.actor_id or 0, since=entry.at)


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


VERBS: dict[str, Command] = {"g_over": policy.guard.button(*OPEN_GRANT)(_ask_whom), "g_take": _take}
