"""`pinfeather keys list`, `add`, `rotate` and `retire`: the keys of the key file and the rows under them.

With several machines a key is brought to all of them before anything is wrapped under it, in three steps:
`add` on one machine, the file copied to the others, `rotate`.
"""

import typer

from bot import process
from bot.settings import Settings
from storage import key_changes, keyring, rotation
from storage import log as group_log
from storage.db import Database
from storage.keyring import BadKeys, KeyRing
from storage.rotation import Rewrapped
from storage.vault import Vault

#: Rows that will not open are named up to so many.
NAMED_MAX = 20


async def show(settings: Settings) -> None:
    """Print every key, what it is, and how many rows are wrapped under it."""
    async with process.beside_the_bot(settings) as db:
        rows = await rotation.counted(db)
    ring = keyring.read_key_file(settings.key_file)
    waiting = key_changes.waiting(ring)
    for name in [*ring.keys, *sorted(set(rows) - set(ring.keys))]:
        state = "primary" if name == ring.active_id else "waiting" if name in waiting else "opens only"
        if name not in ring.keys:
            state = "missing"
        typer.echo(f"{name:<12}  {state:<10}  {rows[name]:>7} rows")


async def add(settings: Settings) -> None:
    """Add a key that is known and not used yet, unless one waits already."""
    async with process.beside_the_bot(settings):
        with key_changes.only_changer(settings.key_file) as path:
            ring = keyring.read_key_file(path)
            if not key_changes.waiting(ring):
                ring = key_changes.add(path)
    typer.echo(f"{key_changes.waiting(ring)[-1]} waits in {path}; {ring.active_id} is still the primary key.")
    typer.echo("Copy the file to every machine, and to where its copy is kept. Then: pinfeather keys rotate")


async def rotate(settings: Settings) -> None:
    """Make the newest key the primary one and wrap every row under it; or finish what was begun so.

    Without a waiting key and with nothing to finish, SQLite, which lives on one machine, gets a new key.
    """
    async with process.beside_the_bot(settings) as db:
        with key_changes.only_changer(settings.key_file) as path:
            ring = keyring.read_key_file(path)
            begins = bool(key_changes.waiting(ring))
            done = await _wrapped_anew(db, key_changes.promote(path) if begins else ring)
            if not begins and not done.rows and db.kind == "sqlite":
                key_changes.add(path)
                done = await _wrapped_anew(db, key_changes.promote(path))
    ring = keyring.read_key_file(path)
    typer.echo(f"{ring.active_id} is the primary key. Wrapped under it anew: {done.rows} rows.")
    if done.locked:
        typer.echo(f"Left as they are, for they do not open ({len(done.locked)}): {_named(done.locked)}")
    if done.rows:
        typer.echo(f"Keep a copy of {path}. With several machines, copy it to every one, then rotate again.")
    else:
        typer.echo("Nothing was left to wrap; a new key begins with: pinfeather keys add")


async def retire(settings: Settings, name: str) -> None:
    """Take a key that wraps nothing out of the key file. Raises BadKeys when it does."""
    async with process.beside_the_bot(settings) as db:
        with key_changes.only_changer(settings.key_file) as path:
            await _refuse_used(db, name, "")
            kept = key_changes.take_out(path, name)
            # A process in the middle of a turn may have used it until now.
            await _refuse_used(db, name, f", since it was taken out: put the line of {kept} back;")
    typer.echo(f"{name} is taken out, into {kept}. Backups from before the rotation open with it only:")
    typer.echo("keep it with them, or destroy it. With several machines, copy the key file to every one.")


async def _wrapped_anew(db: Database, ring: KeyRing) -> Rewrapped:
    return await rotation.rewrap(db, Vault(ring))


async def _refuse_used(db: Database, name: str, when: str) -> None:
    if used := (await rotation.counted(db))[name]:
        raise BadKeys(f"{used} rows are still wrapped under {name}{when} run `pinfeather keys rotate`")
    async with db.begin() as session:
        signed = await group_log.signed_under(session, name)
    if signed:
        raise BadKeys(f"{signed} entries of the groups' logs are signed under {name}{when} it has to stay")


def _named(rows: list[str]) -> str:
    more = len(rows) - NAMED_MAX
    return ", ".join(rows[:NAMED_MAX]) + (f" and {more} more" if more > 0 else "")
