"""A backup is made, things go on, the backup is restored: nothing goes out twice, nothing is dropped unsaid."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot import backing_up
from bot.backing_up import Here
from storage import schedules
from storage.tables import Schedule, ScheduleState, ScheduleText, Task, TaskState
from tests import postgres


class Keeper:
    """Makes a backup beside the running bot; stops the bot and restores it."""

    def __init__(self, rig, directory):
        self.rig, self.file = rig, directory / "kept.backup"
        self.here = Here(rig.settings, postgres.tools(dict(os.environ)), rig.clock)

    async def backup(self):
        await backing_up.backup(self.here, self.file, force=True)

    async def restore(self):
        await self.rig.stop()
        await backing_up.restore(self.here, self.file, replace=True)
        await self.rig.replica()


@pytest.fixture
def keep(rig, tmp_path):
    """Give a keeper of the bot on SQLite."""
    return Keeper(rig, tmp_path)


async def _connected(rig):
    ada = await rig.phone("Ada")
    ada.account = rig.new_account()
    await ada.connect(ada.account)
    return ada


@pytest.fixture
async def ada(rig):
    """Give somebody with an account connected."""
    return await _connected(rig)


async def _states(rig):
    async with rig.app.db.begin() as session:
        return {task.text: task.state for task in await session.scalars(select(Task))}


async def _plan(rig, ada, text, **when):
    """Plan a tweet for a moment from now."""
    await ada.say(f"/tweet {text}")
    at = rig.clock.now + timedelta(**when)
    values = {"state": TaskState.SCHEDULED, "due_at": at, "wake_at": at, "promised": True}
    async with rig.app.db.begin() as session:
        await session.execute(update(Task).where(Task.text == text).values(**values))


async def _later(rig, **duration):
    """Let time go on, and do what is due then, as often as something is looked for again."""
    rig.clock.advance(**duration)
    await rig.posted()
    while TaskState.DUE in (await _states(rig)).values():
        rig.clock.advance(seconds=130)
        await rig.posted()


def _texts(rig, ada):
    return sorted(post["text"] for post in rig.posts(ada.account))


async def test_nothing_that_went_out_since_the_backup_goes_out_again_and_nothing_is_dropped(
    rig_on_each, tmp_path
):
    rig = rig_on_each
    keep, ada = Keeper(rig, tmp_path), await _connected(rig)
    for text in ("Due, went out", "Due, stayed"):
        await ada.say(f"/tweet {text}")
        await ada.press("Post")
    for text in ("Planned, went out", "Planned, stayed"):
        await _plan(rig, ada, text, minutes=10)
    moment = rig.clock.now + timedelta(hours=5)
    for text in ("Brought forward", "In its time"):
        await _plan(rig, ada, text, hours=5)
    await ada.say("/tweet Drafted")
    await keep.backup()

    async with rig.app.db.begin() as session:
        stay = Task.text.in_(("Due, stayed", "Planned, stayed"))
        await session.execute(update(Task).where(stay).values(state=TaskState.CANCELLED))
        now = {"due_at": rig.clock.now, "wake_at": rig.clock.now}
        await session.execute(update(Task).where(Task.text == "Brought forward").values(**now))
    await ada.press("Post")
    await _later(rig)
    await _later(rig, minutes=10)
    went_out = ["Brought forward", "Drafted", "Due, went out", "Planned, went out"]
    assert _texts(rig, ada) == went_out

    await keep.restore()
    await _later(rig, hours=1)
    restored = await _states(rig)
    assert _texts(rig, ada) == went_out
    await ada.press("It is not there: post again")
    await ada.press("Delete")  # of the card that said Posted: it is shown as a draft again
    await ada.press("Post")
    await _later(rig)
    rig.clock.now = moment
    await _later(rig)

    assert restored == {
        "Due, went out": TaskState.DONE,
        "Due, stayed": TaskState.ASKING,
        "Planned, went out": TaskState.DONE,
        "Planned, stayed": TaskState.ASKING,
        "Brought forward": TaskState.SCHEDULED,
        "In its time": TaskState.SCHEDULED,
        "Drafted": TaskState.DRAFT,
    }
    left = {text for text, state in (await _states(rig)).items() if state == TaskState.ASKING}
    assert len(left) == 1
    assert _texts(rig, ada) == sorted([*restored.keys() - left])


async def test_a_question_answered_after_the_backup_is_looked_into_again(rig, keep, ada):
    await ada.say("/tweet Was it there?")
    await ada.press("Post")
    rig.x_fault("timeout_before", "/2/tweets$", times=9)
    await _later(rig)
    await _later(rig)
    assert await _states(rig) == {"Was it there?": TaskState.ASKING}
    rig.x.control("DELETE", "/faults")
    await keep.backup()
    await ada.press("It is not there: post again")
    await _later(rig)
    assert _texts(rig, ada) == ["Was it there?"]

    await keep.restore()
    await _later(rig)

    assert (await _states(rig), _texts(rig, ada)) == ({"Was it there?": TaskState.DONE}, ["Was it there?"])


async def test_a_press_from_before_that_comes_again_sends_nothing(rig, keep, ada):
    """The machine died over it, so Telegram brings it again; and somebody scrolls up to an old card."""
    await ada.say("/tweet Pressed once")
    card = ada.with_button("Post")
    await keep.backup()
    await ada.press("Post", message=card)
    pressed = rig.history[-1]
    await _later(rig)

    await keep.restore()
    await rig.give(pressed)
    await ada.press_data(pressed["callback_query"]["data"], card)
    await _later(rig)

    assert (await _states(rig), _texts(rig, ada)) == ({"Pressed once": TaskState.DRAFT}, ["Pressed once"])


async def test_a_draft_from_before_is_posted_like_any_other(rig, keep, ada):
    await ada.say("/tweet Not yet")
    await keep.backup()

    await keep.restore()
    await ada.press("Post")
    await ada.press("Post")
    await _later(rig)

    assert (await _states(rig), _texts(rig, ada)) == ({"Not yet": TaskState.DONE}, ["Not yet"])


async def test_a_draft_from_before_that_is_set_aside_can_be_brought_back(rig, keep, ada):
    await ada.say("/tweet Perhaps")
    await keep.backup()

    await keep.restore()
    await ada.press("Cancel")
    await ada.press("Cancel")
    await ada.press("Bring it back")
    await ada.press("Post")
    await _later(rig)

    assert (await _states(rig), _texts(rig, ada)) == ({"Perhaps": TaskState.DONE}, ["Perhaps"])


async def test_a_deletion_is_done_again_without_harm(rig, keep, ada):
    await ada.say("/tweet Regretted")
    await ada.press("Post")
    await rig.posted()
    await ada.press("Delete")
    await ada.press("Yes, delete it")
    await keep.backup()
    await rig.posted()
    assert _texts(rig, ada) == []

    await keep.restore()
    await _later(rig)

    assert set((await _states(rig)).values()) == {TaskState.DONE}


@pytest.mark.parametrize(
    ("policy", "since"), [("skip", TaskState.MISSED), ("late:48", TaskState.DONE)], ids=str
)
async def test_what_a_schedule_posted_since_the_backup_is_not_posted_again_by_itself(
    rig, keep, ada, policy, since
):
    await ada.say("/tweet Every hour")
    first = rig.clock.now + timedelta(hours=1)
    async with rig.app.db.begin() as session:
        draft = await session.scalar(select(Task))
        schedule = Schedule(
            person_id=draft.person_id,
            chat_id=draft.chat_id,
            source_message_id=draft.source_message_id,
            connection_id=draft.connection_id,
            state=ScheduleState.ACTIVE,
            rule=f"every 60 minutes from {rig.clock.now:%Y-%m-%dT%H:%M:%S}Z",
            zone="UTC",
            missed=policy,
            created_at=rig.clock.now,
        )
        session.add(schedule)
        await session.flush()
        session.add_all(
            ScheduleText(schedule_id=schedule.id, position=n, text=f"Every hour, {n}") for n in range(9)
        )
        await session.flush()
        await schedules.add_occurrence(session, schedule, first.replace(microsecond=0), now=rig.clock.now)
    await keep.backup()
    for _ in range(3):
        await _later(rig, minutes=60)
    posted = _texts(rig, ada)
    assert posted == [f"Every hour, {n}" for n in range(3)]

    rig.clock.advance(minutes=10)
    await keep.restore()
    await _later(rig)

    assert _texts(rig, ada) == posted
    assert await _states(rig) == {
        "Every hour": TaskState.DRAFT,
        "Every hour, 0": TaskState.DONE,
        "Every hour, 1": since,
        "Every hour, 2": since,
        "Every hour, 3": TaskState.SCHEDULED,
    }
