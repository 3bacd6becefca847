"""Starts `pinfeather sandbox` as a person does, reads what it prints, and stops it with Ctrl-C."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
BOT = 5000000001
TOKEN = "5000000001:SANDBOX-demo-token-0000000000000000"
#: Seconds everything has to start, on a busy machine.
PATIENCE_S = 60


@dataclass
class Demo:
    """A running `pinfeather sandbox`: what it says, and the truth about what was posted."""

    process: subprocess.Popen[bytes]
    output: Path
    address: str
    control_token: str
    x_origin: str

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def app(self, name: str) -> dict[str, Any]:
        return next(app for app in self._ask("/apps") if app["name"] == name)

    def posts(self, username: str) -> list[dict[str, Any]]:
        return self._ask(f"/posts?username={username}")

    def _ask(self, path: str) -> Any:
        headers = {"X-Sandbox-Token": self.control_token}
        answer = httpx.get(f"{self.x_origin}/sandbox/api{path}", headers=headers, trust_env=False)
        return answer.raise_for_status().json()

    def interrupt(self) -> int:
        """Press Ctrl-C and give the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@contextmanager
def running_demo(directory: Path, *options: str) -> Iterator[Demo]:
    """Run the sandbox with a bot in it until the block ends."""
    output = directory / "said.txt"
    command = [
        sys.executable, "-m", "bot", "sandbox", "--port", "0", "--x-port", "0", "--no-browser", *options
    ]  # fmt: skip
    with output.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)
    try:
        address = _address(process, output)
        control_token = re.search(r'name="sandbox-token" content="([^"]+)"', _get(address).text)[1]
        me = _get(f"{address}phone/api/me", control_token).json()
        yield Demo(process, output, address, control_token, me["x_origin"])
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        process.wait(60)


def _get(url: str, control_token: str = "") -> httpx.Response:
    headers = {"X-Sandbox-Token": control_token}
    return httpx.get(url, headers=headers, trust_env=False).raise_for_status()


def _address(process: subprocess.Popen[bytes], output: Path) -> str:
    """Wait for the one address that is printed."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        said = output.read_text(encoding="utf-8")
        if found := re.search(r"^ *(http://127\.0\.0\.1:\d+/)$", said, re.MULTILINE):
            return found[1]
        assert process.poll() is None, said
        time.sleep(0.1)
    raise AssertionError(f"no address within {PATIENCE_S} seconds: {output.read_text(encoding='utf-8')}")


@contextmanager
def running_bot(demo: Demo, home: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a bot of one's own in a sandbox that was started without one; what it knows lies in `home`."""
    app = demo.app("registered")
    settings = {
        "PINFEATHER_HOME": str(home),
        "PINFEATHER_BOT_TOKEN": TOKEN,
        "PINFEATHER_TELEGRAM_API": demo.address.rstrip("/"),
        "PINFEATHER_X_API": demo.x_origin,
        "PINFEATHER_CONSUMER_KEY": app["consumer_key"],
        "PINFEATHER_CONSUMER_SECRET": app["consumer_secret"],
        "PINFEATHER_DEMO": "true",
        "PINFEATHER_LOG_LEVEL": "WARNING",
    }
    settings |= {f"PINFEATHER_{name.upper()}": value for name, value in more.items()}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PINFEATHER_")}
    process = subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=ROOT, env=clean | settings)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        process.wait(60)
