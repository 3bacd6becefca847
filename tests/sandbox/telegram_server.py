"""Starts the sandbox Telegram as its own process for tests, and speaks its two languages: a bot's and a phone's."""

import os
import secrets
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import httpx

from tests.sandbox import telegram_answers
from tests.sandbox.x_server import free_port

ROOT = Path(__file__).parents[2]
ADA, BEN, CHEN, NOUR, DITA = 101, 102, 103, 104, 105
DEMO_BOT, NEWSROOM, FESTIVAL = 5000000001, -1001000000001, -1001000000002
GENERAL = 1


class Refusal(AssertionError):  # noqa: N818 - what happened
    """The Bot API, or the phone, answered with an error."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body
        self.description = body.get("description") or body.get("error")


@dataclass
class TelegramServer:
    """A running sandbox Telegram."""

    origin: str
    token: str

    @cached_property
    def http(self):
        return httpx.Client(
            base_url=self.origin, headers={"X-Sandbox-Token": self.token}, trust_env=False, timeout=30
        )

    def control(self, method, path, **options):
        answer = self.http.request(method, f"/phone/api{path}", **options)
        if answer.is_error:
            raise Refusal(answer.status_code, answer.json())
        return answer.json()

    def new_bot(self, inline=True, hears_bots=False):
        wish = {"username": f"t{secrets.token_hex(5)}_bot", "name": "Test bot", "inline": inline}
        wish["hears_bots"] = hears_bots
        made = self.control("POST", "/bots", json=wish)
        return BotSide(self, made["id"], made["token"], made["username"])

    def new_person(self, **more):
        return self.control("POST", "/people", json={"first_name": "Dana", **more})["id"]

    def phone(self, person, chat):
        return Phone(self, person, chat)

    def new_group(self, bot=None, owner=ADA, members=(BEN, CHEN), **kind):
        """Make a group; `kind`: basic, forum, username, hides_members."""
        wish = {"title": "Group " + secrets.token_hex(2), "owner": owner, "members": list(members)}
        return self.control("POST", "/groups", json=wish | {"bot": bot.id if bot else False} | kind)["id"]

    def set_member(self, chat, person, status, **more):
        return self.control(
            "POST", "/members", json={"chat": chat, "person": person, "status": status, **more}
        )

    def set_group(self, chat, **settings):
        """Change hides_members, forum or title."""
        return self.control("POST", "/groups/settings", json={"chat": chat, **settings})

    def migrate(self, chat):
        """Make a basic group a supergroup; return its new id."""
        return self.control("POST", "/groups/migrate", json={"chat": chat})["id"]

    def delete_group(self, chat):
        return self.control("POST", "/groups/delete", json={"chat": chat})

    def topic(self, chat, do="create", **wish):
        """Do create (name), close, reopen or delete (topic); return the topic's number."""
        return self.control("POST", "/topics", json={"chat": chat, "do": do, **wish})["topic"]

    def new_channel(self, owner, title="A channel", **more):
        return self.control("POST", "/channels", json={"owner": owner, "title": title, **more})["id"]

    def post_in_channel(self, channel, chat, text):
        """Post in a channel whose discussion group is this chat; return the message's id there."""
        wish = {"channel": channel, "chat": chat, "text": text}
        return self.control("POST", "/channels/post", json=wish)["message_ids"][0]

    def fault(self, name, bot, times=1, match=None, **more):
        match = {"bot": bot.id, **(match or {})}
        return self.control("POST", "/faults", json={"fault": name, "match": match, "times": times, **more})[
            "id"
        ]


@dataclass
class BotSide:
    """A bot's side of the Bot API; every answer is held against Telegram's description of it, where that is at hand."""

    server: TelegramServer
    id: int
    token: str
    username: str

    def raw(self, method, params=None, **options):
        return self.server.http.post(f"/bot{self.token}/{method}", json=params, **options)

    def call(self, method, **params):
        return self.result(method, self.raw(method, params))

    def upload(self, method, files, **params):
        return self.result(
            method, self.server.http.post(f"/bot{self.token}/{method}", data=params, files=files)
        )

    def result(self, method, answer):
        if answer.is_error:
            raise Refusal(answer.status_code, answer.json())
        telegram_answers.check(method, answer.json()["result"])
        return answer.json()["result"]

    def updates(self, **params):
        """Return what is pending, and confirm it."""
        found = self.call("getUpdates", **params)
        if found:
            self.call("getUpdates", offset=max(update["update_id"] for update in found) + 1, limit=1)
        return found

    def download(self, file_id):
        path = self.call("getFile", file_id=file_id)["file_path"]
        return self.server.http.get(f"/file/bot{self.token}/{path}")

    def calls(self, method=None):
        found = self.server.control("GET", f"/calls?bot={self.id}")["calls"]
        return [call for call in found if method in (None, call["method"])]


@dataclass
class Phone:
    """A person's phone, open at one chat."""

    server: TelegramServer
    person: int
    chat: int

    def post(self, path, **wish):
        return self.server.control("POST", path, json={"person": self.person, "chat": self.chat, **wish})

    def send(self, text, **more):
        return self.post("/send", text=text, **more)["message_ids"][-1]

    def send_files(self, *files, **fields):
        form = {
            "person": str(self.person),
            "chat": str(self.chat),
            **{name: str(v) for name, v in fields.items()},
        }
        parts = [("files", file) for file in files]
        return self.server.control("POST", "/send", data=form, files=parts)

    def start(self, payload=""):
        return self.server.control(
            "POST", "/start", json={"person": self.person, "bot": self.chat, "payload": payload}
        )["message_ids"][0]

    def start_in_group(self, bot, payload=""):
        """Open t.me/bot?startgroup=payload for this chat, a group."""
        return self.post("/startgroup", bot=bot.id, payload=payload)["message_ids"][0]

    def offered(self, request_id):
        """List what a button of the reply keyboard lets one pick."""
        where = f"person={self.person}&chat={self.chat}&request_id={request_id}"
        return self.server.control("GET", f"/offered?{where}")

    def share(self, request_id, **what):
        """Share chat_id or user_ids with the bot; `forge=True` as a hostile client does."""
        return self.post("/share", request_id=request_id, **what)["message_ids"][0]

    def press(self, message_id, **more):
        return self.post("/press", message_id=message_id, **more)

    def ask_inline(self, text, **more):
        """Type `@bot words` into this chat; return what the bot offers."""
        return self.post("/inline", text=text, **more)

    def choose(self, asked, result_id):
        """Send one of the results; return the message's id."""
        wish = {"query_id": asked["query_id"], "result_id": result_id}
        return self.post("/inline/choose", **wish)["message_ids"][0]

    def send_poll(self, question, *options, **more):
        return self.post("/poll", question=question, options=list(options), **more)["message_ids"][0]

    def page(self):
        return self.server.control("GET", f"/messages?person={self.person}&chat={self.chat}")

    def messages(self):
        return self.page()["messages"]

    def last(self):
        return self.messages()[-1]


@contextmanager
def running_telegram(x_origin="http://127.0.0.1:8101", **environment):
    """Run a sandbox Telegram until the block ends; flood limits are off unless asked for."""
    port, token = free_port(), secrets.token_hex(16)
    command = [sys.executable, "-m", "sandbox.telegram", "--port", str(port), "--x-origin", x_origin]
    settings = {
        "SANDBOX_CONTROL_TOKEN": token,
        "SANDBOX_FLOOD": "0",
        "SANDBOX_WEBHOOK_PAUSE": "0.1",
        **environment,
    }
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)
    server = TelegramServer(f"http://127.0.0.1:{port}", token)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(60)


def _wait(server, process):
    for _ in range(1200):
        try:
            if server.http.get("/sandbox/ready").is_success:
                return
        except httpx.HTTPError:
            assert process.poll() is None, "the sandbox Telegram ended at once"
        time.sleep(0.05)
    raise AssertionError("the sandbox Telegram did not start")
