"""The PIN walk against the sandbox X, and every refusal on the way."""

import re

import pytest
import requests
from requests_oauthlib import OAuth1

from tests.sandbox.x_server import form


def pages(server, asked, username, step):
    """Send one of the authorize page's forms."""
    fields = {"oauth_token": asked["oauth_token"], "account": username, "step": step}
    return requests.post(server.origin + "/oauth/authorize", data=fields, timeout=10)


def test_a_person_reads_the_pin_on_the_page_and_the_app_gets_a_token(x_server):
    username = x_server.new_account()["username"]
    asked = form(x_server.request_token())
    url = f"{x_server.origin}/oauth/authorize?oauth_token={asked['oauth_token']}"

    first = requests.get(url, timeout=10)
    consent = pages(x_server, asked, username, "login")
    last = pages(x_server, asked, username, "authorize")
    pin = re.search(r"<kbd aria-labelledby='code-desc'><code>(\d{7})</code></kbd>", last.text).group(1)
    grant = form(x_server.exchange(asked, pin))

    assert asked["oauth_callback_confirmed"] == "true"
    assert f"value='{username}'" in first.text
    assert "Authorize <b dir='auto'>Pinfeather Demo</b> to access your account?" in consent.text
    assert grant["screen_name"] == username
    assert grant["oauth_token"].startswith(grant["user_id"] + "-")


def test_the_request_token_answer_is_a_form_called_html(x_server):
    answer = x_server.request_token()

    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_the_same_account_and_app_get_the_same_token_again(x_server):
    username = x_server.new_account()["username"]

    first, second = x_server.pin_walk(username), x_server.pin_walk(username)

    assert first == second


def test_another_app_gets_another_token(x_server):
    username = x_server.new_account()["username"]

    first, second = x_server.pin_walk(username), x_server.pin_walk(username, app="own")

    assert first["oauth_token"] != second["oauth_token"]


def test_a_revoked_token_is_dead_and_the_next_walk_gives_a_fresh_one(x_server):
    username = x_server.new_account()["username"]
    first = x_server.pin_walk(username)
    session = x_server.session(username)
    x_server.control("POST", "/revoke", json={"username": username, "app": "registered"})

    refused = session.get("/2/users/me")
    second = x_server.pin_walk(username)

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (401, 89)
    assert second["oauth_token"] != first["oauth_token"]


@pytest.mark.parametrize("path", ["/1.1/oauth/invalidate_token", "/1.1/oauth/invalidate_token.json"])
def test_an_app_can_give_its_token_back(x_server, path):
    session = x_server.session(x_server.new_account()["username"])

    first, second = session.post(path), session.post(path)

    assert (first.status_code, set(first.json())) == (200, {"access_token"})
    assert (second.status_code, second.json()["errors"][0]["code"]) == (401, 89)


@pytest.mark.parametrize(
    ("asked", "level"), [("", "read-write-directmessages"), ("read", "read"), ("write", "read-write")]
)
def test_x_auth_access_type_lowers_the_level(x_server, asked, level):
    username = x_server.new_account()["username"]
    query = f"?x_auth_access_type={asked}" if asked else ""
    x_server.pin_walk(username, query=query)
    keys, grant = x_server.app(), x_server.pin_walk(username, query=query)
    auth = OAuth1(
        keys["consumer_key"], keys["consumer_secret"], grant["oauth_token"], grant["oauth_token_secret"]
    )

    answer = requests.get(x_server.origin + "/2/users/me", auth=auth, timeout=10)

    assert answer.headers["x-access-level"] == level


def test_x_auth_access_type_cannot_raise_the_level(x_server):
    username = x_server.new_account()["username"]
    keys = x_server.app("read_only")
    grant = x_server.pin_walk(username, app="read_only", query="?x_auth_access_type=write")
    auth = OAuth1(
        keys["consumer_key"], keys["consumer_secret"], grant["oauth_token"], grant["oauth_token_secret"]
    )

    answer = requests.get(x_server.origin + "/2/users/me", auth=auth, timeout=10)

    assert answer.headers["x-access-level"] == "read"


def test_a_wrong_pin_can_be_typed_again(x_server):
    username = x_server.new_account()["username"]
    asked = form(x_server.request_token())
    pin = x_server.approve(asked["oauth_token"], username)
    wrong = f"{(int(pin) + 1) % 10_000_000:07d}"

    refused, taken = x_server.exchange(asked, wrong), x_server.exchange(asked, pin)

    assert refused.status_code == 401
    assert refused.text == "Error processing your OAuth request: Invalid oauth_verifier parameter"
    assert taken.status_code == 200


@pytest.mark.parametrize("place", ["query", "form"])
def test_the_pin_may_stand_in_query_or_form(x_server, place):
    asked, keys = form(x_server.request_token()), x_server.app()
    pin = x_server.approve(asked["oauth_token"], x_server.new_account()["username"])
    auth = OAuth1(
        keys["consumer_key"], keys["consumer_secret"], asked["oauth_token"], asked["oauth_token_secret"]
    )
    where = {"params": {"oauth_verifier": pin}} if place == "query" else {"data": {"oauth_verifier": pin}}

    answer = requests.post(x_server.origin + "/oauth/access_token", auth=auth, timeout=10, **where)

    assert answer.status_code == 200, answer.text


def test_a_pin_works_once(x_server):
    asked = form(x_server.request_token())
    pin = x_server.approve(asked["oauth_token"], x_server.new_account()["username"])
    x_server.exchange(asked, pin)

    again = x_server.exchange(asked, pin)

    assert (again.status_code, again.text) == (
        401,
        "Error processing your OAuth request: Invalid oauth_verifier parameter",
    )


def test_no_pin_fits_before_the_person_has_agreed(x_server):
    asked = form(x_server.request_token())

    answer = x_server.exchange(asked, "0000000")

    assert (answer.status_code, "oauth_verifier" in answer.text) == (401, True)


def test_an_expired_request_token_is_told_in_x_s_words(x_server):
    asked = form(x_server.request_token())
    url = f"{x_server.origin}/oauth/authorize?oauth_token={asked['oauth_token']}"
    pin = x_server.approve(asked["oauth_token"], "alice_writes")
    x_server.control("POST", "/expire", json={"authorize_url": url})

    answer, page = x_server.exchange(asked, pin), requests.get(url, timeout=10)

    assert (answer.status_code, answer.text) == (401, "Reverse auth credentials are invalid")
    assert "Whoa there!" in page.text


def test_an_unknown_request_token_is_dead(x_server):
    answer = x_server.exchange({"oauth_token": "x" * 27, "oauth_token_secret": "y"}, "1234567")

    assert (answer.status_code, answer.text) == (401, "Reverse auth credentials are invalid")


def test_an_exchange_without_a_request_token_is_told_so(x_server):
    keys = x_server.app()
    auth = OAuth1(keys["consumer_key"], keys["consumer_secret"], verifier="1234567")

    answer = requests.post(x_server.origin + "/oauth/access_token", auth=auth, timeout=10)

    assert (answer.status_code, answer.text) == (401, "Request token missing")


def test_a_wrong_consumer_secret_is_code_32(x_server):
    answer = x_server.request_token(secret="wrong")

    assert answer.status_code == 401
    assert answer.json() == {"errors": [{"code": 32, "message": "Could not authenticate you."}]}


def test_an_unknown_consumer_key_is_code_32(x_server):
    auth = OAuth1("k" * 25, "s" * 50, callback_uri="oob")

    answer = requests.post(x_server.origin + "/oauth/request_token", auth=auth, timeout=10)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, 32)


def test_a_request_without_signature_is_code_215(x_server):
    answer = requests.post(x_server.origin + "/oauth/request_token", timeout=10)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, 215)


@pytest.mark.parametrize(
    ("app", "code"), [("no_callback", 415), ("suspended", 416)], ids=["callback not saved", "suspended"]
)
def test_an_app_in_trouble_gets_no_request_token(x_server, app, code):
    answer = x_server.request_token(app)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, code)


def test_an_app_without_plan_gets_no_request_token(x_server):
    answer = x_server.request_token("no_access")

    assert (answer.status_code, answer.json()["reason"]) == (403, "client-not-enrolled")


@pytest.mark.parametrize("callback", ["https://example.com/back", None], ids=["a URL", "nothing"])
def test_only_oob_is_taken_as_callback(x_server, callback):
    answer = x_server.request_token(callback=callback)

    assert answer.status_code == 403
    assert '<error code="417">' in answer.text


def test_cancelling_shows_no_pin_and_ends_the_request_token(x_server):
    asked = form(x_server.request_token())

    cancelled = pages(x_server, asked, "alice_writes", "cancel")
    again = requests.get(f"{x_server.origin}/oauth/authorize?oauth_token={asked['oauth_token']}", timeout=10)

    assert "<kbd" not in cancelled.text
    assert "Whoa there!" in again.text


def test_a_screen_name_in_the_link_picks_the_account(x_server):
    asked = form(x_server.request_token())
    url = f"{x_server.origin}/oauth/authorize?oauth_token={asked['oauth_token']}&screen_name=newsroom_demo"

    page = requests.get(url, timeout=10)

    assert "value='newsroom_demo' checked" in page.text


def test_a_read_only_app_s_page_promises_no_writing(x_server):
    asked = form(x_server.request_token("read_only"))

    page = pages(x_server, asked, "alice_writes", "login").text

    able, unable = page.split("will not be able to")
    assert "Create and delete posts" not in able
    assert "Create and delete posts" in unable
