"""An execution dies at every boundary of a write, and another takes the task up: X has it once, the row is done.

The boundaries are not listed: an execution dies before and after each of its commits, whichever there are, with
X answering, and with X's answer lost before and after it did what it was asked.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from storage import parts, runs, tasks
from storage.db import Database, Session
from storage.tables import Task, TaskPart, TaskState
from tasks import run
from tasks.parameters import Extras

#: No write has more transactions than this, or the test does not end.
COMMITS_MAX = 40
STEP = timedelta(seconds=40)


class Died(Exception):  # noqa: N818 - says what happened
    """The process is gone: whatever it had not committed, and its answer to X, with it."""


class Mortal(Database):
    """A process's way to the database, which dies before or after the commit of one transaction."""

    def __init__(self, engine, dies_at: int, *, after: bool) -> None:
        super().__init__(engine)
        self._dies_at = dies_at
        self._after = after
        self.begun = 0

    @property
    def is_dead(self) -> bool:
        return self.begun >= self._dies_at

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Session]:
        if self.is_dead:
            raise Died
        self.begun += 1
        dies = self.is_dead
        async with super().begin() as session:
            yield session
            if dies and not self._after:
                raise Died
        if dies:
            raise Died


@dataclass
class Deed:
    """Something to do on X: how it becomes a task, where X's answer is lost, and what X has of it."""

    rig: object
    name: str
    friend: dict | None = None
    post_id: str | None = None

    async def make(self, number: int) -> Task:
        text = f"{self.name} {number}"
        if self.name == "message":
            return await self.rig.task(text, kind="message", target_user_id=self.friend["id"])
        if self.name == "follow":
            # Of a name: whom it means is looked up on the way.
            named = Extras(username=self.rig.x.new_account()["username"]).written()
            return await self.rig.task(text, kind="follow", parameters=named)
        if self.name == "repost":
            friend = self.rig.x.session(self.friend["username"])
            self.post_id = friend.tweet(text).json()["data"]["id"]
            return await self.rig.task(text, kind="repost", target_post_id=self.post_id)
        if self.name == "delete":
            answer = self.rig.x.session(self.rig.username).tweet(text)
            post_id = answer.json()["data"]["id"]
            return await self.rig.task(text, kind="delete", target_post_id=post_id)
        task = await self.rig.task(text)
        if self.name in ("thread", "photos"):
            async with self.rig.db.begin() as session:
                session.add(TaskPart(task_id=task.id, part=1, text=f"{text} goes on"))
        if self.name == "photos":
            await self._add_photos(task)
        return task

    async def _add_photos(self, task: Task) -> None:
        """Give each part a picture, one of them described."""
        async with self.rig.db.begin() as session:
            for part, alt_text in enumerate((None, "A cat")):
                new = tasks.NewMedia("photo", f"f{part}", f"u{part}", "image/jpeg", 9, None)
                await tasks.add_media(session, task.id, 11 + part, new)
                await parts.move_files(session, task.id, 11 + part, to=part)
                if alt_text:
                    await tasks.set_alt_text(session, task.id, 11 + part, alt_text)

    def lose(self, fault: str, nth: int) -> None:
        """Lose the answer to its n-th request, from 0."""
        method = "DELETE" if self.name == "delete" else "POST"
        paths = {
            "message": "/messages$",
            "delete": "/2/tweets/",
            "repost": "/retweets$",
            "follow": "/following$",
        }
        path = paths.get(self.name, "/2/tweets$")
        for _ in range(nth):
            self.rig.fault("slow", 1, method, path, seconds=0)
        self.rig.fault(fault, 1, method, path)

    def at_x(self, number: int) -> list[str]:
        """List what X has of one, oldest first; a text that is there twice stands there twice."""
        rig, text = self.rig, f"{self.name} {number}"
        if self.name == "follow":
            follows = rig.x.control("GET", "/follows", params={"username": rig.username})
            return [text] * (len(follows["following"]) - number + 1)
        if self.name == "repost":
            return [text for one in rig.posts() if one.get("repost_of") == self.post_id]
        if self.name == "message":
            found = rig.x.control("GET", "/messages", params={"username": rig.username})
        else:
            found = rig.posts()
        mine = [one for one in reversed(found) if one["text"].split(" goes")[0] == text]
        if self.name == "photos":
            return [f"{one['text']}, {len(one['media'])} picture" for one in mine]
        return [one["text"] for one in mine]

    def once(self, number: int) -> list[str]:
        text = f"{self.name} {number}"
        return {
            "delete": [],
            "thread": [text, f"{text} goes on"],
            "photos": [f"{text}, 1 picture", f"{text} goes on, 1 picture"],
        }.get(self.name, [text])


@pytest.fixture(params=["tweet", "thread", "delete", "message", "repost", "follow", "photos"])
def deed(rig, request) -> Iterator[Deed]:
    is_with_friend = request.param in ("message", "repost")
    rig.x.control("POST", "/rules", json={"self_serve": request.param != "follow"})
    yield Deed(rig, request.param, rig.x.new_account() if is_with_friend else None)
    rig.x.control("POST", "/rules", json={"self_serve": True})


@pytest.fixture(autouse=True)
def much_room(rig):
    """Let no limit be met by accident."""
    rig.x.control("PUT", "/limits", json={"factor": 1000})
    yield
    rig.x.control("PUT", "/limits", json={"factor": 1})


async def dies(rig, task, at: int, *, after: bool) -> bool:
    """Execute a task's run in a process that dies; tells whether it did before the task was at rest."""
    db = Mortal(rig.db.engine, at, after=after)
    try:
        await run.run(replace(rig.doors, db=db), runs.name_of(task))
    except Died:
        return True
    return db.is_dead


async def taken_up(rig, task) -> Task:
    """Take a task up as the engine and the waking round do, until it rests for good."""
    for number in range(10):
        after = number * STEP
        row = await rig.now(task.id)
        if row.state not in (TaskState.DUE, TaskState.RUNNING):
            return row
        await run.run(replace(rig.doors, clock=lambda a=after: rig.doors.clock() + a), runs.name_of(row))
    raise AssertionError("it does not come to rest")


@pytest.mark.parametrize("after", [False, True], ids=["before a commit", "after a commit"])
@pytest.mark.parametrize("lost", [None, "timeout_before", "timeout_after"])
async def test_whoever_dies_where_ever_x_has_it_once_and_the_row_is_done(rig, deed, lost, after):
    at = 0
    while at < COMMITS_MAX:
        at += 1
        task = await deed.make(at)
        if lost is not None:
            deed.lose(lost, nth=at % 2 if deed.name in ("thread", "photos") else 0)

        died = await dies(rig, task, at, after=after)
        # What the dead one had not asked for is not lost to the one who takes over.
        rig.x.control("DELETE", "/faults")
        done = await taken_up(rig, task)

        assert done.state == TaskState.DONE, f"died at commit {at}: {done.outcome}"
        assert deed.at_x(at) == deed.once(at), f"died at commit {at}"
        if not died:
            break

    assert 5 <= at < COMMITS_MAX


async def test_who_dies_twice_at_different_places_leaves_it_once(rig, deed):
    for number, (first, second) in enumerate([(3, 4), (4, 5), (5, 3), (6, 6), (7, 4)], 1):
        task = await deed.make(number)
        for at, after in ((first, True), (second, False)):
            await dies(rig, await rig.now(task.id), at, after=after)

        assert (await taken_up(rig, task)).state == TaskState.DONE
        assert deed.at_x(number) == deed.once(number)


async def test_one_taken_over_while_its_file_came_sends_nothing_when_it_goes_on(rig):
    deed = Deed(rig, "thread")
    task = await deed.make(1)
    async with rig.db.begin() as session:
        await tasks.add_media(session, task.id, 11, tasks.NewMedia("photo", "f", "u", "image/jpeg", 9, None))

    async def fetch(file_id):
        assert (await taken_up(rig, task)).state == TaskState.DONE
        return await rig.doors.fetch(file_id)

    await run.run(replace(rig.doors, fetch=fetch), runs.name_of(task))

    assert (await rig.now(task.id)).state == TaskState.DONE
    assert deed.at_x(1) == deed.once(1)
