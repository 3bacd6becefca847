"""What the living message of an authorization shows, computed from its row alone. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.commands import press, signing
from bot.turn import Doors
from storage import authorizations, confirmations, connections
from storage.tables import OPEN_AUTHORIZATION, AppKind, Authorization, AuthorizationState, Connection
from texts.reply import Button, Card, Fact, Reply, Rows, Style
from twitter import authorize

State = AuthorizationState

#: Access levels with which nothing can be posted (X: header x-access-level).
READ_ONLY = "read"
#: States that go on by opening what is sealed.
_OPENED = frozenset((*OPEN_AUTHORIZATION, *authorizations.RENEWABLE))


@dataclass(frozen=True, slots=True)
class Known:
    """The person's connections that matter for a Yes."""

    renewed: Connection | None
    """The same X account by the same app: it is renewed in place."""
    other_apps: Sequence[Connection]
    """The same X account by other apps."""
    authorized_again: Connection | None
    """The connection that shall be authorized again."""

    @property
    def is_other_account(self) -> bool:
        """Another X account than that of the connection to be authorized again."""
        return self.authorized_again is not None and self.authorized_again not in (
            self.renewed,
            *self.other_apps,
        )


async def of(doors: Doors, row: Authorization, now: datetime, *, fresh: bool = False) -> Reply:
    """Show where an authorization stands; one whose seals do not open can only be begun anew."""
    if row.state in _OPENED and authorizations.is_locked(doors.vault, row):
        return Reply("connect.locked", buttons=(*anew(), (cancel(row),)), card=card(row), fresh=fresh)
    if row.state == State.CONFIRMING:
        return await _confirming(doors, row, fresh=fresh)
    if row.state == State.DONE:
        return await _done(doors, row, fresh=fresh)
    if row.state == State.LINK:
        return link(doors, row, now, fresh=fresh)
    key, buttons = _plain(doors, row)
    return Reply(key, buttons=buttons, card=card(row), fresh=fresh)


def card(row: Authorization) -> Card:
    """Name the living message."""
    return Card("authorization", row.id)


def cancel(row: Authorization) -> Button:
    """Make the button that ends it."""
    return press.button("connect.button_cancel", "connect_cancel", row)


def anew() -> Rows:
    """Offer to begin from the beginning."""
    return ((Button("connect.button_connect", data="connect:0:0", style=Style.PRIMARY),),)


def link(doors: Doors, row: Authorization, now: datetime, *, fresh: bool = False) -> Reply:
    """Show the authorize link and its countdown."""
    left = row.expires_at - now
    minutes = max(1, -(-left // timedelta(minutes=1)))
    facts: dict[str, Fact] = {"minutes": minutes, "until": row.expires_at, "tries": row.tries_left}
    request = signing.request_of(doors, row)
    url = authorize.address(doors.x, request) if request else doors.x.web_origin
    rows = [
        (Button("connect.button_open", url=url, style=Style.PRIMARY),),
        (press.button("connect.button_new_link", "connect_link", row), cancel(row)),
    ]
    if row.app_kind == AppKind.OWN:
        rows.append((press.button("connect.button_have_token", "connect_token", row),))
    return Reply("connect.link", facts, tuple(rows), card(row), fresh, protect=True)


def choices(doors: Doors, row: Authorization) -> Rows:
    """Offer the apps there are."""
    registered = press.button("connect.button_registered", "connect_registered", row, style=Style.PRIMARY)
    own = press.button("connect.button_own", "connect_own", row)
    rules = doors.rules
    rows = [(registered,)] if rules.registered_app else []
    rows += [(own,)] if rules.own_apps else []
    return (*rows, (cancel(row),))


def after_check(row: Authorization) -> Rows:
    """Offer what can be done when X did not take an own app's keys."""
    return (
        (press.button("connect.button_try_again", "connect_link", row, style=Style.PRIMARY),),
        (press.button("connect.button_other_keys", "connect_own", row),),
        (press.button("connect.button_have_token", "connect_token", row),),
        (cancel(row),),
    )


def after_token(row: Authorization) -> Rows:
    """Offer what can be done while, or after, access tokens are typed in."""
    again = press.button("connect.button_try_again", "connect_check", row, style=Style.PRIMARY)
    rows = [(again,)] if row.access_secret is not None else []
    return (*rows, (press.button("connect.button_pin_instead", "connect_link", row), cancel(row)))


async def known(doors: Doors, row: Authorization) -> Known:
    """Look up which of the person's connections a Yes would touch."""
    async with doors.db.begin() as session:
        mine = await connections.of_account(session, person_id=row.person_id, x_user_id=row.x_user_id or "")
        renews = await connections.get(session, row.renews_id or 0, row.person_id)
    renewed = next((each for each in mine if each.app_fingerprint == row.app_fingerprint), None)
    others = [each for each in mine if each is not renewed]
    held = renews if renews is not None and renews.state in connections.HELD else None
    return Known(renewed, others, held)


def _plain(doors: Doors, row: Authorization) -> tuple[str, Rows]:
    """Give key and buttons of the states that need no facts."""
    if row.state == State.CHOOSING:
        return _choosing(doors), choices(doors, row)
    if row.state in {State.TOKEN, State.TOKEN_SECRET}:
        return f"connect.ask_{row.state}", after_token(row)
    if row.state == State.SECRET and row.consumer_secret is not None:
        return "connect.not_checked", after_check(row)
    if row.state in authorizations.TYPING:
        return f"connect.ask_{row.state}", ((cancel(row),),)
    return _ended(row)


def _ended(row: Authorization) -> tuple[str, Rows]:
    new_link = press.button("connect.button_new_link", "connect_link", row, style=Style.PRIMARY)
    close = press.button("connect.button_close", "connect_cancel", row)
    if is_renewable(row):
        used_up = "connect.used_up" if row.tries_left > 0 else "connect.tries_over"
        return ("connect.expired" if row.state == State.EXPIRED else used_up), ((new_link, close),)
    return {
        State.EXCHANGING: ("connect.exchanging", ()),
        State.CANCELLED: ("connect.cancelled", anew()),
        State.REVOKING: ("connect.withdrawing", ()),
        State.REVOKED: ("connect.withdrawn", anew()),
    }.get(row.state, ("connect.gave_up", anew()))


def is_renewable(row: Authorization) -> bool:
    """Tell whether an ended row still knows its app, so that a new link needs no typing."""
    if row.state not in authorizations.RENEWABLE or row.app_kind is None:
        return False
    return row.app_kind == AppKind.REGISTERED or row.consumer_secret is not None


def _choosing(doors: Doors) -> str:
    if doors.rules.registered_app is None:
        return "connect.choose_own"
    return "connect.choose" if doors.rules.own_apps else "connect.choose_registered"


async def _confirming(doors: Doors, row: Authorization, *, fresh: bool) -> Reply:
    found = await known(doors, row)
    no = press.button("connect.button_no", "connect_no", row)
    yes = press.button("connect.button_yes", "connect_yes", row, style=Style.SUCCESS)
    facts = _account(row) | {"until": row.expires_at}
    key = "connect.confirm"
    buttons: Rows = ((yes,), (no,))
    if found.authorized_again is not None and found.is_other_account:
        key, buttons = "connect.confirm_replace", ((_replace(row, found.authorized_again),), (no,))
        facts |= {"old_username": found.authorized_again.username}
    elif found.renewed is not None:
        key = "connect.confirm_renew"
        facts |= {"connection_name": found.renewed.name}
    elif found.other_apps:
        other = found.authorized_again or found.other_apps[0]
        both = press.button("connect.button_keep_both", "connect_yes", row, style=Style.SUCCESS)
        key, buttons = "connect.confirm_other_app", ((_replace(row, other),), (both,), (no,))
        facts |= {"connection_name": other.name}
    return Reply(key, facts, buttons, card(row), fresh, picture=row.picture_url)


def _replace(row: Authorization, old: Connection) -> Button:
    return press.button(
        "connect.button_replace", "connect_replace", row, style=Style.DANGER, extra=str(old.id)
    )


async def _done(doors: Doors, row: Authorization, *, fresh: bool) -> Reply:
    async with doors.db.begin() as session:
        made = await confirmations.made_by(session, row)
    if made is None:
        return Reply("connect.gone", buttons=anew(), card=card(row), fresh=fresh)
    rename = press.button("connect.button_rename", "conn_rename", made)
    another = Button("connect.button_another", data="connect:0:0")
    first = Button("connect.button_tweet", data="tweet:0:0", style=Style.PRIMARY)
    top = () if made.access_level == READ_ONLY else (first,)
    facts = {**_account(row), "name": made.name}
    return Reply("connect.done", facts, (top, (rename, another)), card(row), fresh, picture=row.picture_url)


def _account(row: Authorization) -> dict[str, Fact]:
    return {
        "name": row.x_name or row.username or "",
        "username": row.username or "",
        "level": row.access_level or "unknown",
        "app": row.app_kind or AppKind.REGISTERED,
    }
