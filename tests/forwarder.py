"""A line to Postgres that a test can make slow, or cut: what is sent then arrives nowhere, and nobody is told."""

import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import make_url


class Forwarder:
    """Listens on loopback and passes bytes on, both ways, until it is cut."""

    answers_after_s = 0.0
    """So much later arrives what Postgres says."""

    def __init__(self, database_url: str) -> None:
        self._target = _address(database_url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._others: dict[socket.socket, socket.socket] = {}
        self._clients: set[socket.socket] = set()
        self._late: deque[tuple[float, socket.socket, bytes]] = deque()
        self._is_cut = threading.Event()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._forward, daemon=True)
        self._thread.start()
        host, port = self._listener.getsockname()
        url = make_url(database_url)
        self.url = url.set(host=host, port=port, query={}).render_as_string(hide_password=False)

    def cut(self) -> None:
        """Pass nothing on from now on, close nothing, answer nobody: as a network that swallows packets."""
        self._is_cut.set()

    def close(self) -> None:
        self._is_over.set()
        self._thread.join()
        for each in [self._listener, *self._others]:
            each.close()

    def _forward(self) -> None:
        while not self._is_over.is_set():
            ready = self._selector.select(0.02 if self._late else 0.1)
            if self._is_cut.is_set():
                self._is_over.wait()
                return
            while self._late and self._late[0][0] <= time.monotonic():
                _moment, one, content = self._late.popleft()
                self._hand_over(one, content)
            for key, _events in ready:
                if key.fileobj is self._listener:
                    self._accept()
                elif key.fileobj in self._others:
                    self._pass_on(key.fileobj)

    def _accept(self) -> None:
        near, _address = self._listener.accept()
        far = self._target()
        self._others |= {near: far, far: near}
        self._clients.add(near)
        for each in (near, far):
            self._selector.register(each, selectors.EVENT_READ)

    def _pass_on(self, one: socket.socket) -> None:
        try:
            content = one.recv(65536)
        except OSError:
            content = b""
        if one in self._clients:
            self._hand_over(one, content)
            return
        if not content:
            self._selector.unregister(one)
        self._late.append((time.monotonic() + self.answers_after_s, one, content))

    def _hand_over(self, one: socket.socket, content: bytes) -> None:
        """Give to the other side what one has said; nothing: it hung up."""
        other = self._others.get(one)
        if other is None:
            return
        try:
            if content:
                other.sendall(content)
                return
        except OSError:
            pass
        for each in (one, other):
            if each in self._selector.get_map():
                self._selector.unregister(each)
            self._others.pop(each)
            self._clients.discard(each)
            each.close()


@contextmanager
def forwarded(database_url: str) -> Iterator[Forwarder]:
    """Give a line to a database, by the address `url`."""
    forwarder = Forwarder(database_url)
    try:
        yield forwarder
    finally:
        forwarder.close()


def _address(database_url: str):
    """Say how to reach the server, by its socket in the file system or by TCP."""
    parts = urlsplit(database_url)
    (directory,) = parse_qs(parts.query).get("host", [""])
    port = parts.port or 5432
    if not directory.startswith("/"):
        return lambda: socket.create_connection(
            (parts.hostname or directory or "127.0.0.1", port), timeout=10
        )

    def connect() -> socket.socket:
        made = socket.socket(socket.AF_UNIX)
        made.connect(f"{directory}/.s.PGSQL.{port}")
        return made

    return connect
