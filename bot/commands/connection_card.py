"""What is shown of a connection: its page and its line in the list. Changes nothing."""

from bot.commands import press
from bot.turn import Doors
from storage import connections
from storage.tables import Connection, ConnectionState
from texts.reply import Button, Fact, Reply, Rows, Say, Style


async def of(doors: Doors, row: Connection, *, fresh: bool = False) -> Reply:
    """Show a connection's page: how it stands, and what can be done with it."""
    async with doors.db.begin() as session:
        now = await connections.get(session, row.id, row.person_id) or row
        default = await connections.default_id(session, row.person_id)
    return Reply("connections.page", facts(doors, now, default), _buttons(doors, now, default), fresh=fresh)


def line(doors: Doors, row: Connection, default: int | None) -> Say:
    """Say a connection's line in the list."""
    return Say("connections.line", facts(doors, row, default))


def open_page(row: Connection) -> Button:
    """Lead from the list to a connection's page."""
    facts: dict[str, Fact] = {"name": row.name, "username": row.username}
    return press.button("connections.button_page", "conn", row, facts=facts)


def facts(doors: Doors, row: Connection, default: int | None) -> dict[str, Fact]:
    """Say what is known of a connection; nothing of it is secret."""
    return {
        "name": row.name,
        "username": row.username,
        "state": state(doors, row),
        "is_default": "yes" if row.id == default else "no",
        "level": row.access_level or "unknown",
        "app": row.app_kind,
        "was_used": "yes" if row.last_used_at else "no",
        "used_at": row.last_used_at or row.created_at,
        "connected_at": row.created_at,
    }


def state(doors: Doors, row: Connection) -> str:
    """Say how it stands: active, frozen, locked, reauthorize, revoking or gone."""
    if row.state in connections.HELD and connections.is_locked(doors.vault, row):
        return "locked"
    if row.state == ConnectionState.ACTIVE and row.frozen_at:
        return "frozen"
    return row.state


def back() -> Button:
    """Lead back to the list."""
    return Button("connections.button_list", data="connections:0:0")


def freezing(row: Connection) -> Button:
    """Offer to stop everything of a connection, or to let it go on."""
    if row.frozen_at:
        return press.button("connections.button_thaw", "conn_thaw", row, style=Style.SUCCESS)
    return press.button("connections.button_freeze", "conn_freeze", row)


def _buttons(doors: Doors, row: Connection, default: int | None) -> Rows:
    if row.state not in connections.HELD:
        return ((back(),),)
    works = state(doors, row) in (ConnectionState.ACTIVE, "frozen")
    default_button = press.button("connections.button_default", "conn_default", row)
    test = press.button("connections.button_test", "conn_test", row)
    again_style = Style.PLAIN if works else Style.PRIMARY
    return (
        (freezing(row),) if works or row.frozen_at else (),
        (default_button,) if works and row.id != default else (),
        (press.button("connections.button_rename", "conn_rename", row), *((test,) if works else ())),
        (
            press.button("connections.button_again", "reauthorize", row, style=again_style),
            press.button("connections.button_off", "conn_off", row, style=Style.DANGER),
        ),
        (
            Button("connections.button_groups", data=press.data("shares", row.id, row.version)),
            press.button("relations.button_open", "conn_uses", row),
        ),
        (back(),),
    )
