"""The HTTP server under the webhook and the probes: its port opened first, signals left to the process."""

import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette

from bot.settings import BadSettings


class Server(uvicorn.Server):
    """The HTTP server without signal handlers: uvicorn's kill the process before it is taken apart."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to process.py."""
        yield


def server(application: Starlette, host: str, port: int) -> Server:
    """Make the HTTP server: no access log, no headers that tell what runs here, our own logging."""
    return Server(
        uvicorn.Config(
            application,
            host=host,
            port=port,
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=20,
            lifespan="off",
        )
    )


@contextlib.contextmanager
def listening(host: str, port: int, *, named: str) -> Iterator[socket.socket]:
    """Open a port before anything is begun; `named`: the settings it comes from. Raises BadSettings."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise BadSettings(
            f"{host} port {port} cannot be listened on ({error.strerror}): "
            f"is another process there? See {named}"
        ) from None
    with listener:
        yield listener
