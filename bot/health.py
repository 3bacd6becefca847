"""Is the process alive, is it ready, how do things stand: /livez, /readyz, /metrics. No ids, names or texts.

/livez and /readyz are also on the webhook's port, for the proxy; /metrics is on a port of its own alone.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.http import listening, server
from bot.settings import Settings
from storage import figures, people
from storage.db import Database, Unavailable
from storage.figures import Figures

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Seconds after which no answer means no; probes wait this long and longer (deploy/kubernetes).
ANSWERED_WITHIN_S = 4.0
#: Seconds for which an answer holds, so that those who ask often cost nothing.
READY_FOR_S = 1.0
COUNTED_FOR_S = 10.0


class _Shared(Generic[T]):
    """One question for all who ask at about the same time. Nobody who leaves breaks it off for the others."""

    def __init__(self, ask: Callable[[], Awaitable[T]], kept_s: float, within_s: float) -> None:
        self._ask = ask
        self._kept_s = kept_s
        self._within_s = within_s
        self._asked_at = 0.0
        self._asking: asyncio.Task[T] | None = None

    async def answer(self) -> T | None:
        """Give the answer of now or just before. None: there was none in time."""
        now = asyncio.get_running_loop().time()
        over = self._asking is None or (self._asking.done() and now - self._asked_at > self._kept_s)
        if self._asking is None or over:
            self._asking, self._asked_at = asyncio.ensure_future(self._ask()), now
        done, _ = await asyncio.wait((self._asking,), timeout=self._within_s)
        return self._asking.result() if done else None

    async def close(self) -> None:
        """Break the question off."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)


class Health:
    """What one process says about itself; ready it is while it has something to watch that is well."""

    def __init__(self) -> None:
        self._watched: Watched | None = None

    @contextlib.asynccontextmanager
    async def watching(self, watched: "Watched") -> AsyncIterator[None]:
        """Answer for this until the end; before and after the process is alive and not ready."""
        self._watched = watched
        try:
            yield
        finally:
            self._watched = None
            await watched.close()

    async def ready(self) -> bool:
        """Tell whether work can be done here."""
        return self._watched is not None and await self._watched.is_well()

    async def metrics(self) -> bytes:
        """Write all figures as Prometheus reads them; without the database, those of the process."""
        registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=registry)
        registry.register(_Gathered([_ready(await self.ready()), *(await self._figures())]))
        return generate_latest(registry)

    def application(self) -> Starlette:
        """Build the ASGI application: /livez, /readyz, /metrics."""
        return Starlette(routes=[*probes(self.ready), Route("/metrics", self._tell_metrics)])

    async def _figures(self) -> Sequence[Metric]:
        return [] if self._watched is None else await self._watched.figures()

    async def _tell_metrics(self, _request: Request) -> Response:
        return Response(await self.metrics(), media_type=CONTENT_TYPE_LATEST)


class Watched:
    """A database and what works with it in this process."""

    def __init__(
        self,
        db: Database,
        clock: Callable[[], datetime],
        *,
        at_work: Callable[[], bool] | None = None,
        silence_s: Callable[[], float | None] | None = None,
        within_s: float = ANSWERED_WITHIN_S,
        counted_for_s: float = COUNTED_FOR_S,
    ) -> None:
        """`at_work` says whether runs are begun here; `silence_s`: how long no poll was answered.

        A database that answers nothing `within_s` seconds is as good as none. Rows are counted anew after
        `counted_for_s` seconds.
        """
        self._db = db
        self._clock = clock
        self._at_work = at_work
        self._silence_s = silence_s
        self._database_answers = _Shared(self._ask_database, READY_FOR_S, within_s)
        self._rows = _Shared(self._look, counted_for_s, within_s)

    async def is_well(self) -> bool:
        """Tell whether the database answers, and whether runs are begun, if that is done here."""
        return bool(await self._database_answers.answer()) and (self._at_work is None or self._at_work())

    async def figures(self) -> list[Metric]:
        """Count; of a database that does not answer nothing is said."""
        silence_s = self._silence_s() if self._silence_s else None
        found = await self._rows.answer()
        return [
            *([] if silence_s is None else [_silence(silence_s)]),
            *([] if found is None else _of_rows(found, self._clock())),
        ]

    async def close(self) -> None:
        """Break off what is being asked, before the database is closed."""
        await self._database_answers.close()
        await self._rows.close()

    async def _ask_database(self) -> bool:
        try:
            async with self._db.begin() as session:
                await people.operator_exists(session)
        except Unavailable:
            return False
        return True

    async def _look(self) -> Figures | None:
        try:
            async with self._db.begin() as session:
                return await figures.look(session, self._clock())
        except Unavailable:
            return None


@contextlib.asynccontextmanager
async def serving(settings: Settings, health: Health) -> AsyncIterator[int | None]:
    """Serve on the port for it until the end; gives the port. None: no such setting. Raises BadSettings."""
    if settings.health_port is None:
        yield None
        return
    host, port = settings.health_host, settings.health_port
    with listening(host, port, named="health_host and health_port") as listener:
        http = server(health.application(), host, port)
        running = asyncio.create_task(http.serve(sockets=[listener]))
        bound: int = listener.getsockname()[1]
        log.info("probes and figures at %s port %d", host, bound)
        try:
            yield bound
        finally:
            http.should_exit = True
            await running


def probes(ready: Callable[[], Awaitable[bool]]) -> list[Route]:
    """Make /livez, which says that the event loop turns, and /readyz, which says whether work can be done."""

    async def live(_request: Request) -> Response:
        return PlainTextResponse("alive")

    async def tell_ready(_request: Request) -> Response:
        if not await ready():
            return PlainTextResponse("not ready", 503)
        return PlainTextResponse("ready")

    return [Route("/livez", live), Route("/readyz", tell_ready)]


class _Gathered:
    """Metrics of one moment; Prometheus's own are counters that live in the process."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Sequence[Metric]:
        return self._metrics


def _ready(is_ready: bool) -> Metric:  # noqa: FBT001
    return _gauge("ready", "1 while this process can work: what /readyz says.", is_ready)


def _silence(seconds: float) -> Metric:
    return _gauge("poll_age_seconds", "Since Telegram last answered a poll of this process.", seconds)


def _of_rows(found: Figures, now: datetime) -> Iterator[Metric]:
    """Write what every process on a database says alike."""
    age_s = (now - found.oldest_due_at).total_seconds() if found.oldest_due_at else 0.0
    yield _by_state("updates", "Updates of the last hour, by how far they got.", found.updates)
    yield _by_state("tasks", "Tasks; of those that are over, the ones wanted in the last hour.", found.tasks)
    yield _by_state("unsettled_writes", "Writes sending now, or of unknown outcome.", found.unsettled_writes)
    yield _gauge("held_tasks", "Due tasks held back: revoked, frozen or parked.", found.held)
    yield _gauge("oldest_due_age_seconds", "Of the earliest task that could go out.", max(0.0, age_s))
    parks = GaugeMetricFamily("pinfeather_parks", "What X or money stopped.", labels=("what", "reason"))
    for labels, count in found.parks.items():
        parks.add_metric(labels, count)
    yield parks
    yield _gauge("erasures", "Messages with a secret in them, still to be deleted.", found.erasures)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"pinfeather_{name}", what, value)


def _by_state(name: str, what: str, counts: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(f"pinfeather_{name}", what, labels=("state",))
    for state, count in counts.items():
        family.add_metric((state,), count)
    return family
