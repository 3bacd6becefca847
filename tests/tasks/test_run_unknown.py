"""Tweets whose sending ended unknown: looked for before anything is sent again, asked about when undecided."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage import connections, runs, tasks, writes
from storage.tables import TaskState, WriteState
from twitter.client import X

LATER = timedelta(seconds=10)
AFTER_SETTLING = timedelta(seconds=30)


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
    rig.fault("timeout_after")

    (looking,) = await rig.run()
    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    (done,) = await rig.run(after=LATER)

    (post,) = rig.posts()
    assert (done.state, done.outcome) == (TaskState.DONE, "sent")
    assert (await rig.write(task.id)).x_post_id == post["id"]


async def test_an_answer_that_is_late_is_not_waited_for_and_the_tweet_is_found(rig):
    await rig.task("Late answer")
    rig.fault("timeout_after", seconds=4)
    impatient = X(rig.x.origin, read_timeout_s=2)

    (looking,) = await rig.run(replace(rig.doors, x=impatient))
    impatient.close()
    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    (done,) = await rig.run(after=LATER)

    assert done.state == TaskState.DONE
    assert [post["text"] for post in rig.posts()] == ["Late answer"]


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
    rig.fault("timeout_after")
    lag = rig.fault("lagging_timeline", None, "GET", "/2/users/", seconds=3600)

    await rig.run()
    (looking,) = await rig.run(after=LATER)
    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    rig.end_fault(lag)
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
        await runs.claim(session, runs.name_of(task), by="dead", now=rig.doors.clock())
        await writes.prepare(session, task.id, 0, x_user_id=rig.connection.x_user_id, price=150)
    async with rig.db.begin() as session:
        assert await writes.send(session, task.id, 0, by="dead", now=rig.doors.clock())
    rig.x.session(rig.username).tweet("Killed")

    (done,) = await rig.run(after=LATER)

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
    lag = rig.fault("lagging_timeline", None, "GET", "/2/users/", seconds=3600)

    (looking,) = await rig.run(after=AFTER_SETTLING)
    rig.end_fault(lag)
    (done,) = await rig.run(after=AFTER_SETTLING + LATER)

    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    assert done.state == TaskState.DONE
    assert len(rig.posts()) == 1


async def test_a_duplicate_is_looked_for_back_to_the_first_sending(rig):
    """The second sending comes minutes after the first, whose post is the one to find."""
    task = await rig.task("First went out")
    rig.fault("timeout_after")
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


async def test_what_another_runner_is_sending_is_looked_for_and_not_called_unsent(rig):
    task = await rig.task("Slow")
    async with rig.db.begin() as session:
        await tasks.add_media(session, task.id, 11, tasks.NewMedia("photo", "f", "u", "image/jpeg", 9, None))

    async def fetch(file_id):
        async with rig.db.begin() as session:
            by = (await tasks.get(session, task.id)).lease_by
            assert await writes.send(session, task.id, 0, by=by, now=rig.doors.clock())
        return await rig.doors.fetch(file_id)

    (looking,) = await rig.run(replace(rig.doors, fetch=fetch))

    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    assert rig.posts() == []


@pytest.mark.parametrize("lost", ["disconnected", "app gone"])
async def test_a_tweet_that_may_be_out_is_asked_about_when_nobody_can_look(rig, lost):
    task = await rig.task("Perhaps out")
    rig.fault("timeout_after")
    await rig.run()
    doors = rig.doors
    async with rig.db.begin() as session:
        if lost == "disconnected":
            await connections.disconnect(session, rig.connection, doors.clock())
        else:
            doors = replace(doors, registered_app=None)

    (asking,) = await rig.run(doors, after=LATER)

    assert (asking.state, asking.outcome) == (TaskState.ASKING, "cannot_look")
    assert (await rig.write(task.id)).state == WriteState.UNKNOWN
    assert len(rig.posts()) == 1
