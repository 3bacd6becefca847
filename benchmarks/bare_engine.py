"""The measure for a task: the engine alone with our queue's settings, and a workflow of three empty steps.

Run as `python -m benchmarks.bare_engine`, the database's address in BARE_URL.
"""

import asyncio
import os
import signal
from typing import Any

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions

from tasks.engine import AT_ONCE, POLL_S, THREADS, VERSION

WORKFLOW, QUEUE, NAME = "empty", "bare", "bare"


@DBOS.step()
async def step() -> None:
    """Do nothing."""


@DBOS.workflow(name=WORKFLOW)
async def empty(_number: int) -> None:
    """Take three steps."""
    for _ in range(3):
        await step()


def enqueue(url: str, count: int, partitions: int) -> None:
    """Make the engine's tables, and put so many workflows into its queue."""
    DBOS.migrate(url)
    client = DBOSClient(
        system_database_url=url, serializer=DBOSPortableJSONSerializer(), application_name=NAME
    )
    client.register_queue(
        QUEUE, partition_concurrency=1, worker_concurrency=AT_ONCE, polling_interval_sec=POLL_S
    )
    for number in range(count):
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": f"{number:08d}",
            "queue_partition_key": str(number % partitions),
            "app_version": VERSION,
        }
        client.enqueue(options, number)
    client.destroy()


async def work() -> None:
    """Carry them out until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    config: Any = {
        "name": NAME,
        "system_database_url": os.environ["BARE_URL"],
        "application_version": VERSION,
        "executor_id": "bare",
        "serializer": DBOSPortableJSONSerializer(),
        "run_migrations": False,
        "max_executor_threads": THREADS,
        "log_level": "ERROR",
    }
    DBOS(config=config)
    DBOS.launch()
    await stop.wait()
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(work())
