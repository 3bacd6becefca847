"""`pinfeather doctor`: says what is wrong with tasks, and lets those whose run is lost have another."""

import typer

from bot import clock
from bot.process import beside_the_bot
from bot.settings import Settings
from storage import complaints, runs
from storage.db import Database
from tasks import orphans
from tasks.engine import Engine


async def examine(settings: Settings, *, mend: bool) -> None:
    """Print what is stuck, failed, unknown, held or orphaned; `mend`: orphans get another run. Commits."""
    engine = Engine(settings.database_url.get_secret_value())
    try:
        async with beside_the_bot(settings) as db:
            await _report(db)
            await _orphans(db, engine, mend=mend)
            await _ended_badly(engine)
    finally:
        engine.close()


async def _report(db: Database) -> None:
    now = clock.now()
    async with db.begin() as session:
        found = {
            "stuck: should have been done, and nothing holds them": await complaints.stuck(session, now),
            "unknown: nobody knows yet whether X did them": await complaints.unknown(session, now),
            "held: a connection or an app is revoked, parked or frozen": await complaints.held(session, now),
            "failed in the last seven days": await complaints.failed(session, now),
        }
    for what, tasks in found.items():
        _say(what, [f"task {one.task_id}  connection {one.connection_id}  {one.about}" for one in tasks])


async def _orphans(db: Database, engine: Engine, *, mend: bool) -> None:
    lost = [task async for task in orphans.find(db, engine, clock.now)]
    _say("orphaned: the engine knows no run of them", [f"task {task.id}" for task in lost])
    if lost and not mend:
        typer.echo(
            "  The bot mends them within a minute while it runs; `pinfeather doctor --mend` does so now."
        )
    if mend:
        for task in lost:
            async with db.begin() as session:
                await runs.rearm(session, task, now=clock.now())
        typer.echo(f"  {len(lost)} get another run as soon as the bot runs.")


async def _ended_badly(engine: Engine) -> None:
    _say("runs that ended badly in the last days; their tasks got others", await engine.ended_badly())


def _say(what: str, lines: list[str]) -> None:
    typer.echo(f"{len(lines) or 'none'} {what}")
    for line in lines:
        typer.echo(f"  {line}")
