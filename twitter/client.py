"""One signed call to X, with its answer or one of our errors.

Which calls there are stands in the other modules; how bytes travel in wire.py.
"""

import asyncio
import contextvars
import functools
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

import requests
from requests_oauthlib import OAuth1

from twitter import answers, meter, translate
from twitter.answers import Answer
from twitter.errors import NotAuthorized, Refused, XError
from twitter.limits import Limits, Window
from twitter.wire import NoAnswerError, Wire, fenced

log = logging.getLogger(__name__)

#: X refuses timestamps that are too far off without saying how far; below this the clocks count as equal.
CLOCK_TOLERANCE = timedelta(seconds=30)
#: Threads for calls to X; as many connections are kept.
CALLS_AT_ONCE = 16
UPLOADS_AT_ONCE = 4
_HEADERS = {"User-Agent": "pinfeather", "Accept": "application/json, */*"}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_ID = re.compile(r"[0-9]{1,19}")

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class App:
    """The keys of an app."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """An access token with its secret, or a request token with its."""

    token: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Call:
    """All that one call needs, so that it can be signed anew."""

    method: str
    path: str
    app: App = field(repr=False)
    token: Token | None = field(repr=False)
    changes: bool
    body: Mapping[str, Any] = field(repr=False)
    oauth: Mapping[str, str] = field(repr=False)

    @property
    def secrets(self) -> list[str]:
        token = [self.token.token, self.token.secret] if self.token else []
        return [self.app.consumer_key, self.app.consumer_secret, *token, *self.oauth.values()]


class X:
    """The door to X, one per process; every method may be called from any thread."""

    def __init__(
        self,
        api_origin: str = "https://api.x.com",
        *,
        connect_timeout_s: float = 3.05,
        read_timeout_s: float = 30.0,
        clock: Callable[[], float] = time.time,
        guard: Callable[[], None] | None = None,
        alive: Callable[[], bool] | None = None,
    ) -> None:
        """Refuse plain http to anything but this machine; `clock` gives epoch seconds.

        `guard` is called before every call, in its thread, and may refuse it by raising. `alive` is asked
        right before bytes go out: a process that is not surely alive any more sends none (Unavailable).
        """
        self.api_origin = _checked_origin(api_origin)
        self._read_timeout_s = read_timeout_s
        self._clock = clock
        self._guard = guard
        self._offset = timedelta(0)
        self._limits = Limits()
        connections = CALLS_AT_ONCE + UPLOADS_AT_ONCE
        self._wire = Wire(connections=connections, connect_timeout_s=connect_timeout_s, alive=alive)

    @property
    def web_origin(self) -> str:
        """Where people look at posts; a sandbox serves both at one origin."""
        return "https://x.com" if self.api_origin == "https://api.x.com" else self.api_origin

    def close(self) -> None:
        """Close the idle connections."""
        self._wire.close()

    def limits(self, token: Token) -> Sequence[Window]:
        """Return what X last said, to this process, about the limits of a token, where it still holds."""
        return self._limits.windows(token.token, self._now())

    def access_level(self, token: Token) -> str | None:
        """Return what X last said, to this process, that a token may do; None where it was not heard."""
        return self._limits.access_level(token.token)

    def call(
        self,
        method: str,
        path: str,
        *,
        app: App,
        token: Token | None = None,
        params: Mapping[str, str] | None = None,
        json: Mapping[str, Any] | None = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, Any] | None = None,
        oauth: Mapping[str, str] | None = None,
        changes: bool,
        once: bool = False,
        timeout_s: float | None = None,
    ) -> Answer:
        """Return the answer of a call that X accepted; raise an XError for any other.

        `changes`: without an answer the outcome is Unknown, not Unavailable. `oauth`: callback_uri, verifier.
        After a 401 that a wrong clock explains the call is signed anew with X's time and sent a second time,
        unless `once`; a 401 surely did nothing, so this is right for changes too.
        """
        if self._guard is not None:
            self._guard()
        body = {"params": params, "json": json, "data": data, "files": files}
        call = _Call(method, path, app, token, changes, body, oauth or {})
        timeout_s = timeout_s or self._read_timeout_s
        offset = self._offset
        answer = self._send(call, offset, timeout_s)
        if answer.status == 401 and not once and abs(self._offset - offset) > CLOCK_TOLERANCE:
            answer = self._send(call, self._offset, timeout_s)
        if error := self._error(call, answer):
            raise error
        return answer

    def _send(self, call: _Call, offset: timedelta, timeout_s: float) -> Answer:
        request = self._signed(call, offset)
        started = time.monotonic()
        try:
            answer = answers.read(*self._wire.send(request, timeout_s=timeout_s))
        except NoAnswerError as error:
            log.warning("x.call method=%s path=%s outcome=%s", call.method, call.path, error.code)
            raise translate.no_outcome(error.code, changes=call.changes and error.wrote) from None
        took_ms = (time.monotonic() - started) * 1000
        log.info("x.call method=%s path=%s status=%s ms=%d", call.method, call.path, answer.status, took_ms)
        self._learn_the_time(answer)
        meter.count(call.method, call.path, answer)
        if call.token is not None:
            self._limits.note(call.token.token, call.method, call.path, answer, self._offset)
        return answer

    def _signed(self, call: _Call, offset: timedelta) -> requests.PreparedRequest:
        """Sign with an object of this call alone: OAuth1 keeps state, and threads share none."""
        moment = int(self._clock() + offset.total_seconds())
        signing: dict[str, Any] = {"timestamp": str(moment), **call.oauth}
        token = (call.token.token, call.token.secret) if call.token else (None, None)
        url = self.api_origin + call.path
        try:
            auth = OAuth1(call.app.consumer_key, call.app.consumer_secret, *token, **signing)
            return requests.Request(call.method, url, headers=_HEADERS, auth=auth, **call.body).prepare()
        except ValueError:
            # Unprintable characters in a key cannot be signed; the text of the error would show them.
            raise NotAuthorized("keys_wrong") from None

    def _learn_the_time(self, answer: Answer) -> None:
        if answer.date is not None:
            offset = answer.date - self._now()
            self._offset = offset if abs(offset) > CLOCK_TOLERANCE else timedelta(0)

    def _error(self, call: _Call, answer: Answer) -> XError | None:
        is_v2 = call.path.startswith("/2/")
        is_readable = not is_v2 or isinstance(answer.body, dict) or not answer.body
        is_partial = isinstance(answer.body, dict) and "errors" in answer.body and "data" not in answer.body
        if 200 <= answer.status < 300 and is_readable and not is_partial:
            return None
        return translate.error_of(
            answer,
            path=call.path,
            has_token=call.token is not None,
            changes=call.changes,
            now=self._now(),
            offset=self._offset,
            secrets=call.secrets,
        )

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def _checked_origin(api_origin: str) -> str:
    parts = urlsplit(api_origin)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError("X is called by https; plain http is for a sandbox on this machine")
    if not parts.netloc or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("the origin of X is a scheme, a host and perhaps a port")
    return api_origin.rstrip("/")


def checked_id(value: str) -> str:
    """Let only an id of X into a path."""
    if not _ID.fullmatch(value):
        raise Refused("invalid_request")
    return value


@functools.cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="x")


@functools.cache
def _upload_threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(UPLOADS_AT_ONCE, thread_name_prefix="x-upload")


def behind(fence: Callable[[], None], call: Callable[[], T]) -> T:
    """Call X through a fence: `fence` runs when a request is signed and connected, before its first byte.

    What it raises, anything but an OSError, leaves the request unsent and comes out here.
    """
    with fenced(fence):
        return call()


async def in_upload_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run an upload, which may wait minutes for X, on threads of its own: it holds up no other call."""
    return await _on(_upload_threads(), functools.partial(function, *args, **kwargs))


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a call to X on one of 16 threads of this process.

    Cancelling: a call still waiting for a thread is withdrawn, nothing is sent. A call that runs cannot be
    stopped: it goes on by itself until its time-outs, and its outcome is lost. So a cancelled change counts
    as Unknown; who wants the outcome shields this coroutine.
    """
    return await _on(_threads(), functools.partial(function, *args, **kwargs))


async def _on(threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(threads, context.run, work)
