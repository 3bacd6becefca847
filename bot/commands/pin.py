"""The PIN: taken in a private chat and exchanged once. Recognised in bot/pin.py, found by secret.py."""

from dataclasses import replace
from datetime import timedelta

from bot.commands import connect_card, exchange, identity, pressed, signing
from bot.turn import Answer, Turn
from storage import authorizations, links
from storage.tables import Authorization, AuthorizationState
from texts.reply import Reply
from twitter.client import App
from twitter.errors import NotAuthorized, SlowDown, Unavailable, XError

State = AuthorizationState

#: A PIN that comes later than this after its link ended has nothing to do with it.
REMEMBERED_FOR = timedelta(hours=1)

#: Here the PIN has led to a token.
USED = frozenset((State.CONFIRMING, State.DONE, State.REVOKING, State.REVOKED))


async def take(turn: Turn, row: Authorization | None, pin: str) -> Answer:
    """Take a PIN sent in the private chat; the message leaves the chat first."""
    erased = await turn.doors.erase(turn.chat.id, turn.message.id)
    if row is None or row.expires_at < turn.now - REMEMBERED_FOR:
        return [Reply("connect.pin_without_link", buttons=connect_card.anew())]
    if authorizations.is_locked(turn.doors.vault, row):
        return await pressed.as_it_is(turn, row)
    return await _for_its_link(turn, row, pin, fresh=not erased)


async def _for_its_link(turn: Turn, row: Authorization, pin: str, *, fresh: bool) -> Answer:
    in_time = row.expires_at > turn.now
    if row.state == State.LINK and in_time and not turn.again:
        return await _exchange(turn, row, pin, fresh=fresh)
    if row.state == State.EXCHANGING:
        return await _second_while_exchanging(turn, row, in_time=in_time)
    if row.state in USED:
        return await _used(turn, row)
    if row.state in {State.LINK, State.EXPIRED, State.USED_UP}:
        return await _late(turn, row)
    return [Reply("connect.pin_without_link", buttons=connect_card.anew())]


async def _exchange(turn: Turn, row: Authorization, pin: str, *, fresh: bool) -> Answer:
    """Mark the link as being exchanged, then call X once: whatever happens, never a second time."""
    app, request = signing.app_of(turn.doors, row), signing.request_of(turn.doors, row)
    if app is None or request is None:
        return await _give_up(turn, row)
    async with turn.work() as session:
        taken = await links.exchange(session, row, turn.now)
    if taken is None:
        return await pressed.as_it_is(turn, row)
    try:
        kept = await exchange.once(turn, taken, app, request, pin)
    except TimeoutError:
        return await _give_up(turn, taken)
    except XError as error:
        return await _not_exchanged(turn, row, taken, error, fresh=fresh)
    return await _ask_whether_theirs(turn, kept, app) if kept else await pressed.as_it_is(turn, taken)


async def _ask_whether_theirs(turn: Turn, row: Authorization, app: App) -> Answer:
    """Show whose account the token opens, and ask for the Yes."""
    token = signing.token_of(turn.doors, row)
    if token is not None:
        row = await identity.describe(turn, row, app, token)
    taken = Reply("connect.pin_taken", card=connect_card.card(row))
    return [taken, await connect_card.of(turn.doors, row, turn.now, fresh=True)]


async def _not_exchanged(
    turn: Turn, before: Authorization, taken: Authorization, error: XError, *, fresh: bool
) -> Answer:
    if isinstance(error, NotAuthorized) and error.code == "wrong_pin":
        return await _wrong(turn, before, taken, fresh=fresh)
    if isinstance(error, SlowDown | Unavailable) or error.code == "clock_skew":
        return await _not_taken(turn, before, taken)
    if error.code == "link_dead":
        return await _dead(turn, taken)
    return await _give_up(turn, taken)


async def _second_while_exchanging(turn: Turn, row: Authorization, *, in_time: bool) -> Answer:
    """Answer a redelivery (what became of its call nobody knows), or another message during the call."""
    if turn.again or not in_time:
        return await _give_up(turn, row)
    return [Reply("connect.exchanging", card=connect_card.card(row))]


async def _wrong(turn: Turn, before: Authorization, taken: Authorization, *, fresh: bool) -> Answer:
    async with turn.begin() as session:
        back = await links.wrong_pin(session, taken, link_until=before.expires_at, now=turn.now)
    if back is None:
        return await pressed.as_it_is(turn, taken)
    return [await connect_card.of(turn.doors, back, turn.now, fresh=fresh)]


async def _not_taken(turn: Turn, before: Authorization, taken: Authorization) -> Answer:
    """X surely took nothing: the link is as good as before, and no try is lost."""
    async with turn.begin() as session:
        back = await links.give_back(session, taken, link_until=before.expires_at, now=turn.now)
    if back is None:
        return await pressed.as_it_is(turn, taken)
    shown = connect_card.link(turn.doors, back, turn.now)
    return [replace(shown, key="connect.pin_not_sent", facts={})]


async def _dead(turn: Turn, row: Authorization) -> Answer:
    """X does not know the link any more: it ran out there before it did here."""
    async with turn.begin() as session:
        await authorizations.end(session, row, State.EXPIRED, turn.now)
    return await pressed.as_it_is(turn, row)


async def _give_up(turn: Turn, row: Authorization) -> Answer:
    async with turn.begin() as session:
        await links.use_up(session, row, turn.now)
    return await pressed.as_it_is(turn, row)


async def _used(turn: Turn, row: Authorization) -> Answer:
    """Answer a PIN whose link has done its work; a redelivered one gets what it led to."""
    shown = await connect_card.of(turn.doors, row, turn.now, fresh=turn.again)
    return [shown] if turn.again else [Reply("connect.pin_used", fresh=True)]


async def _late(turn: Turn, row: Authorization) -> Answer:
    async with turn.begin() as session:
        ended = await pressed.lapsed(session, row, turn)
    shown = await connect_card.of(turn.doors, ended or row, turn.now, fresh=True)
    if ended is not None or row.state == State.EXPIRED:
        return [replace(shown, key="connect.pin_late")]
    return [shown if turn.again else replace(shown, key="connect.pin_not_tried")]
