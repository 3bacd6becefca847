"""What X gave is kept so that a person can read it, and given as files that harm nobody."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from tasks import found
from twitter import post

RAW = {
    "id": "1900000000000000000",
    "text": "Look &amp; see &lt;b&gt; https://t.co/abc https://t.co/med",
    "author_id": "7",
    "created_at": "2026-11-23T10:00:00.000Z",
    "attachments": {"media_keys": ["3_1"]},
    "entities": {
        "urls": [
            {"url": "https://t.co/abc", "expanded_url": "https://example.com/a?b=1"},
            {
                "url": "https://t.co/med",
                "expanded_url": "https://x.com/bob/status/1/photo/1",
                "media_key": "3_1",
            },
        ],
        "mentions": [{"username": "ada", "id": "9"}],
    },
    "public_metrics": {"like_count": 3, "retweet_count": 0, "reply_count": 1, "quote_count": 0},
}
BODY = {"data": RAW, "includes": {"users": [{"id": "7", "username": "bob", "name": "Bob"}]}}


def test_a_post_is_kept_as_people_read_it():
    item = found.of_post(post.read(RAW, BODY))

    assert item["text"] == "Look & see <b> https://example.com/a?b=1"
    assert (item["username"], item["name"], item["media"]) == ("bob", "Bob", 1)
    assert (item["mentions"], item["mention_ids"], item["likes"], item["reposts"]) == (["ada"], ["9"], 3, 0)
    assert json.loads(json.dumps(item)) == item


def test_a_post_without_anything_optional_is_kept_too():
    item = found.of_post(post.read({"id": "1", "text": ""}))

    assert item == {"id": "1"}


def test_the_moment_is_x_s_or_that_of_the_id():
    assert found.moment_of({"id": "1", "at": "2026-11-23T10:00:00+00:00"}) == datetime(
        2026, 11, 23, 10, tzinfo=UTC
    )
    at = found.moment_of({"id": "1212092628029698048"})
    assert at is not None
    assert at.date().isoformat() == "2019-12-31"


@pytest.mark.parametrize("number", ["12", "abc", "", "9" * 400])
def test_an_id_that_tells_no_moment_has_none(number):
    assert found.moment_of({"id": number}) is None


def test_screens_hold_five_posts_and_there_is_always_one():
    items = [{"id": str(n)} for n in range(12)]

    assert [len(screen) for screen in found.screens("mentions", items, only_ids=False)] == [5, 5, 2]
    assert found.screens("mentions", [], only_ids=False) == [[]]
    assert found.screens("mentions", [{"id": "1", "text": "x"}], only_ids=True) == [[{"id": "1"}]]


HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    " =1",
    "\t=1",
    "＝1+1",
    'say "hi", you',
    "two\r\nlines",
    "😀 שלום",
    "a\x00b",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_table_is_read_back_as_it_was_and_starts_no_formula(text):
    content = found.as_csv([{"id": "1", "text": text}, {"id": "2"}])

    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    assert rows[0] == ["id", "text"]
    cell = rows[1][1]
    assert cell.lstrip()[:1] not in ("=", "+", "-", "@", "＝")
    assert cell.removeprefix("'") == text


def test_files_hold_what_has_no_utf_8():
    assert b"?" in found.as_csv([{"id": "1", "text": "\ud83d"}])
    assert json.loads(found.as_json([{"id": "1", "text": "\ud83d"}]))


def test_an_empty_file_is_a_file():
    assert found.as_csv([]).decode("utf-8-sig") == "id\r\n"
    assert json.loads(found.as_json([])) == []
