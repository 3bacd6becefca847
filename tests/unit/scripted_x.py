"""A server on this machine that answers each connection as a test scripts it, bytes for bytes.

For what a well-behaved sandbox does not do: hang up, trickle, answer nonsense.
"""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Act = Callable[[socket.socket], None]
"""What to do with a connection whose request has been read."""


@dataclass
class Script:
    """The acts, one per request, and the requests that came."""

    acts: list[Act]
    requests: list[bytes] = field(default_factory=list)
    origin: str = ""


@contextlib.contextmanager
def serving(*acts: Act) -> Iterator[Script]:
    script = Script(list(acts))
    listener = socket.create_server(("127.0.0.1", 0))
    script.origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    thread = threading.Thread(target=_serve, args=(listener, script), daemon=True)
    thread.start()
    try:
        yield script
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(60)


def answering(status: int, body: object = "", **headers: str) -> Act:
    """Answer with JSON or text; underscores in the names of headers become hyphens."""
    text = body if isinstance(body, str) else json.dumps(body)
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status} -\r\nContent-Length: {len(text.encode())}\r\nConnection: close\r\n{lines}\r\n"
    return lambda connection: connection.sendall(head.encode() + text.encode())


def saying(raw: bytes) -> Act:
    """Say exactly these bytes and hang up."""
    return lambda connection: connection.sendall(raw)


def hanging_up(_: socket.socket) -> None:
    """Read the request and close without a word."""


def resetting(connection: socket.socket) -> None:
    """Read the request and reset the connection."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def silent(connection: socket.socket) -> None:
    """Read the request and say nothing until the other side gives up."""
    connection.settimeout(10)
    with contextlib.suppress(OSError):
        connection.recv(1)


def trickling(connection: socket.socket) -> None:
    """Promise a long body and send it byte by byte."""
    connection.sendall(b"HTTP/1.1 201 -\r\nContent-Length: 1000\r\n\r\n")
    gone = threading.Event()
    with contextlib.suppress(OSError):
        while not gone.wait(0.05):
            connection.sendall(b" ")


def _serve(listener: socket.socket, script: Script) -> None:
    with contextlib.suppress(OSError):
        for act in script.acts:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                script.requests.append(_request(connection))
                act(connection)


def _request(connection: socket.socket) -> bytes:
    raw = b""
    while b"\r\n\r\n" not in raw and (more := connection.recv(65536)):
        raw += more
    head, _, body = raw.partition(b"\r\n\r\n")
    lengths = [
        line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    ]
    missing = int(lengths[0]) - len(body) if lengths else 0
    while missing > 0 and (more := connection.recv(65536)):
        raw, missing = raw + more, missing - len(more)
    return raw
