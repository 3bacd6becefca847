"""Stopping what a group may do with a connection, letting it go on, and taking it back."""

from collections.abc import Awaitable, Callable

from bot.commands import granted, policy, policy_card, policy_words, press
from bot.commands.granted import Granted
from bot.commands.logged import note
from bot.turn import Answer, Command, Turn
from storage import grants
from storage.db import Session
from storage.tables import OPEN_GRANT, Grant, GrantState, GroupState
from tasks.acts import Act
from tasks.permissions import Action
from texts.reply import Button, Fact, Refusal, Reply, Style, Toast


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
    """Unfreeze: the owner, or who froze it."""
    await granted.require(turn, row, Action.THAW, own=row.grant.frozen_by == turn.person.id)
    async with turn.work() as session:
        thawed = await grants.thaw(session, row.grant, by=turn.person.id, now=turn.now)
        if thawed is None:
            raise Refusal("button.moved_on")
        said = await _thawed(session, turn, await granted.find(session, turn, str(row.grant.id)) or row)
        await note(session, turn, thawed, Act.THAWED)
    return said


async def _thawed(session: Session, turn: Turn, row: Granted) -> Answer:
    shown = await _shown(session, turn, row)
    return [Toast("grant.is_thawed"), shown, _told("grant.thawed_told", turn, row)]


async def _resume(turn: Turn, row: Granted) -> Answer:
    """Put a suspended grant in force again: its owner, where they are an admin now."""
    if row.group.state != GroupState.ACTIVE:
        raise Refusal("grant.bot_is_out")
    await granted.require(turn, row, Action.SHARE)
    async with turn.work() as session:
        resumed = await grants.resume(session, row.grant, now=turn.now)
        if resumed is None:
            raise Refusal("button.moved_on")
        said = await _resumed(session, turn, await granted.find(session, turn, str(row.grant.id)) or row)
        await note(session, turn, resumed, Act.RESUMED)
    return said


async def _resumed(session: Session, turn: Turn, row: Granted) -> Answer:
    shown = await _shown(session, turn, row)
    return [Toast("grant.is_resumed"), shown, _told("grant.resumed_told", turn, row)]


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
        return await _ended(session, turn, row)


async def _ended(session: Session, turn: Turn, row: Granted) -> Answer:  # noqa: ARG001 - as the others
    facts: dict[str, Fact] = {"username": row.account, "title": row.group.title}
    back = Button("policy.button_all", "policies:0:0")
    return [Reply("grant.ended", facts, ((back,),)), _told("grant.ended_told", turn, row)]


async def _shown(session: Session, turn: Turn, row: Granted) -> Reply:
    if turn.chat.private:
        return await policy_card.of(session, row)
    return await policy_card.in_group(session, row)


def _told(key: str, turn: Turn, row: Granted) -> Reply:
    """Tell the group what one person did; with the one tap that stops it, or lets it go on."""
    owns = policy_words.yes(row.owned_by(turn))
    facts: dict[str, Fact] = {"who": turn.person.first_name, "username": row.account, "owns": owns}
    buttons = () if key == "grant.ended_told" else ((policy_card.freezing(row),),)
    return Reply(key, facts, buttons, to=row.group.chat_id, fresh=True)


_pressed = policy.guard.button(*OPEN_GRANT)


def _telling(
    handler: press.Handler[Granted],
    said: Callable[[Session, Turn, Granted], Awaitable[Answer]],
    is_so: Callable[[Grant], bool],
) -> Command:
    """Guard a handler whose deed a group is told of; of a redelivery nobody knows whether it was told.

    `said`: what the handler answers; `is_so`: the grant stands as the handler left it.
    """
    guarded = _pressed(handler)

    async def command(turn: Turn) -> Answer:
        if not turn.again:
            return await guarded(turn)
        row = await policy.guard.row(turn)
        if not is_so(row.grant):
            return await policy.guard.show(turn, row)
        async with turn.begin() as session:
            return await said(session, turn, row)

    return command


#: Pressed in the group too: each asks Telegram who pressed.
IN_GROUPS: dict[str, Command] = {
    "g_freeze": freeze,
    "g_thaw": _telling(_thaw, _thawed, lambda grant: grant.frozen_at is None),
}
VERBS: dict[str, Command] = {
    "g_resume": _telling(_resume, _resumed, lambda grant: grant.state == GrantState.ACTIVE),
    "g_end": _pressed(_ask_to_end),
    "g_end_yes": _telling(_end, _ended, lambda grant: grant.state == GrantState.ENDED),
}
