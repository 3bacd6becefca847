"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text(
    "state IN ('choosing', 'key', 'secret', 'token', 'token_secret', 'link', 'exchanging', 'confirming')"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # A migration that waits behind a long query makes everybody wait behind it.
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "erasures",
        sa.Column("chat_id", ID, autoincrement=False, nullable=False),
        sa.Column("message_id", ID, autoincrement=False, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name=op.f("pk_erasures")),
    )
    op.create_table(
        "key_check",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_check")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "people",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=True),
        sa.Column(
            "language", sa.String(length=16), nullable=True, comment="chosen by /language; None: Telegram's"
        ),
        sa.Column("telegram_language", sa.String(length=16), nullable=True, comment="as last seen"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("default_connection_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('active', 'banned', 'left')", name=op.f("ck_people_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(
            "uq_people_operator",
            ["is_operator"],
            unique=True,
            sqlite_where=sa.text("is_operator"),
            postgresql_where=sa.text("is_operator"),
        )

    op.create_table(
        "start_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "purpose",
            sa.String(length=32),
            nullable=False,
            comment="claim, invite, or the command it stands for",
        ),
        sa.Column("person_id", ID, nullable=True, comment="bound to this person; None: whoever has it"),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", ID, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_start_links")),
    )
    op.create_table(
        "updates",
        sa.Column("bot_id", ID, autoincrement=False, nullable=False),
        sa.Column("update_id", ID, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error_id", sa.String(length=16), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('claimed', 'worked', 'answered', 'set_aside')", name=op.f("ck_updates_state")
        ),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name=op.f("pk_updates")),
    )
    with op.batch_alter_table("updates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_updates_received_at"), ["received_at"], unique=False)

    op.create_table(
        "connections",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="the account's name until renamed"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("app_kind", sa.String(length=16), nullable=False),
        sa.Column("app_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=True, comment="wrapped; emptied on disconnect"),
        sa.Column("consumer_key", sa.LargeBinary(), nullable=True, comment="sealed; own app only"),
        sa.Column("consumer_secret", sa.LargeBinary(), nullable=True, comment="sealed; own app only"),
        sa.Column("access_token", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("access_secret", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("token_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("x_user_id", sa.String(length=32), nullable=False),
        sa.Column("username", sa.String(length=32), nullable=False),
        sa.Column("x_name", sa.Text(), nullable=False),
        sa.Column("picture_url", sa.Text(), nullable=True),
        sa.Column("access_level", sa.String(length=32), nullable=True),
        sa.Column("premium", sa.Boolean(), nullable=False),
        sa.Column(
            "renaming_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the person was asked for a new name",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True, comment="revoking: next try"),
        sa.CheckConstraint(
            "state IN ('active', 'reauthorize', 'revoking', 'gone')", name=op.f("ck_connections_state")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_connections_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
    )
    with op.batch_alter_table("connections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_connections_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_connections_token_fingerprint"), ["token_fingerprint"], unique=False
        )
        batch_op.create_index(
            "uq_connections_account",
            ["person_id", "app_fingerprint", "x_user_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('active', 'reauthorize')"),
            postgresql_where=sa.text("state IN ('active', 'reauthorize')"),
        )

    op.create_table(
        "start_link_uses",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_hash"],
            ["start_links.token_hash"],
            name=op.f("fk_start_link_uses_token_hash"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", "person_id", name=op.f("pk_start_link_uses")),
    )
    op.create_table(
        "authorizations",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("source_update_id", ID, nullable=False, comment="a redelivered /connect finds its own row"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="buttons of an older version are stale"),
        sa.Column("app_kind", sa.String(length=16), nullable=True),
        sa.Column("app_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=False, comment="wrapped by the key ring"),
        sa.Column("consumer_key", sa.LargeBinary(), nullable=True, comment="sealed; own app only"),
        sa.Column("consumer_secret", sa.LargeBinary(), nullable=True, comment="sealed; own app only"),
        sa.Column("request_token", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("request_secret", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("access_token", sa.LargeBinary(), nullable=True, comment="sealed; from confirming on"),
        sa.Column("access_secret", sa.LargeBinary(), nullable=True, comment="sealed; from confirming on"),
        sa.Column("token_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("renews_id", ID, nullable=True, comment="re-authorises this connection"),
        sa.Column("x_user_id", sa.String(length=32), nullable=True),
        sa.Column("username", sa.String(length=32), nullable=True),
        sa.Column("x_name", sa.Text(), nullable=True),
        sa.Column("picture_url", sa.Text(), nullable=True),
        sa.Column("access_level", sa.String(length=32), nullable=True),
        sa.Column("premium", sa.Boolean(), nullable=False),
        sa.Column("card_message_id", ID, nullable=True, comment="the living message of this flow"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True, comment="revoking: next try"),
        sa.CheckConstraint(
            "state IN ('choosing', 'key', 'secret', 'token', 'token_secret', "
            "'link', 'exchanging', 'confirming', 'done', 'cancelled', "
            "'expired', 'used_up', 'revoking', 'revoked')",
            name=op.f("ck_authorizations_state"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_authorizations_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["renews_id"], ["connections.id"], name=op.f("fk_authorizations_renews_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorizations")),
        sa.UniqueConstraint(
            "person_id", "source_update_id", name=op.f("uq_authorizations_person_id_source_update_id")
        ),
    )
    with op.batch_alter_table("authorizations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authorizations_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_authorizations_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_authorizations_open", ["person_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        )

    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=26), nullable=False, comment="sortable by time of making"),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("source_message_id", ID, nullable=False, comment="the message that asked for it"),
        sa.Column("kind", sa.String(length=32), nullable=False, comment="a key of tasks/kinds.py"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("connection_id", ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("target_post_id", sa.String(length=32), nullable=True, comment="what a deletion deletes"),
        sa.Column("album_id", sa.String(length=64), nullable=True),
        sa.Column(
            "gather_until", sa.DateTime(timezone=True), nullable=True, comment="an album is still coming in"
        ),
        sa.Column(
            "asked",
            sa.String(length=32),
            nullable=True,
            comment="what the bot asked for beyond what is missing: text (Edit), alt:<position>",
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="runs so far, for the growing wait"),
        sa.Column("lease_by", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome", sa.String(length=64), nullable=True, comment="a code of twitter/errors.py, or sent"
        ),
        sa.Column("outcome_detail", sa.Text(), nullable=True, comment="X's own words, scrubbed"),
        sa.Column("card_message_id", ID, nullable=True, comment="the living message"),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True, comment="the outcome was told"),
        sa.Column(
            "telling_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="somebody tells it now; another may from then on",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'due', 'running', 'asking', 'done', 'failed', 'cancelled')",
            name=op.f("ck_tasks_state"),
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_tasks_connection_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_tasks_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint(
            "chat_id", "source_message_id", "kind", name=op.f("uq_tasks_chat_id_source_message_id_kind")
        ),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tasks_album_id"), ["album_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_connection_id"), ["connection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_state_due_at"), ["state", "due_at"], unique=False)
        batch_op.create_index(
            "uq_tasks_draft",
            ["chat_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )

    op.create_table(
        "task_media",
        sa.Column("task_id", sa.String(length=26), nullable=False),
        sa.Column("message_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="photo, gif or video"),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("file_unique_id", sa.String(length=64), nullable=False),
        sa.Column("mime", sa.String(length=64), nullable=True),
        sa.Column("size", ID, nullable=True, comment="bytes"),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        sa.Column("alt_text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_media_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "message_id", name=op.f("pk_task_media")),
        sa.UniqueConstraint("task_id", "file_unique_id", name=op.f("uq_task_media_task_id_file_unique_id")),
    )
    op.create_table(
        "writes",
        sa.Column("task_id", sa.String(length=26), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("x_user_id", sa.String(length=32), nullable=False),
        sa.Column(
            "x_post_id", sa.String(length=32), nullable=True, comment="the post it made; never adopted twice"
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("absent_looks", sa.Integer(), nullable=False, comment="look-ups that did not find it"),
        sa.Column("price_cents_100", sa.Integer(), nullable=False, comment="hundredths of a cent, reserved"),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column(
            "first_sent_at", sa.DateTime(timezone=True), nullable=True, comment="look-ups go back to here"
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'accepted' OR accepted_at IS NOT NULL", name=op.f("ck_writes_accepted_when")
        ),
        sa.CheckConstraint(
            "state IN ('prepared', 'sending', 'accepted', 'refused', 'unknown')", name=op.f("ck_writes_state")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_writes_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "part", name=op.f("pk_writes")),
        sa.UniqueConstraint("x_user_id", "x_post_id", name=op.f("uq_writes_x_user_id_x_post_id")),
    )
    with op.batch_alter_table("people") as batch_op:
        batch_op.create_foreign_key(
            op.f("fk_people_default_connection_id"),
            "connections",
            ["default_connection_id"],
            ["id"],
            ondelete="SET NULL",
        )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the update")
