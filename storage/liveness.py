"""The sign of life of a process that runs tasks on Postgres, and holding the lock of one that gave none.

The sign is an advisory lock in a session that Postgres ends when it hears nothing: killed, frozen or cut
off, a process loses it within seconds. What is done with a dead one's tasks stands in tasks/takeover.py.
"""

import hashlib
import logging
import os
import select
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psycopg
from psycopg import pq
from sqlalchemy import make_url, text

from storage.db import CONNECT_TIMEOUT_S, IDLE_S, Database, Unavailable

log = logging.getLogger(__name__)

PING_S = 1.0
#: A sign of life younger than this is good enough to send by; Postgres ends the session at IDLE_S, later.
FRESH_S = 4.0
#: Exit status of a process that lost its sign of life: start it again (sysexits.h, EX_TEMPFAIL).
LOST_STATUS = os.EX_TEMPFAIL
#: It goes on while a machine sleeps, or this process does not run (Linux only).
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Taken(Exception):  # noqa: N818 - says what happened
    """Another living process has this executor id."""


class SignOfLife:
    """One process's sign of life, given by a thread of its own: the event loop may be busy."""

    def __init__(self, url: str, executor_id: str, lost: Callable[[], None] | None = None) -> None:
        """Name the database (a direct address: behind a pooler a lock is nobody's) and this process.

        `lost` is called once, in that thread, when the sign cannot be given any more. It must end the process
        at once, without tidying up: by default it does, with LOST_STATUS.
        """
        self._url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.executor_id = executor_id
        self._lost = lost or _end
        self._seen_s = float("inf")
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Take the lock and begin; blocks for some round trips. Raises Taken, or Unavailable."""
        try:
            connection = self._connected()
        except psycopg.Error as error:
            raise Unavailable(f"no sign of life can be given: {type(error).__name__}") from None
        self._waker, waken = socket.socketpair()
        arguments = (connection, waken)
        self._thread = threading.Thread(target=self._live, args=arguments, name="sign of life", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it in order, if it was begun: whatever this process left behind is taken over at once."""
        if self._thread is None:
            return
        self._stopping.set()
        self._waker.close()
        self._thread.join()
        self._thread, self._seen_s = None, float("inf")
        self._stopping.clear()

    def age_s(self) -> float:
        """Give the seconds since the last sign that Postgres is known to have got."""
        return _now_s() - self._seen_s

    def is_fresh(self, limit_s: float = FRESH_S) -> bool:
        """Say whether this process is surely still known to be alive: nobody has taken its tasks over.

        So it is before the start and after the end, when there are none.
        """
        return self.age_s() < limit_s

    def _connected(self) -> psycopg.Connection:
        """Open the session and take the lock in it. Raises Taken, psycopg.Error."""
        connection = psycopg.connect(
            self._url,
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_S,
            application_name=f"pinfeather {self.executor_id}",
            keepalives_idle=2,
            keepalives_interval=2,
            keepalives_count=2,
        )
        asked_s = _now_s()
        connection.execute(f"SET idle_session_timeout = {IDLE_S * 1000}")
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", [_key(self.executor_id)]).fetchone()
        if row != (True,):
            connection.close()
            raise Taken(f"another process is {self.executor_id}")
        self._seen_s = asked_s
        return connection

    def _live(self, connection: psycopg.Connection, waken: socket.socket) -> None:
        try:
            self._ping_until_stopped(connection.pgconn, waken)
        except (psycopg.Error, OSError) as error:
            log.critical(
                "executor=%s no sign of life for %.1f s (%s): the process ends, its tasks go to another",
                self.executor_id,
                self.age_s(),
                type(error).__name__,
            )
        finally:
            if not self._stopping.is_set():
                self._seen_s = float("-inf")
                self._lost()
            connection.close()
            waken.close()

    def _ping_until_stopped(self, session: pq.abc.PGconn, waken: socket.socket) -> None:
        while True:
            # Postgres speaks first when it ends the session: then there is no need to wait for the next ping.
            _readable([session.socket, waken.fileno()], PING_S)
            if self._stopping.is_set():
                return
            asked_s = _now_s()
            _ping(session, within_s=IDLE_S - self.age_s())
            # Postgres counts its silence from later than this.
            self._seen_s = asked_s


@asynccontextmanager
async def try_adopt(db: Database, executor_id: str) -> AsyncIterator[bool]:
    """Hold a dead process's lock until the block ends; False: it lives, or another adopts it now.

    It is held by a transaction: who adopts and dies, or falls silent, loses it as fast.
    Raises Unavailable, at the end of the block too.
    """
    async with db.begin() as session:
        statement = text("SELECT pg_try_advisory_xact_lock(:key)")
        yield bool(await session.scalar(statement, {"key": _key(executor_id)}))


def _ping(session: pq.abc.PGconn, *, within_s: float) -> None:
    """Ask Postgres for anything. Raises psycopg.Error, or TimeoutError without an answer in time."""
    until_s = _now_s() + within_s
    session.send_query(b"SELECT 1")
    while (result := _next_result(session, until_s)) is not None:
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError("refused")


def _next_result(session: pq.abc.PGconn, until_s: float) -> pq.abc.PGresult | None:
    while session.is_busy():
        left_s = until_s - _now_s()
        if left_s <= 0 or not _readable([session.socket], left_s):
            raise TimeoutError
        session.consume_input()
    return session.get_result()


def _readable(descriptors: list[int], within_s: float) -> bool:
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(within_s * 1000))


def _key(executor_id: str) -> int:
    """Give the number of the advisory lock: one of 2**64, so that two ids hardly ever share one."""
    digest = hashlib.blake2b(executor_id.encode(), digest_size=8, person=b"pinfeather alive").digest()
    return int.from_bytes(digest, "big", signed=True)


def _now_s() -> float:
    return time.clock_gettime(_STEADY)


def _end() -> None:
    os._exit(LOST_STATUS)
