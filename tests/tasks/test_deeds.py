"""Deeds beside tweets as they run: once each, 'already so' is success, and what X says no to is said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.tables import TaskState, WriteState
from tasks import self_serve
from tasks.kinds import KINDS
from tasks.parameters import Extras

LATER = timedelta(seconds=10)


@pytest.fixture
def enterprise(rig):
    """Let X take likes, follows and quotes."""
    rig.x.control("POST", "/rules", json={"self_serve": False})
    yield
    rig.x.control("POST", "/rules", json={"self_serve": True})


@pytest.fixture
def friend(rig):
    """Give somebody else at X."""
    return rig.x.new_account()


def post_of(rig, account, text="Hello"):
    return rig.x.session(account["username"]).tweet(text).json()["data"]["id"]


def following(rig):
    return rig.x.control("GET", "/follows", params={"username": rig.username})["following"]


def asked(rig, path):
    return [one for one in rig.x.control("GET", "/requests") if path in one["path"]]


@pytest.mark.parametrize(("kind", "outcome"), [("repost", "reposted"), ("unrepost", "unreposted")])
async def test_what_is_so_already_is_done(rig, friend, kind, outcome):
    post_id = post_of(rig, friend)
    for _ in range(2):
        await rig.task("", kind=kind, target_post_id=post_id)
        (done,) = await rig.run()

        assert (done.state, done.outcome) == (TaskState.DONE, outcome)

    assert len(rig.posts()) == (1 if kind == "repost" else 0)


async def test_likes_and_follows_are_done_where_x_sells_them(rig, friend, enterprise):
    post_id = post_of(rig, friend)
    named = Extras(username=friend["username"]).written()
    for kind in ("like", "unlike"):
        await rig.task("", kind=kind, target_post_id=post_id)
        assert (await rig.run())[0].outcome == KINDS[kind].done

    await rig.task("", kind="follow", parameters=named)
    (followed,) = await rig.run()
    assert (followed.outcome, followed.target_user_id) == ("followed", friend["id"])
    assert following(rig) == [friend["username"]]
    await rig.task("", kind="unfollow", parameters=named)
    await rig.run()
    assert following(rig) == []


@pytest.mark.parametrize("kind", ["like", "unlike", "follow", "unfollow"])
async def test_what_x_does_not_sell_fails_and_says_so(rig, friend, kind):
    about = {"target_post_id": post_of(rig, friend)} if "like" in kind else {"target_user_id": friend["id"]}
    await rig.task("", kind=kind, **about)

    (failed,) = await rig.run()

    assert failed.state == TaskState.FAILED
    assert failed.outcome in ("feature_not_allowed", "not_in_plan")


async def test_a_post_that_is_gone_is_not_reposted_but_its_repost_is_taken_back(rig):
    for kind, state in (("repost", TaskState.FAILED), ("unrepost", TaskState.DONE)):
        await rig.task("", kind=kind, target_post_id="1234567890123456789")

        assert (await rig.run())[0].state == state


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after", "status_5xx"])
async def test_a_repost_nobody_knows_of_is_asked_for_again_and_there_once(rig, friend, fault):
    task = await rig.task("", kind="repost", target_post_id=post_of(rig, friend))
    rig.fault(fault, 1, "POST", "/retweets$")

    (waits,) = await rig.run()
    assert waits.state == TaskState.DUE
    (done,) = await rig.run(after=LATER)

    assert done.state == TaskState.DONE
    assert len(rig.posts()) == 1
    assert (await rig.write(task.id)).state == WriteState.ACCEPTED


async def test_a_repost_nobody_ever_answers_fails_in_the_end_and_names_no_deletion(rig, friend):
    await rig.task("", kind="repost", target_post_id=post_of(rig, friend))
    rig.fault("timeout_before", None, "POST", "/retweets$")

    for number in range(8):
        rows = await rig.run(after=timedelta(minutes=5 * number))
        if rows[0].state == TaskState.FAILED:
            break

    assert rows[0].outcome == "deed_unknown"


async def test_whom_a_message_is_for_is_looked_up_once(rig, friend):
    task = await rig.task("Hi", kind="message", parameters=Extras(username=friend["username"]).written())
    rig.fault("rate_limited", 1, "POST", "/messages$")
    await rig.run()
    (done,) = await rig.run(after=timedelta(minutes=20))

    assert (done.state, done.target_user_id) == (TaskState.DONE, friend["id"])
    assert len(asked(rig, f"/by/username/{friend['username']}")) == 1
    assert (await rig.now(task.id)).outcome == "sent"


@pytest.mark.parametrize("name", ["nobody_here_now", "../../2/users/me", "a b", "", "x" * 40])
async def test_a_name_of_nobody_fails_before_anything_is_sent(rig, name):
    await rig.task("Hi", kind="message", parameters=Extras(username=name).written())

    (failed,) = await rig.run()

    assert (failed.state, failed.outcome) == (TaskState.FAILED, "no_such_account")
    assert await rig.write(failed.id) is not None
    assert [one for one in asked(rig, "/messages") if one["username"] == rig.username] == []


@pytest.mark.parametrize("target", ["1; DROP TABLE", "../1", "", "１２３", "9" * 30])
async def test_a_hostile_id_reaches_no_address_of_x(rig, target):
    await rig.task("", kind="repost", target_post_id=target)

    (failed,) = await rig.run()

    assert failed.state == TaskState.FAILED
    assert [one for one in asked(rig, "/2/") if one["username"] == rig.username] == []


async def test_an_answer_whose_end_is_unknown_is_recognised_by_whom_it_answers(rig, friend):
    asking = post_of(rig, friend, f"@{rig.username} well?")
    await rig.task("Well", parameters=Extras(reply_to=asking).written())
    rig.fault("timeout_after")

    await rig.run()
    (done,) = await rig.run(after=LATER)

    assert done.state == TaskState.DONE
    assert [post["reply_to"] for post in rig.posts()] == [asking]


async def test_the_same_words_under_another_tweet_are_not_taken_for_the_answer(rig, friend):
    asking, other = (post_of(rig, friend, f"@{rig.username} {number}?") for number in (1, 2))
    await rig.task("Well", parameters=Extras(reply_to=other).written())
    await rig.run()
    await rig.task("Well", parameters=Extras(reply_to=asking).written())
    rig.fault("timeout_before")

    await rig.run()
    await rig.run(after=LATER)
    rows = await rig.run(after=timedelta(seconds=30))

    assert rows[0].state == TaskState.DONE
    assert sorted(post["reply_to"] for post in rig.posts()) == sorted([asking, other])


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after"])
async def test_a_quote_whose_end_is_unknown_is_there_once(rig, friend, enterprise, fault):
    await rig.task("Look", parameters=Extras(quote=post_of(rig, friend)).written())
    rig.fault(fault)

    await rig.run()
    await rig.run(after=LATER)
    await rig.run(after=timedelta(seconds=30))

    assert len(rig.posts()) == 1


def test_x_rules_for_self_serve_apps():
    like, repost = KINDS["like"], KINDS["repost"]

    assert self_serve.of_kind(like, x_enterprise=False).why == "enterprise"
    assert self_serve.of_kind(like, x_enterprise=True) is None
    assert self_serve.of_kind(repost, x_enterprise=False) is None
    assert self_serve.of_quote(x_enterprise=False) is not None
    assert self_serve.of_quote(x_enterprise=True) is None
    assert self_serve.of_reply(x_enterprise=False, is_asked_for=True) is None
    assert self_serve.of_reply(x_enterprise=False, is_asked_for=None) is not None
    assert self_serve.of_reply(x_enterprise=False, is_asked_for=False).why == "summoned"
    assert self_serve.of_reply(x_enterprise=True, is_asked_for=False) is None


async def test_an_execution_that_was_taken_over_does_nothing_more(rig, friend):
    task = await rig.task("", kind="repost", target_post_id=post_of(rig, friend))
    await rig.run()
    await rig.run(replace(rig.doors, name="runner-2"))

    assert (await rig.now(task.id)).state == TaskState.DONE
    assert len(rig.posts()) == 1
