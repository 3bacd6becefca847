"""For developers: `python -m storage.migrations "What changes"` writes the next step."""

import asyncio
import sys
import tempfile

from alembic import command
from sqlalchemy import Connection

from storage import db as databases
from storage import schema


async def _write(message: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        db = await databases.open_database(f"sqlite:///{directory}/new.db")
        await schema.migrate(db)
        async with db.engine.connect() as connection:
            await connection.run_sync(_revise, message)
        await db.close()


def _revise(connection: Connection, message: str) -> None:
    config = schema.alembic_config(connection)
    number = len(list((schema.MIGRATIONS / "versions").glob("[0-9]*.py"))) + 1
    # A step that only adds: programs of the step before run on it. One that takes away names a later floor.
    command.revision(config, message, autogenerate=True, rev_id=f"{number:04}_{number - 1:04}")


if __name__ == "__main__":
    asyncio.run(_write(" ".join(sys.argv[1:])))
