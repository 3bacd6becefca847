"""Starts the sandbox X as its own process for tests, and speaks its control API."""

import os
import secrets
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qs

import requests
from requests_oauthlib import OAuth1, OAuth1Session

ROOT = Path(__file__).parents[2]


@dataclass
class XServer:
    """A running sandbox X."""

    origin: str
    token: str

    @cached_property
    def http(self):
        session = requests.Session()
        session.trust_env = False
        session.headers["X-Sandbox-Token"] = self.token
        return session

    def control(self, method, path, **options):
        answer = self.http.request(method, f"{self.origin}/sandbox/api{path}", timeout=30, **options)
        assert answer.ok, answer.text
        return answer.json()

    def app(self, name="registered"):
        return next(app for app in self.control("GET", "/apps") if app["name"] == name)

    def new_account(self, **more):
        name = "t_" + secrets.token_hex(5)
        return self.control("POST", "/accounts", json={"username": name, "name": "Test " + name[-3:], **more})

    def fault(self, name, match=None, times=1, **more):
        return self.control(
            "POST", "/faults", json={"fault": name, "match": match or {}, "times": times, **more}
        )["id"]

    def approve(self, request_token, username):
        url = f"{self.origin}/oauth/authorize?oauth_token={request_token}"
        return self.control("POST", "/approve", json={"authorize_url": url, "username": username})["pin"]

    def session(self, username, app="registered"):
        """Return a signing requests session of this account, with paths in place of addresses."""
        keys = self.app(app)
        grant = self.control("POST", "/tokens", json={"username": username, "app": app})
        made = XSession(keys["consumer_key"], keys["consumer_secret"], grant["token"], grant["secret"])
        made.server, made.username = self, username
        return made

    def request_token(self, app="registered", callback="oob", query="", secret=None):
        keys = self.app(app)
        auth = OAuth1(keys["consumer_key"], secret or keys["consumer_secret"], callback_uri=callback)
        return requests.post(f"{self.origin}/oauth/request_token{query}", auth=auth, timeout=10)

    def pin_walk(self, username, app="registered", query=""):
        """Do the whole PIN walk and return the four values of the last answer."""
        asked = form(self.request_token(app, query=query))
        return form(self.exchange(asked, self.approve(asked["oauth_token"], username), app))

    def exchange(self, asked, pin, app="registered"):
        keys = self.app(app)
        auth = OAuth1(
            keys["consumer_key"],
            keys["consumer_secret"],
            asked["oauth_token"],
            asked["oauth_token_secret"],
            verifier=pin,
        )
        return requests.post(f"{self.origin}/oauth/access_token", auth=auth, timeout=10)


class XSession(OAuth1Session):
    """Signs as one account; paths are taken relative to the sandbox."""

    server: XServer
    username: str

    def request(self, method, path, **options):
        return super().request(method, self.server.origin + path, **{"timeout": 20, **options})

    def posted(self):
        """Return the texts this account really has, newest first."""
        return [post["text"] for post in self.server.control("GET", f"/posts?username={self.username}")]

    def last_entry(self):
        """Return the journal's newest entry about this account."""
        return [one for one in self.server.control("GET", "/requests") if one["username"] == self.username][
            -1
        ]

    def tweet(self, text="", **more):
        return self.post("/2/tweets", json={"text": text, **more})


def form(answer):
    assert answer.status_code == 200, answer.text
    return {key: values[0] for key, values in parse_qs(answer.text).items()}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_x(telegram_origin="http://127.0.0.1:8100"):
    """Run a sandbox X until the block ends."""
    port, token = free_port(), secrets.token_hex(16)
    command = [sys.executable, "-m", "sandbox.x", "--port", str(port), "--telegram-origin", telegram_origin]
    environment = {**os.environ, "SANDBOX_CONTROL_TOKEN": token}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    server = XServer(f"http://127.0.0.1:{port}", token)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(60)


def _wait(server, process):
    for _ in range(1200):
        try:
            if requests.get(server.origin + "/sandbox/ready", timeout=10).ok:
                return
        except requests.RequestException:
            assert process.poll() is None, "the sandbox X ended at once"
        time.sleep(0.05)
    raise AssertionError("the sandbox X did not start")
