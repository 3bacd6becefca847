"""/connect: choosing the app, links, cancelling. The steps stand beside it."""

from bot.commands import (
    authorize_link,
    confirm,
    connect_card,
    own_app,
    pressed,
    revoke,
    signing,
)
from bot.turn import Answer, Command, Turn
from storage import authorizations, connections
from storage.tables import OPEN_AUTHORIZATION, AppKind, Authorization, AuthorizationState
from texts.reply import Refusal, Reply

State = AuthorizationState


async def start(turn: Turn) -> Answer:
    """Answer /connect and its button: begin anew, whatever was begun before."""
    rules = turn.doors.rules
    if rules.registered_app is None and not rules.own_apps:
        raise Refusal("connect.no_app")
    if turn.again:
        return await begun_before(turn)
    row, closed = await begin(turn)
    return [*closed, await connect_card.of(turn.doors, row, turn.now, fresh=True)]


async def begin(turn: Turn, *, renews_id: int | None = None) -> tuple[Authorization, Answer]:
    """Open a new authorization; gives it, and the card of the one before as closed. Commits."""
    async with turn.begin() as session:
        await connections.stop_renaming(session, turn.person.id)
        older = await authorizations.latest(session, turn.person.id)
        was_alive = older is not None and older.state in (*OPEN_AUTHORIZATION, *authorizations.RENEWABLE)
        row = await authorizations.open_new(
            session,
            turn.doors.vault,
            person_id=turn.person.id,
            update_id=turn.update_id,
            now=turn.now,
            renews_id=renews_id,
        )
        if older is None or older.id == row.id or not was_alive:
            return row, []
        if older.state in authorizations.RENEWABLE:
            await authorizations.end(session, older, State.CANCELLED, turn.now)
        is_shown = older.card_message_id is not None
    return row, [Reply("connect.superseded", card=connect_card.card(older))] if is_shown else []


async def begun_before(turn: Turn) -> Answer:
    """Show the authorization that this very update began."""
    async with turn.begin() as session:
        row = await authorizations.from_update(session, person_id=turn.person.id, update_id=turn.update_id)
    return [await connect_card.of(turn.doors, row, turn.now, fresh=True)] if row else []


@pressed.button(State.CHOOSING)
async def registered(turn: Turn, row: Authorization) -> Answer:
    """Answer *Use the registered app*: straight to the link."""
    app = turn.doors.rules.registered_app
    if app is None:
        return await pressed.as_it_is(turn, row)
    named = signing.fingerprint(turn.doors, app)
    async with turn.begin() as session:
        chosen = await authorizations.choose_app(session, row, AppKind.REGISTERED, named, turn.now)
    if chosen is None:
        return await pressed.as_it_is(turn, row)
    return await authorize_link.hand_out(turn, chosen, app)


@pressed.button(State.LINK, State.SECRET, State.TOKEN, State.TOKEN_SECRET, State.EXPIRED, State.USED_UP)
async def new_link(turn: Turn, row: Authorization) -> Answer:
    """Answer *New link*, *Try again* and *By PIN instead*: the same app, a fresh link."""
    app = signing.app_of(turn.doors, row)
    if app is None:
        raise Refusal("connect.keys_forgotten", buttons=connect_card.anew())
    return await authorize_link.hand_out(turn, row, app)


@pressed.ending(*OPEN_AUTHORIZATION, State.EXPIRED, State.USED_UP)
async def press_cancel(turn: Turn, row: Authorization) -> Answer:
    """Answer *Cancel* and *Close*."""
    return await _end(turn, row)


async def cancel(turn: Turn) -> Answer | None:
    """Answer /cancel; None: nothing of connecting is open."""
    async with turn.begin() as session:
        row = await authorizations.current(session, turn.person.id)
    if row is None:
        return None
    return [*await _end(turn, row), Reply("connect.stopped", fresh=True)]


async def _end(turn: Turn, row: Authorization) -> Answer:
    if turn.again:
        return await pressed.as_it_is(turn, row)
    async with turn.work() as session:
        ended = await authorizations.end(session, row, State.CANCELLED, turn.now)
    if ended is not None and ended.state == State.REVOKING:
        await revoke.attempt(turn.doors, ended, turn.now)
    return await pressed.as_it_is(turn, ended or row)


VERBS: dict[str, Command] = {
    "connect": start,
    "connect_registered": registered,
    "connect_own": own_app.choose,
    "connect_token": own_app.have_token,
    "connect_check": own_app.check_again,
    "connect_link": new_link,
    "connect_cancel": press_cancel,
    "connect_yes": confirm.yes,
    "connect_replace": confirm.replace,
    "connect_no": confirm.no,
}
