"""Tasks that wait, schedules, parks. Only adds: programs whose last migration is 0001 run on it."""

import sqlalchemy as sa
from alembic import op

revision = "0002_0001"
down_revision = "0001"
branch_labels = None
depends_on = None

TASK_STATES = (
    "state IN ('draft', 'scheduled', 'due', 'running', 'asking', 'done', 'failed', 'missed', 'cancelled')"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # A migration that waits behind a long query makes everybody wait behind it.
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "parks",
        sa.Column(
            "subject", sa.String(length=80), nullable=False, comment="connection:<id>, or app:<fingerprint>"
        ),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="ends then; None: somebody has to end it, or a trial",
        ),
        sa.Column(
            "trial_task_id",
            sa.String(length=26),
            nullable=True,
            comment="the one task that may find out whether it is over",
        ),
        sa.Column(
            "tried_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="the last trial, or X's last no",
        ),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True, comment="whoever can help was told"),
        sa.CheckConstraint("reason IN ('out_of_credit', 'rate_limited')", name=op.f("ck_parks_reason")),
        sa.PrimaryKeyConstraint("subject", "reason", name=op.f("pk_parks")),
    )
    with op.batch_alter_table("parks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parks_until"), ["until"], unique=False)

    op.create_table(
        "schedules",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "source_message_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the message that asked for it",
        ),
        sa.Column("connection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False, comment="tasks/schedule.py: Rule, as it is stored"),
        sa.Column(
            "zone",
            sa.String(length=64),
            nullable=False,
            comment="IANA name; the rule is this zone's wall clock",
        ),
        sa.Column(
            "missed",
            sa.String(length=16),
            server_default="ask",
            nullable=False,
            comment="ask, skip, or late:<hours>",
        ),
        sa.Column("turn", sa.Integer(), nullable=False, comment="which of its texts comes next, from 0"),
        sa.Column(
            "card_message_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the living message",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('active', 'paused', 'ended')", name=op.f("ck_schedules_state")),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connections.id"],
            name=op.f("fk_schedules_connection_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_schedules_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
    )
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schedules_connection_id"), ["connection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_schedules_person_id"), ["person_id"], unique=False)

    op.create_table(
        "schedule_media",
        sa.Column("schedule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "message_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="photo, gif or video"),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("file_unique_id", sa.String(length=64), nullable=False),
        sa.Column("mime", sa.String(length=64), nullable=True),
        sa.Column(
            "size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="bytes"
        ),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        sa.Column("alt_text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_schedule_media_schedule_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("schedule_id", "message_id", name=op.f("pk_schedule_media")),
    )
    op.create_table(
        "schedule_texts",
        sa.Column("schedule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_schedule_texts_schedule_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("schedule_id", "position", name=op.f("pk_schedule_texts")),
    )
    op.create_table(
        "task_parts",
        sa.Column("task_id", sa.String(length=26), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_parts_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "part", name=op.f("pk_task_parts")),
    )
    with op.batch_alter_table("connections", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "frozen_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="a person stopped it; None: not",
            )
        )
        batch_op.add_column(
            sa.Column(
                "revoked_told_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="that tasks wait for a new authorization was told",
            )
        )
        batch_op.create_index(batch_op.f("ix_connections_state"), ["state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_connections_retry_at"),
            ["retry_at"],
            unique=False,
            sqlite_where=sa.text("retry_at IS NOT NULL"),
            postgresql_where=sa.text("retry_at IS NOT NULL"),
        )

    with op.batch_alter_table("authorizations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authorizations_retry_at"), ["retry_at"], unique=False)

    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasures_next_at"), ["next_at"], unique=False)

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "zone",
                sa.String(length=64),
                nullable=True,
                comment="IANA name of their time zone",
            )
        )
        batch_op.add_column(
            sa.Column(
                "undo_s",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="seconds between Post and sending, 0 to 60",
            )
        )
        batch_op.add_column(
            sa.Column(
                "slots", sa.String(length=200), nullable=True, comment="times of day for /next: 09:00 13:00"
            )
        )
        batch_op.add_column(
            sa.Column(
                "asked",
                sa.String(length=64),
                nullable=True,
                comment="what the person's next words are beside a draft: zone, slots, edit:<task>, ...",
            )
        )

    with op.batch_alter_table("task_media", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("part", sa.Integer(), server_default="0", nullable=False, comment="of which part")
        )

    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_tasks_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_tasks_state"), TASK_STATES)
        batch_op.add_column(
            sa.Column(
                "target_user_id",
                sa.String(length=32),
                nullable=True,
                comment="whom a message is for",
            )
        )
        batch_op.add_column(
            sa.Column(
                "wake_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="when it is taken up next; None: the engine has it, or it waits for no moment",
            )
        )
        batch_op.add_column(
            sa.Column(
                "run",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="number of its latest workflow; older ones are stale",
            )
        )
        batch_op.add_column(
            sa.Column(
                "promised",
                sa.Boolean(),
                server_default="0",
                nullable=False,
                comment="for a moment the person chose: may be missed",
            )
        )
        batch_op.add_column(
            sa.Column(
                "schedule_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="made by this schedule",
            )
        )
        batch_op.add_column(
            sa.Column(
                "occurrence_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="which occurrence of its schedule, whenever it was moved to",
            )
        )
        batch_op.drop_index(batch_op.f("ix_tasks_state_due_at"))
        batch_op.create_index(
            batch_op.f("ix_tasks_connection_id_state_due_at"),
            ["connection_id", "state", "due_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_tasks_untold",
            ["state"],
            unique=False,
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_tasks_wake_at"),
            ["wake_at"],
            unique=False,
            sqlite_where=sa.text("wake_at IS NOT NULL"),
            postgresql_where=sa.text("wake_at IS NOT NULL"),
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_tasks_schedule_id_occurrence_at"), ["schedule_id", "occurrence_at"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_tasks_schedule_id"), "schedules", ["schedule_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the update")
