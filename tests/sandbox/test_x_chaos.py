"""Trouble at random on the sandbox X: what strikes, how often, and that it can be told afterwards."""

import time
from collections import Counter
from contextlib import suppress
from email.utils import parsedate_to_datetime

import pytest
import requests

from tests.sandbox.x_server import running_x


@pytest.fixture(scope="module")
def x():
    """Give a sandbox X of its own: chaos strikes whoever is there."""
    with running_x() as server:
        server.control("PUT", "/limits", json={"factor": 1000})
        yield server


@pytest.fixture
def account(x):
    return x.new_account()


@pytest.fixture
def session(x, account):
    return x.session(account["username"])


@pytest.fixture
def chaos(x):
    def begin(**wish):
        return x.control("POST", "/chaos", json=wish)

    yield begin
    x.control("DELETE", "/chaos")
    x.control("DELETE", "/limits")


@pytest.fixture
def turn(x):
    """Turn X's clock by seconds."""

    def by(seconds):
        x.control("PUT", "/clock", json={"offset": seconds})

    yield by
    by(0)


def outcome(session, text):
    """Post once, on a connection of its own; the status, or "dropped"."""
    try:
        return session.post("/2/tweets", json={"text": text}, headers={"Connection": "close"}).status_code
    except requests.ConnectionError:
        return "dropped"


def refused_at(answer):
    return parsedate_to_datetime(answer.headers["date"]).timestamp()


def timeline(session, account):
    return session.get(f"/2/users/{account['id']}/tweets").json().get("data", [])


def test_without_chaos_nothing_strikes(x, session):
    assert x.control("GET", "/chaos") == {"counts": {}}
    assert [outcome(session, f"Quiet {number}") for number in range(20)] == [201] * 20


def test_each_trouble_strikes_about_as_often_as_asked(x, session, chaos):
    chaos(timeout_before=0.2, timeout_after=0.2, status_5xx=0.4, seed=7)

    outcomes = Counter(outcome(session, f"Maybe {number}") for number in range(200))

    counts = x.control("GET", "/chaos")["counts"]
    dropped = counts["timeout_before"] + counts["timeout_after"]
    broken = sum(times for status, times in outcomes.items() if status in (500, 502, 503))
    secretly = counts["untold"] - counts["timeout_after"]
    assert (outcomes["dropped"], broken, counts["writes"]) == (dropped, counts["status_5xx"], 200)
    assert 50 <= dropped <= 110
    assert 50 <= broken <= 110
    assert 0.25 * broken <= secretly <= 0.75 * broken
    assert len(session.posted()) == outcomes[201] + counts["untold"]


def test_the_journal_tells_each_trouble_and_what_it_hid(x, session, chaos):
    x.control("DELETE", "/requests")
    chaos(timeout_before=0.25, timeout_after=0.25, status_5xx=0.5, seed=3)

    for number in range(60):
        outcome(session, f"Hidden {number}")

    entries = x.control("GET", "/requests")
    hidden = [entry for entry in entries if entry["hidden_status"] == 201]
    assert {entry["fault"] for entry in entries} == {
        *("timeout_before", "timeout_after", "status_5xx", "html_502")
    }
    assert len(hidden) == len(session.posted())
    assert all(entry["hidden_status"] is None for entry in entries if entry["fault"] == "timeout_before")
    assert all(entry["hidden_status"] == 201 for entry in entries if entry["fault"] == "timeout_after")


def test_one_seed_strikes_twice_in_the_same_way(session, chaos):
    runs = []
    for run in range(2):
        chaos(timeout_after=0.3, status_5xx=0.3, seed=11)
        runs.append([outcome(session, f"Run {run} number {number}") for number in range(40)])

    assert runs[0] == runs[1]
    assert len(set(runs[0])) > 2


def test_reads_are_left_alone(session, account, chaos):
    chaos(timeout_before=1.0)

    assert {session.get("/2/users/me").status_code for _ in range(20)} == {200}
    assert outcome(session, "Dropped") == "dropped"


def test_a_limit_ends_at_the_moment_its_headers_name_and_not_before(session, chaos, turn):
    chaos(rate_limited=1.0, rate_limited_s=200, seed=1)
    refused = session.tweet("Too fast")
    chaos()
    used_up = next(name for name, value in refused.headers.items() if value == "0")
    reset = int(refused.headers[used_up.replace("-remaining", "-reset")])

    turn(reset - 60 - time.time())
    early = session.tweet("Too early")
    turn(reset - time.time())
    in_time = session.tweet("In time")

    assert used_up in ("x-rate-limit-remaining", "x-user-limit-24hour-remaining")
    assert 190 < reset - refused_at(refused) <= 201
    assert (refused.status_code, early.status_code, in_time.status_code) == (429, 429, 201)


def test_latency_lasts_as_long_as_asked_and_reads_have_it_too(session, chaos):
    chaos(latency_s=[0.2, 0.3])

    for ask in (lambda: session.tweet("Slowly"), lambda: session.get("/2/users/me")):
        began = time.monotonic()
        assert ask().ok
        assert time.monotonic() - began > 0.19


def test_x_does_what_it_was_asked_though_the_client_is_gone(session, chaos):
    # With this seed nine tenths of the latency come before the work.
    chaos(latency_s=0.5, seed=84)

    with suppress(requests.ReadTimeout):
        session.post("/2/tweets", json={"text": "Gone too soon"}, timeout=(10, 0.05))

    deadline = time.monotonic() + 60
    while session.posted() != ["Gone too soon"]:
        assert time.monotonic() < deadline, "it was never posted"
        time.sleep(0.02)


def test_every_timeline_lags_until_the_lag_is_over(session, account, chaos, turn):
    chaos(lag_s=100)
    session.tweet("Too new")

    hidden = timeline(session, account)
    turn(101)

    assert (hidden, len(timeline(session, account))) == ([], 1)


def test_a_lag_can_be_set_for_the_whole_server_by_a_fault_too(x, session, account):
    fault_id = x.fault("lagging_timeline", times=None, seconds=60)
    other = x.new_account()
    x.session(other["username"]).tweet("Me too")
    session.tweet("Too new")

    assert [timeline(session, one) for one in (account, other)] == [[], []]
    x.control("DELETE", f"/faults?id={fault_id}")
    assert [len(timeline(session, one)) for one in (account, other)] == [1, 1]


def test_the_same_text_can_be_let_through_so_that_a_double_shows(session, chaos):
    chaos(same_text_allowed=True)
    allowed = [outcome(session, "Twice"), outcome(session, "Twice")]
    chaos(same_text_allowed=False)

    assert (allowed, outcome(session, "Twice")) == ([201, 201], 403)
    assert session.posted() == ["Twice", "Twice"]


def test_messages_have_the_same_troubles(x, session, chaos):
    path = f"/2/dm_conversations/with/{x.new_account()['id']}/messages"
    chaos(status_5xx=1.0, lag_s=60, seed=2)

    statuses = {session.post(path, json={"text": f"Number {number}"}).status_code for number in range(20)}

    there = x.control("GET", f"/messages?username={session.username}")
    assert statuses == {500, 502, 503}
    assert len(there) == x.control("GET", "/chaos")["counts"]["untold"]
    assert session.get("/2/dm_events").json() == {"meta": {"result_count": 0}}


@pytest.mark.parametrize(
    "wish",
    [
        {"nonsense": 1},
        {"timeout_after": "often"},
        {"timeout_after": 0.6, "status_5xx": 0.6},
        {"latency_s": [1]},
        {"lag_s": -1},
        {"seed": "x"},
    ],
)
def test_a_badly_written_wish_is_refused(x, wish):
    answer = requests.post(
        x.origin + "/sandbox/api/chaos", json=wish, headers={"X-Sandbox-Token": x.token}, timeout=10
    )

    assert (answer.status_code, "error" in answer.json()) == (400, True)
