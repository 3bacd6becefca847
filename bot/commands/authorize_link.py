"""Handing out an authorize link, and which sentence says what X holds against an app. The PIN: pin.py."""

from bot.commands import connect_card, press, pressed, signing
from bot.turn import Answer, Turn
from storage import authorizations, links
from storage.tables import AppKind, Authorization, AuthorizationState
from storage.vault import Secret
from texts.reply import Fact, Reply, Rows
from twitter import authorize
from twitter.client import App
from twitter.errors import NotAuthorized, SlowDown, Unavailable, Unknown, XError

State = AuthorizationState

#: Complaints of X that have a sentence of their own; X: "Response codes and errors".
OWN_SENTENCE = ("callback_missing", "app_suspended", "no_api_access", "clock_skew", "out_of_credit")


async def hand_out(turn: Turn, row: Authorization, app: App) -> Answer:
    """Ask X for a link, which also checks the app's keys, and show it."""
    try:
        request = await signing.ask(authorize.begin, turn.doors.x, app)
    except XError as error:
        return await _refused(turn, row, error)
    async with turn.work() as session:
        linked = await links.hand_out_link(
            session,
            turn.doors.vault,
            row,
            token=Secret(request.token),
            secret=Secret(request.secret),
            now=turn.now,
        )
    if linked is None:
        return await pressed.as_it_is(turn, row)
    return [connect_card.link(turn.doors, linked, turn.now)]


def problem(error: XError) -> tuple[str, dict[str, Fact]]:
    """Say which sentence tells what X holds against the app, or that X cannot be asked now."""
    if isinstance(error, SlowDown):
        return "connect.problem_slow_down", {"until": error.until}
    if isinstance(error, Unavailable | Unknown):
        return "connect.problem_unavailable", {}
    if error.code in OWN_SENTENCE:
        return f"connect.problem_{error.code}", {}
    if isinstance(error, NotAuthorized):
        return "connect.problem_keys_wrong", {}
    return "connect.problem_refused", {"detail": error.detail or error.code}


async def _refused(turn: Turn, row: Authorization, error: XError) -> Answer:
    key, facts = problem(error)
    if row.app_kind == AppKind.REGISTERED:
        return [_about_the_registered_app(turn, row, key, facts)]
    if key == "connect.problem_keys_wrong":
        async with turn.work() as session:
            asked = await authorizations.choose_app(session, row, AppKind.OWN, None, turn.now)
        if asked is None:
            return await pressed.as_it_is(turn, row)
        buttons = ((connect_card.cancel(asked),),)
        return [Reply(key, facts, buttons, connect_card.card(asked))]
    return [Reply(key, facts, connect_card.after_check(row), connect_card.card(row))]


def _about_the_registered_app(turn: Turn, row: Authorization, key: str, facts: dict[str, Fact]) -> Reply:
    """Say who can mend the operator's app; offer another try and the other way."""
    if key not in {"connect.problem_slow_down", "connect.problem_unavailable"}:
        code, own_apps = key.removeprefix("connect.problem_"), turn.doors.rules.own_apps
        key, facts = "connect.problem_registered", {"code": code, "own_apps": "yes" if own_apps else "no"}
    if row.state in authorizations.RENEWABLE or row.state == State.LINK:
        again = press.button("connect.button_try_again", "connect_link", row)
        buttons: Rows = ((again, connect_card.cancel(row)),)
    else:
        buttons = connect_card.choices(turn.doors, row)
    return Reply(key, facts, buttons, connect_card.card(row))
