"""Fixtures: the running sandboxes, one of each for the whole run."""

import pytest

from tests.sandbox.x_server import running_x


@pytest.fixture(scope="session")
def x_server():
    with running_x() as server:
        server.control("PUT", "/limits", json={"factor": 100})
        yield server
