"""What X or money stops (rule 11) waits in its place and goes on in the order of the rows; nothing fails."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage import confirmations, connections, holds, runs, tasks
from storage.tables import AuthorizationState, ConnectionState, ParkReason, TaskState, WriteState
from storage.vault import Place, Secret
from tasks import parking, retry, run
from tests.builders import add_authorization, add_connection
from twitter.client import X

SOON = timedelta(seconds=10)
HOUR = timedelta(hours=1)


@pytest.fixture
async def others(rig, vault):
    """Give another account's connection by the same app."""
    account = rig.x.new_account()
    grant = rig.x.control("POST", "/tokens", json={"username": account["username"], "app": "registered"})
    return await add_connection(
        rig.db,
        vault,
        username=account["username"],
        x_user_id=account["id"],
        token=grant["token"],
        secret=grant["secret"],
        app_fingerprint=rig.connection.app_fingerprint,
    )


async def connection_now(rig):
    async with rig.db.begin() as session:
        return await connections.get(session, rig.connection.id)


async def lift(rig, after):
    await parking.lift(later(rig, after))


def later(rig, after):
    return replace(rig.doors, clock=lambda: rig.doors.clock() + after)


async def press_try_again(rig, after=timedelta(0)):
    async with rig.db.begin() as session:
        subject, now = holds.of_app(rig.connection), rig.doors.clock() + after
        return await holds.take_trial(session, subject, now=now, every=timedelta(0))


async def renew(rig, vault):
    """Authorize the same account again."""
    grant = rig.x.control("POST", "/tokens", json={"username": rig.username, "app": "registered"})
    row = await add_authorization(
        rig.db,
        vault,
        state=AuthorizationState.CONFIRMING,
        app_kind=rig.connection.app_kind,
        app_fingerprint=rig.connection.app_fingerprint,
        x_user_id=rig.connection.x_user_id,
        username=rig.username,
        x_name="Test",
        access_level="read-write",
        token_fingerprint=vault.fingerprint(grant["token"]),
        expires_at=rig.doors.clock() + HOUR,
    )
    async with rig.db.begin() as session:
        row = await session.merge(row)
        for column, value in (("access_token", grant["token"]), ("access_secret", grant["secret"])):
            place = Place("authorizations", column, row.id, row.person_id)
            setattr(row, column, vault.seal(row.data_key, place, Secret(value)))
        await session.flush()
        return await confirmations.confirm(session, vault, row, rig.doors.clock())


async def ready(rig):
    """List what a worker would take up now, by number."""
    rows = [await rig.now(f"{number:026d}") for number in range(1, rig.numbers + 1)]
    return [int(row.id) for row in rows if row.wake_at is not None and row.wake_at <= rig.doors.clock()]


def texts(rig):
    return [post["text"] for post in reversed(rig.posts())]


def revoke(rig):
    rig.x.control("POST", "/revoke", json={"username": rig.username, "app": "registered"})


async def test_a_revoked_token_keeps_the_tasks_and_a_new_one_sends_them_in_their_order(rig, vault):
    first, second = await rig.task("One"), await rig.task("Two")
    revoke(rig)

    held, waiting = await rig.run()

    assert (held.state, held.outcome, held.wake_at) == (TaskState.DUE, "revoked", None)
    assert (waiting.state, waiting.wake_at) == (TaskState.DUE, None)
    assert (await rig.write(first.id)).state == WriteState.PREPARED
    assert (await connection_now(rig)).state == ConnectionState.REAUTHORIZE
    assert await ready(rig) == []

    await renew(rig, vault)

    assert await ready(rig) == [1, 2]
    assert [row.state for row in await rig.run()] == [TaskState.DONE] * 2
    assert texts(rig) == ["One", "Two"]
    assert rig.told.count(second.id) == 2


async def test_a_token_renewed_while_the_old_one_was_refused_condemns_nothing(rig, vault):
    task = await rig.task("Renewed meanwhile")
    async with rig.db.begin() as session:
        await tasks.add_media(session, task.id, 11, tasks.NewMedia("photo", "f", "u", "image/jpeg", 9, None))
    revoke(rig)

    async def fetch(file_id):
        await renew(rig, vault)
        return await rig.doors.fetch(file_id)

    (again,) = await rig.run(replace(rig.doors, fetch=fetch))

    assert (again.state, (await connection_now(rig)).state) == (TaskState.DUE, ConnectionState.ACTIVE)
    assert await ready(rig) == [1]
    assert [row.state for row in await rig.run()] == [TaskState.DONE]


async def test_an_unknown_tweet_of_a_revoked_connection_waits_and_is_looked_for_afterwards(rig, vault):
    task = await rig.task("Perhaps out")
    rig.fault("timeout_after")
    await rig.run()
    revoke(rig)

    (held,) = await rig.run(after=SOON)
    assert (held.state, held.outcome, held.wake_at) == (TaskState.DUE, "revoked", None)
    assert (await rig.write(task.id)).state == WriteState.UNKNOWN

    await renew(rig, vault)
    (done,) = await rig.run()

    assert done.state == TaskState.DONE
    assert texts(rig) == ["Perhaps out"]


async def test_a_connection_given_up_while_held_asks_about_what_may_be_out_and_fails_the_rest(rig):
    await rig.task("Perhaps out")
    rig.fault("timeout_after")
    await rig.run()
    await rig.task("Never sent")
    revoke(rig)
    await rig.run(after=SOON)

    async with rig.db.begin() as session:
        row = await connections.get(session, rig.connection.id)
        await connections.disconnect(session, row, rig.doors.clock())

    assert await ready(rig) == [1, 2]
    asking, failed = await rig.run()
    assert (asking.state, asking.outcome) == (TaskState.ASKING, "cannot_look")
    assert (failed.state, failed.outcome) == (TaskState.FAILED, "no_connection")


async def test_no_credit_parks_the_app_and_all_its_connections_go_on_afterwards(rig, others):
    await rig.task("One")
    await rig.task("Two")
    other = await rig.task("Three", connection_id=others.id)
    rig.fault("out_of_credit")

    rows = await rig.run()

    assert [(row.state, row.wake_at) for row in rows] == [(TaskState.DUE, None)] * 3
    assert [row.outcome for row in rows] == ["out_of_credit", None, None]
    async with rig.db.begin() as session:
        assert await holds.why(session, others, rig.doors.clock()) == ("out_of_credit", None)
        assert [each.subject for each in await holds.untold(session)] == [holds.of_app(others)]

    assert await press_try_again(rig) == f"{1:026d}"
    assert await ready(rig) == [1]
    await run.run(rig.doors, runs.name_of(await rig.now(f"{1:026d}")))

    assert await ready(rig) == [2, 3], "the trial was accepted: the others go on"
    await rig.run()
    assert texts(rig) == ["One", "Two"]
    assert (await rig.now(other.id)).state == TaskState.DONE


async def test_an_hour_later_one_request_tries_again_and_no_credit_waits_for_the_next(rig):
    first = await rig.task("One")
    await rig.task("Two")
    rig.fault("out_of_credit", 2)
    await rig.run()
    rig.x.control("DELETE", "/requests")

    await lift(rig, retry.TRIAL_EVERY - SOON)
    assert (await rig.now(first.id)).wake_at is None
    await lift(rig, retry.TRIAL_EVERY + SOON)
    rows = await rig.run(after=retry.TRIAL_EVERY + SOON)
    await lift(rig, retry.TRIAL_EVERY + 2 * SOON)

    assert [row.outcome for row in rows] == ["out_of_credit", None]
    sent = [one for one in rig.x.control("GET", "/requests") if one["username"] == rig.username]
    assert [one["status"] for one in sent] == [402]
    assert (await rig.now(first.id)).wake_at is None


async def test_a_trial_that_x_refuses_for_its_text_shows_that_there_is_credit(rig):
    first = await rig.task("One")
    await rig.task("Two")
    rig.fault("out_of_credit")
    await rig.run()
    await press_try_again(rig)
    rig.fault("duplicate")

    await run.run(rig.doors, runs.name_of(first))

    refused = await rig.now(first.id)
    assert (refused.state, refused.outcome) == (TaskState.FAILED, "duplicate")
    assert await ready(rig) == [2]


async def test_a_look_without_credit_waits_for_it_like_everything_else(rig):
    await rig.task("Perhaps out")
    rig.fault("timeout_after")
    await rig.run()
    rig.fault("out_of_credit", 1, "GET", "/2/users/")

    (held,) = await rig.run(after=SOON)
    assert (held.state, held.outcome, held.wake_at) == (TaskState.DUE, "out_of_credit", None)
    await press_try_again(rig, 2 * SOON)
    (done,) = await rig.run(after=2 * SOON)

    assert (done.state, done.outcome) == (TaskState.DONE, "sent")
    assert texts(rig) == ["Perhaps out"]


async def test_a_limit_of_the_account_waits_until_the_moment_x_names_and_others_go_on(rig, others):
    task, behind = await rig.task("One"), await rig.task("Two")
    await rig.task("Three", connection_id=others.id)
    rig.fault("rate_limited", seconds=600)

    waiting, held, other = await rig.run()

    assert (waiting.state, waiting.outcome, waiting.attempts) == (TaskState.DUE, "rate_limited", 0)
    assert abs(waiting.wake_at - rig.doors.clock() - timedelta(seconds=600)) < timedelta(seconds=60)
    assert (held.state, held.wake_at) == (TaskState.DUE, None)
    assert other.state == TaskState.DONE

    await lift(rig, timedelta(seconds=700))
    rows = await rig.run(after=timedelta(seconds=700))

    assert [row.id for row in rows] == [task.id, behind.id]
    assert texts(rig) == ["One", "Two"]


@pytest.mark.parametrize(("fault", "goes_on"), [("rate_limited_day", True), ("rate_limited_app_day", False)])
async def test_the_limit_of_a_day_holds_the_account_or_the_whole_app(rig, others, fault, goes_on):
    await rig.task("One")
    await rig.task("Two", connection_id=others.id)
    rig.fault(fault, seconds=3600)

    _waiting, other = await rig.run()
    assert (other.state == TaskState.DONE) == goes_on

    await lift(rig, timedelta(seconds=3700))
    rows = await rig.run(after=timedelta(seconds=3700))
    assert {row.state for row in rows} == {TaskState.DONE}


async def test_a_limit_without_a_moment_waits_longer_each_time(rig):
    task = await rig.task("One")
    rig.fault("rate_limited_bare", 3)
    waits, after = [], timedelta(0)
    for _ in range(3):
        (row,) = await rig.run(after=after)
        # X's clock is the machine's; only ours is put forward here.
        waits.append(row.wake_at - rig.doors.clock())
        after = waits[-1] + SOON

    assert [round(wait / timedelta(minutes=15)) for wait in waits] == [1, 2, 3]
    (done,) = await rig.run(after=after)
    assert (done.id, done.state) == (task.id, TaskState.DONE)


async def test_a_limit_without_a_moment_never_fails_a_task(rig):
    await rig.task("One")
    rig.fault("rate_limited_bare", 12)
    after = timedelta(0)
    for _ in range(12):
        (row,) = await rig.run(after=after)
        assert (row.state, row.outcome) == (TaskState.DUE, "rate_limited")
        after += 5 * HOUR

    (done,) = await rig.run(after=after)
    assert done.state == TaskState.DONE


async def test_a_limit_of_looking_makes_only_the_look_wait(rig, others):
    await rig.task("Perhaps out")
    rig.fault("timeout_after")
    await rig.run()
    rig.fault("rate_limited", 1, "GET", "/2/users/", seconds=600)

    (looking,) = await rig.run(after=SOON)
    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    async with rig.db.begin() as session:
        assert await holds.why(session, rig.connection, rig.doors.clock()) is None

    await rig.run(after=timedelta(seconds=700))
    assert texts(rig) == ["Perhaps out"]


@pytest.mark.parametrize("what", ["frozen", "parked", "revoked"])
async def test_what_is_stopped_while_its_file_comes_is_not_sent_and_goes_on_later(rig, what):
    task = await rig.task("Stopped")
    async with rig.db.begin() as session:
        await tasks.add_media(session, task.id, 11, tasks.NewMedia("photo", "f", "u", "image/jpeg", 9, None))

    async def stop(is_on):
        async with rig.db.begin() as session:
            row = await connections.get(session, rig.connection.id)
            if what == "frozen":
                row.frozen_at = rig.doors.clock() if is_on else None
            elif what == "revoked":
                row.state = ConnectionState.REAUTHORIZE if is_on else ConnectionState.ACTIVE
            else:
                change = holds.park if is_on else holds.unpark
                await change(session, holds.of_app(row), ParkReason.OUT_OF_CREDIT, now=rig.doors.clock())
            if not is_on:
                await holds.release(session, holds.of_connection(row), now=rig.doors.clock())

    async def fetch(file_id):
        await stop(True)
        return await rig.doors.fetch(file_id)

    (waiting,) = await rig.run(replace(rig.doors, fetch=fetch))
    (held,) = await rig.run(after=SOON)
    assert (waiting.state, held.state, held.wake_at) == (TaskState.DUE, TaskState.DUE, None)
    assert rig.posts() == []

    await stop(False)
    (done,) = await rig.run()

    assert done.state == TaskState.DONE
    assert texts(rig) == ["Stopped"]


async def test_x_out_of_reach_while_parked_costs_no_try(rig, unused_origin):
    await rig.task("One")
    rig.fault("out_of_credit")
    await rig.run()
    x = X(unused_origin)

    for _ in range(retry.TRIES_MAX + 1):
        (row,) = await rig.run(replace(rig.doors, x=x), after=SOON)

    x.close()
    assert (row.state, row.attempts) == (TaskState.DUE, 0)
