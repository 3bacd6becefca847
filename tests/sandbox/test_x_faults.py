"""Faults on request: what each does to an answer, and that it hits only what it was meant for."""

import time
from email.utils import parsedate_to_datetime

import pytest
import requests

from tests.sandbox.x_server import form


@pytest.fixture
def account(x_server):
    return x_server.new_account()


@pytest.fixture
def session(x_server, account):
    return x_server.session(account["username"])


@pytest.fixture
def fault(x_server, account):
    """Ask for a fault of this account only; all are cleared afterwards."""

    def ask(name, **more):
        return x_server.fault(name, {"username": account["username"]}, **more)

    yield ask
    x_server.control("DELETE", "/faults")


def test_timeout_before_drops_the_connection_and_nothing_is_posted(session, fault):
    fault("timeout_before")

    with pytest.raises(requests.ConnectionError):
        session.tweet("Lost")

    assert session.posted() == []
    assert session.last_entry()["status"] is None
    assert session.last_entry()["fault"] == "timeout_before"


def test_timeout_after_drops_the_connection_though_it_is_posted(session, fault):
    fault("timeout_after")

    with pytest.raises(requests.ConnectionError):
        session.tweet("Done but not told")

    assert session.posted() == ["Done but not told"]
    assert session.tweet("Done but not told").status_code == 403


def test_timeout_after_can_hang(session, fault):
    fault("timeout_after", seconds=5)

    with pytest.raises(requests.ReadTimeout):
        session.post("/2/tweets", json={"text": "Hanging"}, timeout=0.5)


def test_slow_answers_late(session, fault):
    fault("slow", seconds=0.4)
    began = time.monotonic()

    answer = session.tweet("Slow")

    assert (answer.status_code, time.monotonic() - began >= 0.4) == (201, True)


@pytest.mark.parametrize(("accepted", "kept"), [(True, ["Maybe"]), (False, [])])
def test_a_5xx_may_have_been_accepted(session, fault, accepted, kept):
    fault("status_5xx", status=500, accepted=accepted)

    assert session.tweet("Maybe").status_code == 500
    assert session.posted() == kept


def test_a_gateway_answers_in_html(session, fault):
    fault("html_502")

    answer = session.get("/2/users/me")

    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")


def test_a_garbage_body_is_no_json(session, fault):
    fault("garbage_body")

    with pytest.raises(requests.JSONDecodeError):
        session.get("/2/users/me").json()


def test_rate_limited_tells_when(session, fault):
    fault("rate_limited", seconds=120)

    answer = session.tweet("Too fast")

    left = int(answer.headers["x-rate-limit-reset"]) - time.time()
    assert (answer.status_code, answer.headers["x-rate-limit-remaining"]) == (429, "0")
    assert 110 < left <= 121


def test_rate_limited_for_the_day_leaves_the_window_open(session, fault):
    fault("rate_limited_day")

    answer = session.tweet("Too much")

    assert answer.status_code == 429
    assert int(answer.headers["x-rate-limit-remaining"]) > 0
    assert answer.headers["x-user-limit-24hour-remaining"] == "0"


def test_rate_limited_for_the_day_of_the_app_leaves_the_account_s_windows_open(session, fault):
    fault("rate_limited_app_day", seconds=600)

    answer = session.tweet("Too much")

    left = int(answer.headers["x-app-limit-24hour-reset"]) - time.time()
    assert (answer.status_code, answer.headers["x-app-limit-24hour-remaining"]) == (429, "0")
    assert int(answer.headers["x-rate-limit-remaining"]) > 0
    assert int(answer.headers["x-user-limit-24hour-remaining"]) > 0
    assert 590 < left <= 601


def test_rate_limited_bare_has_no_headers(session, fault):
    fault("rate_limited_bare")

    answer = session.tweet("Too fast")

    assert answer.status_code == 429
    assert not [name for name in answer.headers if "limit" in name]


@pytest.mark.parametrize(
    ("dialect", "title", "kind"),
    [(None, "CreditsDepleted", "credits"), ("new", "Payment Required", "credits-depleted")],
)
def test_out_of_credit_in_both_wordings(session, fault, dialect, title, kind):
    fault("out_of_credit", **({"dialect": dialect} if dialect else {}))

    answer = session.tweet("No money")

    assert (answer.status_code, answer.json()["title"]) == (402, title)
    assert answer.json()["type"].rsplit("/", 1)[-1] == kind
    assert "x-rate-limit-limit" in answer.headers


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("revoked", 401, '"code": 89'),
        ("unauthorized_32", 401, '"code": 32'),
        ("locked", 403, '"code": 326'),
        ("suspended_account", 403, '"code": 64'),
        ("duplicate", 403, "duplicate content"),
        ("forbidden_bare", 403, "You are not permitted to perform this action."),
        ("read_only", 403, "oauth1-permissions"),
        ("too_long_video", 403, "video longer than"),
        ("unheard_of", 403, "on Mondays"),
    ],
)
def test_refusals_on_request(session, fault, name, status, words):
    fault(name)

    answer = session.tweet("Refused")

    assert answer.status_code == status
    assert words in answer.text
    assert session.posted() == []


def test_clock_skew_is_told_by_the_date_header_and_a_corrected_time_is_taken(session, fault):
    fault("clock_skew", seconds=7200)

    refused = session.get("/2/users/me")
    away = parsedate_to_datetime(refused.headers["date"]).timestamp() - time.time()
    session.auth.client.timestamp = str(int(time.time() + away))
    taken = session.get("/2/users/me")

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (401, 135)
    assert 7190 < away < 7210
    assert taken.status_code == 200


def test_the_pin_walk_has_its_faults(x_server):
    account = x_server.new_account()
    asked = form(x_server.request_token())
    pin = x_server.approve(asked["oauth_token"], account["username"])
    x_server.fault("timeout_after", {"username": account["username"], "path": "^/oauth/access_token$"})

    with pytest.raises(requests.ConnectionError):
        x_server.exchange(asked, pin)

    assert x_server.exchange(asked, pin).status_code == 401


def test_a_fault_counts_down_and_ends(session, fault):
    fault("forbidden_bare", times=2)

    assert [session.tweet(f"Try {number}").status_code for number in range(3)] == [403, 403, 201]


def test_a_fault_without_times_lasts_until_cleared(x_server, session, fault):
    fault_id = fault("forbidden_bare", times=None)

    before = [session.tweet(f"Lasting {number}").status_code for number in range(3)]
    x_server.control("DELETE", f"/faults?id={fault_id}")

    assert (before, session.tweet("After").status_code) == ([403] * 3, 201)


def test_a_fault_hits_only_its_match(x_server, account, session):
    match = {"username": account["username"], "method": "POST", "path": "^/2/tweets$", "app": "registered"}
    x_server.fault("forbidden_bare", match)

    other = x_server.session(x_server.new_account()["username"])

    assert session.get("/2/users/me").status_code == 200
    assert other.tweet("Somebody else").status_code == 201
    assert x_server.session(account["username"], app="own").tweet("Other app").status_code == 201
    assert session.tweet("Hit").status_code == 403


@pytest.mark.parametrize(
    "wish",
    [
        {"fault": "nonsense"},
        {"fault": "slow", "match": {"path": "("}},
        {"fault": "slow", "match": {"x": 1}},
        {"fault": "slow", "times": 0},
    ],
)
def test_a_badly_written_fault_is_refused(x_server, wish):
    answer = requests.post(
        x_server.origin + "/sandbox/api/faults",
        json=wish,
        headers={"X-Sandbox-Token": x_server.token},
        timeout=10,
    )

    assert (answer.status_code, "error" in answer.json()) == (400, True)
