"""Indexes of what chores look for. Only adds: programs whose last is 0003 run on it."""

import sqlalchemy as sa
from alembic import op

revision = "0005_0003"
down_revision = "0004_0003"
branch_labels = None
depends_on = None

#: Name, table, column, and which rows are in it.
INDEXES = (
    ("ix_bookings_open", "bookings", "task_id", "settled_at IS NULL"),
    ("ix_connections_capped", "connections", "id", "cap_cents_100 > 0"),
    ("ix_people_erased", "people", "id", "state = 'left' AND first_name = ''"),
    ("ix_tasks_nothing_new", "tasks", "finished_at", "outcome = 'nothing_new'"),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # A migration that waits behind a long query makes everybody wait behind it.
        op.execute("SET LOCAL lock_timeout = '5s'")
    for name, table, column, rows in INDEXES:
        op.create_index(name, table, [column], sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the update")
