"""The rig of the journeys: real sandboxes, the assembled bot in this process, phones for people, a clock to turn.

    async def test_hello(rig):
        ada = await rig.phone("Ada")          # a person of her own, who has pressed Start
        await ada.say("/help")                # sends it and lets the bot deal with it
        assert "How it works" in ada.text     # the newest message of the bot she sees
        await ada.press("Connect an X account")   # by the words on the button

Updates are taken from the sandbox Telegram and given to the bot's edge one by one, so that when `say` or
`press` returns the bot has answered. Time stands still unless `rig.clock` is turned; what happens by time
alone (countdowns, albums, revocations) happens in `rig.chores()`, queued tweets in `rig.posted()`. For
races and crashes there are `ada.send` (no delivery), `rig.waiting()`, `rig.give(update, replica)`,
`rig.replica()` (one more bot on the same database) and `rig.restart()`.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr
from sqlalchemy import false, func, select

from bot.build import Application, assemble
from bot.edge import Outcome
from bot.pace import Pace, Rate
from bot.routes import ALLOWED_UPDATES
from bot.settings import Settings
from storage import holds, runs
from storage.db import Session
from storage.tables import Connection, Task, TaskState
from tests.sandbox import telegram_server
from tests.sandbox.telegram_server import BotSide, TelegramServer
from tests.sandbox.x_server import XServer

Raw = dict[str, Any]

#: The sandbox Telegram has no flood limits here (conftest.py), so no journey waits for them.
AT_ONCE = Rate(burst=1, every_s=0.0)


@dataclass
class Clock:
    """The bot's clock: stands still where a test puts it. The sandboxes keep their own."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@dataclass
class Rig:
    """One bot of its own at the shared sandboxes, on a fresh database, in as many replicas as wanted."""

    x: XServer
    telegram: TelegramServer
    bot: BotSide
    settings: Settings
    clock: Clock = field(default_factory=Clock)
    replicas: list[Application] = field(default_factory=list)
    history: list[Raw] = field(default_factory=list)
    """Every update that was taken, in order."""
    _opened: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def app(self) -> Application:
        return self.replicas[0]

    async def replica(self, **changes: Any) -> Application:
        """Assemble one more bot on the same database; `changes` are settings."""
        settings = self.settings.model_copy(update=changes)
        opened = await self._opened.enter_async_context(
            assemble(settings, clock=self.clock, pace=Pace(AT_ONCE, AT_ONCE, AT_ONCE))
        )
        self.replicas.append(opened)
        return opened

    async def stop(self) -> None:
        await self._opened.aclose()
        self.replicas.clear()

    async def restart(self, **changes: Any) -> Application:
        """Stop every replica and start one anew: all that is remembered is in the database."""
        await self.stop()
        return await self.replica(**changes)

    async def phone(self, name: str = "Ada", **more: Any) -> "Phone":
        """Make a new person with a phone, who opens the private chat with the bot and presses Start."""
        made = await asyncio.to_thread(
            self.telegram.control, "POST", "/people", json={"first_name": name, **more}
        )
        phone = Phone(self, made["id"], self.bot.id)
        phone.raw.start()
        await self.deliver()
        return phone

    def waiting(self) -> list[Raw]:
        """Take the updates that wait for the bot, and confirm them: from here on only the test has them."""
        taken: list[Raw] = []
        batch = self.bot.call("getUpdates", limit=100, allowed_updates=ALLOWED_UPDATES)
        while batch:
            taken += batch
            # Confirms these, and takes what came meanwhile.
            batch = self.bot.call("getUpdates", offset=batch[-1]["update_id"] + 1, limit=100)
        self.history += taken
        return taken

    async def give(self, update: Raw, replica: Application | None = None) -> Outcome:
        """Give one update to a replica."""
        return await (replica or self.app).edge.handle(update)

    async def deliver(self, replica: Application | None = None) -> None:
        """Give all waiting updates to a replica, in order; each must be finished."""
        while waiting := self.waiting():
            for update in waiting:
                outcome = await self.give(update, replica)
                assert outcome is Outcome.DONE, f"update {update['update_id']}: {outcome}"

    async def chores(self, replica: Application | None = None) -> None:
        """Let everything happen that time alone makes happen, once."""
        for chore in (replica or self.app).housekeeping.chores:
            await chore.do()

    async def posted(self, within_s: float = 60.0) -> None:
        """Carry out the tasks that are due until none is left that could go on now."""
        async with self.working():
            async with asyncio.timeout(within_s):
                while await self._has_due_tasks():
                    await asyncio.sleep(0.05)

    async def until(self, seen: Callable[[], Any], within_s: float = 60.0) -> None:
        """Wait for what goes on meanwhile."""
        async with asyncio.timeout(within_s):
            while not seen():
                await asyncio.sleep(0.02)

    @asynccontextmanager
    async def working(self, replica: Application | None = None) -> AsyncIterator[None]:
        """Let a replica carry tasks out meanwhile; one at a time in this process."""
        worker = (replica or self.app).worker
        await worker.start()
        try:
            yield
        finally:
            await worker.stop()

    async def _has_due_tasks(self) -> bool:
        waits = Task.wake_at > self.clock.now
        async with self.app.db.begin() as session:
            at_work = list(
                await session.scalars(
                    select(Task).where(
                        (Task.state == TaskState.RUNNING)
                        | ((Task.state == TaskState.DUE) & ~func.coalesce(waits, false()))
                        | ((Task.state == TaskState.SCHEDULED) & (Task.wake_at <= self.clock.now))
                    )
                )
            )
            held = [task for task in at_work if task.wake_at is None and await self._is_held(session, task)]
        return len(at_work) > len(held)

    async def _is_held(self, session: Session, task: Task) -> bool:
        connection = await session.get(Connection, task.connection_id or 0)
        held = connection is not None and await holds.why(session, connection, self.clock.now)
        held = held or await holds.why_grant(session, task)
        return bool(held) and not await self.app.doors.engine.under_way([runs.name_of(task)])

    def new_account(self, **more: Any) -> str:
        """Make an X account of this test's own; gives its name without the @."""
        return self.x.new_account(**more)["username"]

    def new_app(self, **more: Any) -> Raw:
        """Make an X app of this test's own; gives consumer_key and consumer_secret."""
        return self.x.control("POST", "/apps", json={"name": "app_" + secrets.token_hex(4), **more})

    def access_token(self, app: Raw, username: str) -> Raw:
        """Make a ready-made access token, as X's console does for the owner of an app."""
        return self.x.control("POST", "/tokens", json={"username": username, "app": app["name"]})

    def pin(self, authorize_url: str, username: str) -> str:
        """Do what a person does on X's page: log in, allow, read the PIN."""
        (token,) = parse_qs(urlsplit(authorize_url).query)["oauth_token"]
        return self.x.approve(token, username)

    def posts(self, username: str) -> list[Raw]:
        """List what is really on X, whatever anybody was told."""
        return self.x.control("GET", f"/posts?username={username}")

    def x_requests(self, path: str) -> list[Raw]:
        """List the requests X was sent at a path, oldest first."""
        return [each for each in self.x.control("GET", "/requests") if each["path"].startswith(path)]

    def x_fault(self, name: str, path: str, times: int = 1, **more: Any) -> None:
        """Let X misbehave at a path (a regular expression); see the sandbox's list of faults."""
        self.x.fault(name, {"path": path}, times, **more)

    def bot_calls(self, method: str) -> list[Raw]:
        """List what the bot asked of Telegram by one method."""
        return [call["params"] for call in self.bot.calls(method)]


@dataclass
class Phone:
    """A person's phone, open at one chat: the private chat with the bot, or a group."""

    rig: Rig
    person: int
    chat: int

    @property
    def raw(self) -> telegram_server.Phone:
        """The phone without the bot: what is sent with it waits to be delivered."""
        return self.rig.telegram.phone(self.person, self.chat)

    def in_group(self, group: int) -> "Phone":
        """Open another chat on the same phone."""
        return Phone(self.rig, self.person, group)

    def send(self, text: str, **more: Any) -> int:
        """Send a message and deliver nothing; gives its id."""
        return self.raw.send(text, **more)

    async def say(self, text: str, **more: Any) -> int:
        """Send a message and let the bot deal with it; gives its id."""
        sent = self.send(text, **more)
        await self.rig.deliver()
        return sent

    async def send_photos(self, *files: Path, **fields: Any) -> Raw:
        """Send photos (several: an album) and let the bot deal with them; `caption`, `shuffle`, ..."""
        opened = [(file.name, file.read_bytes(), "image/png") for file in files]
        answer = self.raw.send_files(*opened, **{"as": "photo", **fields})
        await self.rig.deliver()
        return answer

    async def start(self, payload: str = "") -> None:
        """Open a deep link and press Start."""
        self.raw.start(payload)
        await self.rig.deliver()

    async def open_link(self) -> str:
        """Go from /connect to the link of the registered app; gives its address."""
        await self.say("/connect")
        await self.press("Use this bot's app")
        return self.url("Open X and get the PIN")

    async def connect(self, account: str) -> None:
        """Connect an X account by the registered app, to the end."""
        await self.say(self.rig.pin(await self.open_link(), account))
        await self.press("Yes, this is mine")
        assert f"@{account}" in self.text, self.text

    async def press(
        self, label: str, *, message: Raw | None = None, replica: Application | None = None
    ) -> str:
        """Press a button by its words, on the newest message that has it; gives the toast, if any."""
        message = message or self.with_button(label)
        return await self.press_data(self._button(message, label)["data"], message, replica=replica)

    async def press_data(self, data: str, message: Raw, *, replica: Application | None = None) -> str:
        """Press whatever a client may send: its data need not stand on any button."""
        answering = asyncio.create_task(
            asyncio.to_thread(self.raw.press, message["message_id"], data=data, wait=15, forge=True)
        )
        while not (waiting := self.rig.waiting()) and not answering.done():
            await asyncio.sleep(0.01)
        for update in waiting:
            await self.rig.give(update, replica)
        return (await answering).get("text") or ""

    def messages(self) -> list[Raw]:
        """List the messages in this chat, as this person sees them now."""
        return self.raw.messages()

    @property
    def last(self) -> Raw:
        """The newest message of the bot."""
        return [message for message in self.messages() if not message["out"]][-1]

    @property
    def text(self) -> str:
        """The words of the bot's newest message."""
        return words(self.last)

    @property
    def texts(self) -> list[str]:
        """The words of all messages of the bot, oldest first."""
        return [words(message) for message in self.messages() if not message["out"]]

    @property
    def buttons(self) -> list[str]:
        """The labels under the bot's newest message."""
        return [each["text"] for row in self.last["inline_keyboard"] or [] for each in row]

    def with_button(self, label: str) -> Raw:
        """Find the newest message with that button."""
        for message in reversed(self.messages()):
            if self._button_or_none(message, label):
                return message
        raise AssertionError(f"no button {label!r}; the bot says {self.text!r} with {self.buttons}")

    def url(self, label: str) -> str:
        """Give the address behind a button."""
        return self._button(self.with_button(label), label)["url"]

    def sees(self, message_id: int) -> bool:
        """Tell whether a message is still in the chat."""
        return message_id in {message["message_id"] for message in self.messages()}

    def _button(self, message: Raw, label: str) -> Raw:
        found = self._button_or_none(message, label)
        assert found, f"no button {label!r}"
        return found

    def _button_or_none(self, message: Raw, label: str) -> Raw | None:
        rows = message.get("inline_keyboard") or []
        return next((each for row in rows for each in row if each["text"] == label), None)


def words(message: Raw) -> str:
    """Give the text or caption of a message."""
    return message.get("text") or message.get("caption") or ""


def settings(
    x: XServer, bot: BotSide, origin: str, database_url: str, directory: Path, **more: Any
) -> Settings:
    """Give settings for the sandboxes, open to everybody, with the registered app."""
    app = x.app("registered")
    return Settings(
        **{
            "bot_token": SecretStr(bot.token),
            "consumer_key": SecretStr(app["consumer_key"]),
            "consumer_secret": SecretStr(app["consumer_secret"]),
            "open_to_all": True,
            "data_dir": directory,
            "database_url": SecretStr(database_url),
            "key_file": directory / "keys",
            "telegram_api": origin,
            "x_api": x.origin,
            **more,
        }
    )
