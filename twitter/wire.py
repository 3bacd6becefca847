"""Bytes to X and back: pooled connections that know whether anything of a request has left this machine.

No signing and no meaning of answers: those are client.py and translate.py.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

#: Far above any answer of X (100 posts with all fields are about 300 kB); more is not read.
ANSWER_MAX_BYTES = 8 * 1024 * 1024
_READ_AT_ONCE = 64 * 1024


class NoAnswerError(Exception):
    """No whole answer came; `wrote` tells whether X may have seen the request."""

    def __init__(self, code: str, *, wrote: bool) -> None:
        super().__init__(code)
        self.code = code
        self.wrote = wrote


@dataclass(slots=True)
class _Attempt:
    """One sending, seen from inside its connection."""

    timeout_s: float
    alive: Callable[[], bool]
    wrote: bool = False


_attempt: ContextVar[_Attempt] = ContextVar("attempt")
_fence: ContextVar[Callable[[], None] | None] = ContextVar("fence", default=None)


@contextmanager
def fenced(fence: Callable[[], None]) -> Iterator[None]:
    """Call `fence` before the first byte of every request made inside, connected already.

    What it raises, anything but an OSError, leaves the request unsent and comes out of the call.
    """
    reset = _fence.set(fence)
    try:
        yield
    finally:
        _fence.reset(reset)


class _Connection(HTTPConnection):
    def send(self, data: Any) -> None:
        """Note the first write, after connecting, so that a failure to connect is never taken for a write.

        The time to connect is short; writing a chunk of media needs the longer time of an answer.
        """
        if self.sock is None:
            self.connect()
        attempt = _attempt.get()
        self.sock.settimeout(attempt.timeout_s)
        fence = _fence.get()
        if fence is not None and not attempt.wrote:
            fence()
        # The last thing before the bytes, and between head and body: X does nothing for half a request.
        if not attempt.alive():
            raise NoAnswerError("connection_lost" if attempt.wrote else "unreachable", wrote=attempt.wrote)
        attempt.wrote = True
        super().send(data)


class _SecureConnection(_Connection, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class Wire:
    """The pool of connections; safe to share between threads.

    There is no requests.Session above it: no cookies, no redirects, no .netrc, no proxies and no certificate
    bundles from the environment, and nothing that one thread could change for another.
    """

    def __init__(
        self, *, connections: int, connect_timeout_s: float, alive: Callable[[], bool] | None = None
    ) -> None:
        """`alive` is asked, in the thread of the call, right before bytes go out: False lets none go."""
        self._adapter = _Adapter(pool_connections=4, pool_maxsize=connections, max_retries=0)
        self._connect_timeout_s = connect_timeout_s
        self._alive = alive or (lambda: True)

    def close(self) -> None:
        """Close the idle connections."""
        self._adapter.close()

    def send(
        self, request: requests.PreparedRequest, *, timeout_s: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send once and read the answer: status, headers, body. Raise NoAnswerError."""
        attempt = _Attempt(timeout_s, self._alive)
        _attempt.set(attempt)
        try:
            timeouts = (self._connect_timeout_s, timeout_s)
            response = self._adapter.send(request, stream=True, timeout=timeouts, proxies={})
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            # "from None": the text of these can hold the request with its Authorization header.
            raise NoAnswerError(_code(error, attempt), wrote=attempt.wrote) from None
        return response.status_code, response.headers, self._body(response, timeout_s)

    def _body(self, response: requests.Response, timeout_s: float) -> bytes:
        """Read what fits in size and time; a refusal whose text breaks off is still a refusal."""
        try:
            return _read_all(response, deadline=time.monotonic() + timeout_s)
        except NoAnswerError as error:
            response.close()
            if 400 <= response.status_code < 500:
                return b""
            raise error from None


def _read_all(response: requests.Response, *, deadline: float) -> bytes:
    body = b""
    try:
        while piece := response.raw.read1(_READ_AT_ONCE, decode_content=True):
            body += piece
            # Each piece has its own time-out, so a trickle would never end by itself.
            if len(body) > ANSWER_MAX_BYTES or time.monotonic() > deadline:
                raise NoAnswerError("answer_too_big", wrote=True)
    except urllib3.exceptions.ReadTimeoutError:
        raise NoAnswerError("timed_out", wrote=True) from None
    except (urllib3.exceptions.HTTPError, OSError):
        raise NoAnswerError("connection_lost", wrote=True) from None
    return body


def _code(error: Exception, attempt: _Attempt) -> str:
    if not attempt.wrote:
        return "unreachable"
    return "timed_out" if isinstance(error, requests.Timeout) else "connection_lost"
