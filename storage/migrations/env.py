"""What Alembic runs: it migrates the connection given by storage/db.py, inside that one's transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.tables import Base, UtcDateTime


def _written(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain ones: a migration must not change when our code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_written,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
