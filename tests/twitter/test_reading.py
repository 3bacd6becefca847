"""Timelines, mentions, search and messages by the page against the sandbox X."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from tests.twitter.conftest import a_somebody
from twitter import messages, people, posts, reading
from twitter.errors import Refused, Unavailable
from twitter.reading import Reach


@pytest.fixture
def friend(sandbox):
    return a_somebody(sandbox)


def _texts(page):
    return [one.text for one in page.items]


def _post(x, app, somebody, *texts, **more):
    return [posts.create(x, app, somebody.token, text, **more) for text in texts]


def test_a_timeline_comes_by_pages_and_then_only_what_is_new(x, app, somebody):
    _post(x, app, somebody, *[f"Number {number}" for number in range(7)])
    keys = (x, app, somebody.token, somebody.user_id)

    first = reading.timeline(*keys, Reach(most=5))
    second = reading.timeline(*keys, Reach(most=5, page=first.next_token))
    _post(x, app, somebody, "Number 7")
    new = reading.timeline(*keys, Reach(since_id=first.newest_id))
    nothing = reading.timeline(*keys, Reach(since_id=new.newest_id))

    assert _texts(first) == [f"Number {number}" for number in (6, 5, 4, 3, 2)]
    assert (_texts(second), second.next_token) == (["Number 1", "Number 0"], None)
    assert (_texts(new), nothing.items) == (["Number 7"], ())
    assert first.items[0].author_username == somebody.username
    assert first.items[0].metrics is not None


def test_replies_and_reposts_are_left_out_where_not_wanted(x, app, somebody):
    (first,) = _post(x, app, somebody, "first")
    _post(x, app, somebody, "answer", reply_to=first)
    keys = (x, app, somebody.token, somebody.user_id)

    assert _texts(reading.timeline(*keys, Reach())) == ["answer", "first"]
    assert _texts(reading.timeline(*keys, Reach(), replies=False)) == ["first"]


def test_the_latest_is_one_s_newest_post(x, app, somebody):
    keys = (x, app, somebody.token, somebody.user_id)

    before = reading.latest(*keys)
    ids = _post(x, app, somebody, "older", "newer")

    assert (before, reading.latest(*keys).id) == (None, ids[1])


def test_mentions_name_who_wrote_and_whom(x, app, somebody, friend):
    (post_id,) = _post(x, app, friend, f"hello @{somebody.username}")

    page = reading.mentions(x, app, somebody.token, somebody.user_id, Reach())

    (found,) = page.items
    assert (found.id, page.newest_id, found.author_username) == (post_id, post_id, friend.username)
    assert [one.username for one in found.mentions] == [somebody.username]


def test_home_shows_those_one_follows(sandbox, x, app, somebody, friend):
    sandbox.control("POST", "/follows", json={"username": somebody.username, "target": friend.username})
    _post(x, app, friend, "from a friend")

    page = reading.home(x, app, somebody.token, somebody.user_id, Reach(most=1))

    assert _texts(page) == ["from a friend"]


def test_a_search_finds_by_word_and_by_author_and_goes_on_from_there(x, app, somebody, friend):
    word = "w" + secrets.token_hex(6)
    _post(x, app, somebody, *[f"{word} number {number}" for number in range(12)])
    _post(x, app, friend, f"{word} too")

    first = reading.search(x, app, somebody.token, f"{word} from:{somebody.username}", Reach(most=10))
    rest = reading.search(
        x, app, somebody.token, f"{word} from:{somebody.username}", Reach(most=10, page=first.next_token)
    )
    new = reading.search(x, app, somebody.token, word, Reach(since_id=first.newest_id))

    assert (len(first.items), len(rest.items), rest.next_token) == (10, 2, None)
    assert _texts(new) == [f"{word} too"]


def test_a_search_that_begins_weeks_ago_begins_where_x_can(x, app, somebody):
    word = "w" + secrets.token_hex(6)
    _post(x, app, somebody, word)

    assert _texts(reading.search(x, app, somebody.token, word, Reach(since_id="20"))) == [word]


def test_a_search_from_a_moment_weeks_ago_is_refused_with_the_reason(x, app, somebody):
    with pytest.raises(Refused) as caught:
        reading.search(x, app, somebody.token, "cats", Reach(start=datetime.now(UTC) - timedelta(days=20)))

    assert caught.value.code == "too_old"


def test_a_query_x_cannot_read_is_refused_in_its_words(x, app, somebody):
    with pytest.raises(Refused) as caught:
        reading.search(x, app, somebody.token, "(cats", Reach())

    assert (caught.value.code, bool(caught.value.detail)) == ("invalid_request", True)


def test_a_protected_account_s_timeline_is_refused_and_its_post_is_none(sandbox, x, app, somebody):
    shy = a_somebody(sandbox, protected=True)
    (post_id,) = _post(x, app, shy, "not for everybody")

    with pytest.raises(Refused) as caught:
        reading.timeline(x, app, somebody.token, shy.user_id, Reach())

    assert caught.value.code == "not_visible"
    assert reading.get(x, app, somebody.token, post_id) is None
    assert people.find(x, app, somebody.token, shy.username).protected


def test_several_posts_come_at_once_without_those_that_are_gone(x, app, somebody):
    first, second, third = _post(x, app, somebody, "a", "b", "c")
    posts.delete(x, app, somebody.token, second)

    found = reading.several(x, app, somebody.token, [third, second, first])

    assert [one.id for one in found] == [third, first]


def test_messages_of_all_conversations_and_of_one_come_by_pages(sandbox, x, app, somebody, friend):
    other = a_somebody(sandbox)
    messages.send(x, app, friend.token, somebody.user_id, "from a friend")
    messages.send(x, app, other.token, somebody.user_id, "from another")
    keys = (x, app, somebody.token)

    first = messages.events(*keys, most=1)
    second = messages.events(*keys, most=1, page=first.next_token)
    of_one = messages.events(*keys, participant_id=friend.user_id)

    assert (_texts(first), _texts(second), second.next_token) == (["from another"], ["from a friend"], None)
    assert _texts(of_one) == ["from a friend"]
    assert (of_one.items[0].sender_id, of_one.items[0].sender_username) == (friend.user_id, friend.username)
    assert of_one.items[0].conversation_id != first.items[0].conversation_id


@pytest.mark.parametrize("fault", ["timeout_before", "html_502", "garbage_body"])
def test_no_look_takes_an_outage_for_an_empty_list(sandbox, x, app, somebody, fault):
    keys = (x, app, somebody.token, somebody.user_id)
    looks = [
        lambda: reading.timeline(*keys, Reach()),
        lambda: reading.mentions(*keys, Reach()),
        lambda: reading.search(*keys[:3], "cats", Reach()),
        lambda: messages.events(*keys[:3]),
    ]
    for look in looks:
        sandbox.fault(fault, {"username": somebody.username})
        with pytest.raises(Unavailable):
            look()


def test_the_limits_that_x_tells_are_known_after_a_call(x, app, somebody):
    _post(x, app, somebody, "hello")

    (window, *_) = [one for one in x.limits(somebody.token) if one.name == "POST /2/tweets"]

    assert 0 < window.remaining < window.limit
    assert x.access_level(somebody.token) == "read-write-directmessages"
