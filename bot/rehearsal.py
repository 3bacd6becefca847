"""`pinfeather sandbox`: a made-up Telegram, a made-up X and the bot between them, each its own process.

Everything is forgotten when it stops: the servers keep their state in memory, the bot in a directory that
is deleted.
"""

import asyncio
import contextlib
import functools
import secrets
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.settings_sources import PREFIX

HOST = "127.0.0.1"
#: Seconds a server has to answer, and the bot to ask for updates.
PATIENCE_S = 30.0
#: Seconds a process has to end by itself.
GRACE_S = 10.0
#: Characters shown of what a fallen server said.
LAST_WORDS = 2000
#: The sandbox's built-in bot and registered app.
BOT_TOKEN = "5000000001:SANDBOX-demo-token-0000000000000000"  # noqa: S105 - the sandbox's, known to all
REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for on the command line."""

    bot: bool
    port: int
    x_port: int
    browser: bool
    log_level: str


@dataclass(frozen=True, slots=True)
class Stage:
    """Where things are this time."""

    telegram: str
    x: str
    control_token: str


class Fell(Exception):  # noqa: N818 - said to whoever tries it
    """A part did not start or stopped by itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the rehearsal."""

    name: str
    process: asyncio.subprocess.Process
    log: Path | None
    """What it said, shown only when it fell; None: it says it on the terminal."""

    def check(self) -> None:
        """Raise Fell when it is not running any more."""
        if self.process.returncode is None:
            return
        if self.log:
            _say(self.log.read_text(encoding="utf-8", errors="replace")[-LAST_WORDS:])
        raise Fell(f"{self.name} stopped by itself (exit code {self.process.returncode}); see above")


async def play(wishes: Wishes, environ: Mapping[str, str]) -> None:
    """Start everything, say where it is, and stop it all on SIGINT or SIGTERM, or when a part falls."""
    stop = _stop_on_signals()
    with tempfile.TemporaryDirectory(prefix="pinfeather-sandbox-") as home:
        try:
            async with contextlib.AsyncExitStack() as stack:
                await _perform(wishes, _clean(environ), Path(home), stop, stack)
        except Fell as fell:
            _say(f"\n{fell}. Everything is stopped.")
            sys.exit(1)
    _say("\nStopped. Nothing was kept.")


async def _perform(
    wishes: Wishes,
    environ: dict[str, str],
    home: Path,
    stop: asyncio.Event,
    stack: contextlib.AsyncExitStack,
) -> None:
    stage = Stage(_origin(wishes.port), _origin(wishes.x_port), secrets.token_urlsafe(24))
    servers = environ | {"SANDBOX_CONTROL_TOKEN": stage.control_token}
    _say("Starting the sandbox: made-up accounts, nothing leaves this machine ...")
    parts = []
    for name, module, own, flags in (
        ("the sandbox X", "sandbox.x", stage.x, ("--with-posts", "--telegram-origin", stage.telegram)),
        ("the sandbox Telegram", "sandbox.telegram", stage.telegram, ("--x-origin", stage.x)),
    ):
        arguments = ["-m", module, "--port", own.rpartition(":")[2], *flags]
        log = home / f"{module}.log"
        parts.append(await stack.enter_async_context(_started(name, arguments, servers, log)))
    async with httpx.AsyncClient(headers={"X-Sandbox-Token": stage.control_token}, trust_env=False) as http:
        for part, origin in zip(parts, (stage.x, stage.telegram), strict=True):
            await _until(functools.partial(_answers, http, f"{origin}/sandbox/ready"), part, stop)
        if wishes.bot and not stop.is_set():
            settings = environ | await _bot_settings(http, stage, home, wishes.log_level)
            parts.append(await stack.enter_async_context(_started("the bot", ["-m", "bot", "run"], settings)))
            await _until(functools.partial(_polls, http, stage), parts[-1], stop)
    if not stop.is_set():
        _tell_where(wishes, stage)
        if wishes.browser and _has_browser(environ):
            webbrowser.open(f"{stage.telegram}/")
    await _watch(parts, stop)


def _tell_where(wishes: Wishes, stage: Stage) -> None:
    if not stage.telegram.endswith(f":{wishes.port}"):
        _say(f"Port {wishes.port} is in use (another sandbox?), so this one is elsewhere:")
    _say(f"\n    {stage.telegram}/\n\nOpen it in a browser. Ctrl-C stops everything.")
    if not wishes.bot:
        _say(
            "No bot was started. One with these settings talks to the sandbox:\n"
            f"  PINFEATHER_BOT_TOKEN={BOT_TOKEN}\n"
            f"  PINFEATHER_TELEGRAM_API={stage.telegram}\n"
            f"  PINFEATHER_X_API={stage.x}\n"
            "  PINFEATHER_DEMO=true"
        )


async def _watch(parts: list[Part], stop: asyncio.Event) -> None:
    while not stop.is_set():
        for part in parts:
            part.check()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 0.3)


async def _bot_settings(http: httpx.AsyncClient, stage: Stage, home: Path, log_level: str) -> dict[str, str]:
    apps = (await http.get(f"{stage.x}/sandbox/api/apps")).json()
    registered = next(app for app in apps if app["name"] == REGISTERED)
    return {
        f"{PREFIX}HOME": str(home),
        f"{PREFIX}BOT_TOKEN": BOT_TOKEN,
        f"{PREFIX}TELEGRAM_API": stage.telegram,
        f"{PREFIX}X_API": stage.x,
        f"{PREFIX}CONSUMER_KEY": registered["consumer_key"],
        f"{PREFIX}CONSUMER_SECRET": registered["consumer_secret"],
        f"{PREFIX}DEMO": "true",
        f"{PREFIX}LOG_LEVEL": log_level.upper(),
    }


@contextlib.asynccontextmanager
async def _started(
    name: str, arguments: list[str], environ: Mapping[str, str], log: Path | None = None
) -> AsyncIterator[Part]:
    """Start a Python process of its own session, so that Ctrl-C reaches us alone and we stop it in order."""
    with log.open("wb") if log else contextlib.nullcontext() as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            env=environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=file,
            start_new_session=True,
        )
    try:
        yield Part(name, process, log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(GRACE_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def _until(ready: Callable[[], Awaitable[bool]], part: Part, stop: asyncio.Event) -> None:
    """Wait until a part is ready. Raises Fell when it stops, or takes too long."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while not stop.is_set() and not await ready():
        part.check()
        if asyncio.get_running_loop().time() > deadline:
            raise Fell(f"{part.name} did not get ready within {PATIENCE_S:.0f} seconds")
        await asyncio.sleep(0.1)


async def _answers(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(url)).status_code == 200
    except httpx.HTTPError:
        return False


async def _polls(http: httpx.AsyncClient, stage: Stage) -> bool:
    try:
        calls = (await http.get(f"{stage.telegram}/phone/api/calls")).json()["calls"]
    except (httpx.HTTPError, ValueError, KeyError):
        return False
    return any(call["method"].lower() == "getupdates" for call in calls)


def _origin(port: int) -> str:
    """Give the address of a port: the one wished for, or, when that is taken, any free one."""
    return f"http://{HOST}:{_free(port)}"


def _free(port: int) -> int:
    for wish in (port, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, wish))
            return int(probe.getsockname()[1])
    raise Fell("there is no free port on this machine")


def _clean(environ: Mapping[str, str]) -> dict[str, str]:
    """Leave out the settings of a real bot: nothing of them belongs in here."""
    kept = {name: value for name, value in environ.items() if not name.startswith(PREFIX)}
    return {name: value for name, value in kept.items() if not name.lower().endswith("_proxy")}


def _has_browser(environ: Mapping[str, str]) -> bool:
    """Tell whether a window can be opened: a text browser in this terminal would be no help."""
    return sys.platform != "linux" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    return stop


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - this is a command's output
