"""Every request made of X is one that X's own description knows, with parameters within its bounds."""

import inspect
from datetime import UTC, datetime

import pytest

from tests.unit import scripted_x
from tests.unit.x_requests import Request, Requests
from twitter import deeds, follows, messages, people, posts, reading
from twitter.client import App, Token, X
from twitter.errors import XError
from twitter.reading import Reach

APP, TOKEN = App("k", "s"), Token("1-t", "s")
NOON = datetime(2026, 11, 23, 12, 0, 0, 500_000, tzinfo=UTC)
FROM_ID_TO_ID = Reach(most=7, page="7140dibdnow9c7btw3w", since_id="5", until_id="9", authors=False)
FROM_TO = Reach(most=10_000, start=NOON, end=NOON, authors=True)
LEAST = Reach(most=0)
EVERYTHING = {
    "reply_to": "20",
    "reply_settings": "mentionedUsers",
    "paid_partnership": True,
    "made_with_ai": True,
}

#: Module, function, what it is called with after the keys, and the request that comes of it.
CALLS = [
    (posts.create, ("hello",), {}, "POST /2/tweets"),
    (posts.create, ("",), {"media_ids": ["1", "2", "3", "4"]}, "POST /2/tweets"),
    (posts.create, ("hello",), {**EVERYTHING, "quote": "30"}, "POST /2/tweets"),
    (
        posts.create,
        ("which?",),
        {**EVERYTHING, "poll": posts.Poll(("a", "b" * 25), 10_080)},
        "POST /2/tweets",
    ),
    (posts.create, ("better",), {"edits": "40"}, "POST /2/tweets"),
    (posts.delete, ("20",), {}, "DELETE /2/tweets/{id}"),
    (posts.own_recent, ("1",), {"since": NOON}, "GET /2/users/{id}/tweets"),
    (reading.get, ("20",), {}, "GET /2/tweets/{id}"),
    (reading.get, ("20",), {"authors": False}, "GET /2/tweets/{id}"),
    (reading.several, ([str(number) for number in range(1, 101)],), {}, "GET /2/tweets"),
    (reading.latest, ("1",), {}, "GET /2/users/{id}/tweets"),
    *[
        (look, (*first, reach), more, request)
        for reach in (FROM_ID_TO_ID, FROM_TO, LEAST)
        for look, first, more, request in [
            (reading.timeline, ("1",), {}, "GET /2/users/{id}/tweets"),
            (reading.timeline, ("1",), {"replies": False, "reposts": False}, "GET /2/users/{id}/tweets"),
            (reading.home, ("1",), {"reposts": False}, "GET /2/users/{id}/timelines/reverse_chronological"),
            (reading.mentions, ("1",), {}, "GET /2/users/{id}/mentions"),
            (reading.search, ("cats lang:de",), {}, "GET /2/tweets/search/recent"),
            (reading.search, ("#ü",), {"sort": "relevancy"}, "GET /2/tweets/search/recent"),
        ]
    ],
    (deeds.repost, ("1", "20"), {}, "POST /2/users/{id}/retweets"),
    (deeds.undo_repost, ("1", "20"), {}, "DELETE /2/users/{id}/retweets/{source_tweet_id}"),
    (deeds.like, ("1", "20"), {}, "POST /2/users/{id}/likes"),
    (deeds.unlike, ("1", "20"), {}, "DELETE /2/users/{id}/likes/{tweet_id}"),
    (follows.follow, ("1", "2"), {}, "POST /2/users/{id}/following"),
    (follows.unfollow, ("1", "2"), {}, "DELETE /2/users/{source_user_id}/following/{target_user_id}"),
    (follows.followers, ("2",), {}, "GET /2/users/{id}/followers"),
    (follows.following, ("2",), {"most": 9999, "page": "a" * 32}, "GET /2/users/{id}/following"),
    (people.who_am_i, (), {}, "GET /2/users/me"),
    (people.find, ("alice",), {}, "GET /2/users/by/username/{username}"),
    (messages.send, ("2", "hello"), {}, "POST /2/dm_conversations/with/{participant_id}/messages"),
    (
        messages.recent,
        ("2",),
        {"since": NOON},
        "GET /2/dm_conversations/with/{participant_id}/dm_events",
    ),
    (messages.events, (), {}, "GET /2/dm_events"),
    (
        messages.events,
        (),
        {"participant_id": "2", "most": 500, "page": "a" * 32},
        "GET /2/dm_conversations/with/{participant_id}/dm_events",
    ),
]


@pytest.fixture(scope="module")
def described():
    return Requests()


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0].__name__} {call[2]}")
def test_each_request_is_one_that_x_describes(described, call):
    function, args, more, expected = call
    with scripted_x.serving(scripted_x.answering(400, {"title": "whatever"})) as server:
        with pytest.raises(XError):
            function(X(server.origin), APP, TOKEN, *args, **more)

        request = Request.read(server.requests[0])

    assert f"{request.method} {described.check(request)}" == expected


@pytest.mark.parametrize("module", [posts, reading, deeds, follows, people, messages])
def test_each_function_that_calls_x_is_in_the_table(module):
    calling = {
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and list(inspect.signature(function).parameters)[:3] == ["x", "app", "token"]
    }

    assert calling <= {function for function, *_ in CALLS}


def test_ids_and_moments_never_go_out_together():
    """X refuses since_id or until_id in conjunction with start_time or end_time."""
    reach = Reach(since_id="5", start=NOON, end=NOON)
    with scripted_x.serving(scripted_x.answering(200, {"meta": {"result_count": 0}})) as server:
        reading.mentions(X(server.origin), APP, TOKEN, "1", reach)
        params = Request.read(server.requests[0]).params

    assert params["since_id"] == "5"
    assert not {"start_time", "end_time"} & set(params)


def test_authors_are_asked_for_only_where_wanted_because_x_bills_them():
    for wanted in (True, False):
        with scripted_x.serving(scripted_x.answering(200, {"meta": {"result_count": 0}})) as server:
            reading.search(X(server.origin), APP, TOKEN, "cats", Reach(authors=wanted))
            params = Request.read(server.requests[0]).params

        assert ("expansions" in params) is wanted


def test_no_id_of_a_person_s_making_comes_into_a_path():
    x = X("http://127.0.0.1:9")
    for function in (reading.get, posts.delete):
        with pytest.raises(XError) as caught:
            function(x, APP, TOKEN, "20/../../users/me")
        assert caught.value.code == "invalid_request"
    with pytest.raises(XError):
        deeds.like(x, APP, TOKEN, "1", "٣")
    with pytest.raises(XError):
        reading.mentions(x, APP, TOKEN, "1", Reach(since_id="1&x=2"))
