"""One task from due to its outcome, against the sandbox X with every fault it knows: nothing lost, nothing twice."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from storage import connections, people, tasks, writes
from storage.tables import ConnectionState, TaskState, WriteState
from tasks import run
from twitter.client import X

LATER = timedelta(seconds=10)
AFTER_SETTLING = timedelta(seconds=30)


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
        ("out_of_credit", "out_of_credit"),
        ("revoked", "revoked"),
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


async def test_a_revoked_token_marks_the_connection(rig):
    await rig.task()
    rig.fault("revoked")

    await rig.run()

    async with rig.db.begin() as session:
        connection = await connections.get(session, rig.connection.id)
    assert connection.state == ConnectionState.REAUTHORIZE


async def test_a_limit_waits_until_the_moment_x_names(rig):
    task = await rig.task()
    rig.fault("rate_limited", seconds=30)

    (waiting,) = await rig.run()

    assert (waiting.state, waiting.outcome, waiting.attempts) == (TaskState.DUE, "rate_limited", 0)
    assert timedelta(seconds=20) < waiting.due_at - rig.doors.clock() <= timedelta(seconds=40)
    assert await rig.run() == []
    (done,) = await rig.run(after=timedelta(seconds=45))
    assert done.state == TaskState.DONE
    assert len(rig.posts()) == 1
    assert rig.told == [task.id, task.id]


async def test_a_time_out_before_x_took_it_is_looked_up_and_sent_again_once(rig):
    task = await rig.task("Lost on the way")
    rig.fault("timeout_before")

    (looking,) = await rig.run()
    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    assert (await rig.write(task.id)).state == WriteState.UNKNOWN
    (still,) = await rig.run(after=LATER)
    assert (still.state, still.outcome) == (TaskState.DUE, "looking")
    (done,) = await rig.run(after=AFTER_SETTLING)

    assert done.state == TaskState.DONE
    assert [post["text"] for post in rig.posts()] == ["Lost on the way"]


@pytest.mark.parametrize(
    "text", ["Went out", "see https://example.com/a?b=1&c=2 <here> & there", "emoji 👩‍👩‍👧 é"]
)
async def test_a_time_out_after_x_took_it_is_found_and_not_sent_again(rig, text):
    task = await rig.task(text)
    rig.fault("timeout_after", seconds=3)

    (looking,) = await rig.run()
    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    (done,) = await rig.run(after=LATER)

    (post,) = rig.posts()
    assert (done.state, done.outcome) == (TaskState.DONE, "sent")
    assert (await rig.write(task.id)).x_post_id == post["id"]


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_server_error_on_a_write_is_unknown_until_looked_up(rig, accepted):
    await rig.task("Server error")
    rig.fault("status_5xx", status=503, accepted=accepted)

    (looking,) = await rig.run()
    assert looking.outcome == "looking"
    await rig.run(after=LATER)
    await rig.run(after=AFTER_SETTLING)

    assert len(rig.posts()) == 1


async def test_a_lagging_timeline_does_not_make_a_second_tweet(rig):
    await rig.task("Slow to show")
    rig.fault("timeout_after", seconds=3)
    rig.fault("lagging_timeline", None, "GET", "/2/users/", seconds=2)

    await rig.run()
    (looking,) = await rig.run(after=LATER)
    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    await asyncio.sleep(2.2)
    (done,) = await rig.run(after=AFTER_SETTLING)

    assert done.state == TaskState.DONE
    assert len(rig.posts()) == 1


async def test_a_second_unknown_end_asks_the_person(rig):
    task = await rig.task("Twice lost")
    rig.fault("timeout_before", 2)

    await rig.run()
    await rig.run(after=LATER)
    await rig.run(after=AFTER_SETTLING)
    await rig.run(after=2 * AFTER_SETTLING)
    (asking,) = await rig.run(after=3 * AFTER_SETTLING)

    assert (asking.state, asking.outcome) == (TaskState.ASKING, "unknown")
    assert rig.posts() == []
    assert (await rig.write(task.id)).state == WriteState.UNKNOWN


async def test_a_look_up_that_fails_is_no_answer(rig):
    task = await rig.task("No look")
    rig.fault("timeout_before")
    await rig.run()
    rig.fault("status_5xx", 1, "GET", "/2/users/", status=500)

    (looking,) = await rig.run(after=LATER)

    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    assert (await rig.write(task.id)).absent_looks == 0


async def test_a_runner_killed_while_sending_leaves_an_unknown_that_is_looked_up(rig):
    task = await rig.task("Killed")
    async with rig.db.begin() as session:
        (claimed,) = await tasks.claim_due(
            session, by="dead", now=rig.doors.clock(), for_=timedelta(seconds=1), limit=1
        )
        await writes.prepare(session, task.id, 0, x_user_id=rig.connection.x_user_id, price=150)
    async with rig.db.begin() as session:
        assert await writes.send(session, task.id, 0, by="dead", now=rig.doors.clock())
    rig.x.session(rig.username).tweet("Killed")

    (done,) = await rig.run(after=LATER)

    assert claimed.id == done.id
    assert (done.state, done.outcome) == (TaskState.DONE, "sent")
    assert len(rig.posts()) == 1


async def test_a_post_another_write_made_is_never_adopted(rig):
    first = await rig.task("Same words")
    await rig.run()
    second = await rig.task("Same words")
    rig.fault("timeout_before", 1)
    await rig.run()

    (looking,) = await rig.run(after=LATER)

    assert looking.outcome == "looking"
    assert (await rig.write(first.id)).x_post_id is not None
    assert (await rig.write(second.id)).x_post_id is None


async def test_a_duplicate_right_after_an_unknown_end_is_a_hint_of_success(rig):
    await rig.task("Hint")
    rig.fault("timeout_before")
    await rig.run()
    await rig.run(after=LATER)
    rig.x.session(rig.username).tweet("Hint")
    rig.fault("lagging_timeline", None, "GET", "/2/users/", seconds=2)

    (looking,) = await rig.run(after=AFTER_SETTLING)
    await asyncio.sleep(2.2)
    (done,) = await rig.run(after=AFTER_SETTLING + LATER)

    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    assert done.state == TaskState.DONE
    assert len(rig.posts()) == 1


async def test_a_duplicate_is_looked_for_back_to_the_first_sending(rig):
    """The second sending comes minutes after the first, whose post is the one to find."""
    task = await rig.task("First went out")
    rig.fault("timeout_after", seconds=3)
    await rig.run()
    long_ago = rig.doors.clock() - timedelta(minutes=10)
    async with rig.db.begin() as session:
        write = await writes.get(session, task.id, 0)
        # As if the look-ups had missed it, and it were sent once more, ten minutes after the first time.
        write.state, write.first_sent_at = WriteState.PREPARED, write.sent_at
    late = replace(rig.doors, clock=lambda: rig.doors.clock() + timedelta(minutes=10))

    (looking,) = await rig.run(late, after=timedelta(minutes=10))
    (done,) = await rig.run(late, after=timedelta(minutes=11))

    assert long_ago < (await rig.write(task.id)).first_sent_at
    assert (looking.outcome, done.state) == ("looking", TaskState.DONE)
    assert len(rig.posts()) == 1


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
            late = rig.doors.clock() + timedelta(seconds=61)
            await tasks.claim_due(session, by="other", now=late, for_=timedelta(seconds=60), limit=1)
        return await rig.doors.fetch(file_id)

    await rig.run(replace(rig.doors, fetch=slow_fetch))

    assert rig.posts() == []
    assert (await rig.now(task.id)).lease_by == "other"


async def test_look_ups_that_fail_for_good_end_with_a_question(rig):
    await rig.task("Nobody can look")
    rig.fault("timeout_before")
    await rig.run()
    rig.fault("status_5xx", None, "GET", "/2/users/", status=500)
    seen, after = [], LATER
    for _ in range(8):
        rows = await rig.run(after=after)
        seen += [(row.state, row.outcome) for row in rows]
        after += timedelta(seconds=400)

    assert seen[-1] == (TaskState.ASKING, "cannot_look")
    assert len(seen) <= 7


async def test_a_deletion_that_stays_unknown_says_so(rig):
    tweet = await rig.task("Perhaps deleted")
    await rig.run()
    post_id = (await rig.write(tweet.id)).x_post_id
    async with rig.db.begin() as session:
        deletion = await tasks.begin_deletion(session, tweet, post_id=post_id, now=rig.doors.clock())
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

    assert failed.state == TaskState.FAILED
    assert rig.posts() == []


async def test_a_tweet_that_was_under_way_when_its_person_was_banned_is_not_sent(rig):
    await rig.task()
    async with rig.db.begin() as session:
        (claimed,) = await tasks.claim_due(
            session, by=rig.doors.name, now=rig.doors.clock(), for_=timedelta(seconds=60), limit=1
        )
        await people.ban(session, claimed.person_id)

    await run.run(rig.doors, claimed)

    assert (await rig.now(claimed.id)).outcome == "not_sent"
    assert rig.posts() == []


async def test_a_deletion_takes_the_tweet_away_and_may_be_repeated(rig):
    tweet = await rig.task("To be deleted")
    await rig.run()
    post_id = (await rig.write(tweet.id)).x_post_id
    async with rig.db.begin() as session:
        await tasks.begin_deletion(session, tweet, post_id=post_id, now=rig.doors.clock())
    rig.fault("timeout_after", 1, "DELETE", "/2/tweets/", seconds=3)

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
