"""The worker without Telegram: runs tasks as the bot does, and tells nobody.

Run as `python -m benchmarks.worker_alone`, with a bot's settings. Telegram takes 25 messages a second
(bot/pace.py): with telling, that is what would be measured.
"""

import asyncio
import signal
from datetime import timedelta

from bot import clock
from bot import settings as settings_
from bot.build import opened_database
from storage import db as databases
from storage.liveness import SignOfLife
from tasks.doors import Doors, NoFile
from tasks.engine import Engine
from tasks.worker import Worker
from twitter.client import App, X


async def main() -> None:
    """Work until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = settings_.load(settings_.environment())
    url = settings.database_url.get_secret_value()
    key, secret = settings.consumer_key, settings.consumer_secret
    async with opened_database(settings) as (db, vault):
        sign = SignOfLife(url, "worker-alone") if db.kind == "postgresql" else None
        x = X(settings.x_api, guard=databases.refuse_in_transaction, alive=sign.is_fresh if sign else None)
        app = App(key.get_secret_value(), secret.get_secret_value()) if key and secret else None
        doors = Doors(db, vault, x, app, _no_file, _nobody, clock.now, "worker-alone", timedelta(seconds=3))
        engine = Engine(url)
        worker = Worker(doors, engine, sign)
        await worker.start()
        await stop.wait()
        await worker.stop()
        engine.close()
        x.close()


async def _no_file(_file_id: str) -> bytes:
    raise NoFile("file_gone")


async def _nobody(_task_id: str) -> None:
    """Tell nobody."""


if __name__ == "__main__":
    asyncio.run(main())
