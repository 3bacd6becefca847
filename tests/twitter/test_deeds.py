"""Reposts, likes, follows, polls, quotes and edits against the sandbox X, with X's self-serve rules on and off."""

import pytest

from tests.twitter.conftest import a_somebody
from twitter import deeds, follows, posts, reading
from twitter.errors import Refused, Unknown
from twitter.posts import Poll
from twitter.reading import Reach


@pytest.fixture
def friend(sandbox):
    return a_somebody(sandbox)


@pytest.fixture
def enterprise(sandbox):
    sandbox.control("POST", "/rules", json={"self_serve": False})
    yield
    sandbox.control("POST", "/rules", json={"self_serve": True})


def _refusal(deed, *args, **more):
    with pytest.raises(Refused) as caught:
        deed(*args, **more)
    return caught.value.code


def _timeline(x, app, somebody):
    return reading.timeline(x, app, somebody.token, somebody.user_id, Reach(most=5)).items


def test_a_repost_is_made_once_and_taken_back_as_often_as_one_likes(x, app, somebody, friend):
    post_id = posts.create(x, app, friend.token, "worth telling")
    keys = (x, app, somebody.token, somebody.user_id)

    deeds.repost(*keys, post_id)
    deeds.repost(*keys, post_id)
    shown = [one.reposted for one in _timeline(x, app, somebody)]
    deeds.undo_repost(*keys, post_id)
    deeds.undo_repost(*keys, post_id)

    assert shown == [post_id]
    assert _timeline(x, app, somebody) == ()


def test_a_post_that_is_gone_is_neither_reposted_nor_in_the_way_of_taking_it_back(x, app, somebody, friend):
    post_id = posts.create(x, app, friend.token, "soon gone")
    posts.delete(x, app, friend.token, post_id)
    keys = (x, app, somebody.token, somebody.user_id)

    assert _refusal(deeds.repost, *keys, post_id) == "not_found"
    deeds.undo_repost(*keys, post_id)


@pytest.mark.usefixtures("enterprise")
def test_a_like_is_given_and_taken_back_as_often_as_one_likes(x, app, somebody, friend):
    post_id = posts.create(x, app, friend.token, "lovely")
    keys = (x, app, somebody.token, somebody.user_id)

    deeds.like(*keys, post_id)
    deeds.like(*keys, post_id)
    liked = reading.get(x, app, friend.token, post_id).metrics.likes
    deeds.unlike(*keys, post_id)
    deeds.unlike(*keys, post_id)

    assert (liked, reading.get(x, app, friend.token, post_id).metrics.likes) == (1, 0)


@pytest.mark.usefixtures("enterprise")
def test_following_shows_in_both_lists_and_ends(x, app, somebody, friend):
    keys = (x, app, somebody.token)

    assert follows.follow(*keys, somebody.user_id, friend.user_id) == "following"
    assert follows.follow(*keys, somebody.user_id, friend.user_id) == "following"
    assert [one.id for one in follows.following(*keys, somebody.user_id).items] == [friend.user_id]
    assert [one.username for one in follows.followers(*keys, friend.user_id).items] == [somebody.username]

    follows.unfollow(*keys, somebody.user_id, friend.user_id)
    follows.unfollow(*keys, somebody.user_id, friend.user_id)
    assert follows.followers(*keys, friend.user_id).items == ()


@pytest.mark.usefixtures("enterprise")
def test_a_protected_account_is_asked_first(sandbox, x, app, somebody):
    shy = a_somebody(sandbox, protected=True)
    keys = (x, app, somebody.token, somebody.user_id)

    assert follows.follow(*keys, shy.user_id) == "pending"
    assert follows.follow(*keys, shy.user_id) == "pending"


@pytest.mark.usefixtures("enterprise")
def test_nobody_follows_themselves_or_nobody(x, app, somebody):
    keys = (x, app, somebody.token, somebody.user_id)

    assert _refusal(follows.follow, *keys, somebody.user_id) == "yourself"
    assert _refusal(follows.follow, *keys, "999999999") == "not_found"
    follows.unfollow(*keys, "999999999")


def test_what_x_took_from_self_serve_apps_is_refused_with_its_reason(x, app, somebody, friend):
    post_id = posts.create(x, app, friend.token, "for sale to few")
    keys = (x, app, somebody.token)

    assert _refusal(deeds.like, *keys, somebody.user_id, post_id) == "feature_not_allowed"
    assert _refusal(follows.follow, *keys, somebody.user_id, friend.user_id) == "feature_not_allowed"
    assert _refusal(posts.create, *keys, "look", quote=post_id) == "quote_not_allowed"


def test_a_deed_whose_answer_is_lost_is_unknown_and_may_be_repeated(sandbox, x, app, somebody, friend):
    post_id = posts.create(x, app, friend.token, "twice, please")
    keys = (x, app, somebody.token, somebody.user_id)
    sandbox.fault("timeout_after", {"username": somebody.username, "path": "/retweets$"})

    with pytest.raises(Unknown):
        deeds.repost(*keys, post_id)
    deeds.repost(*keys, post_id)

    assert len(_timeline(x, app, somebody)) == 1


@pytest.mark.usefixtures("enterprise")
def test_a_quote_is_recognised_in_the_timeline(x, app, somebody, friend):
    post_id = posts.create(x, app, friend.token, "quotable")
    quote_id = posts.create(x, app, somebody.token, "so true, see https://example.com", quote=post_id)

    found = posts.own_recent(x, app, somebody.token, somebody.user_id)

    text = "so true, see https://example.com"
    assert [one.id for one in found if posts.same(text, 0, None, one, quote=post_id)] == [quote_id]


def test_a_poll_is_a_post_with_a_poll_and_its_text(x, app, somebody):
    post_id = posts.create(x, app, somebody.token, "which?", poll=Poll(("this", "that"), 60))

    found = reading.get(x, app, somebody.token, post_id)

    assert found.has_poll
    assert posts.same("which?", 0, None, found)


def test_who_may_reply_is_kept(x, app, somebody):
    post_id = posts.create(x, app, somebody.token, "quiet, please", reply_settings="mentionedUsers")

    assert reading.get(x, app, somebody.token, post_id).reply_settings == "mentionedUsers"


def test_a_premium_account_edits_its_post_and_the_history_tells(sandbox, x, app):
    premium = a_somebody(sandbox, premium=True)
    first = posts.create(x, app, premium.token, "teh text")
    before = reading.get(x, app, premium.token, first)

    second = posts.create(x, app, premium.token, "the text", edits=first)

    after = reading.get(x, app, premium.token, second)
    assert (before.edits.eligible, before.edits.remaining, after.edits.remaining) == (True, 5, 4)
    assert (before.history, after.history, after.text) == ((first,), (first, second), "the text")


def test_an_account_that_pays_nothing_edits_nothing(x, app, somebody):
    post_id = posts.create(x, app, somebody.token, "teh text")

    assert not reading.get(x, app, somebody.token, post_id).edits.eligible
    assert _refusal(posts.create, x, app, somebody.token, "the text", edits=post_id) == "feature_not_allowed"
