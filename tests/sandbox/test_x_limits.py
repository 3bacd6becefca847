"""Rate windows of the sandbox X."""

import time

import pytest

from tests.sandbox.x_server import running_x


@pytest.fixture
def strict_x():
    """Give a sandbox X with X's own limits."""
    with running_x() as server:
        yield server


def test_every_v2_answer_tells_its_window(x_server):
    session = x_server.session(x_server.new_account()["username"])

    answers = [
        session.get("/2/users/me"),
        session.tweet("Hi"),
        session.get("/2/tweets/1"),
        session.get("/2/tweets/x"),
    ]

    for answer in answers:
        assert {"x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"} <= set(answer.headers)
        assert answer.headers["x-access-level"] == "read-write-directmessages"


@pytest.mark.parametrize("level", ["read", "read-write", "read-write-directmessages"])
def test_every_answer_tells_what_the_token_may_do(x_server, level):
    x_server.control("POST", "/apps", json={"name": f"level_{level}", "access_level": level})
    account = x_server.new_account()
    session = x_server.session(account["username"], f"level_{level}")

    for answer in (
        session.get("/2/users/me"),
        session.get(f"/2/users/{account['id']}/followers"),
        session.get("/2/dm_events"),
        session.get("/2/dm_events/1"),
        session.post(f"/2/users/{account['id']}/following", json={"target_user_id": "1"}),
        session.delete(f"/2/users/{account['id']}/following/1"),
        session.tweet("Hi"),
    ):
        assert answer.headers["x-access-level"] == level
        assert {"x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"} <= set(answer.headers)


def test_posting_tells_the_windows_of_the_day(x_server):
    headers = x_server.session(x_server.new_account()["username"]).tweet("Hi").headers

    for who in ("app", "user"):
        assert int(headers[f"x-{who}-limit-24hour-reset"]) - time.time() > 86_000
        assert int(headers[f"x-{who}-limit-24hour-remaining"]) < int(headers[f"x-{who}-limit-24hour-limit"])


def test_a_window_ends_counts_per_account_and_starts_anew(strict_x):
    username = strict_x.new_account()["username"]
    session, other = strict_x.session(username), strict_x.session(strict_x.new_account()["username"])

    left = [int(session.get("/2/users/me").headers["x-rate-limit-remaining"]) for _ in range(75)]
    refused = session.get("/2/users/me")
    other_status = other.get("/2/users/me").status_code
    strict_x.control("DELETE", "/limits")

    assert left == list(range(74, -1, -1))
    assert (refused.status_code, refused.json()["title"]) == (429, "Too Many Requests")
    assert other_status == 200
    assert session.get("/2/users/me").status_code == 200


def test_the_day_of_a_user_ends_at_100_posts(strict_x):
    session = strict_x.session(strict_x.new_account()["username"])
    for number in range(100):
        assert session.tweet(f"Post {number}").status_code == 201

    answer = session.tweet("One too many")

    assert (answer.status_code, answer.headers["x-user-limit-24hour-remaining"]) == (429, "0")
