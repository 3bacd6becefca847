"""Two workers on Postgres, of which one is killed, freezes or is cut off: the other goes on with its tasks."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.liveness import LOST_STATUS
from storage.tables import Task, TaskState, Write, WriteState
from tests.builders import add_connection, add_task
from tests.forwarder import forwarded
from twitter.client import App, Token, in_thread
from twitter.errors import Unavailable
from twitter.people import who_am_i

ROOT = Path(__file__).parents[2]
#: What docs/operating.md promises.
REPLACED_WITHIN_S = 15
CONNECTIONS = 6
TWEETS = 3
SENDING = {"method": "POST", "path": "/2/tweets$"}


class Worker:
    """One `pinfeather work` of its own."""

    def __init__(self, environ, log):
        self.log = log
        with log.open("wb") as file:
            command = [sys.executable, "-m", "bot", "work"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=file, stderr=file)

    async def ready(self):
        async with asyncio.timeout(60):
            while "working as @" not in self.log.read_text():
                assert self.process.poll() is None, self.log.read_text()[-3000:]
                await asyncio.sleep(0.05)

    def holds(self, task):
        """Tell whether it has this task in hand; a worker's name holds the number of its process."""
        return task.state == TaskState.RUNNING and f"-{self.process.pid}-" in (task.lease_by or "")

    async def end(self):
        return await asyncio.to_thread(self.process.wait, 20)

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
async def rig(make_rig, postgresql_url):
    """Give a bot on Postgres that carries out nothing itself; the workers do."""
    return await make_rig(postgresql_url)


@pytest.fixture
def start(rig, postgresql_url, tmp_path):
    """Start workers; they are killed when the test ends."""
    settings = rig.settings
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PINFEATHER_")}
    environ = kept | {
        "PINFEATHER_HOME": str(tmp_path),
        "PINFEATHER_KEY_FILE": str(settings.key_file),
        "PINFEATHER_BOT_TOKEN": settings.bot_token.get_secret_value(),
        "PINFEATHER_CONSUMER_KEY": settings.consumer_key.get_secret_value(),
        "PINFEATHER_CONSUMER_SECRET": settings.consumer_secret.get_secret_value(),
        "PINFEATHER_TELEGRAM_API": settings.telegram_api,
        "PINFEATHER_X_API": settings.x_api,
        "PINFEATHER_SETTLE_AFTER_S": "3",
    }
    started = []

    def start_worker(url=postgresql_url):
        log = tmp_path / f"worker-{len(started)}.txt"
        started.append(Worker(environ | {"PINFEATHER_DATABASE_URL": url}, log))
        return started[-1]

    yield start_worker
    for each in started:
        each.kill()


async def fill(rig, connections=CONNECTIONS, tweets=TWEETS):
    """Let Ada want some tweets now, by several accounts; gives each account's tweets in their order."""
    ada = await rig.phone()
    consumer_key = rig.settings.consumer_key.get_secret_value()
    wanted, number = {}, 0
    for _ in range(connections):
        account = rig.x.new_account()
        grant = rig.x.control("POST", "/tokens", json={"username": account["username"], "app": "registered"})
        connection = await add_connection(
            rig.app.db,
            rig.app.doors.vault,
            person_id=ada.person,
            username=account["username"],
            x_user_id=account["id"],
            token=grant["token"],
            secret=grant["secret"],
            app_fingerprint=rig.app.doors.vault.fingerprint(consumer_key),
        )
        wanted[account["username"]] = [f"Tweet {tweet}" for tweet in range(tweets)]
        for text in wanted[account["username"]]:
            number, now = number + 1, datetime.now(UTC)
            await add_task(
                rig.app.db,
                id=f"{number:026d}",
                person_id=ada.person,
                chat_id=ada.person,
                source_message_id=1000 + number,
                connection_id=connection.id,
                state=TaskState.DUE,
                text=text,
                due_at=now,
                wake_at=now,
            )
    return wanted


async def until(rig, fulfilled, within_s):
    """Wait until the tasks are as wanted; gives how long it took, in seconds."""
    began = time.monotonic()
    while True:
        async with rig.app.db.begin() as session:
            tasks = (await session.scalars(select(Task).order_by(Task.id))).all()
        if fulfilled(tasks):
            return time.monotonic() - began
        states = [(task.state, task.outcome, task.lease_by) for task in tasks]
        assert time.monotonic() - began < within_s, states
        await asyncio.sleep(0.05)


def sends(rig):
    return [each["fault"] for each in rig.x_requests("/2/tweets") if each["method"] == "POST"]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("end", ["killed", "frozen", "cut off"])
async def test_another_worker_goes_on_within_fifteen_seconds(rig, start, postgresql_url, end):
    """Each account's first tweet is on its way when it happens: X took half of them and answers nobody."""
    before = len(sends(rig))
    for fault in ("timeout_before", "timeout_after"):
        rig.x.fault(fault, SENDING, CONNECTIONS // 2, seconds=120)
    with ExitStack() as opened:
        line = opened.enter_context(forwarded(postgresql_url))
        victim = start(line.url if end == "cut off" else postgresql_url)
        await victim.ready()
        wanted = await fill(rig)
        other = start()
        await other.ready()
        await until(rig, lambda _: len(sends(rig)) - before == CONNECTIONS, 20)

        strike = {"killed": victim.process.kill, "cut off": line.cut}
        strike.get(end, lambda: victim.process.send_signal(signal.SIGSTOP))()
        replaced_s = await until(rig, lambda tasks: not any(map(victim.holds, tasks)), 60)
        await until(rig, lambda tasks: all(task.state == TaskState.DONE for task in tasks), 90)

        sent = len(sends(rig)) - before
        if end != "killed":
            victim.process.send_signal(signal.SIGCONT)
            assert await victim.end() == LOST_STATUS

    posted = {name: [post["text"] for post in reversed(rig.posts(name))] for name in wanted}
    print(f"{end}: replaced after {replaced_s:.1f} s, {sent} sends of {CONNECTIONS * TWEETS} tweets")
    assert posted == wanted
    assert sent == CONNECTIONS * TWEETS + CONNECTIONS // 2, "what X had not taken is sent once more"
    assert len(sends(rig)) - before == sent, "who wakes sends nothing"
    assert replaced_s < REPLACED_WITHIN_S


async def until_a_fence_is_open(rig):
    async with asyncio.timeout(60):
        while True:
            async with rig.app.db.begin() as session:
                if await session.scalar(select(Write).where(Write.state == WriteState.SENDING)):
                    return
            await asyncio.sleep(0.01)


@pytest.mark.timeout(240)
async def test_who_freezes_between_its_fence_and_the_socket_sends_nothing_when_it_wakes(
    rig, start, postgresql_url
):
    """Postgres has committed that the tweet is being sent, and the worker has not heard so yet."""
    before = len(sends(rig))
    with forwarded(postgresql_url) as line:
        victim = start(line.url)
        await victim.ready()
        line.answers_after_s = 0.3
        wanted = await fill(rig, connections=1, tweets=1)
        await until(rig, lambda tasks: any(map(victim.holds, tasks)), 60)
        other = start()
        await until_a_fence_is_open(rig)
        victim.process.send_signal(signal.SIGSTOP)

        await other.ready()
        await until(rig, lambda tasks: not any(map(victim.holds, tasks)), 60)
        victim.process.send_signal(signal.SIGCONT)
        assert await victim.end() == LOST_STATUS
        await until(rig, lambda tasks: all(task.state == TaskState.DONE for task in tasks), 90)

    assert {name: [post["text"] for post in rig.posts(name)] for name in wanted} == wanted
    assert len(sends(rig)) - before == 1


async def test_a_bot_that_lost_its_sign_of_life_asks_x_nothing(rig):
    before = len(rig.x_requests("/2/users/me"))
    rig.app.worker._sign._seen_s = float("-inf")

    with pytest.raises(Unavailable):
        await in_thread(who_am_i, rig.app.doors.x, App("k" * 25, "s" * 25), Token("1-t", "s"))

    assert len(rig.x_requests("/2/users/me")) == before
