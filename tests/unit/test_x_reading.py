"""Posts, accounts and messages of others, read in both dialects with whatever X leaves out or adds."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit import scripted_x
from tests.unit.x_requests import Request
from twitter import deeds, follows, messages, post, posts, reading
from twitter.client import App, Token, X
from twitter.errors import Refused, Unavailable, XError
from twitter.post import Edits, Mention, Metrics
from twitter.reading import Reach

APP, TOKEN = App("key-of-app", "secret-of-app"), Token("1-token", "secret-of-token")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLDER = {
    "id": "9",
    "text": "look @bob",
    "author_id": "1",
    "created_at": "2026-11-23T10:00:00.000Z",
    "lang": "en",
    "attachments": {"poll_ids": ["7"]},
    "entities": {"mentions": [{"start": 5, "end": 9, "username": "bob", "id": "2"}, {"username": "Bob"}, 5]},
    "public_metrics": {
        "retweet_count": 1,
        "reply_count": 2,
        "like_count": 3,
        "quote_count": 4,
        "bookmark_count": 5,
        "impression_count": 6,
    },
    "edit_history_tweet_ids": ["8", "9"],
    "edit_controls": {
        "is_edit_eligible": True,
        "editable_until": "2026-11-23 10:30:00.311",
        "edits_remaining": 4,
    },
    "referenced_tweets": [{"type": "retweeted", "id": "3"}, {"type": "quoted", "id": "4"}, {"type": "new"}],
    "reply_settings": "following",
}
NEWER = {
    "id": "9",
    "text": "look @bob",
    "author_id": "1",
    "created_at": "2026-11-23T10:00:00Z",
    "lang": "en",
    "attachments": {"poll_ids": ["7"], "unheard_of": {}},
    "entities": {"mentions": [{"username": "bob", "id": "2"}]},
    "public_metrics": {
        "repost_count": 1,
        "reply_count": 2,
        "like_count": 3,
        "quote_count": 4,
        "bookmark_count": 5,
        "impression_count": 6,
    },
    "edit_history_post_ids": ["8", "9"],
    "edit_controls": {
        "is_edit_eligible": True,
        "editable_until": "2026-11-23T10:30:00.311Z",
        "edits_remaining": 4,
    },
    "referenced_posts": [{"type": "reposted", "id": "3"}, {"type": "quoted", "id": "4"}],
    "reply_settings": "following",
    "unheard_of": [1, 2, 3],
}
ALICE = {"users": [{"id": "1", "username": "alice", "name": "Alice"}, {"id": "2"}]}


def _reading(function, *args, answers, **more):
    """Return what the function makes of the answers, and the requests it made."""
    acts = [scripted_x.answering(200, answer) for answer in answers]
    with scripted_x.serving(*acts) as server:
        x = X(server.origin, read_timeout_s=5)
        try:
            found = function(x, APP, TOKEN, *args, **more)
        finally:
            x.close()
        return found, [Request.read(raw) for raw in server.requests]


@pytest.mark.parametrize("raw", [OLDER, NEWER])
def test_all_of_a_post_is_read_in_either_dialect(raw):
    found, _ = _reading(reading.get, "9", answers=[{"data": raw, "includes": ALICE}])

    assert (found.author_username, found.author_name, found.lang) == ("alice", "Alice", "en")
    assert (found.reposted, found.quoted, found.replied_to) == ("3", "4", None)
    assert found.mentions == (Mention("bob", "2"),)
    assert found.metrics == Metrics(likes=3, reposts=1, replies=2, quotes=4, bookmarks=5, views=6)
    assert found.history == ("8", "9")
    assert found.edits == Edits(
        eligible=True, until=datetime(2026, 11, 23, 10, 30, 0, 311_000, tzinfo=UTC), remaining=4
    )
    assert (found.has_poll, found.reply_settings) == (True, "following")


def test_a_post_of_which_x_tells_the_least_is_read():
    found, _ = _reading(reading.get, "9", answers=[{"data": {"id": "9", "text": ""}}])

    assert found == post.Post("9", "", None, 0, None, None)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(NEWER)), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*OLDER, *NEWER, "note_tweet"]), _JSON), _JSON)
def test_nothing_optional_breaks_a_post(odd, body):
    found = post.read({**odd, "id": "9", "text": "t"}, body)

    assert found.id == "9"
    assert found.created_at is None or found.created_at.tzinfo is UTC


def test_a_page_tells_the_newest_and_how_to_go_on():
    page = {
        "data": [{"id": "999", "text": "a"}, {"id": "1000", "text": "b"}, {"id": "5", "text": "c"}],
        "meta": {"result_count": 3, "next_token": "more", "newest_id": "999"},
    }

    found, requests = _reading(reading.timeline, "1", Reach(page="here"), answers=[page])

    assert ([one.id for one in found.items], found.newest_id, found.next_token) == (
        ["999", "1000", "5"],
        "1000",
        "more",
    )
    assert requests[0].params["pagination_token"] == "here"


def test_an_empty_page_has_no_newest():
    found, _ = _reading(reading.mentions, "1", Reach(), answers=[{"meta": {"result_count": 0}}])

    assert (found.items, found.newest_id, found.next_token) == ((), None, None)


def test_what_could_not_be_shown_of_a_page_is_left_out():
    page = {
        "data": [{"id": "9", "text": "a"}],
        "errors": [{"type": "https://api.x.com/2/problems/resource-not-found", "resource_id": "8"}],
        "includes": None,
    }

    found, _ = _reading(reading.several, ["8", "9"], answers=[page])

    assert [one.id for one in found] == ["9"]


def test_posts_that_are_all_gone_are_none():
    gone = {"errors": [{"type": "https://api.x.com/2/problems/resource-not-found", "resource_id": "8"}]}

    assert _reading(reading.several, ["8"], answers=[gone])[0] == []
    assert reading.several(X("http://127.0.0.1:9"), APP, TOKEN, []) == []


def test_posts_come_in_the_order_they_were_asked_for_each_once():
    page = {"data": [{"id": "8", "text": "a"}, {"id": "9", "text": "b"}]}

    found, _ = _reading(reading.several, ["9", "8", "9"], answers=[page])

    assert [one.id for one in found] == ["9", "8"]


def test_more_posts_than_x_gives_at_once_are_not_asked_for():
    with pytest.raises(Refused):
        reading.several(X("http://127.0.0.1:9"), APP, TOKEN, ["1"] * 101)


def test_the_timeline_of_a_protected_account_is_refused():
    hidden = {"errors": [{"type": "https://api.twitter.com/2/problems/not-authorized-for-resource"}]}

    with pytest.raises(Refused) as caught:
        _reading(reading.timeline, "1", Reach(), answers=[hidden])

    assert caught.value.code == "not_visible"


def test_the_latest_is_looked_for_beyond_pages_of_reposts():
    nothing_yet = {"meta": {"result_count": 0, "next_token": "more"}}
    there = {"data": [{"id": "9", "text": "a"}], "meta": {"next_token": "still more"}}

    found, requests = _reading(reading.latest, "1", answers=[nothing_yet, there])

    assert found.id == "9"
    assert [one.params["max_results"] for one in requests] == ["5", "5"]
    assert requests[1].params["pagination_token"] == "more"
    assert _reading(reading.latest, "1", answers=[{"meta": {"result_count": 0}}])[0] is None


def test_a_latest_that_is_nowhere_near_is_no_answer():
    nothing_yet = {"meta": {"result_count": 0, "next_token": "more"}}

    with pytest.raises(Unavailable):
        _reading(reading.latest, "1", answers=[nothing_yet] * 10)


def test_with_an_id_to_begin_at_moments_are_applied_to_what_came():
    moments = ["2026-11-23T11:59:59Z", "2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z", None]
    page = {"data": [{"id": str(n), "text": "t", "created_at": at} for n, at in enumerate(moments, 1)]}

    reach = Reach(since_id="5", start=NOON.replace(microsecond=9), end=NOON.replace(hour=13))
    found, _ = _reading(reading.timeline, "1", reach, answers=[page])

    assert [one.id for one in found.items] == ["2", "4"]
    assert found.newest_id == "4"


def test_a_search_that_begins_too_long_ago_is_made_without_its_beginning():
    too_old = scripted_x.answering(
        400,
        {
            "errors": [
                {
                    "parameters": {"since_id": ["5"]},
                    "message": "'since_id' must be a tweet id created after [2026-11-16T12:00Z]. "
                    "Please use a 'since_id' that is larger than 1519",
                }
            ],
            "title": "Invalid Request",
            "type": "https://api.twitter.com/2/problems/invalid-request",
        },
    )
    there = scripted_x.answering(200, {"data": [{"id": "9", "text": "a"}], "meta": {}})

    with scripted_x.serving(too_old, there) as server:
        found = reading.search(X(server.origin), APP, TOKEN, "cats", Reach(since_id="5", page="p"))
        first, second = [Request.read(raw).params for raw in server.requests]

    assert [one.id for one in found.items] == ["9"]
    assert first.pop("since_id") == "5"
    assert first == second


def test_x_s_words_about_a_query_are_passed_on():
    refusal = {"errors": [{"message": "There were errors processing your request: missing EOF at ')'"}]}
    act = scripted_x.answering(400, {**refusal, "title": "Invalid Request"})

    with scripted_x.serving(act) as server, pytest.raises(Refused) as caught:
        reading.search(X(server.origin), APP, TOKEN, "(", Reach())

    assert (caught.value.code, "missing EOF" in caught.value.detail) == ("invalid_request", True)


@pytest.mark.parametrize(
    ("look", "least", "most"),
    [("timeline", 5, 100), ("home", 1, 100), ("mentions", 5, 100), ("search", 10, 100)],
)
def test_a_wish_is_brought_within_what_x_gives(look, least, most):
    size = reading.SIZES[look]

    assert [size.fit(wanted) for wanted in (0, 50, 10_000)] == [least, 50, most]


def test_a_quote_is_recognised_by_what_it_quotes():
    link = {"url": "https://t.co/quotequote", "expanded_url": "https://twitter.com/bob/status/4?s=20"}
    quote = post.read(
        {
            "id": "9",
            "text": "so true https://t.co/quotequote",
            "entities": {"urls": [link]},
            "referenced_tweets": [{"type": "quoted", "id": "4"}],
        }
    )

    assert posts.same("so true", 0, None, quote, quote="4")
    assert not posts.same("so true", 0, None, quote, quote="5")
    assert not posts.same("so wrong", 0, None, quote, quote="4")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"data": {"retweeted": True, "rest_id": "9"}}),
        (403, {"detail": "You have already retweeted this Tweet.", "title": "Forbidden"}),
        (403, {"errors": [{"code": 327, "message": "You have already retweeted this Tweet."}]}),
    ],
)
def test_a_repost_made_twice_is_a_repost(status, body):
    with scripted_x.serving(scripted_x.answering(status, body)) as server:
        deeds.repost(X(server.origin), APP, TOKEN, "1", "20")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, ""),
        (200, {"data": {"retweeted": False, "liked": False}}),
        (200, {"errors": [{"type": "https://api.x.com/2/problems/resource-not-found"}]}),
        (403, {"errors": [{"code": 144, "message": "No status found with that ID."}]}),
    ],
)
@pytest.mark.parametrize("undo", [deeds.undo_repost, deeds.unlike])
def test_what_is_gone_is_taken_back(undo, status, body):
    with scripted_x.serving(scripted_x.answering(status, body)) as server:
        undo(X(server.origin), APP, TOKEN, "1", "20")


def test_a_deed_on_a_post_that_is_gone_is_refused():
    gone = {"errors": [{"type": "https://api.x.com/2/problems/resource-not-found"}]}

    for deed in (deeds.repost, deeds.like):
        with scripted_x.serving(scripted_x.answering(200, gone)) as server, pytest.raises(Refused) as caught:
            deed(X(server.origin), APP, TOKEN, "1", "20")
        assert caught.value.code == "not_found"


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, {"data": {"following": True, "pending_follow": False}}, "following"),
        (200, {"data": {"following": True}}, "following"),
        (200, {"data": {"following": False, "pending_follow": True}}, "pending"),
        (
            403,
            {"errors": [{"code": 160, "message": "You've already requested to follow bob."}]},
            "pending",
        ),
        (200, {"data": {"following": False}}, "forbidden"),
        (403, {"errors": [{"code": 158, "message": "You can't follow yourself."}]}, "yourself"),
        (403, {"errors": [{"code": 161, "message": "You are unable to follow more people"}]}, "follow_limit"),
        (403, {"errors": [{"code": 162, "message": "You have been blocked"}]}, "blocked"),
        (200, {"errors": [{"type": "x/resource-not-found"}]}, "not_found"),
    ],
)
def test_following_has_each_outcome_x_tells(status, body, outcome):
    with scripted_x.serving(scripted_x.answering(status, body)) as server:
        try:
            found = follows.follow(X(server.origin), APP, TOKEN, "1", "2")
        except XError as error:
            found = error.code

    assert found == outcome


def test_whom_x_does_not_find_is_followed_no_more():
    with scripted_x.serving(scripted_x.answering(404, "")) as server:
        follows.unfollow(X(server.origin), APP, TOKEN, "1", "2")


def test_followers_come_by_the_page_with_whether_they_are_protected():
    page = {
        "data": [
            {"id": "2", "username": "bob", "name": "Bob", "protected": True},
            {"id": "3", "username": "c"},
        ],
        "meta": {"result_count": 2, "next_token": "more"},
    }

    found, requests = _reading(follows.followers, "1", answers=[page], most=5000, page="p")

    assert [(one.username, one.name, one.protected) for one in found.items] == [
        ("bob", "Bob", True),
        ("c", "c", False),
    ]
    assert (found.next_token, requests[0].params["max_results"]) == ("more", "1000")
    assert requests[0].params["pagination_token"] == "p"


def test_messages_of_all_conversations_name_their_senders():
    page = {
        "data": [
            {
                "id": "9",
                "event_type": "MessageCreate",
                "text": "hello",
                "created_at": "2026-11-23T12:00:00.000Z",
                "sender_id": "1",
                "dm_conversation_id": "1-2",
            },
            {"id": "8", "event_type": "MessageCreate", "created_at": "2026-11-23T11:00:00.000Z"},
        ],
        "includes": ALICE,
        "meta": {"result_count": 2, "next_token": "more"},
    }

    found, requests = _reading(messages.events, answers=[page])

    first, second = found.items
    assert (first.sender_id, first.sender_username, first.sender_name) == ("1", "alice", "Alice")
    assert (first.conversation_id, first.created_at, first.text) == ("1-2", NOON, "hello")
    assert (second.sender_id, second.sender_username, second.text) == (None, None, "")
    assert (found.newest_id, found.next_token) == ("9", "more")
    assert requests[0].path == "/2/dm_events"


def test_all_a_tweet_can_have_goes_into_its_request():
    made = scripted_x.answering(201, {"data": {"id": "9", "text": "t"}})
    poll = posts.Poll(("yes", "no"), 60)

    with scripted_x.serving(made, made) as server:
        x = X(server.origin)
        posts.create(x, APP, TOKEN, "t", quote="4", reply_settings="verified", edits="5", made_with_ai=True)
        posts.create(x, APP, TOKEN, "t", poll=poll, paid_partnership=True)
        bodies = [json.loads(raw.partition(b"\r\n\r\n")[2]) for raw in server.requests]

    assert bodies == [
        {
            "text": "t",
            "quote_tweet_id": "4",
            "reply_settings": "verified",
            "edit_options": {"previous_post_id": "5"},
            "made_with_ai": True,
        },
        {"text": "t", "poll": {"options": ["yes", "no"], "duration_minutes": 60}, "paid_partnership": True},
    ]
