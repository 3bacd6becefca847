"""What is read, what it costs, what is composed. Only adds: programs whose last is 0002 run on it."""

import sqlalchemy as sa
from alembic import op

revision = "0003_0002"
down_revision = "0002_0001"
branch_labels = None
depends_on = None

TASK_STATES = (
    "state IN ('draft', 'scheduled', 'due', 'running', 'asking', 'done', 'failed', 'missed', 'cancelled', "
    "'handed_off')"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # A migration that waits behind a long query makes everybody wait behind it.
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "inline_texts",
        sa.Column(
            "person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_inline_texts_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_inline_texts")),
    )
    with op.batch_alter_table("inline_texts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inline_texts_typed_at"), ["typed_at"], unique=False)

    op.create_table(
        "link_choices",
        sa.Column(
            "chat_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("choice", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_link_choices_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chat_id", "person_id", name=op.f("pk_link_choices")),
    )
    op.create_table(
        "templates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_templates_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_templates_person_id_name")),
    )
    op.create_table(
        "budgets",
        sa.Column("connection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False, comment="2026-11"),
        sa.Column(
            "booked_cents_100",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="reserved and spent",
        ),
        sa.Column("warned_percent", sa.Integer(), nullable=False, comment="of the cap: 0, 50, 80 or 100"),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_budgets_connection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("connection_id", "month", name=op.f("pk_budgets")),
    )
    op.create_table(
        "newest",
        sa.Column("connection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "schedule_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="whose looks; 0: those a person asks for",
        ),
        sa.Column("look", sa.String(length=64), nullable=False, comment="fingerprint of kind, parameters"),
        sa.Column("post_id", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_newest_connection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("connection_id", "schedule_id", "look", name=op.f("pk_newest")),
    )
    op.create_table(
        "rate_windows",
        sa.Column("connection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=96), nullable=False, comment="twitter/client.py: Window"),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("resets_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connections.id"],
            name=op.f("fk_rate_windows_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("connection_id", "name", name=op.f("pk_rate_windows")),
    )
    op.create_table(
        "bookings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("connection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False, comment="whose budget it is in"),
        sa.Column("task_id", sa.String(length=26), nullable=True, comment="None: of no task, as who-am-I"),
        sa.Column(
            "what",
            sa.String(length=32),
            nullable=False,
            comment="write:<part>, look:<part>, page:<number>, ...",
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column(
            "cents_100",
            sa.Integer(),
            nullable=False,
            comment="hundredths of a cent: reserved, then what came",
        ),
        sa.Column(
            "settled_at", sa.DateTime(timezone=True), nullable=True, comment="None: reserved, or unknown"
        ),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_bookings_connection_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_bookings_task_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("task_id", "what", "attempt", name=op.f("uq_bookings_task_id_what_attempt")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bookings_connection_id_booked_at"), ["connection_id", "booked_at"], unique=False
        )

    op.create_table(
        "pages",
        sa.Column("task_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="from 0"),
        sa.Column("items", sa.Text(), nullable=False, comment="JSON list; tasks/found.py"),
        sa.Column("next_token", sa.Text(), nullable=True, comment="X's word for the page after; None: last"),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_pages_task_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task_id", "number", name=op.f("pk_pages")),
    )
    with op.batch_alter_table("pages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pages_fetched_at"), ["fetched_at"], unique=False)

    with op.batch_alter_table("connections", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "cap_cents_100",
                sa.Integer(),
                nullable=True,
                comment="most it may cost in a month, hundredths of a cent; None: no cap",
            )
        )

    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.String(length=32),
                server_default="tweet",
                nullable=False,
                comment="of the tasks it makes",
            )
        )
        batch_op.add_column(
            sa.Column("parameters", sa.Text(), nullable=True, comment="JSON; those of the tasks it makes")
        )
        batch_op.add_column(sa.Column("target_post_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("target_user_id", sa.String(length=32), nullable=True))

    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_tasks_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_tasks_state"), TASK_STATES)
        batch_op.add_column(
            sa.Column(
                "parameters",
                sa.Text(),
                nullable=True,
                comment="JSON; what else its kind needs (tasks/parameters.py)",
            )
        )
        batch_op.add_column(
            sa.Column(
                "reads",
                sa.Boolean(),
                server_default="0",
                nullable=False,
                comment="changes nothing on X: stands in no order, has no fence",
            )
        )
        batch_op.add_column(
            sa.Column(
                "page",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="which page of what it found it shows",
            )
        )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the update")
