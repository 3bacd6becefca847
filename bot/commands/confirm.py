"""*Connect as @name?*: Yes, Replace or No; until then a token is of no use to anybody."""

from bot.commands import connect_card, identity, pressed, revoke, signing, tweet
from bot.turn import Answer, Turn
from storage import authorizations, confirmations, connections
from storage.tables import Authorization, AuthorizationState, Connection

State = AuthorizationState


@pressed.button(State.CONFIRMING)
async def yes(turn: Turn, row: Authorization) -> Answer:
    """Connect, or renew; what belongs to another X account is not replaced by a Yes."""
    found = await connect_card.known(turn.doors, row)
    if found.authorized_again is not None and found.is_other_account:
        return await pressed.as_it_is(turn, row)
    return await _connect(turn, row, None)


@pressed.button(State.CONFIRMING)
async def replace(turn: Turn, row: Authorization) -> Answer:
    """Connect in place of the connection named on the button."""
    found = await connect_card.known(turn.doors, row)
    candidates = [found.authorized_again, *found.other_apps]
    named = turn.press.extra if turn.press else ""
    old = next((each for each in candidates if each is not None and str(each.id) == named), None)
    return await (_connect(turn, row, old) if old else pressed.as_it_is(turn, row))


@pressed.ending(State.CONFIRMING)
async def no(turn: Turn, row: Authorization) -> Answer:
    """Not mine: the token is revoked at X, or forgotten when it was typed in ready-made."""
    async with turn.work() as session:
        ended = await authorizations.end(session, row, State.CANCELLED, turn.now)
    if ended is not None and ended.state == State.REVOKING:
        await revoke.attempt(turn.doors, ended, turn.now)
    return await pressed.as_it_is(turn, ended or row)


async def _connect(turn: Turn, row: Authorization, old: Connection | None) -> Answer:
    row = await _described(turn, row)
    async with turn.work() as session:
        if old is not None:
            old = await connections.get(session, old.id, turn.person.id)
        made = await confirmations.confirm(session, turn.doors.vault, row, turn.now, replaces=old)
        if made is not None and row.x_name is not None:
            await identity.pay(session, made, turn.now)
    shown = await pressed.as_it_is(turn, row)
    return [*shown, *await _kept_draft(turn)] if made is not None else shown


async def _kept_draft(turn: Turn) -> Answer:
    """Show the tweet that waited for this connection."""
    async with turn.begin() as session:
        return await tweet.resume(session, turn)


async def _described(turn: Turn, row: Authorization) -> Authorization:
    """Ask X once more for what it did not tell right after the PIN."""
    if row.x_name is not None:
        return row
    app, token = signing.app_of(turn.doors, row), signing.token_of(turn.doors, row)
    return await identity.describe(turn, row, app, token) if app and token else row
