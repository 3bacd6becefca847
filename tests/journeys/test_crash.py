"""The bot's processes are killed again and again while people tweet: nothing lost, nothing twice, all in order.

The long form, with as many kills as one likes, is `python -m benchmarks.chaos`.
"""

import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from benchmarks import chaos
from tests.journeys.rig import words

ROOT = Path(__file__).parents[2]
TWEETS = 6
KILLS = 4
SEED = 3
#: The bot is killed after this many more calls of Telegram, at most: a person's tweet takes about six.
CALLS = 14
OPEN = "Open X and get the PIN"
#: Seconds after which somebody presses an older button, because the newest message offers none.
PATIENCE_S = 20


class Bot:
    """The bot's process, started anew after each kill."""

    def __init__(self, environ, side, log):
        self.environ, self.side, self.log = environ, side, log
        self.process = None
        self.kills = 0

    def start(self):
        before = len(self.side.calls("getUpdates"))
        with self.log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], cwd=ROOT, env=self.environ, stdout=file, stderr=file
            )
        while len(self.side.calls("getUpdates")) == before:
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            time.sleep(0.05)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(60)
        self.kills += 1

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


class Somebody(threading.Thread):
    """A person at their phone, who looks at the chat and does what is next, however long the bot takes."""

    def __init__(self, x, phone, account):
        super().__init__(daemon=True)
        self.x, self.phone, self.account = x, phone, account
        self.pins_for = set()
        self.seen, self.since = [], 0.0
        self.failure = None

    def run(self):
        try:
            self.phone.start()
            while not self.is_connected():
                self.go_on_connecting()
                time.sleep(0.3)
            for number in range(TWEETS):
                self.tweet(f"Crash tweet {number}")
        except Exception as error:  # noqa: BLE001 - told by the test
            self.failure = error

    def messages(self):
        return [message for message in self.phone.messages() if not message["out"]]

    def is_connected(self):
        return any("is connected:" in words(message) for message in self.messages())

    def go_on_connecting(self):
        """Press what the newest message offers; while it offers nothing the bot is at work, or was killed."""
        messages = self.messages()
        seen = [(message["message_id"], words(message)) for message in messages]
        if seen != self.seen:
            self.seen, self.since = seen, time.monotonic()
        offering = [m for m in messages if m["inline_keyboard"]]
        waits = not offering or offering[-1] is not messages[-1]
        if not offering or (waits and time.monotonic() - self.since < PATIENCE_S):
            return
        newest = offering[-1]
        offered = {b["text"]: b for row in newest["inline_keyboard"] for b in row}
        if OPEN in offered and offered[OPEN]["url"] not in self.pins_for:
            url = offered[OPEN]["url"]
            self.pins_for.add(url)
            self.phone.send(self.x.approve(url.rpartition("oauth_token=")[2], self.account))
            return
        for label in ("Yes, this is mine", "New link", "Use this bot's app", "Connect an X account"):
            if label in offered and OPEN not in offered:
                self.press(newest, offered[label])
                return

    def tweet(self, text):
        self.phone.send(f"/tweet {text}")
        deadline = time.monotonic() + 90
        while not (shown := self.card_of(text)) or "Tweet as" in words(shown):
            assert time.monotonic() < deadline, f"{text}: {shown and words(shown)}"
            if shown and (post := self.button(shown, "Post")):
                self.press(shown, post)
            time.sleep(0.1)

    def card_of(self, text):
        """Find the newest message about a text that stands on a line of its own."""
        return next((m for m in reversed(self.messages()) if text in words(m).splitlines()), None)

    def button(self, message, label):
        rows = message["inline_keyboard"] or []
        return next((button for row in rows for button in row if button["text"] == label), None)

    def press(self, message, button):
        self.phone.press(message["message_id"], data=button["data"], wait=3, forge=True)


@pytest.fixture
def environ(x_sandbox, telegram_sandbox, tmp_path):
    app = x_sandbox.app("registered")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PINFEATHER_")}
    return kept | {
        "PINFEATHER_HOME": str(tmp_path),
        "PINFEATHER_TELEGRAM_API": telegram_sandbox.origin,
        "PINFEATHER_X_API": x_sandbox.origin,
        "PINFEATHER_CONSUMER_KEY": app["consumer_key"],
        "PINFEATHER_CONSUMER_SECRET": app["consumer_secret"],
        "PINFEATHER_OPEN_TO_ALL": "true",
        "PINFEATHER_SETTLE_AFTER_S": "3",
    }


@pytest.mark.timeout(300)
@pytest.mark.parametrize("form", chaos.QUICK, ids=lambda form: form.engine)
def test_whichever_process_dies_x_has_what_was_wanted_once_and_in_order(form):
    """Threads, tweets and planned ones, while X is slow, drops answers, fails, limits and lags."""
    with chaos.scene() as here:
        (outcome,), troubles = here.play(form)

    chaos.show(outcome)
    count = outcome.count
    assert sum(outcome.strikes.values()) == len(form.strikes)
    assert (count.lost, count.doubled, count.out_of_order) == (0, 0, 0), count.details
    assert outcome.unexpected == {}
    assert outcome.errors == []
    assert troubles["writes"] >= count.posts - count.asked


@pytest.mark.timeout(300)
def test_killed_while_somebody_tweets_nothing_they_said_is_lost_or_done_twice(
    environ, x_sandbox, telegram_sandbox, tmp_path
):
    chance = random.Random(SEED)
    side = telegram_sandbox.new_bot()
    account = x_sandbox.new_account()["username"]
    phone = telegram_sandbox.phone(telegram_sandbox.new_person(), side.id)
    log = tmp_path / "log.txt"
    sending = {"method": "POST", "path": "/2/tweets$", "username": account}
    bot = Bot(environ | {"PINFEATHER_BOT_TOKEN": side.token}, side, log)
    somebody = Somebody(x_sandbox, phone, account)

    bot.start()
    somebody.start()
    for wait_for_a_moment in itertools.islice(itertools.cycle((_calls, _accepted_send)), KILLS):
        wait_for_a_moment(x_sandbox, side, sending, chance, somebody)
        bot.kill()
        bot.start()
    somebody.join(200)
    shown = _when_all_are_shown(somebody)
    code = bot.stop()
    x_sandbox.control("DELETE", "/faults")

    texts = [post["text"] for post in x_sandbox.control("GET", f"/posts?username={account}")]
    sent = [
        each["status"]
        for each in x_sandbox.control("GET", "/requests")
        if each["username"] == account and each["method"] == "POST" and each["path"] == "/2/tweets"
    ]
    figures = f"{bot.kills} kills, {len(sent)} sends {sent}, {len(texts)} tweets"
    assert somebody.failure is None, figures
    assert sorted(texts) == sorted(f"Crash tweet {number}" for number in range(TWEETS)), figures
    assert 403 not in sent, f"X had to refuse a second sending as a duplicate; {figures}"
    assert shown == TWEETS, figures
    assert code == 0
    assert " ERROR " not in log.read_text(), figures


def _calls(_x, side, _sending, chance, somebody):
    """Wait for some more calls of the bot, whichever they are; not if it has nothing more to say."""
    wanted = len(side.calls()) + chance.randint(1, CALLS)
    while len(side.calls()) < wanted and somebody.is_alive():
        time.sleep(0.02)


def _accepted_send(x, _side, sending, _chance, somebody):
    """Wait for X to have taken a tweet while the bot still waits to hear so; not if none comes any more."""
    x.fault("timeout_after", sending, 1, seconds=5)
    path = f"/posts?username={sending['username']}"
    before = len(x.control("GET", path))
    while len(x.control("GET", path)) == before and somebody.is_alive():
        time.sleep(0.05)


def _when_all_are_shown(somebody, within_s=60):
    """Count the cards that say Posted, once they all do or it takes too long."""
    deadline = time.monotonic() + within_s
    while True:
        said = [words(message) for message in somebody.messages()]
        posted = sum("Posted" in text and "Crash tweet" in text for text in said)
        if posted >= TWEETS or time.monotonic() > deadline:
            return posted
        time.sleep(0.3)
