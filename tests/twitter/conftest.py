"""Fixtures: a running sandbox X, a door to it, an app, and somebody with a token."""

from dataclasses import dataclass

import pytest

from tests.sandbox.x_server import XServer, running_x
from twitter.client import App, Token, X


@dataclass(frozen=True)
class Somebody:
    """An account of the sandbox that has authorized the app."""

    username: str
    user_id: str
    token: Token


@pytest.fixture(scope="session")
def sandbox():
    with running_x() as server:
        server.control("PUT", "/limits", json={"factor": 100})
        yield server


@pytest.fixture(autouse=True)
def no_faults_left(sandbox):
    yield
    sandbox.control("DELETE", "/faults")
    sandbox.control("PUT", "/clock", json={"offset": 0})


@pytest.fixture
def x(sandbox):
    door = X(sandbox.origin, read_timeout_s=3)
    yield door
    door.close()


@pytest.fixture(scope="session")
def app(sandbox):
    return app_of(sandbox)


@pytest.fixture
def somebody(sandbox) -> Somebody:
    return a_somebody(sandbox)


def app_of(sandbox: XServer, name="registered") -> App:
    keys = sandbox.app(name)
    return App(keys["consumer_key"], keys["consumer_secret"])


def a_somebody(sandbox: XServer, *, app="registered", **more) -> Somebody:
    account = sandbox.new_account(**more)
    username = account["username"]
    grant = sandbox.control("POST", "/tokens", json={"username": username, "app": app})
    return Somebody(username, grant["token"].partition("-")[0], Token(grant["token"], grant["secret"]))
