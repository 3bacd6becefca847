"""A look asks X once for each page, whatever dies between; what it found is kept with the newest it has seen."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from storage import pages, runs
from storage.tables import Newest, Schedule, ScheduleState, Task, TaskState
from tasks import found, reading, run
from tasks.account import open_account
from tasks.parameters import Look


@pytest.fixture
def bob(rig):
    """Give another account, which mentions the rig's one."""
    account = rig.x.new_account(name="Bob")
    account["session"] = rig.x.session(account["username"])
    return account


def mention(rig, bob, *words):
    for word in words:
        assert bob["session"].tweet(f"@{rig.username} {word}").status_code == 201


async def a_look(rig, kind="mentions", **changes):
    wish = changes.pop("look", Look(most=5))
    return await rig.task(None, kind=kind, reads=True, parameters=wish.written(), **changes)


async def page_of(rig, task, number=0):
    async with rig.db.begin() as session:
        page = await pages.get(session, task.id, number)
    return pages.items_of(page) if page else None


def asked(rig, path="/mentions"):
    return [
        each
        for each in rig.x.control("GET", "/requests")
        if each["path"].endswith(path) and each["username"] == rig.username
    ]


async def test_a_look_keeps_a_page_and_the_newest_it_has_seen(rig, bob):
    mention(rig, bob, "one", "two")
    task = await a_look(rig)

    (left,) = await rig.run()

    assert (left.state, left.outcome, left.told_at) == (TaskState.DONE, "read", None)
    items = await page_of(rig, task)
    assert [item["text"].split()[1] for item in items] == ["two", "one"]
    async with rig.db.begin() as session:
        newest = (await session.scalars(select(Newest))).one()
    assert newest.post_id == items[0]["id"]
    assert rig.told == [task.id]


async def test_a_process_that_dies_after_the_answer_was_kept_asks_for_nothing_again(rig, bob):
    mention(rig, bob, "one")
    task = await a_look(rig)
    async with rig.db.begin() as session:
        mine = await runs.claim(session, runs.name_of(task), by="dead", now=datetime.now(UTC))
    opened = open_account(rig.vault, rig.doors.registered_app, rig.connection)
    await reading.look(rig.doors, mine, opened)

    (left,) = await rig.run()

    assert (left.state, left.outcome) == (TaskState.DONE, "read")
    assert len(asked(rig)) == 1


async def test_a_process_that_dies_before_the_answer_was_kept_asks_again(rig, bob):
    mention(rig, bob, "one")
    task = await a_look(rig)
    number = rig.fault("timeout_after", method="GET", path="/mentions$")

    (left,) = await rig.run()
    rig.end_fault(number)
    assert (left.state, left.outcome) == (TaskState.DUE, "x_unavailable")
    assert await page_of(rig, task) is None
    (left,) = await rig.run(after=timedelta(minutes=1))

    assert left.state == TaskState.DONE
    assert len(await page_of(rig, task)) == 1


async def test_two_executions_of_one_run_keep_one_answer(rig, bob):
    mention(rig, bob, "one")
    task = await a_look(rig)

    await asyncio.gather(*(run.run(rig.doors, runs.name_of(task)) for _ in range(2)))

    left = await rig.now(task.id)
    assert left.state == TaskState.DONE
    assert len(await page_of(rig, task)) == 1


async def test_what_one_request_brings_is_kept_screen_by_screen(rig, bob):
    mention(rig, bob, *map(str, range(12)))
    task = await a_look(rig, look=Look(most=10))

    await rig.run()

    assert [len(await page_of(rig, task, number)) for number in range(2)] == [5, 5]
    assert await page_of(rig, task, 2) is None
    async with rig.db.begin() as session:
        first, second = [await pages.get(session, task.id, number) for number in range(2)]
    assert first.next_token is None
    assert second.next_token

    await next_page(rig, task, 2)
    assert len(await page_of(rig, task, 2)) == 2
    texts = [item["text"] for number in range(3) for item in await page_of(rig, task, number)]
    assert [text.split()[1] for text in texts] == [str(number) for number in range(11, -1, -1)]


async def next_page(rig, task, page):
    async with rig.db.begin() as session:
        row = await session.get(Task, task.id)
        row.state, row.page, row.run, row.wake_at = TaskState.DUE, page, row.run + 1, None
    return await rig.run()


async def test_the_next_page_begins_where_the_first_one_did(rig, bob):
    """The first page has moved on what is new: the second asks as the first did."""
    mention(rig, bob, "old")
    await a_look(rig, look=Look(most=5, only_new=True))
    await rig.run()
    mention(rig, bob, *map(str, range(7)))
    task = await a_look(rig, look=Look(most=5, only_new=True))
    await rig.run()

    await next_page(rig, task, 1)

    texts = [item["text"].split()[1] for item in await page_of(rig, task, 1)]
    assert texts == ["1", "0"]


async def test_only_what_is_new_is_asked_for(rig, bob):
    mention(rig, bob, "old")
    await a_look(rig, look=Look(most=5, only_new=True))
    await rig.run()

    empty = await a_look(rig, look=Look(most=5, only_new=True))
    (left,) = await rig.run()
    assert (left.state, left.outcome) == (TaskState.DONE, "nothing_new")
    assert await page_of(rig, empty) == []

    mention(rig, bob, "new")
    task = await a_look(rig, look=Look(most=5, only_new=True))
    await rig.run()
    assert [item["text"].split()[1] for item in await page_of(rig, task)] == ["new"]


async def test_bounds_by_id_include_the_last_and_leave_out_the_first(rig, bob):
    mention(rig, bob, "a", "b", "c", "d")
    everything = await a_look(rig)
    await rig.run()
    ids = [item["id"] for item in await page_of(rig, everything)]

    task = await a_look(rig, look=Look(most=5, since_id=ids[3], max_id=ids[1]))
    await rig.run()

    assert [item["id"] for item in await page_of(rig, task)] == ids[1:3]


async def test_an_older_page_does_not_take_the_newest_back(rig, bob):
    mention(rig, bob, "a", "b")
    first = await a_look(rig)
    await rig.run()
    newest, older = [item["id"] for item in await page_of(rig, first)]

    await a_look(rig, look=Look(most=5, max_id=older))
    await rig.run()

    async with rig.db.begin() as session:
        assert (await session.scalars(select(Newest))).one().post_id == newest


async def test_a_limit_of_reading_parks_nothing(rig):
    number = rig.fault("rate_limited", method="GET", path="/mentions$")
    await a_look(rig)

    (left,) = await rig.run()
    rig.end_fault(number)

    assert (left.state, left.outcome, left.attempts) == (TaskState.DUE, "rate_limited", 0)
    assert left.wake_at is not None
    tweet = await rig.task("Hello")
    await rig.run()
    assert (await rig.now(tweet.id)).state == TaskState.DONE


@pytest.mark.parametrize(
    ("kind", "look", "more", "code"),
    [
        ("get", Look(), {"target_post_id": "12345"}, "gone"),
        ("get", Look(), {}, "no_posts"),
        ("timeline", Look(username="nobody_at_all"), {}, "no_such_account"),
    ],
)
async def test_what_is_not_there_fails_with_its_code(rig, kind, look, more, code):
    await a_look(rig, kind, look=look, **more)

    (left,) = await rig.run()

    assert (left.state, left.outcome) == (TaskState.FAILED, code)


async def test_ids_only_are_kept_as_ids_only(rig, bob):
    mention(rig, bob, "one")
    task = await a_look(rig, look=Look(most=5, only_ids=True))

    await rig.run()

    (item,) = await page_of(rig, task)
    assert list(item) == ["id"]
    assert found.moment_of(item) is not None


async def a_watch(rig, *, since):
    """Put a schedule in force that looks for mentions; gives it."""
    async with rig.db.begin() as session:
        schedule = Schedule(
            person_id=101,
            chat_id=101,
            source_message_id=1,
            connection_id=rig.connection.id,
            state=ScheduleState.ACTIVE,
            rule="every 15 minutes",
            zone="UTC",
            kind="mentions",
            created_at=since,
        )
        session.add(schedule)
    return schedule


async def occurrence(rig, schedule, minutes):
    now = datetime.now(UTC)
    return await a_look(
        rig,
        schedule_id=schedule.id,
        occurrence_at=schedule.created_at + timedelta(minutes=minutes),
        promised=True,
        due_at=now,
    )


async def shown(rig):
    """List the posts that have a card of their own, oldest card first."""
    async with rig.db.begin() as session:
        cards = list(await session.scalars(select(Task).where(Task.kind == "get").order_by(Task.id)))
        items = [pages.items_of(await pages.get(session, card.id, 0))[0] for card in cards]
    return [item["text"].split()[1] for item in items]


async def test_two_executions_of_a_watch_show_each_post_once(rig, bob):
    schedule = await a_watch(rig, since=datetime.now(UTC) - timedelta(minutes=1))
    mention(rig, bob, "one", "two")
    task = await occurrence(rig, schedule, 15)

    await asyncio.gather(*(run.run(rig.doors, runs.name_of(task)) for _ in range(2)))

    assert await shown(rig) == ["one", "two"]
    left = await rig.now(task.id)
    assert (left.state, left.told_at is not None) == (TaskState.DONE, True)


async def test_the_first_look_of_a_watch_tells_nothing_older_than_the_watch(rig, bob):
    mention(rig, bob, "before")
    schedule = await a_watch(rig, since=datetime.now(UTC) + timedelta(seconds=2))
    while datetime.now(UTC) < schedule.created_at + timedelta(seconds=1):
        await asyncio.sleep(0.1)
    mention(rig, bob, "after")
    await occurrence(rig, schedule, 15)
    await rig.run()
    assert await shown(rig) == ["after"]

    await occurrence(rig, schedule, 30)
    await rig.run()
    assert await shown(rig) == ["after"]


async def test_a_look_that_a_later_one_has_overtaken_asks_nothing(rig, bob):
    schedule = await a_watch(rig, since=datetime.now(UTC) - timedelta(minutes=1))
    mention(rig, bob, "one")
    first = await occurrence(rig, schedule, 15)
    await occurrence(rig, schedule, 30)

    await rig.run()

    assert len(asked(rig)) == 1
    assert await shown(rig) == ["one"]
    assert (await rig.now(first.id)).outcome == "nothing_new"
