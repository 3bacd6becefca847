"""One task from due to its outcome, against the sandbox X: sent once, refused in words, or not sent at all."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from storage import connections, people, runs, tasks
from storage.tables import ConnectionState, TaskState, WriteState
from twitter.client import X

LATER = timedelta(seconds=10)


async def test_a_due_tweet_stands_at_x_once_and_the_person_is_told(rig):
    task = await rig.task("Hello from a test")

    (done,) = await rig.run()

    (post,) = rig.posts()
    assert post["text"] == "Hello from a test"
    assert (done.state, done.outcome) == (TaskState.DONE, "sent")
    write = await rig.write(task.id)
    assert (write.state, write.x_post_id, write.price_cents_100) == (WriteState.ACCEPTED, post["id"], 150)
    assert rig.told == [task.id]


async def test_photos_go_out_in_order_with_their_descriptions(rig):
    task = await rig.task("Two pictures")
    async with rig.db.begin() as session:
        for number, alt in ((12, "second"), (11, "first")):
            new = tasks.NewMedia("photo", f"f{number}", f"u{number}", "image/jpeg", 600, None)
            await tasks.add_media(session, task.id, number, new)
            await tasks.set_alt_text(session, task.id, number, alt)

    await rig.run()

    (post,) = rig.posts()
    assert [media["alt_text"] for media in post["media"]] == ["first", "second"]


async def test_a_file_telegram_does_not_give_any_more_fails_the_task_in_words(rig):
    task = await rig.task()
    async with rig.db.begin() as session:
        new = tasks.NewMedia("photo", "gone", "u", "image/jpeg", 600, None)
        await tasks.add_media(session, task.id, 11, new)

    (failed,) = await rig.run()

    assert (failed.state, failed.outcome) == (TaskState.FAILED, "file_gone")
    assert rig.posts() == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("duplicate", "duplicate"),
        ("forbidden_bare", "forbidden"),
        ("locked", "locked"),
        ("suspended_account", "suspended_account"),
        ("read_only", "read_only"),
        ("too_long_video", "media_too_long"),
    ],
)
async def test_a_refusal_of_x_fails_the_task_with_its_own_code(rig, fault, code):
    task = await rig.task()
    rig.fault(fault)

    (failed,) = await rig.run()

    assert (failed.state, failed.outcome) == (TaskState.FAILED, code)
    assert (await rig.write(task.id)).state == WriteState.REFUSED
    assert rig.posts() == []


@pytest.mark.parametrize(("fault", "code"), [("unauthorized_32", "keys_wrong"), ("clock_skew", "clock_skew")])
async def test_only_a_revoked_token_condemns_the_connection(rig, fault, code):
    await rig.task()
    rig.fault(fault, None, seconds=7200)

    (row,) = await rig.run()

    async with rig.db.begin() as session:
        connection = await connections.get(session, rig.connection.id)
    assert connection.state == ConnectionState.ACTIVE
    assert row.state == TaskState.DONE if fault == "clock_skew" else row.outcome == code


async def test_the_fence_opens_only_when_the_request_is_connected(rig, unused_origin):
    task = await rig.task()
    x = X(unused_origin)

    await rig.run(replace(rig.doors, x=x))
    x.close()

    write = await rig.write(task.id)
    assert (write.state, write.attempts, write.sent_at) == (WriteState.PREPARED, 0, None)


async def test_a_task_taken_over_while_its_file_came_is_not_sent_by_the_first_runner(rig):
    task = await rig.task("Slow file")
    async with rig.db.begin() as session:
        await tasks.add_media(session, task.id, 11, tasks.NewMedia("photo", "f", "u", "image/jpeg", 9, None))

    async def slow_fetch(file_id):
        async with rig.db.begin() as session:
            await runs.claim(session, runs.name_of(task), by="other", now=rig.doors.clock())
        return await rig.doors.fetch(file_id)

    await rig.run(replace(rig.doors, fetch=slow_fetch))

    assert rig.posts() == []
    assert (await rig.now(task.id)).lease_by == "other"


async def test_a_deletion_that_stays_unknown_says_so(rig):
    tweet = await rig.task("Perhaps deleted")
    await rig.run()
    post_id = (await rig.write(tweet.id)).x_post_id
    async with rig.db.begin() as session:
        deletion = await tasks.begin_deletion(
            session, tweet, post_ids=[post_id], by=tweet.person_id, now=rig.doors.clock()
        )
    rig.fault("timeout_before", None, "DELETE", "/2/tweets/")
    after = timedelta(0)
    for _ in range(6):
        await rig.run(after=after)
        after += timedelta(seconds=200)

    row = await rig.now(deletion.id)
    assert (row.state, row.outcome) == (TaskState.FAILED, "deletion_unknown")
    assert (await rig.write(deletion.id)).state == WriteState.UNKNOWN


async def test_x_out_of_reach_waits_longer_each_time_and_ends_in_words(rig, unused_origin):
    x = X(unused_origin)
    doors = replace(rig.doors, x=x)
    await rig.task("Nobody there")
    seen, after = [], timedelta(0)
    for _ in range(6):
        (row,) = await rig.run(doors, after)
        seen.append((row.state, row.outcome))
        after += timedelta(seconds=200)
    x.close()

    assert seen == [(TaskState.DUE, "x_unavailable")] * 5 + [(TaskState.FAILED, "unreachable")]


async def test_a_disconnected_account_sends_nothing(rig):
    await rig.task()
    async with rig.db.begin() as session:
        await connections.disconnect(session, rig.connection, rig.doors.clock())

    (failed,) = await rig.run()

    assert (failed.state, failed.outcome) == (TaskState.FAILED, "no_connection")
    assert rig.posts() == []


async def test_a_tweet_that_was_under_way_when_its_person_was_banned_is_not_sent(rig):
    task = await rig.task()
    async with rig.db.begin() as session:
        await tasks.add_media(session, task.id, 11, tasks.NewMedia("photo", "f", "u", "image/jpeg", 9, None))

    async def fetch(file_id):
        async with rig.db.begin() as session:
            await people.ban(session, task.person_id)
        return await rig.doors.fetch(file_id)

    (failed,) = await rig.run(replace(rig.doors, fetch=fetch))

    assert (failed.state, failed.outcome) == (TaskState.FAILED, "not_sent")
    assert rig.posts() == []


async def test_a_deletion_takes_the_tweet_away_and_may_be_repeated(rig):
    tweet = await rig.task("To be deleted")
    await rig.run()
    post_id = (await rig.write(tweet.id)).x_post_id
    async with rig.db.begin() as session:
        await tasks.begin_deletion(
            session, tweet, post_ids=[post_id], by=tweet.person_id, now=rig.doors.clock()
        )
    rig.fault("timeout_after", 1, "DELETE", "/2/tweets/")

    (waiting,) = await rig.run()
    assert waiting.state == TaskState.DUE
    (done,) = await rig.run(after=LATER)

    assert (done.state, done.outcome) == (TaskState.DONE, "deleted")
    assert rig.posts() == []


async def test_two_runners_send_one_tweet(rig, replica):
    await rig.task("Race")
    other = replace(rig.doors, db=replica, name="runner-2")

    await asyncio.gather(rig.run(), rig.run(other))

    assert len(rig.posts()) == 1
