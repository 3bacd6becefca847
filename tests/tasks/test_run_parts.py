"""Threads and direct messages: the same path as a tweet, one fence for each part, looked for where they show."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage import tasks, writes
from storage.tables import TaskPart, TaskState, WriteState

LATER = timedelta(seconds=10)
AFTER_SETTLING = timedelta(seconds=30)
SENDING = "/messages$"


async def thread(rig, *texts):
    task = await rig.task(texts[0])
    async with rig.db.begin() as session:
        session.add_all(TaskPart(task_id=task.id, part=n, text=text) for n, text in enumerate(texts) if n)
    return task


def chain(rig):
    """Give what stands at X, oldest first, each with the text it answers."""
    posts = list(reversed(rig.posts()))
    texts = {post["id"]: post["text"] for post in posts}
    return [(post["text"], texts.get(post["reply_to"])) for post in posts]


async def states(rig, task):
    async with rig.db.begin() as session:
        return [write.state for write in await writes.of_task(session, task.id)]


async def test_each_part_of_a_thread_answers_the_one_before(rig):
    task = await thread(rig, "One", "Two", "Three")

    (done,) = await rig.run()

    assert (done.state, done.outcome) == (TaskState.DONE, "sent")
    assert chain(rig) == [("One", None), ("Two", "One"), ("Three", "Two")]
    async with rig.db.begin() as session:
        made = [write.x_post_id for write in await writes.of_task(session, task.id)]
    assert made == [post["id"] for post in reversed(rig.posts())]
    assert rig.told == [task.id]


async def test_each_part_has_its_own_files(rig):
    task = await thread(rig, "One", "Two")
    async with rig.db.begin() as session:
        for number in (11, 12, 13):
            new = tasks.NewMedia("photo", f"f{number}", f"u{number}", "image/jpeg", 9, None)
            await tasks.add_media(session, task.id, number, new)
        for number, file in enumerate(await tasks.media(session, task.id)):
            file.part = 0 if number == 0 else 1

    await rig.run()

    assert [len(post["media"]) for post in reversed(rig.posts())] == [1, 2]


async def before_part(rig, task, part, do):
    """Give doors with which `do` happens right before a part is sent, while its file comes."""
    async with rig.db.begin() as session:
        new = tasks.NewMedia("photo", "f", f"u{part}", "image/jpeg", 9, None)
        await tasks.add_media(session, task.id, 10 + part, new)
        (await tasks.media(session, task.id))[-1].part = part

    async def fetch(file_id):
        do()
        return await rig.doors.fetch(file_id)

    return replace(rig.doors, fetch=fetch)


async def test_a_part_x_refuses_stops_the_thread_and_trying_again_goes_on_there(rig):
    task = await thread(rig, "One", "Two", "Three")
    doors = await before_part(rig, task, 1, lambda: rig.fault("forbidden_bare"))

    (failed,) = await rig.run(doors)

    assert (failed.state, failed.outcome) == (TaskState.FAILED, "forbidden")
    assert await states(rig, task) == [WriteState.ACCEPTED, WriteState.REFUSED]
    async with rig.db.begin() as session:
        await writes.reopen(session, task.id)
        (await tasks.get(session, task.id)).state = TaskState.DUE
    await rig.run()
    assert chain(rig) == [("One", None), ("Two", "One"), ("Three", "Two")]


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after"])
async def test_a_part_whose_sending_ended_unknown_is_settled_before_the_next(rig, fault):
    task = await thread(rig, "One", "Two", "Three")
    doors = await before_part(rig, task, 1, lambda: rig.fault(fault))

    (looking,) = await rig.run(doors)
    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    assert await states(rig, task) == [WriteState.ACCEPTED, WriteState.UNKNOWN]
    await rig.run(after=LATER)
    await rig.run(after=AFTER_SETTLING)

    assert (await rig.now(task.id)).state == TaskState.DONE
    assert chain(rig) == [("One", None), ("Two", "One"), ("Three", "Two")]


async def test_a_part_lost_twice_asks_and_other_tasks_go_on_meanwhile(rig):
    task = await thread(rig, "One", "Two", "Three")
    doors = await before_part(rig, task, 1, lambda: rig.fault("timeout_before", 2))
    await rig.run(doors)
    for number in range(1, 5):
        await rig.run(after=number * AFTER_SETTLING)

    asking = await rig.now(task.id)
    assert (asking.state, asking.outcome) == (TaskState.ASKING, "unknown")
    await rig.task("Another")
    await rig.run()
    assert chain(rig) == [("One", None), ("Another", None)]


async def seen_by_the_person(rig, task):
    async with rig.db.begin() as session:
        assert await writes.seen(session, task.id, now=rig.doors.clock())
        (await tasks.get(session, task.id)).state = TaskState.DUE
    await rig.run(after=9 * AFTER_SETTLING)


async def test_nothing_is_hung_on_a_part_that_only_the_person_saw(rig):
    task = await thread(rig, "One", "Two", "Three")
    doors = await before_part(rig, task, 1, lambda: rig.fault("timeout_before", 2))
    await rig.run(doors)
    for number in range(1, 5):
        await rig.run(after=number * AFTER_SETTLING)

    await seen_by_the_person(rig, task)

    stopped = await rig.now(task.id)
    assert (stopped.state, stopped.outcome) == (TaskState.FAILED, "part_unseen")
    assert chain(rig) == [("One", None)]


async def test_a_part_the_person_saw_is_found_when_x_shows_it_and_the_thread_goes_on_behind_it(rig):
    task = await thread(rig, "One", "Two", "Three")
    rig.fault("timeout_after", 1)
    await rig.run()
    assert (await states(rig, task)) == [WriteState.UNKNOWN]

    await seen_by_the_person(rig, task)

    assert (await rig.now(task.id)).state == TaskState.DONE
    assert chain(rig) == [("One", None), ("Two", "One"), ("Three", "Two")]


async def test_parts_of_the_same_words_are_told_apart_by_what_they_answer(rig):
    task = await thread(rig, "Again", "Next", "Next")
    rig.x.control("POST", "/chaos", json={"same_text_allowed": True})
    try:
        for _ in range(2):
            rig.fault("slow", seconds=0)
        rig.fault("timeout_before")
        await rig.run()
        await rig.run(after=LATER)
        await rig.run(after=AFTER_SETTLING)
    finally:
        rig.x.control("DELETE", "/chaos")

    assert (await rig.now(task.id)).state == TaskState.DONE
    assert chain(rig) == [("Again", None), ("Next", "Again"), ("Next", "Next")]


@pytest.fixture
def friend(rig):
    """Give somebody to write to."""
    return rig.x.new_account()


def messages(rig):
    return [one["text"] for one in rig.x.control("GET", "/messages", params={"username": rig.username})]


async def message(rig, friend, text="Hello, friend"):
    return await rig.task(text, kind="message", target_user_id=friend["id"])


async def test_a_message_arrives_once_and_the_person_is_told(rig, friend):
    task = await message(rig, friend)

    (done,) = await rig.run()

    assert (done.state, done.outcome) == (TaskState.DONE, "sent")
    assert messages(rig) == ["Hello, friend"]
    write = await rig.write(task.id)
    assert (write.state, write.price_cents_100) == (WriteState.ACCEPTED, 150)
    assert write.x_post_id is not None
    assert rig.told == [task.id]


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after"])
async def test_a_message_whose_sending_ended_unknown_is_looked_for_in_the_conversation(rig, friend, fault):
    task = await message(rig, friend, "see https://example.com/a & <b>")
    rig.fault(fault, 1, path=SENDING)

    (looking,) = await rig.run()
    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    await rig.run(after=LATER)
    await rig.run(after=AFTER_SETTLING)

    assert (await rig.now(task.id)).state == TaskState.DONE
    assert messages(rig) == ["see https://example.com/a & <b>"]


async def test_a_message_another_write_made_is_never_adopted(rig, friend):
    first = await message(rig, friend, "Same words")
    await rig.run()
    second = await message(rig, friend, "Same words")
    rig.fault("timeout_before", 1, path=SENDING)
    await rig.run()
    await rig.run(after=LATER)
    await rig.run(after=AFTER_SETTLING)

    made = [(await rig.write(task.id)).x_post_id for task in (first, second)]
    assert len(set(made)) == 2
    assert messages(rig) == ["Same words"] * 2


async def test_a_conversation_nobody_may_read_leaves_the_question_to_the_person(rig, friend):
    task = await message(rig, friend)
    rig.fault("timeout_after", 1, path=SENDING)
    await rig.run()
    rig.fault("forbidden_bare", 1, "GET", "/dm_events$")

    (asking,) = await rig.run(after=LATER)

    assert (asking.state, asking.outcome) == (TaskState.ASKING, "cannot_look")
    assert (await rig.write(task.id)).state == WriteState.UNKNOWN
    assert messages(rig) == ["Hello, friend"]


async def test_a_message_older_than_x_shows_is_asked_about(rig, friend):
    await message(rig, friend)
    rig.fault("timeout_before", 1, path=SENDING)
    await rig.run()

    (asking,) = await rig.run(after=timedelta(days=31))

    assert (asking.state, asking.outcome) == (TaskState.ASKING, "cannot_look")
