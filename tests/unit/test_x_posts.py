"""Posts are read in both dialects of X, and ours is recognised whatever X did to its text."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit import scripted_x
from twitter import people, posts, reading
from twitter.client import App, Token, X
from twitter.errors import Refused, Unavailable
from twitter.people import Account
from twitter.post import Post

APP, TOKEN = App("k", "s"), Token("1-t", "s")
RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "x-responses.json"
LINK = {
    "start": 4,
    "end": 27,
    "url": "https://t.co/abcdefghij",
    "expanded_url": "https://example.com/a?b=1&c=2",
}
OWN_MEDIA = {
    "url": "https://t.co/mediamedia",
    "expanded_url": "https://x.com/alice/status/9/photo/1",
    "media_key": "3_1",
}


def a_post(text, *, links=(), media_count=0, replied_to=None) -> Post:
    return Post("9", text, None, media_count, replied_to, "1", tuple(links))


def test_a_post_is_read_in_the_dialect_asked_for():
    raw = {
        "id": "9",
        "text": "see https://t.co/abcdefghij",
        "author_id": "1",
        "created_at": "2026-11-23T10:00:00.000Z",
        "attachments": {"media_keys": ["3_1", "3_2"]},
        "entities": {"urls": [LINK]},
        "referenced_tweets": [{"type": "quoted", "id": "4"}, {"type": "replied_to", "id": "5"}],
    }

    with scripted_x.serving(scripted_x.answering(200, {"data": raw})) as server:
        post = reading.get(X(server.origin), APP, TOKEN, "9")

    moment = datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert post == Post("9", "see https://t.co/abcdefghij", moment, 2, "5", "1", (LINK,), quoted="4")
    assert b"tweet.fields=" in server.requests[0]


def test_a_long_post_is_read_in_full_in_the_newer_dialect():
    raw = {
        "id": "9",
        "text": "Long, and cut here…",
        "note_post": {"text": "Long, and cut here no more", "entities": None},
        "referenced_posts": [{"type": "replied_to", "id": "5"}],
        "attachments": {"media_keys": None},
    }

    with scripted_x.serving(scripted_x.answering(200, {"data": raw})) as server:
        post = reading.get(X(server.origin), APP, TOKEN, "9")

    assert (post.text, post.replied_to, post.media_count, post.created_at) == (
        "Long, and cut here no more",
        "5",
        0,
        None,
    )


@pytest.mark.parametrize(
    "act",
    [
        scripted_x.answering(404, ""),
        scripted_x.answering(200, {"errors": [{"type": "https://api.x.com/2/problems/resource-not-found"}]}),
        scripted_x.answering(
            200, {"errors": [{"type": "https://api.x.com/2/problems/not-authorized-for-resource"}]}
        ),
    ],
)
def test_a_post_that_is_not_there_is_none(act):
    with scripted_x.serving(act) as server:
        assert reading.get(X(server.origin), APP, TOKEN, "9") is None


@pytest.mark.parametrize(
    "body", [{"data": {"deleted": True}}, {"errors": [{"type": "x/resource-not-found"}]}]
)
def test_deleting_what_is_gone_is_a_success(body):
    with scripted_x.serving(scripted_x.answering(200, body)) as server:
        posts.delete(X(server.origin), APP, TOKEN, "9")

    assert server.requests[0].startswith(b"DELETE /2/tweets/9 ")


def test_a_deletion_that_x_denies_is_looked_into():
    denied = scripted_x.answering(200, {"data": {"deleted": False}})
    there = scripted_x.answering(200, {"data": {"id": "9", "text": "still here"}})

    with scripted_x.serving(denied, scripted_x.answering(404), denied, there) as server:
        x = X(server.origin)
        posts.delete(x, APP, TOKEN, "9")
        with pytest.raises(Refused) as caught:
            posts.delete(x, APP, TOKEN, "9")

    assert caught.value.code == "forbidden"


def test_deleting_somebody_else_s_post_is_refused():
    act = scripted_x.answering(403, {"detail": "You are not authorized to delete this Tweet."})

    with scripted_x.serving(act) as server, pytest.raises(Refused) as caught:
        posts.delete(X(server.origin), APP, TOKEN, "9")

    assert caught.value.code == "not_yours"


def test_own_posts_come_over_pages_until_there_are_enough():
    first = {"data": [{"id": str(9 - n), "text": "t"} for n in range(5)], "meta": {"next_token": "more"}}
    second = {"data": [{"id": "4", "text": "t"}, {"id": "3", "text": "t"}], "meta": {"result_count": 2}}

    with scripted_x.serving(scripted_x.answering(200, first), scripted_x.answering(200, second)) as server:
        since = datetime(2026, 11, 23, 10, 0, 59, 900_000, tzinfo=UTC)
        found = posts.own_recent(X(server.origin), APP, TOKEN, "1", since=since, limit=6)

    assert [post.id for post in found] == ["9", "8", "7", "6", "5", "4"]
    assert b"max_results=6" in server.requests[0]
    assert b"start_time=2026-11-23T10%3A00%3A59Z" in server.requests[0]
    assert b"max_results=5" in server.requests[1]
    assert b"pagination_token=more" in server.requests[1]


def test_a_look_that_does_not_reach_back_far_enough_is_no_answer():
    page = {"data": [{"id": "9", "text": "t"}] * 100, "meta": {"next_token": "more"}}

    with scripted_x.serving(*[scripted_x.answering(200, page)] * 10) as server, pytest.raises(Unavailable):
        posts.own_recent(X(server.origin), APP, TOKEN, "1", since=datetime(2026, 11, 23, tzinfo=UTC))


def test_an_empty_timeline_has_no_data_key_at_all():
    with scripted_x.serving(scripted_x.answering(200, {"meta": {"result_count": 0}})) as server:
        assert posts.own_recent(X(server.origin), APP, TOKEN, "1") == []


def test_a_post_without_an_id_is_no_answer():
    nameless = scripted_x.answering(200, {"data": [{"text": "t"}]})

    with scripted_x.serving(nameless) as server, pytest.raises(Unavailable):
        posts.own_recent(X(server.origin), APP, TOKEN, "1")


def test_recorded_timelines_are_read():
    if not RECORDED.exists():
        pytest.skip("the recorded answers of X are not beside this project")
    recorded = {entry["name"]: entry for entry in json.loads(RECORDED.read_text(encoding="utf-8"))}
    body = {**recorded["user_timeline"]["body"], "meta": {}}

    with scripted_x.serving(scripted_x.answering(200, body)) as server:
        found = posts.own_recent(X(server.origin), APP, TOKEN, "783214")

    assert [post.id for post in found] == ["1577730467436138524", "1565318587736285184"]


def test_who_am_i_tells_account_picture_level_and_subscription():
    user = {
        "id": "1",
        "username": "alice",
        "name": "Alice",
        "profile_image_url": "https://pbs.twimg.com/profile_images/1/a_normal.jpg",
        "subscription_type": "Premium",
    }
    act = scripted_x.answering(200, {"data": user}, x_access_level="read-write")

    with scripted_x.serving(act) as server:
        account = people.who_am_i(X(server.origin), APP, TOKEN)

    picture = "https://pbs.twimg.com/profile_images/1/a_400x400.jpg"
    assert account == Account("1", "alice", "Alice", picture, "read-write", premium=True)


@pytest.mark.parametrize(
    ("ours", "theirs", "links"),
    [
        ("plain", "plain", []),
        ("a & b <c> &lt;", "a &amp; b &lt;c&gt; &amp;lt;", []),
        ("see https://example.com/a?b=1&c=2 now", "see https://t.co/abcdefghij now", [LINK]),
        (
            "see example.com.",
            "see https://t.co/abcdefghij.",
            [{**LINK, "expanded_url": "http://example.com"}],
        ),
        (
            "Example.com is up",
            "https://t.co/abcdefghij is up",
            [{**LINK, "expanded_url": "http://example.com/"}],
        ),
        (
            "http://münchen.de/ä",
            "https://t.co/abcdefghij",
            [{**LINK, "expanded_url": "http://xn--mnchen-3ya.de/%C3%A4"}],
        ),
        (
            "twitter.com/a/status/1",
            "https://t.co/abcdefghij",
            [{**LINK, "expanded_url": "https://x.com/a/status/1"}],
        ),
        ("cafe\u0301", "caf\u00e9", []),
        ("two\r\nlines \n", "two\nlines", []),
        ("100% sure", "100% sure", []),
    ],
)
def test_a_post_is_ours_whatever_x_did_to_its_text(ours, theirs, links):
    assert posts.same(ours, 0, None, a_post(theirs, links=links))


def test_the_link_to_a_post_s_own_media_does_not_count():
    with_entity = a_post("cat https://t.co/mediamedia", links=[OWN_MEDIA], media_count=1)
    both = a_post("https://t.co/abcdefghij https://t.co/mediamedia", links=[LINK, OWN_MEDIA], media_count=2)
    without_entities = a_post("cat https://t.co/mediamedia", media_count=1)
    picture_alone = a_post("https://t.co/mediamedia", links=[OWN_MEDIA], media_count=1)

    assert posts.same("cat", 1, None, with_entity)
    assert posts.same("https://example.com/a?b=1&c=2", 2, None, both)
    assert posts.same("cat", 1, None, without_entities)
    assert posts.same("", 1, None, picture_alone)


def test_a_typed_link_to_a_photo_s_page_counts():
    typed = {"url": "https://t.co/abcdefghij", "expanded_url": "https://x.com/bob/status/4/photo/1"}

    assert posts.same("x.com/bob/status/4/photo/1", 0, None, a_post("https://t.co/abcdefghij", links=[typed]))


def test_mentions_that_x_puts_before_a_reply_do_not_count():
    reply = a_post("@bob @carol yes", replied_to="5")

    assert posts.same("yes", 0, "5", reply)
    assert posts.same("@bob yes", 0, "5", reply)
    assert not posts.same("yes", 0, None, a_post("@bob yes"))


@pytest.mark.parametrize(
    ("ours", "media_count", "reply_to"),
    [("hello!", 0, None), ("Hello", 0, None), ("hello", 1, None), ("hello", 0, "5"), ("", 0, None)],
)
def test_another_post_is_not_ours(ours, media_count, reply_to):
    assert not posts.same(ours, media_count, reply_to, a_post("hello"))


def test_links_to_different_pages_are_different():
    assert not posts.same(
        "see https://example.com/other", 0, None, a_post("see https://t.co/abcdefghij", links=[LINK])
    )


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_recognised_after_x_s_escaping(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").strip()

    assert posts.same(text, 0, None, a_post(escaped))
    assert posts.same(text, 0, "5", a_post("@bob " + escaped, replied_to="5"))
