"""Posting, reading and deleting against the sandbox X, with everything that can go wrong on the way."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import requests
from PIL import Image

from tests.twitter.conftest import a_somebody, app_of
from twitter import media, people, posts, reading
from twitter.errors import NotAuthorized, OutOfCredit, Refused, SlowDown, Unavailable, Unknown, XError


def _truth(sandbox, somebody):
    return sandbox.control("GET", f"/posts?username={somebody.username}")


def _picture(colour="red", form="PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, form)
    return file.getvalue()


def _fault(sandbox, somebody, name, **more):
    sandbox.fault(name, {"username": somebody.username, "path": "/2/tweets$", "method": "POST"}, **more)


def _outcome(x, app, somebody, text="hello") -> XError:
    with pytest.raises(XError) as caught:
        posts.create(x, app, somebody.token, text)
    return caught.value


def test_a_post_is_published_read_found_and_deleted(sandbox, x, app, somebody):
    post_id = posts.create(x, app, somebody.token, "Hello, world")

    post = reading.get(x, app, somebody.token, post_id)
    recent = posts.own_recent(x, app, somebody.token, somebody.user_id)
    posts.delete(x, app, somebody.token, post_id)

    assert (post.id, post.text, post.author_id) == (post_id, "Hello, world", somebody.user_id)
    assert abs(post.created_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert [one.id for one in recent] == [post_id]
    assert reading.get(x, app, somebody.token, post_id) is None
    assert _truth(sandbox, somebody) == []


def test_deleting_twice_is_no_mistake(x, app, somebody):
    post_id = posts.create(x, app, somebody.token, "short life")

    posts.delete(x, app, somebody.token, post_id)
    posts.delete(x, app, somebody.token, post_id)


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "Fish & chips <b>for</b> two &amp; three",
        "see https://example.com/a?b=1&c=2#d and example.com, too.",
        "https://example.com",
        "@alice_writes look #here $X é cafe\u0301",
        "two\n\nlines 👩‍👩‍👧 and 🇨🇭",
        "bare domains: main.py README.md example.org/path/",
        "  spaces around  ",
    ],
)
def test_what_was_sent_is_recognised_in_the_timeline(x, app, somebody, text):
    posts.create(x, app, somebody.token, "another one")
    post_id = posts.create(x, app, somebody.token, text)

    found = posts.own_recent(x, app, somebody.token, somebody.user_id)

    assert [post.id for post in found if posts.same(text, 0, None, post)] == [post_id]


def test_a_long_text_of_a_premium_account_is_recognised_in_full(sandbox, x, app):
    premium = a_somebody(sandbox, premium=True)
    text = "A long text, https://example.com/x & more. " * 30

    post_id = posts.create(x, app, premium.token, text)

    found = posts.own_recent(x, app, premium.token, premium.user_id)
    assert [post.id for post in found if posts.same(text, 0, None, post)] == [post_id]
    assert people.who_am_i(x, app, premium.token).premium


def test_a_post_with_two_photos_is_recognised_with_its_links(sandbox, x, app, somebody):
    text = "Two colours, see https://example.com"
    ids = [
        media.upload(
            x, app, somebody.token, _picture(colour), kind="photo", mime="image/png", alt_text=f"All {colour}"
        )
        for colour in ("red", "blue")
    ]

    post_id = posts.create(x, app, somebody.token, text, media_ids=ids)

    post = reading.get(x, app, somebody.token, post_id)
    shown = _truth(sandbox, somebody)[0]["media"]
    assert post.media_count == 2
    assert posts.same(text, 2, None, post)
    assert [item["alt_text"] for item in shown] == ["All red", "All blue"]


def test_a_picture_without_words_is_a_post(x, app, somebody):
    media_id = media.upload(x, app, somebody.token, _picture(form="JPEG"), kind="photo", mime="image/jpeg")

    post_id = posts.create(x, app, somebody.token, "", media_ids=[media_id])

    assert posts.same("", 1, None, reading.get(x, app, somebody.token, post_id))


def test_a_thread_part_is_recognised_by_what_it_answers(x, app, somebody):
    first = posts.create(x, app, somebody.token, "1 of 2")
    second = posts.create(x, app, somebody.token, "2 of 2", reply_to=first)

    post = reading.get(x, app, somebody.token, second)

    assert post.replied_to == first
    assert posts.same("2 of 2", 0, first, post)
    assert not posts.same("2 of 2", 0, None, post)


def test_a_thread_is_read_back_with_what_each_part_answers(x, app, somebody):
    texts = ["Once", "upon a time", "Once"]
    ids: list[str] = []
    for text in texts:
        ids.append(posts.create(x, app, somebody.token, text, reply_to=ids[-1] if ids else None))

    found = {post.id: post for post in posts.own_recent(x, app, somebody.token, somebody.user_id)}

    assert [found[post_id].replied_to for post_id in ids] == [None, ids[0], ids[1]]
    for text, reply_to, post_id in zip(texts, [None, *ids], ids, strict=False):
        alike = [post.id for post in found.values() if posts.same(text, 0, reply_to, post)]
        assert alike == [post_id]


def test_a_part_that_came_through_without_an_answer_is_found_under_the_part_before(sandbox, x, app, somebody):
    first = posts.create(x, app, somebody.token, "1 of 2, see https://example.com")
    _fault(sandbox, somebody, "timeout_after")

    with pytest.raises(Unknown):
        posts.create(x, app, somebody.token, "2 of 2, see https://example.com", reply_to=first)

    found = posts.own_recent(x, app, somebody.token, somebody.user_id)
    same = [posts.same("2 of 2, see https://example.com", 0, first, post) for post in found]
    assert same == [True, False]


def test_a_look_at_the_timeline_reaches_back_as_far_as_asked(x, app, somebody):
    first = posts.create(x, app, somebody.token, "Number 0")
    for number in range(1, 102):
        posts.create(x, app, somebody.token, f"Number {number}")
    since = reading.get(x, app, somebody.token, first).created_at

    found = posts.own_recent(x, app, somebody.token, somebody.user_id, since=since)

    assert [post.text for post in found] == [f"Number {number}" for number in range(101, -1, -1)]


def test_a_video_that_x_cannot_read_is_refused(sandbox, x, app, somebody):
    sandbox.fault("media_failed", {"username": somebody.username})

    with pytest.raises(Refused) as caught:
        media.upload(
            x,
            app,
            somebody.token,
            b"\x00\x00\x00\x20ftypisom" + b"v" * 3_000_000,
            kind="video",
            mime="video/mp4",
        )

    assert caught.value.code == "media_invalid"


def test_a_video_in_several_pieces_is_waited_for(x, app, somebody):
    media_id = media.upload(
        x,
        app,
        somebody.token,
        io.BytesIO(b"\x00\x00\x00\x20ftypisom" + b"v" * 2_500_000),
        kind="video",
        mime="video/mp4",
    )

    assert posts.create(x, app, somebody.token, "film", media_ids=[media_id])


@pytest.mark.parametrize(
    "case",
    [
        ("duplicate", {}, Refused, "duplicate"),
        ("forbidden_bare", {}, Refused, "forbidden"),
        ("read_only", {}, Refused, "read_only"),
        ("too_long_video", {}, Refused, "media_too_long"),
        ("locked", {}, Refused, "locked"),
        ("suspended_account", {}, Refused, "suspended_account"),
        ("revoked", {}, NotAuthorized, "revoked"),
        ("unauthorized_32", {}, NotAuthorized, "keys_wrong"),
        ("out_of_credit", {}, OutOfCredit, "out_of_credit"),
        ("out_of_credit", {"dialect": "new"}, OutOfCredit, "out_of_credit"),
        ("rate_limited_bare", {}, SlowDown, "rate_limited"),
        ("timeout_before", {}, Unknown, "connection_lost"),
        ("html_502", {}, Unknown, "server_error"),
        ("status_5xx", {"status": 503}, Unknown, "server_error"),
    ],
)
def test_each_fault_before_acceptance_has_its_meaning_and_nothing_is_posted(sandbox, x, app, somebody, case):
    fault, more, kind, code = case
    _fault(sandbox, somebody, fault, **more)

    outcome = _outcome(x, app, somebody)

    assert (type(outcome), outcome.code) == (kind, code)
    assert _truth(sandbox, somebody) == []


@pytest.mark.parametrize(
    "case",
    [
        ("timeout_after", {}),
        ("status_5xx", {"status": 500, "accepted": True}),
        ("html_502", {"accepted": True}),
        ("garbage_body", {}),
    ],
)
def test_after_each_fault_behind_acceptance_the_post_is_found_by_looking(sandbox, x, app, somebody, case):
    fault, more = case
    _fault(sandbox, somebody, fault, **more)
    since = datetime.now(UTC) - timedelta(seconds=2)

    outcome = _outcome(x, app, somebody)

    found = posts.own_recent(x, app, somebody.token, somebody.user_id, since=since, limit=5)
    assert isinstance(outcome, Unknown)
    assert [posts.same("hello", 0, None, post) for post in found] == [True]


def test_a_read_through_the_same_faults_is_unavailable(sandbox, x, app, somebody):
    for fault in ("timeout_before", "html_502", "garbage_body"):
        sandbox.fault(fault, {"username": somebody.username})

        with pytest.raises(Unavailable):
            people.who_am_i(x, app, somebody.token)


def test_a_limit_tells_when_it_ends(sandbox, x, app, somebody):
    _fault(sandbox, somebody, "rate_limited", seconds=300)
    outcome = _outcome(x, app, somebody)

    assert (type(outcome), outcome.scope) == (SlowDown, "15min")
    assert abs(outcome.until - datetime.now(UTC) - timedelta(seconds=300)) < timedelta(seconds=5)


def test_a_limit_of_the_day_is_told_as_one(sandbox, x, app, somebody):
    _fault(sandbox, somebody, "rate_limited_day", seconds=7200)
    outcome = _outcome(x, app, somebody)

    assert (type(outcome), outcome.scope) == (SlowDown, "24h_user")
    assert abs(outcome.until - datetime.now(UTC) - timedelta(seconds=7200)) < timedelta(seconds=5)


def test_a_limit_of_the_app_s_day_is_told_as_one(sandbox, x, app, somebody):
    _fault(sandbox, somebody, "rate_limited_app_day", seconds=7200)
    outcome = _outcome(x, app, somebody)

    assert (type(outcome), outcome.scope) == (SlowDown, "24h_app")


def test_a_clock_fault_in_the_middle_heals_and_posts_once(sandbox, x, app, somebody):
    _fault(sandbox, somebody, "clock_skew", seconds=900)

    assert posts.create(x, app, somebody.token, "on time").isdecimal()
    assert len(_truth(sandbox, somebody)) == 1


def test_the_same_text_again_is_a_duplicate(x, app, somebody):
    posts.create(x, app, somebody.token, "once")

    assert _outcome(x, app, somebody, "once").code == "duplicate"


def test_a_text_that_is_too_long_is_refused_without_a_reason_as_x_does(x, app, somebody):
    assert _outcome(x, app, somebody, "a" * 281).code == "forbidden"


def test_a_read_only_app_cannot_post(sandbox, x):
    reader = a_somebody(sandbox, app="read_only")
    app = app_of(sandbox, "read_only")

    assert people.who_am_i(x, app, reader.token).access_level == "read"
    assert _outcome(x, app, reader).code == "read_only"


def test_a_locked_account_is_told(sandbox, x, app):
    assert _outcome(x, app, a_somebody(sandbox, locked=True)).code == "locked"


def test_an_answer_to_a_post_that_is_gone_is_refused(x, app, somebody):
    post_id = posts.create(x, app, somebody.token, "soon gone")
    posts.delete(x, app, somebody.token, post_id)

    with pytest.raises(Refused) as caught:
        posts.create(x, app, somebody.token, "late", reply_to=post_id)

    assert caught.value.code == "gone"


def test_an_answer_to_a_stranger_is_refused(sandbox, x, app, somebody):
    stranger = a_somebody(sandbox)
    post_id = posts.create(x, app, stranger.token, "my own business")

    with pytest.raises(Refused) as caught:
        posts.create(x, app, somebody.token, "may I?", reply_to=post_id)

    assert caught.value.code == "reply_not_allowed"


def test_a_media_id_that_is_none_is_told(x, app, somebody):
    with pytest.raises(Refused) as caught:
        posts.create(x, app, somebody.token, "where is it", media_ids=["1234567890"])

    assert caught.value.code == "media_invalid"


def test_a_post_s_address_is_a_page(sandbox, x, app, somebody):
    post_id = posts.create(x, app, somebody.token, "look at me")

    page = requests.get(posts.address(x, somebody.username, post_id), timeout=5)

    assert page.status_code == 200
    assert "look at me" in page.text
