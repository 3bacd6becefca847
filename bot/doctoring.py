"""`pinfeather doctor`: says what is wrong with tasks and with groups' logs, and has tasks tried again."""

from collections.abc import Sequence

import typer

from bot import clock
from bot.process import beside_the_bot
from bot.settings import Settings
from storage import complaints, keyring, log, log_reading, tasks
from storage.db import Database
from storage.vault import Vault
from tasks import orphans
from tasks.engine import Engine
from tasks.mending import Mender


async def examine(settings: Settings, *, mend: bool, named: Sequence[str] = ()) -> None:
    """Print what is wrong with tasks and with the logs of groups; `mend`: have tasks tried again. Commits.

    `named`: only these tasks are mended, failed ones too. Raises BadParameter for one that is not there.
    """
    engine = Engine(settings.database_url.get_secret_value())
    try:
        async with beside_the_bot(settings) as db:
            mender = Mender(db, engine, await clock.opened(db))
            if named:
                await _mend_named(db, mender, named)
                return
            await _report(db)
            await _orphans(db, engine, mend=mend)
            await _ended_badly(engine)
            await _logs(db, Vault(keyring.read_key_file(settings.key_file)))
            if mend:
                await _mend(mender)
    finally:
        engine.close()


async def _mend_named(db: Database, mender: Mender, named: Sequence[str]) -> None:
    async with db.begin() as session:
        for task_id in named:
            if await tasks.get(session, task_id) is None:
                raise typer.BadParameter(f"there is no task {task_id}; nothing was done")
    for task_id in named:
        typer.echo(f"task {task_id} {await mender.mend(task_id)}")


async def _mend(mender: Mender) -> None:
    """Say of each what it gets; an operator names what failed, for its person was told."""
    count = 0
    async for task_id, mended in mender.mend_all():
        count += 1
        typer.echo(f"task {task_id} {mended}")
    typer.echo(f"{count or 'none'} tried again")


async def _report(db: Database) -> None:
    now = clock.now()
    async with db.begin() as session:
        found = {
            "stuck: should have been done, and nothing holds them": await complaints.stuck(session, now),
            "unknown: nobody knows yet whether X did them": await complaints.unknown(session, now),
            "held: a connection or an app is revoked, parked or frozen": await complaints.held(session, now),
            "failed in the last seven days": await complaints.failed(session, now),
        }
    for what, named in found.items():
        _say(what, [f"task {one.task_id}  connection {one.connection_id}  {one.about}" for one in named])


async def _orphans(db: Database, engine: Engine, *, mend: bool) -> None:
    lost = [task async for task in orphans.find(db, engine, clock.now)]
    _say("orphaned: the engine knows no run of them", [f"task {task.id}" for task in lost])
    if lost and not mend:
        typer.echo(
            "  The bot mends them within a minute while it runs; `pinfeather doctor --mend` does so now."
        )


async def _ended_badly(engine: Engine) -> None:
    _say("runs that ended badly in the last days; their tasks got others", await engine.ended_badly())


async def _logs(db: Database, vault: Vault) -> None:
    """Check the chain of every group's log, each in a transaction of its own."""
    async with db.begin() as session:
        groups = await log_reading.groups_with_log(session)
    broken = []
    for group in groups:
        async with db.begin() as session:
            found = await log.check(session, vault, group.id)
        if found is not None:
            broken.append(f"group {group.id}  chat {group.chat_id}  entry {found.seq}  {found.what}")
    _say("logs of groups that are not what was written", broken)


def _say(what: str, lines: list[str]) -> None:
    typer.echo(f"{len(lines) or 'none'} {what}")
    for line in lines:
        typer.echo(f"  {line}")
