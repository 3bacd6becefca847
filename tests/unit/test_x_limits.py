"""What X's headers said last is known per token, as long as it holds, without the token being kept."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit import scripted_x
from twitter import answers, limits, people, posts
from twitter.client import App, Token, X
from twitter.errors import SlowDown
from twitter.limits import Limits, Window

APP, TOKEN, OTHER = (
    App("key-of-app", "secret"),
    Token("1-token-of-alice", "secret"),
    Token("2-other", "secret"),
)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NONE = timedelta(0)


def _answer(**headers):
    return answers.read(200, {name.replace("_", "-"): value for name, value in headers.items()}, b"{}")


def _epoch(**later):
    return str(int((NOW + timedelta(**later)).timestamp()))


def _window(prefix="x_rate_limit", *, remaining="9", limit="100", **later):
    return {
        f"{prefix}_limit": limit,
        f"{prefix}_remaining": remaining,
        f"{prefix}_reset": _epoch(**(later or {"minutes": 9})),
    }


def test_each_limit_of_an_endpoint_is_told_with_its_span_and_whose_it_is():
    heard = Limits()
    headers = {
        **_window(minutes=9),
        **_window("x_app_limit_24hour", limit="10000", remaining="9000", hours=20),
        **_window("x_user_limit_24hour", remaining="3", hours=2),
    }

    heard.note("t", "POST", "/2/tweets", _answer(**headers), NONE)

    name = "POST /2/tweets"
    assert heard.windows("t", NOW) == [
        Window(name, 100, 9, NOW + timedelta(minutes=9), "15min", "user"),
        Window(name, 10000, 9000, NOW + timedelta(hours=20), "24h", "app"),
        Window(name, 100, 3, NOW + timedelta(hours=2), "24h", "user"),
    ]


def test_the_last_word_counts_and_a_window_that_ended_says_nothing():
    heard = Limits()
    heard.note("t", "GET", "/2/users/me", _answer(**_window(remaining="9")), NONE)
    heard.note("t", "GET", "/2/users/me", _answer(**_window(remaining="8")), NONE)

    assert [one.remaining for one in heard.windows("t", NOW)] == [8]
    assert heard.windows("t", NOW + timedelta(minutes=9)) == []
    assert heard.windows("somebody else", NOW) == []


def test_the_end_of_a_window_is_told_by_our_clock():
    heard = Limits()
    heard.note("t", "GET", "/2/users/me", _answer(**_window(minutes=69)), timedelta(hours=1))

    assert heard.windows("t", NOW)[0].resets_at == NOW + timedelta(minutes=9)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/2/tweets", "/2/tweets"),
        ("/2/tweets/123", "/2/tweets/{id}"),
        ("/2/users/1/likes/22", "/2/users/{id}/likes/{id}"),
        ("/2/users/by/username/alice_1", "/2/users/by/username/{username}"),
        ("/2/users/by/username/123", "/2/users/by/username/{username}"),
        ("/2/dm_conversations/with/5/dm_events", "/2/dm_conversations/with/{id}/dm_events"),
        ("/2/dm_conversations/1-22/dm_events", "/2/dm_conversations/{id}/dm_events"),
        ("/2/tweets/search/recent", "/2/tweets/search/recent"),
        ("/1.1/oauth/invalidate_token", "/1.1/oauth/invalidate_token"),
    ],
)
def test_an_endpoint_is_named_without_what_differs_from_call_to_call(path, name):
    assert limits.endpoint(path) == name


def test_an_answer_without_headers_leaves_what_was_heard():
    heard = Limits()
    heard.note("t", "GET", "/2/users/me", _answer(**_window(), x_access_level="read"), NONE)
    heard.note("t", "GET", "/2/users/me", _answer(), NONE)

    assert (len(heard.windows("t", NOW)), heard.access_level("t")) == (1, "read")


def test_a_limit_that_is_no_number_is_not_believed():
    heard = Limits()
    for odd in ("", "many", "-1", "9" * 40, "１２"):
        heard.note("t", "GET", "/2/users/me", _answer(**_window(limit=odd)), NONE)
        assert heard.windows("t", NOW)[0].limit is None


def test_a_moment_beyond_the_calendar_neither_breaks_a_call_nor_is_told():
    odd = {"date": "Mon, 01 Jan 1000 00:00:00 GMT", "x_rate_limit_reset": "253402300799"}
    made = scripted_x.answering(201, {"data": {"id": "9"}}, x_rate_limit_remaining="5", **odd)
    slow = scripted_x.answering(429, "", x_rate_limit_remaining="0", **odd)

    with scripted_x.serving(made, slow) as server:
        x = X(server.origin, clock=NOW.timestamp)
        assert posts.create(x, APP, TOKEN, "hello") == "9"
        with pytest.raises(SlowDown) as caught:
            posts.create(x, APP, TOKEN, "hello")

    assert (list(x.limits(TOKEN)), caught.value.scope) == ([], "unknown")


def test_memory_is_bounded_and_what_was_heard_longest_ago_goes_first():
    heard = Limits()
    for number in range(limits.TOKENS_MAX + 5):
        heard.note(f"t{number}", "GET", "/2/users/me", _answer(**_window()), NONE)
    for number in range(500):
        heard.note("t", "GET", f"/2/made_up_{number}x", _answer(**_window()), NONE)

    assert heard.windows("t0", NOW) == []
    assert heard.windows(f"t{limits.TOKENS_MAX}", NOW) != []
    assert len(heard.windows("t", NOW)) == 100


def test_no_token_is_kept():
    heard = Limits()
    heard.note("1-token-of-alice", "GET", "/2/users/me", _answer(**_window()), NONE)

    assert "token-of-alice" not in repr(vars(heard))


def test_many_threads_may_note_and_ask_at_once():
    heard = Limits()
    wrong: list[BaseException] = []

    def work(number):
        try:
            for turn in range(200):
                heard.note(f"t{turn % 7}", "GET", f"/2/users/x{number}", _answer(**_window()), NONE)
                heard.windows(f"t{turn % 7}", NOW)
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert not wrong
    assert len(heard.windows("t0", NOW)) == 8


def test_calls_are_noted_refused_ones_too():
    reset = {"x_rate_limit_limit": "50", "x_rate_limit_reset": _epoch(minutes=9)}
    fine = scripted_x.answering(
        200,
        {"data": {"id": "1", "username": "alice", "name": "Alice"}},
        x_access_level="read-write",
        x_rate_limit_remaining="49",
        **reset,
    )
    slow = scripted_x.answering(429, "", x_rate_limit_remaining="0", **reset)

    with scripted_x.serving(fine, slow) as server:
        x = X(server.origin, clock=NOW.timestamp)
        people.who_am_i(x, APP, TOKEN)
        with pytest.raises(SlowDown):
            posts.create(x, APP, TOKEN, "hello")

    assert [(one.name, one.limit, one.remaining) for one in x.limits(TOKEN)] == [
        ("GET /2/users/me", 50, 49),
        ("POST /2/tweets", 50, 0),
    ]
    assert (x.access_level(TOKEN), x.access_level(OTHER)) == ("read-write", None)
    assert list(x.limits(OTHER)) == []
