"""Every answer recorded or reported of the real X is parsed, or told as what it means."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.unit import scripted_x
from twitter import authorize, deeds, follows, media, messages, people, posts, reading
from twitter.client import App, Token, X
from twitter.errors import XError
from twitter.reading import Reach

APP, TOKEN = App("k", "s"), Token("1-t", "s")
RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "x-responses.json"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def _ids(page):
    return [one.id for one in page.items]


#: What each recorded answer is to the function that makes the request; checked, not only survived.
READERS = {
    "users_me": lambda *keys: people.who_am_i(*keys).username == "TweepyDev",
    "create_post": lambda *keys: posts.create(*keys, "Test Tweet") == "1456012973835788293",
    "create_post_live_2026": lambda *keys: posts.create(*keys, "hello") == "1880000000000000001",
    "delete_post": lambda *keys: posts.delete(*keys, "1456012973835788293") is None,
    "get_post": lambda *keys: reading.get(*keys, "1293593516040269825").history == ("1293593516040269825",),
    "get_posts": lambda *keys: (
        len(reading.several(*keys, ["1293593516040269825", "5", "1293595870563381249"])) == 2
    ),
    "like": lambda *keys: deeds.like(*keys, "1", "20") is None,
    "unlike": lambda *keys: deeds.unlike(*keys, "1", "20") is None,
    "repost": lambda *keys: deeds.repost(*keys, "1", "20") is None,
    "undo_repost": lambda *keys: deeds.undo_repost(*keys, "1", "20") is None,
    "follow": lambda *keys: follows.follow(*keys, "1", "2") == "following",
    "unfollow": lambda *keys: follows.unfollow(*keys, "1", "2") is None,
    "user_timeline": lambda *keys: reading.timeline(*keys, "1", Reach()).newest_id == "1577730467436138524",
    "home_timeline": lambda *keys: _ids(reading.home(*keys, "1", Reach()))[0] == "1578466218075312129",
    "liked_posts": lambda *keys: reading.timeline(*keys, "1", Reach()).next_token is not None,
    "bookmarks_oauth2_recording": lambda *keys: reading.mentions(*keys, "1", Reach()).items != (),
    "liking_users": lambda *keys: follows.followers(*keys, "1").next_token is None,
    "following": lambda *keys: follows.following(*keys, "1").items[1].username == "example_user_2",
    "user_by_username": lambda *keys: people.find(*keys, "Twitter").id == "783214",
    "users_by_usernames": lambda *keys: len(follows.followers(*keys, "1").items) == 2,
    "dm_send_to_user": lambda *keys: messages.send(*keys, "2", "hello") == "1585800613253812228",
    "dm_send_to_conversation": lambda *keys: messages.send(*keys, "2", "hello") == "1585800613752881156",
    "dm_group_create": lambda *keys: messages.send(*keys, "2", "hello") == "1585800614365339652",
    "dm_events_empty": lambda *keys: messages.events(*keys).items == (),
}
#: Answers to requests this package does not make, and to steps of an upload: they are read as such.
ONLY_READ = {
    "hide_reply",
    "unhide_reply",
    "v11_media_init_mp4",
    "v11_media_finalize_mp4",
    "media_initialize",
    "media_append",
    "media_finalize_pending",
}


def _entries():
    if not RECORDED.exists():
        return []
    return json.loads(RECORDED.read_text(encoding="utf-8"))


def _serving(entry):
    headers = {name: value for name, value in entry["headers"].items() if name != "content-length"}
    return scripted_x.serving(scripted_x.answering(entry["status"], entry["body"], **headers))


@pytest.mark.skipif(not _entries(), reason="the recorded answers of X are not beside this project")
@pytest.mark.parametrize("entry", _entries(), ids=lambda entry: entry["name"])
def test_each_recorded_answer_is_parsed_or_told_as_what_it_means(entry):
    name = entry["name"]
    with _serving(entry) as server:
        keys = (X(server.origin), APP, TOKEN)
        if entry["status"] >= 400:
            with pytest.raises(XError) as caught:
                keys[0].call(entry["method"], entry["path"], app=APP, token=TOKEN, changes=True, once=True)
            assert caught.value.code != "unknown_error"
        elif name in ONLY_READ:
            answer = keys[0].call(entry["method"], entry["path"], app=APP, token=TOKEN, changes=True)
            assert answer.body == entry["body"]
        else:
            assert READERS[name](*keys)


@pytest.mark.skipif(not _entries(), reason="the recorded answers of X are not beside this project")
def test_the_tables_name_only_what_was_recorded():
    assert set(READERS) | ONLY_READ == {one["name"] for one in _entries() if one["status"] < 400}


#: One call of each shape: a change, a read of one, a read of many, the PIN walk, an upload.
CALLS = [
    lambda *keys: posts.create(*keys, "hello"),
    lambda *keys: posts.delete(*keys, "1"),
    lambda *keys: deeds.repost(*keys, "1", "20"),
    lambda *keys: deeds.unlike(*keys, "1", "20"),
    lambda *keys: follows.follow(*keys, "1", "2"),
    lambda *keys: follows.unfollow(*keys, "1", "2"),
    lambda *keys: messages.send(*keys, "2", "hello"),
    messages.events,
    lambda *keys: messages.recent(*keys, "2", since=LONG_AGO),
    lambda *keys: reading.get(*keys, "1"),
    lambda *keys: reading.several(*keys, ["1"]),
    lambda *keys: reading.latest(*keys, "1"),
    lambda *keys: reading.timeline(*keys, "1", Reach()),
    lambda *keys: reading.home(*keys, "1", Reach()),
    lambda *keys: reading.mentions(*keys, "1", Reach()),
    lambda *keys: reading.search(*keys, "cats", Reach()),
    lambda *keys: follows.followers(*keys, "1"),
    people.who_am_i,
    lambda *keys: people.find(*keys, "alice"),
    lambda *keys: authorize.begin(*keys[:2]),
    lambda *keys: authorize.exchange(*keys, "1234567"),
    lambda *keys: media.upload(*keys, b"x", kind="photo", mime="image/png"),
]
CHANGES = 7
NONSENSE = [
    "",
    "OK",
    "null",
    "[]",
    "{}",
    "{",
    '{"data": {}}',
    '{"data": 5}',
    '{"data": "text"}',
    '{"data": [5]}',
    '{"data": null}',
    '{"errors": []}',
    '{"errors": "none"}',
    '{"data": {"id": "x", "deleted": "yes", "retweeted": 1, "liked": "no", "following": null}}',
    "<html><body>Sign in to the hotel's network</body></html>",
    '<?xml version="1.0"?><errors><error code="99999">What?</error></errors>',
    "\x00\ufffd" * 50,
]


@pytest.mark.parametrize("body", NONSENSE)
@pytest.mark.parametrize("number", range(len(CALLS)))
def test_an_answer_that_makes_no_sense_is_one_of_our_errors(number, body):
    """Of a change nothing is known then; a read only failed: neither passes for an empty answer."""
    with scripted_x.serving(scripted_x.answering(200, body)) as server, pytest.raises(XError) as caught:
        CALLS[number](X(server.origin), APP, TOKEN)

    allowed = {"Unknown"} if number < CHANGES else {"Unavailable", "Unknown"}
    assert type(caught.value).__name__ in allowed, caught.value
