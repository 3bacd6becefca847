"""Groups: grants, votes, the log, what a group costs. Only adds: programs whose last is 0003 run on it."""

import sqlalchemy as sa
from alembic import op

revision = "0004_0003"
down_revision = "0003_0002"
branch_labels = None
depends_on = None


TASK_STATES = (
    "state IN ('draft', 'scheduled', 'due', 'running', 'asking', 'done', 'failed', 'missed', 'cancelled', "
    "'handed_off', 'waiting', 'expired', 'rejected')"
)
PERSON_STATES = "state IN ('active', 'banned', 'left', 'guest')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # A migration that waits behind a long query makes everybody wait behind it.
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "groups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("bot_is_admin", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('active', 'left', 'gone')", name=op.f("ck_groups_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("chat_id", name=op.f("uq_groups_chat_id")),
    )
    op.create_table(
        "log_entries",
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="from 1, no gaps",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column(
            "actor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="a person; None: the bot itself",
        ),
        sa.Column("connection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("task_id", sa.String(length=26), nullable=True),
        sa.Column(
            "facts", sa.Text(), nullable=False, comment="JSON object of ids and numbers, as it was signed"
        ),
        sa.Column("text_hash", sa.String(length=64), nullable=True, comment="keyed; of the text beside it"),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_log_entries_group_id")),
        sa.PrimaryKeyConstraint("group_id", "seq", name=op.f("pk_log_entries")),
    )
    with op.batch_alter_table("log_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_entries_actor_id"), ["actor_id"], unique=False)

    op.create_table(
        "log_heads",
        sa.Column(
            "group_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_log_heads_group_id")),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_log_heads")),
    )
    op.create_table(
        "log_texts",
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_log_texts_group_id")),
        sa.PrimaryKeyConstraint("group_id", "seq", name=op.f("pk_log_texts")),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("connection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="buttons of an older version are stale"),
        sa.Column("shared_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "suspended_why", sa.String(length=32), nullable=True, comment="owner_left, bot_removed, ..."
        ),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "frozen_at", sa.DateTime(timezone=True), nullable=True, comment="a person stopped it; None: not"
        ),
        sa.Column("frozen_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asks", sa.String(length=16), nullable=False, comment="admins, listed or members"),
        sa.Column("kinds", sa.String(length=200), nullable=False, comment="words of what may be asked for"),
        sa.Column("approves", sa.String(length=16), nullable=False, comment="nobody, admins or named"),
        sa.Column("votes_needed", sa.Integer(), nullable=False),
        sa.Column("in_order", sa.Boolean(), nullable=False, comment="the named vote one after the other"),
        sa.Column(
            "unapproved", sa.String(length=200), nullable=False, comment="words of what needs no votes"
        ),
        sa.Column("quota_day", sa.Integer(), nullable=True, comment="tasks a person may post in a day"),
        sa.Column("cap_cents_100", sa.Integer(), nullable=True, comment="of the group, in a month"),
        sa.Column("person_cap_cents_100", sa.Integer(), nullable=True, comment="of each person, in a month"),
        sa.Column("quiet", sa.String(length=16), nullable=True, comment="quiet hours, as 22:00-07:00"),
        sa.Column("zone", sa.String(length=64), nullable=True, comment="IANA name; of quiet hours and quota"),
        sa.Column("links", sa.Boolean(), nullable=False, comment="links may be posted"),
        sa.Column("names_author", sa.Boolean(), nullable=False, comment="the group sees who asked"),
        sa.CheckConstraint("approves IN ('nobody', 'admins', 'named')", name=op.f("ck_grants_approves")),
        sa.CheckConstraint("asks IN ('admins', 'listed', 'members')", name=op.f("ck_grants_asks")),
        sa.CheckConstraint("state IN ('active', 'suspended', 'ended')", name=op.f("ck_grants_state")),
        sa.CheckConstraint("votes_needed >= 1", name=op.f("ck_grants_votes_needed")),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_grants_connection_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_grants_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grants_connection_id"), ["connection_id"], unique=False)
        batch_op.create_index(
            "uq_grants_open",
            ["group_id", "connection_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('active', 'suspended')"),
            postgresql_where=sa.text("state IN ('active', 'suspended')"),
        )

    op.create_table(
        "grant_budgets",
        sa.Column("grant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="0: the whole group",
        ),
        sa.Column("month", sa.String(length=7), nullable=False, comment="2026-11"),
        sa.Column(
            "booked_cents_100",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="reserved and spent",
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grants.id"], name=op.f("fk_grant_budgets_grant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("grant_id", "person_id", "month", name=op.f("pk_grant_budgets")),
    )
    op.create_table(
        "grant_people",
        sa.Column("grant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column(
            "person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False, comment="from 0; the order of voting"),
        sa.CheckConstraint("role IN ('asks', 'approves')", name=op.f("ck_grant_people_role")),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grants.id"], name=op.f("fk_grant_people_grant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("grant_id", "role", "person_id", name=op.f("pk_grant_people")),
    )
    op.create_table(
        "votes",
        sa.Column("task_id", sa.String(length=26), nullable=False),
        sa.Column(
            "person_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("voted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict IN ('yes', 'no')", name=op.f("ck_votes_verdict")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_votes_task_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task_id", "person_id", name=op.f("pk_votes")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "grant_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="a group's: also in this grant's budgets",
            )
        )
        batch_op.add_column(
            sa.Column(
                "person_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="a group's: in whose of the grant's budgets",
            )
        )

    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "thread_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="the topic of the tasks it makes",
            )
        )

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_people_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_people_state"), PERSON_STATES)

    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_tasks_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_tasks_state"), TASK_STATES)
        batch_op.add_column(
            sa.Column(
                "thread_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="the topic it was asked for in; None: no topic",
            )
        )
        batch_op.add_column(
            sa.Column(
                "content_hash",
                sa.String(length=64),
                nullable=True,
                comment="of what votes were asked for; None: it needs none",
            )
        )
        batch_op.add_column(
            sa.Column(
                "rights_checked_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="a group's: when Telegram last said that owner and voters are there",
            )
        )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the update")
