"""/connections: the list, and each connection's default, test, new authorization and disconnection."""

from bot.commands import (
    authorize_link,
    connect,
    connect_card,
    connection_card,
    live_check,
    press,
    pressed,
    relations,
    rename,
    revoke,
    signing,
)
from bot.turn import Answer, Command, Turn
from storage import authorizations, connections, holds, people
from storage.db import Session
from storage.tables import AppKind, Authorization, Connection
from storage.vault import Secret
from texts.reply import Button, Fact, Reply, Style, Toast
from twitter.errors import NotAuthorized, SlowDown, Unavailable, Unknown, XError


async def show(turn: Turn) -> Answer:
    """Answer /connections and the way back to the list."""
    async with turn.begin() as session:
        rows = await connections.listed(session, turn.person.id)
        default = await connections.default_id(session, turn.person.id)
    if not rows:
        return [Reply("connections.none", buttons=connect_card.anew())]
    lines = tuple(connection_card.line(turn.doors, row, default) for row in rows)
    pages = tuple((connection_card.open_page(row),) for row in rows)
    another = Button("connect.button_another", data="connect:0:0")
    return [Reply("connections.list", {"count": len(rows), "lines": lines}, (*pages, (another,)))]


async def find(session: Session, turn: Turn, row: str) -> Connection | None:
    """Find a connection of this person by what a button says."""
    row_id = press.number(row)
    return await connections.get(session, row_id, turn.person.id) if row_id is not None else None


async def _as_it_is(turn: Turn, row: Connection) -> Answer:
    return [await connection_card.of(turn.doors, row)]


_guard = press.Guard(
    find=find,
    stands=lambda row: (row.state, row.version),
    show=_as_it_is,
    unknown="connect.stale",
)
_pressed = _guard.button(*connections.HELD)


async def page(turn: Turn) -> Answer:
    """Show one connection, whatever the list said about it."""
    return [await connection_card.of(turn.doors, await _guard.row(turn))]


async def _make_default(turn: Turn, row: Connection) -> Answer:
    async with turn.work() as session:
        await people.set_default_connection(session, turn.person.id, row.id)
    return [Toast("connections.is_default"), await connection_card.of(turn.doors, row)]


async def _freeze(turn: Turn, row: Connection) -> Answer:
    async with turn.work() as session:
        frozen = await connections.freeze(session, row, turn.now)
    return [Toast("connections.is_frozen"), await connection_card.of(turn.doors, frozen or row)]


async def _thaw(turn: Turn, row: Connection) -> Answer:
    async with turn.work() as session:
        thawed = await connections.thaw(session, row)
        if thawed is not None:
            await holds.release(session, holds.of_connection(thawed), now=turn.now)
    return [Toast("connections.is_thawed"), await connection_card.of(turn.doors, thawed or row)]


async def _test(turn: Turn, row: Connection) -> Answer:
    """Ask X who this is: one request, billed as one user read."""
    account = live_check.opened(turn, row)
    if account is None:
        return [Toast("connections.cannot_test", alert=True), await connection_card.of(turn.doors, row)]
    checked = await live_check.ask(turn, row, account)
    if checked.error is None:
        works = Toast("connections.test_works", {"username": checked.username})
        return [works, await connection_card.of(turn.doors, checked.row)]
    if isinstance(checked.error, NotAuthorized) and checked.error.code == "revoked":
        revoked = Toast("connections.test_revoked", alert=True)
        return [revoked, await connection_card.of(turn.doors, checked.row)]
    return [_trouble(checked.error)]


def _trouble(error: XError) -> Toast:
    if isinstance(error, SlowDown):
        return Toast("connections.test_slow_down", {"until": error.until}, alert=True)
    if isinstance(error, Unavailable | Unknown):
        return Toast("connections.test_unavailable", alert=True)
    if error.code in {"locked", "suspended_account"}:
        return Toast(f"connections.test_{error.code}", alert=True)
    return Toast("connections.test_app", alert=True)


async def authorize_again(turn: Turn) -> Answer:
    """Begin an authorization for this connection, with the same app where that is possible.

    The button also stands under tasks, which know nothing of the row's version: it changes nothing by itself.
    """
    row = await _guard.row(turn)
    if turn.again:
        return await connect.begun_before(turn)
    if row.state not in connections.HELD:
        return await connect.start(turn)
    begun, closed = await connect.begin(turn, renews_id=row.id)
    return [*closed, *await _with_same_app(turn, begun, row)]


async def _with_same_app(turn: Turn, begun: Authorization, row: Connection) -> Answer:
    is_own = row.app_kind == AppKind.OWN
    opened = live_check.opened(turn, row) if is_own else None
    app = opened.app if opened else signing.registered_app_of(turn.doors, row)
    if app is None or (is_own and not turn.doors.rules.own_apps):
        return [await connect_card.of(turn.doors, begun, turn.now, fresh=True)]
    secrets = {"consumer_key": Secret(app.consumer_key), "consumer_secret": Secret(app.consumer_secret)}
    async with turn.begin() as session:
        ready = await authorizations.take_secrets(
            session,
            turn.doors.vault,
            begun,
            begun.state,
            secrets=secrets if is_own else {},
            now=turn.now,
            app_kind=row.app_kind,
            app_fingerprint=row.app_fingerprint,
        )
    return await (authorize_link.hand_out(turn, ready, app) if ready else pressed.as_it_is(turn, begun))


async def _ask_to_disconnect(turn: Turn, row: Connection) -> Answer:
    async with turn.begin() as session:
        uses = await relations.at_stake(session, turn, [row.id])
    surely = press.button("connections.button_off_surely", "conn_off_yes", row, style=Style.DANGER)
    keep = press.button("connections.button_keep", "conn", row)
    facts: dict[str, Fact] = {"name": row.name, "username": row.username, "uses": uses}
    return [Reply("connections.ask_off", facts, ((surely,), (keep,)))]


async def _disconnect(turn: Turn, row: Connection) -> Answer:
    """Take it out of use first, then tell X; what X could not be told now is tried again."""
    async with turn.work() as session:
        shared = await relations.sharing(session, [row.id])
        off = await connections.disconnect(session, row, turn.now)
        told = await relations.tell(session, turn, {row.id: row.username}, shared) if off else []
    if off is None:
        return [await connection_card.of(turn.doors, row)]
    outcome = await revoke.attempt(turn.doors, off, turn.now)
    facts = {"name": off.name, "username": off.username}
    return [Reply(f"connections.off_{outcome}", facts, ((connection_card.back(),),)), *told]


VERBS: dict[str, Command] = {
    "connections": show,
    "conn": page,
    "conn_default": _pressed(_make_default),
    "conn_rename": _pressed(rename.ask),
    "conn_freeze": _pressed(_freeze),
    "conn_thaw": _pressed(_thaw),
    "conn_test": _pressed(_test),
    "reauthorize": authorize_again,
    "conn_uses": _pressed(relations.show),
    "conn_off": _pressed(_ask_to_disconnect),
    "conn_off_yes": _pressed(_disconnect),
}
