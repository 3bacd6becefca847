"""The PIN walk against the sandbox X, which checks every signature with a library that is not ours."""

import pytest
import requests

from tests.twitter.conftest import app_of
from twitter import authorize, people
from twitter.client import App, Token
from twitter.errors import NotAuthorized, Unknown


def _walk(sandbox, x, app, username):
    request = authorize.begin(x, app)
    return authorize.exchange(x, app, request, sandbox.approve(request.token, username))


def _code_of_begin(x, app):
    with pytest.raises(NotAuthorized) as caught:
        authorize.begin(x, app)
    return caught.value.code


def test_a_pin_becomes_a_token_of_the_account_that_gave_it(sandbox, x, app, somebody):
    done = _walk(sandbox, x, app, somebody.username)

    assert (done.user_id, done.username) == (somebody.user_id, somebody.username)
    assert people.who_am_i(x, app, done.token).username == somebody.username


def test_the_link_leads_to_the_page_where_x_asks(x, app):
    request = authorize.begin(x, app)

    page = requests.get(authorize.address(x, request), timeout=5)

    assert (page.status_code, "Log in" in page.text) == (200, True)


@pytest.mark.parametrize(
    ("name", "code"),
    [("no_callback", "callback_missing"), ("suspended", "app_suspended")],
)
def test_each_app_that_cannot_begin_is_told_why(sandbox, x, name, code):
    assert _code_of_begin(x, app_of(sandbox, name)) == code


def test_wrong_keys_are_told(x, app):
    assert _code_of_begin(x, App(app.consumer_key, "s" * 50)) == "keys_wrong"
    assert _code_of_begin(x, App("k" * 25, app.consumer_secret)) == "keys_wrong"


def test_an_app_without_access_is_told_at_the_first_call_at_the_latest(sandbox, x, somebody):
    app = app_of(sandbox, "no_access")

    with pytest.raises(NotAuthorized) as caught:
        people.who_am_i(x, app, _walk(sandbox, x, app, somebody.username).token)

    assert caught.value.code == "no_api_access"


def test_a_wrong_pin_is_told_from_a_dead_link(sandbox, x, app, somebody):
    request = authorize.begin(x, app)
    pin = sandbox.approve(request.token, somebody.username)
    wrong = "0000000" if pin != "0000000" else "0000001"

    with pytest.raises(NotAuthorized) as wrong_pin:
        authorize.exchange(x, app, request, wrong)
    with pytest.raises(NotAuthorized) as dead_link:
        authorize.exchange(x, app, Token("n" * 27, "n" * 32), pin)

    assert (wrong_pin.value.code, dead_link.value.code) == ("wrong_pin", "link_dead")


def test_a_used_pin_is_a_dead_link_or_a_wrong_pin(sandbox, x, app, somebody):
    """X answers a used request token with either text (reported); callers tell them apart by what they did."""
    request = authorize.begin(x, app)
    pin = sandbox.approve(request.token, somebody.username)
    authorize.exchange(x, app, request, pin)

    with pytest.raises(NotAuthorized) as caught:
        authorize.exchange(x, app, request, pin)

    assert caught.value.code in ("link_dead", "wrong_pin")


def test_an_exchange_whose_answer_is_lost_is_unknown_and_made_once(sandbox, x, app, somebody):
    request = authorize.begin(x, app)
    pin = sandbox.approve(request.token, somebody.username)
    sandbox.fault("timeout_after", {"path": "/oauth/access_token"})
    sandbox.control("DELETE", "/requests")

    with pytest.raises(Unknown) as caught:
        authorize.exchange(x, app, request, pin)

    paths = [entry["path"] for entry in sandbox.control("GET", "/requests")]
    assert (caught.value.code, paths) == ("connection_lost", ["/oauth/access_token"])


def test_a_clock_that_is_an_hour_off_heals_by_itself(sandbox, x, app, somebody):
    sandbox.control("PUT", "/clock", json={"offset": 3600})

    done = _walk(sandbox, x, app, somebody.username)

    assert done.username == somebody.username


def test_a_token_given_back_is_dead_and_giving_it_back_again_is_no_mistake(x, app, somebody):
    authorize.revoke(x, app, somebody.token)
    authorize.revoke(x, app, somebody.token)

    with pytest.raises(NotAuthorized) as caught:
        people.who_am_i(x, app, somebody.token)

    assert caught.value.code == "revoked"
