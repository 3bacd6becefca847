"""What is shown of a connection's limits: what it may do and since when, what it spent, what X has left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from bot.commands import press
from bot.turn import Doors
from storage import connections, rate_windows, spending
from storage.db import Session
from storage.spending import Warned
from storage.tables import Connection, Person, RateWindow
from tasks import compose, price, self_serve
from texts.reply import Button, Fact, Reply, Rows, Say, Style

#: The caps that one press sets, in US dollars.
PRESETS = (1, 5, 20)
#: So many of X's limits are shown, the scarcest of them.
_WINDOWS_SHOWN = 6
#: Levels of access that may write, and that may send messages (X: x-access-level).
_MESSAGES = "read-write-directmessages"


@dataclass(frozen=True, slots=True)
class Shown:
    """How a connection stands."""

    row: Connection
    sums: spending.Sums
    windows: Sequence[RateWindow]
    of_all: int | None
    """What the registered app costs this month, for who pays for it; None: for nobody else."""
    others: bool
    """The person has more connections."""


async def read(session: Session, person: Person, row: Connection, now: datetime) -> Shown:
    """Look everything up that the sheet says."""
    return Shown(
        row,
        await spending.sums(session, row.id, now=now),
        await rate_windows.running(session, row.id, now=now),
        await spending.of_registered_app(session, now=now) if person.is_operator else None,
        len(await connections.listed(session, person.id)) > 1,
    )


def of(doors: Doors, shown: Shown, now: datetime, *, fresh: bool = False) -> Reply:
    """Show the sheet of a connection."""
    row, sums = shown.row, shown.sums
    facts: dict[str, Fact] = {
        "name": row.name,
        "username": row.username,
        "app": row.app_kind,
        "level": row.access_level or "unknown",
        "is_premium": "yes" if row.premium else "no",
        "limit": compose.PREMIUM_LENGTH if row.premium else compose.PLAIN_LENGTH,
        "spent": dollars(sums.spent),
        "reserved": dollars(sums.reserved),
        "has_reserved": "yes" if sums.reserved else "no",
        "today": dollars(sums.today),
        "has_cap": "no" if sums.cap is None else "yes",
        "cap": dollars(sums.cap or 0),
        "resets_at": _next_month(now),
        "rules": _rules(doors, row),
        "windows": tuple(_window(one) for one in shown.windows[:_WINDOWS_SHOWN])
        or (Say("limits.no_windows"),),
        "of_all": (Say("limits.of_all", {"spent": dollars(shown.of_all)}),)
        if shown.of_all is not None
        else (),
    }
    return Reply("limits.sheet", facts, _buttons(shown), fresh=fresh)


def warning(warned: Warned) -> Reply:
    """Tell somebody that a cap comes near, or is reached."""
    row = warned.connection
    facts: dict[str, Fact] = {
        "username": row.username,
        "percent": warned.percent,
        "spent": dollars(warned.booked),
        "cap": dollars(row.cap_cents_100 or 0),
    }
    return Reply("limits.warning", facts, ((raise_cap(row),),), fresh=True)


def raise_cap(row: Connection) -> Button:
    """Lead to the sheet, where the cap is set; what the button stands under stays."""
    return press.button("limits.button_raise", "limits_new", row, style=Style.PRIMARY)


def which(rows: Sequence[Connection]) -> Reply:
    """Ask whose limits to show."""
    pages = tuple(
        (press.button("limits.button_of", "limits", row, facts={"name": row.name, "username": row.username}),)
        for row in rows
    )
    return Reply("limits.which", buttons=pages)


def dollars(cents_100: int) -> Decimal:
    """Give hundredths of a cent as US dollars."""
    return Decimal(cents_100) / 10_000


def _buttons(shown: Shown) -> Rows:
    row = shown.row
    presets = tuple(
        press.button(
            "limits.button_preset", "cap", row, extra=str(each * 10_000), facts={"cap": Decimal(each)}
        )
        for each in PRESETS
    )
    none = press.button("limits.button_no_cap", "cap", row, extra="none")
    other = press.button("limits.button_other", "cap_ask", row)
    fresh = press.button("limits.button_fresh", "limits", row)
    back = (Button("limits.button_others", data="limits_all:0:0"),) if shown.others else ()
    return (presets, (none, other), (fresh, *back))


def _rules(doors: Doors, row: Connection) -> tuple[Say, ...]:
    """Say what app, access and account may do, each with its date."""
    if row.access_level == "read":
        return (Say("limits.rule_read_only"), _reading())
    as_of = _day(date.fromisoformat(price.AS_OF))
    posts: dict[str, Fact] = {
        "each": price.current().post,
        "with_link": price.current().post_with_link,
        "since": as_of,
    }
    return (
        Say("limits.rule_posts", posts),
        _reading(),
        *_of_plan(doors),
        Say("limits.rule_messages" if row.access_level == _MESSAGES else "limits.rule_no_messages"),
        Say("limits.rule_policy"),
    )


def _of_plan(doors: Doors) -> tuple[Say, ...]:
    if doors.rules.x_enterprise:
        return (Say("limits.rule_enterprise"),)
    return (
        Say("limits.rule_replies", {"since": _day(self_serve.SUMMONED_SINCE)}),
        Say("limits.rule_handed_off", {"since": _day(self_serve.ENTERPRISE_SINCE)}),
    )


def _reading() -> Say:
    facts: dict[str, Fact] = {
        "post": price.current().post_read,
        "account": price.current().user_read,
        "since": _day(date.fromisoformat(price.AS_OF)),
    }
    return Say("limits.rule_reading", facts)


def _window(window: RateWindow) -> Say:
    name, span, whose = window.name.rsplit(" ", 2)
    facts: dict[str, Fact] = {
        "what": name,
        "span": span,
        "whose": whose,
        "remaining": window.remaining,
        "most": window.most,
        "resets_at": window.resets_at,
        "heard_at": window.heard_at,
    }
    return Say("limits.window", facts)


def _day(day: date) -> datetime:
    """Give a day as a moment that is that day in every zone people are likely to be in."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _next_month(now: datetime) -> datetime:
    utc = now.astimezone(UTC)
    year, month = divmod(utc.year * 12 + utc.month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)
