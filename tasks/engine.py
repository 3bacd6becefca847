"""The one port to the durable engine, DBOS: runs of tasks are given to it, it carries them out once each.

What a run has to do is read from the rows (tasks/run.py); the engine knows ids only. A run that is lost or
comes twice does no harm: its row decides (storage/runs.py).
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions

from storage import runs
from storage.db import IDLE_S, Session
from storage.tables import Task

log = logging.getLogger(__name__)

APPLICATION = "pinfeather"
#: Never changed: DBOS runs a workflow only where it was enqueued for the same version (its default is a hash
#: of the code, which strands whatever waits when the program is updated).
VERSION = "1"
QUEUE = "x"
WORKFLOW = "run_task"
#: Tasks at once in one process.
AT_ONCE = 32
#: Seconds between looks for new runs; one look starts at most AT_ONCE of them.
POLL_S = 0.25
#: How often DBOS looks for messages to runs (we send none): a process that stops waits so long for it.
MESSAGES_S = 0.05
#: DBOS makes its threads those of the event loop; its default is no limit.
THREADS = 64
#: Executions of one run, after processes that died, until it is left to the repair (tasks/worker.py).
RECOVERIES_MAX = 10
#: A process that stops looks so often, every so many seconds, whether its last runs are recorded.
LAST_LOOKS = 6
LAST_LOOK_S = 0.1
#: On SQLite one process at a time has the database; its runs go on at the next start under this name.
LOCAL = "local"

Handler = Callable[[str], Awaitable[None]]

_handler: Handler | None = None

# DBOS prints by itself unless its logger has a handler; with one, what it says goes through our filters.
logging.getLogger("dbos").addHandler(logging.NullHandler())


@DBOS.step(name="bring_on", retries_allowed=True, max_attempts=6, interval_seconds=1.0, backoff_rate=2.0)
async def _bring_on(_task_id: str) -> None:
    if _handler is None or DBOS.workflow_id is None:
        raise RuntimeError("a run without an engine")
    await _handler(DBOS.workflow_id)


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=RECOVERIES_MAX)
async def _run_task(task_id: str) -> None:
    await _bring_on(task_id)


def migrate(url: str) -> None:
    """Make or update the engine's own tables, beside ours, and its queue. Blocking."""
    DBOS.migrate(url)
    client = _client(url)
    try:
        client.register_queue(
            QUEUE, partition_concurrency=1, worker_concurrency=AT_ONCE, polling_interval_sec=POLL_S
        )
    finally:
        client.destroy()


def _client(url: str) -> DBOSClient:
    return DBOSClient(
        system_database_url=url,
        serializer=DBOSPortableJSONSerializer(),
        application_name=APPLICATION,
        sys_db_idle_transaction_timeout_sec=IDLE_S,
        lazy=True,
    )


class Engine:
    """The engine's tables in one database; at most one engine of a process carries runs out."""

    def __init__(self, url: str) -> None:
        """`url`: sqlite:///path or postgresql://..., the database our own tables are in."""
        self._url = url
        self._client = _client(url)
        self._executor: str | None = None

    async def enqueue(self, session: Session, task: Task) -> None:
        """Give a task's latest run to the engine, in the transaction that gave the task this run."""
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": runs.name_of(task),
            # What only reads has a line of its own: it waits for no tweet, and none waits for it.
            "queue_partition_key": f"{task.connection_id or 0}{':r' if task.reads else ''}",
            "app_version": VERSION,
        }
        await session.run_sync(lambda s: self._client.enqueue_in_transaction(s, options, task.id))

    async def start(self, handler: Handler, *, executor: str) -> None:
        """Carry runs out in this process, in the running event loop: `handler` is given each one's name.

        What an earlier process of the same `executor` left is taken up at once.
        """
        global _handler  # noqa: PLW0603 - DBOS registers functions, not objects: one engine per process
        if _handler is not None:
            raise RuntimeError("an engine runs in this process already")
        _handler = handler
        config: Any = {
            "name": APPLICATION,
            "system_database_url": self._url,
            "application_version": VERSION,
            "executor_id": executor,
            "serializer": DBOSPortableJSONSerializer(),
            "run_migrations": False,
            "max_executor_threads": THREADS,
            "sys_db_idle_transaction_timeout_sec": IDLE_S,
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": MESSAGES_S,
        }
        try:
            DBOS(config=config)
            DBOS.launch()
        except BaseException:
            _handler = None
            raise
        self._executor = executor

    async def stop(self, grace_s: int = 10) -> None:
        """Take no new runs; give those under way `grace_s` seconds, then leave them to the next process."""
        global _handler  # noqa: PLW0603
        if self._executor is None:
            return
        # Given any time to wait, DBOS waits for a second at least.
        seconds = 0 if await self._is_idle(self._executor) else grace_s
        self._executor = None
        # It waits for coroutines of this loop, so it must not wait on it.
        done = asyncio.Event()
        loop = asyncio.get_running_loop()

        def destroy() -> None:
            try:
                DBOS.destroy(workflow_completion_timeout_sec=seconds)
            finally:
                loop.call_soon_threadsafe(done.set)

        threading.Thread(target=destroy, name="engine stops").start()
        await done.wait()
        # DBOS made its own threads the loop's, and has ended them.
        loop.set_default_executor(ThreadPoolExecutor())
        _handler = None

    async def _is_idle(self, executor: str) -> bool:
        """Say whether this process has nothing in hand; runs that are just being recorded may end."""
        for _ in range(LAST_LOOKS):
            if not await self.runs_of(executor):
                return True
            await asyncio.sleep(LAST_LOOK_S)
        return False

    def close(self) -> None:
        """Give back the connections."""
        self._client.destroy()

    async def under_way(self, names: Sequence[str]) -> set[str]:
        """Say which of these runs the engine still has to carry out, or carries out."""
        found = await self._client.list_workflows_async(
            workflow_ids=list(names),
            status=["ENQUEUED", "PENDING", "DELAYED"],
            load_input=False,
            load_output=False,
        )
        return {each.workflow_id for each in found}

    async def executors(self) -> set[str]:
        """Name the processes that carry runs out, or died over one."""
        found = await self._client.list_workflows_async(
            status="PENDING", queue_name=QUEUE, load_input=False, load_output=False
        )
        return {each.executor_id for each in found if each.executor_id}

    async def runs_of(self, executor: str) -> list[str]:
        """Name the runs a process has in hand, or died over."""
        found = await self._client.list_workflows_async(
            status="PENDING", queue_name=QUEUE, executor_id=executor, load_input=False, load_output=False
        )
        return [each.workflow_id for each in found]

    async def resume(self, names: Sequence[str]) -> None:
        """Put the runs of a dead process back into the queue."""
        await self._client.resume_workflows_async(list(names), queue_name=QUEUE)

    async def ended_badly(self) -> list[str]:
        """Name runs the engine gave up, as far as it still knows them; at most fifty."""
        found = await self._client.list_workflows_async(
            status=["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
            limit=50,
            sort_desc=True,
            load_input=False,
            load_output=False,
        )
        return [each.workflow_id for each in found]

    async def clean(self, *, before: datetime, limit: int) -> int:
        """Forget runs that ended before a moment, at most `limit` of them; gives how many."""
        found = await self._client.list_workflows_async(
            status=["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
            completed_before=before.isoformat(),
            limit=limit,
            load_input=False,
            load_output=False,
        )
        if found:
            await self._client.delete_workflows_async([each.workflow_id for each in found])
        return len(found)
