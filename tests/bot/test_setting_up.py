"""`pinfeather init` is run as a person or a script runs it: at a terminal, or with lines piped in."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import setting_up
from bot.settings import Settings
from storage import keyring
from tests.sandbox.conftest import x_server  # noqa: F401
from twitter.client import App

SANDBOX = "5000000001:SANDBOX-demo-token-0000000000000000"
INIT = (sys.executable, "-m", "bot", "init")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "PINFEATHER_HOME": str(tmp_path / "home"),
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path.cwd()),
    }


def piped(environ: dict[str, str], lines: str) -> subprocess.CompletedProcess[str]:
    """Run `init` in a session without any terminal."""
    return subprocess.run(
        INIT,
        input=lines,
        env=environ,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,
    )


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("rubbish", "That is no bot token: BotFather gives it as 123456789:AbC..."),
        ("123456789:Ä-token-with-letters-of-other-people", "That is no bot token"),
        ("", "That is no bot token"),
        (SANDBOX, "That is the sandbox's token"),
    ],
)
def test_what_has_not_the_shape_of_a_token_is_never_sent_to_telegram(environ, token, said):
    done = piped(environ, f"{token}\n")

    assert done.returncode == 1
    assert done.stderr.startswith(f"pinfeather: {said}")
    assert "Telegram could not be asked" not in done.stdout + done.stderr
    assert not (Path(environ["PINFEATHER_HOME"]) / "settings.toml").exists()


def test_without_a_terminal_nothing_warns_and_the_end_of_the_input_is_said_in_words(environ):
    done = piped(environ, "")

    assert done.returncode == 1
    assert done.stderr == (
        "pinfeather: The input ended at: Bot token. Give one answer a line, or call this at a terminal\n"
    )


def test_at_a_terminal_it_asks_again_and_shows_nothing_of_what_is_typed(environ):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        INIT, stdin=theirs, stdout=theirs, stderr=theirs, env=environ, start_new_session=True
    ) as asked:
        os.close(theirs)
        seen = shown_until(ours, "Bot token: ")
        os.write(ours, b"rubbish\n")
        seen += shown_until(ours, "Bot token: ")
        asked.terminate()
    os.close(ours)

    assert "That is no bot token" in seen
    assert "rubbish" not in seen
    assert "Warning" not in seen


def shown_until(terminal: int, words: str) -> str:
    """Read what a terminal shows until some words come; the test's own time-out ends a wait in vain."""
    seen = ""
    while not seen.endswith(words):
        seen += os.read(terminal, 1024).decode()
    return seen


async def test_an_app_x_does_not_know_is_to_be_copied_anew_not_connected_again(x_server):  # noqa: F811
    said = await setting_up.app_fault(App("k" * 25, "s" * 50), x_server.origin)

    assert said is not None
    assert "copy the consumer key" in said
    assert "Connect again" not in said


@pytest.mark.parametrize("inline", [True, False])
async def test_check_says_when_inline_mode_is_off(telegram_server, tmp_path, sqlite_url, capsys, inline):
    bot = telegram_server.new_bot(inline=inline)
    keyring.make_key_file(tmp_path / "keys")

    await setting_up.check(
        Settings(
            bot_token=SecretStr(bot.token),
            database_url=SecretStr(sqlite_url),
            data_dir=tmp_path,
            key_file=tmp_path / "keys",
            telegram_api=telegram_server.origin,
        )
    )

    said = capsys.readouterr().out
    assert f"Telegram: fine, the bot is @{bot.username}" in said
    assert ("switch it on at BotFather with /setinline" in said) is not inline
