"""All tables and the states their rows go through; the questions and changes stand in one file per noun.

An authorization, from link to connection:

    choosing ─> key ─> secret ─> link ─> exchanging ─> confirming ─> done
                  └──> token ─> token_secret ─────────┘    │
    any of them ─> cancelled | expired | used_up           └─> revoking ─> revoked

A task (one tweet, one deletion, ...), from draft to outcome:

    draft ─> scheduled ─> due ─> running ─> done | failed | asking
      │          └──────── │ ────> missed      asking ─> due | done | cancelled
      ├─> cancelled <──────┘                   missed ─> due | scheduled | cancelled
      └─> handed_off: the person finishes it in the X app    done (a look) ─> due

One of a group that needs votes:

    draft ─> waiting ─> due | scheduled (votes enough) | rejected | expired | cancelled | draft (edited)
    scheduled | due | running ─> waiting, when a vote it stood on is gone before it was sent

Held is not a state: a due task whose connection is parked or frozen, or whose grant is suspended or frozen,
waits (storage/holds.py, storage/shared.py).

A schedule: active <─> paused; either ─> ended.

A group: active <─> left (the bot is out); either ─> gone. A grant: active <─> suspended; either ─> ended.

A write (one request that changes something on X), rule 9 of the design:

    prepared ─> sending ─> accepted | refused | unknown
"""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware and UTC on both sides; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back UTC (SQLite forgets the zone)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: Telegram ids exceed 32 bits; SQLite counts rows only in a column of type INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Common naming of constraints, so that migrations can name what they change."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UpdateState(StrEnum):
    """How far an update got; a redelivery continues from there."""

    CLAIMED = "claimed"
    WORKED = "worked"
    ANSWERED = "answered"
    SET_ASIDE = "set_aside"


class PersonState(StrEnum):
    """Whether a person may use the bot; *left*: blocked it, or was erased; *guest*: may in groups only."""

    ACTIVE = "active"
    BANNED = "banned"
    LEFT = "left"
    GUEST = "guest"


class AuthorizationState(StrEnum):
    """Where an authorization stands; drawn in this module's docstring."""

    CHOOSING = "choosing"
    KEY = "key"
    SECRET = "secret"
    TOKEN = "token"
    TOKEN_SECRET = "token_secret"
    LINK = "link"
    EXCHANGING = "exchanging"
    CONFIRMING = "confirming"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    USED_UP = "used_up"
    REVOKING = "revoking"
    REVOKED = "revoked"


#: States in which an authorization still belongs to a conversation: at most one per chat.
OPEN_AUTHORIZATION = (
    AuthorizationState.CHOOSING,
    AuthorizationState.KEY,
    AuthorizationState.SECRET,
    AuthorizationState.TOKEN,
    AuthorizationState.TOKEN_SECRET,
    AuthorizationState.LINK,
    AuthorizationState.EXCHANGING,
    AuthorizationState.CONFIRMING,
)


class AppKind(StrEnum):
    """Whose app: the operator's registered one, or the person's own."""

    REGISTERED = "registered"
    OWN = "own"


class ConnectionState(StrEnum):
    """Whether X takes the connection's tokens; *revoking* waits for X to hear of the disconnect."""

    ACTIVE = "active"
    REAUTHORIZE = "reauthorize"
    REVOKING = "revoking"
    GONE = "gone"


class TaskState(StrEnum):
    """Where a task stands; drawn in this module's docstring."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    DUE = "due"
    RUNNING = "running"
    ASKING = "asking"
    DONE = "done"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"
    HANDED_OFF = "handed_off"
    WAITING = "waiting"
    EXPIRED = "expired"
    REJECTED = "rejected"


class ScheduleState(StrEnum):
    """Whether a schedule makes tasks."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class ParkReason(StrEnum):
    """Why X or money stopped the tasks of a connection or an app."""

    OUT_OF_CREDIT = "out_of_credit"
    RATE_LIMITED = "rate_limited"


class GroupState(StrEnum):
    """Whether the bot is in a group."""

    ACTIVE = "active"
    LEFT = "left"
    GONE = "gone"


class GrantState(StrEnum):
    """Whether a group may use a connection; *suspended*: the grant lost its ground."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class LostGround(StrEnum):
    """Why a grant is suspended: where its owner stands, or that the bot is out of the group."""

    OWNER_LEFT = "owner_left"
    OWNER_NOT_ADMIN = "owner_not_admin"
    OWNER_BLOCKED = "owner_blocked"
    """The owner does not use the bot any more, or may not."""
    BOT_REMOVED = "bot_removed"


#: States of a grant of which a group and a connection have at most one.
OPEN_GRANT = (GrantState.ACTIVE, GrantState.SUSPENDED)


class Verdict(StrEnum):
    """What somebody says to a task's content."""

    YES = "yes"
    NO = "no"


class WriteState(StrEnum):
    """The fence of one request that changes something on X."""

    PREPARED = "prepared"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


def _one_of(column: str, states: type[StrEnum]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(s.value) for s in states)})", name=column)


def _of_some(name: str, column: str, rows: str) -> Index:
    """Index some rows only; SQLite uses it where a question says of them the same in the same words."""
    return Index(name, column, sqlite_where=text(rows), postgresql_where=text(rows))


def _quoted(states: tuple[StrEnum, ...]) -> str:
    return ", ".join(repr(s.value) for s in states)


class KeyCheck(Base):
    """One row: a known value sealed with the key ring, so that a wrong key is noticed at start."""

    __tablename__ = "key_check"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    key_id: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Lease(Base):
    """Who may do what only one process may do (poll Telegram), until when."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class Update(Base):
    """A Telegram update that was taken in hand; no content, kept for two days."""

    __tablename__ = "updates"
    __table_args__ = (_one_of("state", UpdateState), Index(None, "received_at"))

    bot_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    update_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    state: Mapped[UpdateState] = mapped_column(String(16))
    claimed_by: Mapped[str] = mapped_column(String(64))
    claimed_until: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer)
    error_id: Mapped[str | None] = mapped_column(String(16))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Person(Base):
    """A Telegram user who was let in, or banned."""

    __tablename__ = "people"
    __table_args__ = (
        _one_of("state", PersonState),
        Index(
            "uq_people_operator",
            "is_operator",
            unique=True,
            sqlite_where=text("is_operator"),
            postgresql_where=text("is_operator"),
        ),
        _of_some("ix_people_erased", "id", "state = 'left' AND first_name = ''"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    first_name: Mapped[str] = mapped_column(Text)
    username: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(16), comment="chosen by /language; None: Telegram's")
    telegram_language: Mapped[str | None] = mapped_column(String(16), comment="as last seen")
    state: Mapped[PersonState] = mapped_column(String(16))
    is_operator: Mapped[bool]
    default_connection_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("connections.id", ondelete="SET NULL", use_alter=True)
    )
    zone: Mapped[str | None] = mapped_column(String(64), comment="IANA name of their time zone")
    undo_s: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", comment="seconds between Post and sending, 0 to 60"
    )
    slots: Mapped[str | None] = mapped_column(String(200), comment="times of day for /next: 09:00 13:00")
    asked: Mapped[str | None] = mapped_column(
        String(64), comment="what the person's next words are beside a draft: zone, slots, edit:<task>, ..."
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StartLink(Base):
    """A t.me/bot?start=... link: the operator's claim, an invite, or a way from a group to private."""

    __tablename__ = "start_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(32), comment="claim, invite, or the command it stands for")
    person_id: Mapped[int | None] = mapped_column(Id, comment="bound to this person; None: whoever has it")
    uses_left: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(Id)


class StartLinkUse(Base):
    """Which person used which start link, so that a redelivered /start costs no second use."""

    __tablename__ = "start_link_uses"

    token_hash: Mapped[str] = mapped_column(
        String(64), ForeignKey("start_links.token_hash", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Authorization(Base):
    """A way to a connection that somebody is on; its sealed columns are emptied when it ends."""

    __tablename__ = "authorizations"
    __table_args__ = (
        _one_of("state", AuthorizationState),
        Index(
            "uq_authorizations_open",
            "person_id",
            unique=True,
            sqlite_where=text(f"state IN ({_quoted(OPEN_AUTHORIZATION)})"),
            postgresql_where=text(f"state IN ({_quoted(OPEN_AUTHORIZATION)})"),
        ),
        UniqueConstraint("person_id", "source_update_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id", ondelete="CASCADE"), index=True)
    source_update_id: Mapped[int] = mapped_column(Id, comment="a redelivered /connect finds its own row")
    state: Mapped[AuthorizationState] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer, default=1, comment="buttons of an older version are stale")
    app_kind: Mapped[AppKind | None] = mapped_column(String(16))
    app_fingerprint: Mapped[str | None] = mapped_column(String(64))
    data_key: Mapped[bytes] = mapped_column(LargeBinary, comment="wrapped by the key ring")
    consumer_key: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; own app only")
    consumer_secret: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; own app only")
    request_token: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed")
    request_secret: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed")
    access_token: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; from confirming on")
    access_secret: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; from confirming on")
    token_fingerprint: Mapped[str | None] = mapped_column(String(64))
    tries_left: Mapped[int] = mapped_column(Integer, default=3)
    renews_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("connections.id", ondelete="SET NULL"), comment="re-authorises this connection"
    )
    x_user_id: Mapped[str | None] = mapped_column(String(32))
    username: Mapped[str | None] = mapped_column(String(32))
    x_name: Mapped[str | None] = mapped_column(Text)
    picture_url: Mapped[str | None] = mapped_column(Text)
    access_level: Mapped[str | None] = mapped_column(String(32))
    premium: Mapped[bool] = mapped_column(default=False)
    card_message_id: Mapped[int | None] = mapped_column(Id, comment="the living message of this flow")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True, comment="revoking: next try")


class Connection(Base):
    """An X account a person authorized with an app; secrets sealed under a data key of its own."""

    __tablename__ = "connections"
    __table_args__ = (
        _one_of("state", ConnectionState),
        Index(
            "uq_connections_account",
            "person_id",
            "app_fingerprint",
            "x_user_id",
            unique=True,
            sqlite_where=text("state IN ('active', 'reauthorize')"),
            postgresql_where=text("state IN ('active', 'reauthorize')"),
        ),
        Index(None, "token_fingerprint"),
        Index(None, "state"),
        Index(
            None,
            "retry_at",
            sqlite_where=text("retry_at IS NOT NULL"),
            postgresql_where=text("retry_at IS NOT NULL"),
        ),
        _of_some("ix_connections_capped", "id", "cap_cents_100 > 0"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text, comment="the account's name until renamed")
    state: Mapped[ConnectionState] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer, default=1)
    app_kind: Mapped[AppKind] = mapped_column(String(16))
    app_fingerprint: Mapped[str] = mapped_column(String(64))
    data_key: Mapped[bytes | None] = mapped_column(LargeBinary, comment="wrapped; emptied on disconnect")
    consumer_key: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; own app only")
    consumer_secret: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; own app only")
    access_token: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed")
    access_secret: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed")
    token_fingerprint: Mapped[str | None] = mapped_column(String(64))
    x_user_id: Mapped[str] = mapped_column(String(32))
    username: Mapped[str] = mapped_column(String(32))
    x_name: Mapped[str] = mapped_column(Text)
    picture_url: Mapped[str | None] = mapped_column(Text)
    access_level: Mapped[str | None] = mapped_column(String(32))
    premium: Mapped[bool] = mapped_column(default=False)
    renaming_since: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="the person was asked for a new name"
    )
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="a person stopped it; None: not")
    cap_cents_100: Mapped[int | None] = mapped_column(
        Integer, comment="most it may cost in a month, hundredths of a cent; None: no cap"
    )
    revoked_told_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="that tasks wait for a new authorization was told"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="revoking: next try")


class Task(Base):
    """One thing to do on X, from draft to outcome."""

    __tablename__ = "tasks"
    __table_args__ = (
        _one_of("state", TaskState),
        UniqueConstraint("chat_id", "source_message_id", "kind"),
        Index(
            "uq_tasks_draft",
            "chat_id",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        UniqueConstraint("schedule_id", "occurrence_at"),
        Index(None, "connection_id", "state", "due_at"),
        Index(
            "ix_tasks_untold",
            "state",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
        Index(
            None,
            "wake_at",
            sqlite_where=text("wake_at IS NOT NULL"),
            postgresql_where=text("wake_at IS NOT NULL"),
        ),
        _of_some("ix_tasks_nothing_new", "finished_at", "outcome = 'nothing_new'"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, comment="sortable by time of making")
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(Id)
    source_message_id: Mapped[int] = mapped_column(Id, comment="the message that asked for it")
    kind: Mapped[str] = mapped_column(String(32), comment="a key of tasks/kinds.py")
    state: Mapped[TaskState] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer, default=1)
    connection_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("connections.id", ondelete="SET NULL"), index=True
    )
    text: Mapped[str | None] = mapped_column(Text)
    parameters: Mapped[str | None] = mapped_column(
        Text, comment="JSON; what else its kind needs (tasks/parameters.py)"
    )
    reads: Mapped[bool] = mapped_column(
        default=False, server_default="0", comment="changes nothing on X: stands in no order, has no fence"
    )
    page: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", comment="which page of what it found it shows"
    )
    target_post_id: Mapped[str | None] = mapped_column(String(32), comment="what a deletion deletes")
    target_user_id: Mapped[str | None] = mapped_column(String(32), comment="whom a message is for")
    album_id: Mapped[str | None] = mapped_column(String(64), index=True)
    gather_until: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="an album is still coming in")
    asked: Mapped[str | None] = mapped_column(
        String(32), comment="what the bot asked for beyond what is missing: text (Edit), alt:<position>"
    )
    # When it was wanted: the order of a connection's tasks; no wait changes it.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wake_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when it is taken up next; None: the engine has it, or it waits for no moment"
    )
    run: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", comment="number of its latest workflow; older ones are stale"
    )
    promised: Mapped[bool] = mapped_column(
        default=False, server_default="0", comment="for a moment the person chose: may be missed"
    )
    schedule_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("schedules.id", ondelete="SET NULL"), comment="made by this schedule"
    )
    occurrence_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="which occurrence of its schedule, whenever it was moved to"
    )
    attempts: Mapped[int] = mapped_column(Integer, default=0, comment="runs so far, for the growing wait")
    # The one execution that may send it.
    lease_by: Mapped[str | None] = mapped_column(String(64))
    # Of the release before; the next drops it.
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(64), comment="a code of twitter/errors.py, or sent")
    outcome_detail: Mapped[str | None] = mapped_column(Text, comment="X's own words, scrubbed")
    card_message_id: Mapped[int | None] = mapped_column(Id, comment="the living message")
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="the outcome was told")
    telling_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="somebody tells it now; another may from then on"
    )
    thread_id: Mapped[int | None] = mapped_column(Id, comment="the topic it was asked for in; None: no topic")
    content_hash: Mapped[str | None] = mapped_column(
        String(64), comment="of what votes were asked for; None: it needs none"
    )
    rights_checked_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="a group's: when Telegram last said that owner and voters are there"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TaskPart(Base):
    """A further part of a thread; part 0 is the task's own text."""

    __tablename__ = "task_parts"

    task_id: Mapped[str] = mapped_column(
        String(26), ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)


class Schedule(Base):
    """Makes a task again and again: always the one that comes next."""

    __tablename__ = "schedules"
    __table_args__ = (_one_of("state", ScheduleState),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(Id)
    source_message_id: Mapped[int] = mapped_column(Id, comment="the message that asked for it")
    connection_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("connections.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[ScheduleState] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer, default=1)
    rule: Mapped[str] = mapped_column(Text, comment="tasks/schedule.py: Rule, as it is stored")
    zone: Mapped[str] = mapped_column(String(64), comment="IANA name; the rule is this zone's wall clock")
    missed: Mapped[str] = mapped_column(
        String(16), default="ask", server_default="ask", comment="ask, skip, or late:<hours>"
    )
    turn: Mapped[int] = mapped_column(Integer, default=0, comment="which of its texts comes next, from 0")
    kind: Mapped[str] = mapped_column(
        String(32), default="tweet", server_default="tweet", comment="of the tasks it makes"
    )
    parameters: Mapped[str | None] = mapped_column(Text, comment="JSON; those of the tasks it makes")
    target_post_id: Mapped[str | None] = mapped_column(String(32))
    target_user_id: Mapped[str | None] = mapped_column(String(32))
    card_message_id: Mapped[int | None] = mapped_column(Id, comment="the living message")
    thread_id: Mapped[int | None] = mapped_column(Id, comment="the topic of the tasks it makes")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ScheduleText(Base):
    """One of the texts a schedule posts in turn."""

    __tablename__ = "schedule_texts"

    schedule_id: Mapped[int] = mapped_column(
        Id, ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)


class ScheduleMedia(Base):
    """A photo, GIF or video that a schedule puts into each of its tasks."""

    __tablename__ = "schedule_media"

    schedule_id: Mapped[int] = mapped_column(
        Id, ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16), comment="photo, gif or video")
    file_id: Mapped[str] = mapped_column(Text)
    file_unique_id: Mapped[str] = mapped_column(String(64))
    mime: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(Id, comment="bytes")
    duration_s: Mapped[int | None] = mapped_column(Integer)
    alt_text: Mapped[str | None] = mapped_column(Text)


class Park(Base):
    """X or money stopped the tasks of a connection or an app; they wait and go on in their order."""

    __tablename__ = "parks"
    __table_args__ = (_one_of("reason", ParkReason),)

    subject: Mapped[str] = mapped_column(
        String(80), primary_key=True, comment="connection:<id>, or app:<fingerprint>"
    )
    reason: Mapped[ParkReason] = mapped_column(String(16), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(
        UtcDateTime, index=True, comment="ends then; None: somebody has to end it, or a trial"
    )
    trial_task_id: Mapped[str | None] = mapped_column(
        String(26), comment="the one task that may find out whether it is over"
    )
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="the last trial, or X's last no")
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="whoever can help was told")


class TaskMedia(Base):
    """A photo, GIF or video of a task, in order of its message; the bytes stay at Telegram."""

    __tablename__ = "task_media"
    __table_args__ = (UniqueConstraint("task_id", "file_unique_id"),)

    task_id: Mapped[str] = mapped_column(
        String(26), ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16), comment="photo, gif or video")
    file_id: Mapped[str] = mapped_column(Text)
    file_unique_id: Mapped[str] = mapped_column(String(64))
    mime: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(Id, comment="bytes")
    duration_s: Mapped[int | None] = mapped_column(Integer)
    alt_text: Mapped[str | None] = mapped_column(Text)
    part: Mapped[int] = mapped_column(Integer, default=0, server_default="0", comment="of which part")


class Write(Base):
    """One request that changes something on X, behind its fence."""

    __tablename__ = "writes"
    __table_args__ = (
        _one_of("state", WriteState),
        UniqueConstraint("x_user_id", "x_post_id"),
        CheckConstraint("state <> 'accepted' OR accepted_at IS NOT NULL", name="accepted_when"),
    )

    task_id: Mapped[str] = mapped_column(
        String(26), ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    state: Mapped[WriteState] = mapped_column(String(16))
    x_user_id: Mapped[str] = mapped_column(String(32))
    x_post_id: Mapped[str | None] = mapped_column(String(32), comment="the post it made; never adopted twice")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    absent_looks: Mapped[int] = mapped_column(Integer, default=0, comment="look-ups that did not find it")
    price_cents_100: Mapped[int] = mapped_column(Integer, default=0, comment="hundredths of a cent, reserved")
    error_code: Mapped[str | None] = mapped_column(String(64))
    first_sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="look-ups go back to here")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Erasure(Base):
    """A message with a secret in it that still has to be deleted from a chat."""

    __tablename__ = "erasures"

    chat_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Page(Base):
    """What X answered to one look of a reading task; erased after a day (X's policy on storing content)."""

    __tablename__ = "pages"

    task_id: Mapped[str] = mapped_column(
        String(26), ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, comment="from 0")
    items: Mapped[str] = mapped_column(Text, comment="JSON list; tasks/found.py")
    next_token: Mapped[str | None] = mapped_column(Text, comment="X's word for the page after; None: last")
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Newest(Base):
    """The newest post a look has shown: the next look asks X only for what came after."""

    __tablename__ = "newest"

    connection_id: Mapped[int] = mapped_column(
        Id, ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True
    )
    schedule_id: Mapped[int] = mapped_column(
        Id, primary_key=True, autoincrement=False, comment="whose looks; 0: those a person asks for"
    )
    look: Mapped[str] = mapped_column(String(64), primary_key=True, comment="fingerprint of kind, parameters")
    post_id: Mapped[str] = mapped_column(String(32))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Budget(Base):
    """What a connection costs in a month (UTC); moved by one UPDATE against the connection's cap."""

    __tablename__ = "budgets"

    connection_id: Mapped[int] = mapped_column(
        Id, ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True
    )
    month: Mapped[str] = mapped_column(String(7), primary_key=True, comment="2026-11")
    booked_cents_100: Mapped[int] = mapped_column(Id, default=0, comment="reserved and spent")
    warned_percent: Mapped[int] = mapped_column(Integer, default=0, comment="of the cap: 0, 50, 80 or 100")


class Booking(Base):
    """One paid request: reserved at its highest price, then settled to what came."""

    __tablename__ = "bookings"
    __table_args__ = (
        UniqueConstraint("task_id", "what", "attempt"),
        Index(None, "connection_id", "booked_at"),
        _of_some("ix_bookings_open", "task_id", "settled_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    connection_id: Mapped[int] = mapped_column(Id, ForeignKey("connections.id", ondelete="CASCADE"))
    month: Mapped[str] = mapped_column(String(7), comment="whose budget it is in")
    task_id: Mapped[str | None] = mapped_column(
        String(26), ForeignKey("tasks.id", ondelete="SET NULL"), comment="None: of no task, as who-am-I"
    )
    grant_id: Mapped[int | None] = mapped_column(Id, comment="a group's: also in this grant's budgets")
    person_id: Mapped[int | None] = mapped_column(Id, comment="a group's: in whose of the grant's budgets")
    what: Mapped[str] = mapped_column(String(32), comment="write:<part>, look:<part>, page:<number>, ...")
    attempt: Mapped[int] = mapped_column(Integer, default=1)
    cents_100: Mapped[int] = mapped_column(Integer, comment="hundredths of a cent: reserved, then what came")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="None: reserved, or unknown")
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RateWindow(Base):
    """What X last said of one of its limits for a connection."""

    __tablename__ = "rate_windows"

    connection_id: Mapped[int] = mapped_column(
        Id, ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(96), primary_key=True, comment="twitter/client.py: Window")
    most: Mapped[int] = mapped_column(Integer)
    remaining: Mapped[int] = mapped_column(Integer)
    resets_at: Mapped[datetime] = mapped_column(UtcDateTime)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Template(Base):
    """A text with fields that a person uses again."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LinkChoice(Base):
    """What a chat does with links, which make a post dear: keep, hand_off or drop."""

    __tablename__ = "link_choices"

    chat_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(
        Id, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    choice: Mapped[str] = mapped_column(String(16))


class InlineText(Base):
    """What somebody last typed behind the bot's name in some chat; the private chat takes it from here."""

    __tablename__ = "inline_texts"

    person_id: Mapped[int] = mapped_column(
        Id, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    text: Mapped[str] = mapped_column(Text)
    typed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Group(Base):
    """A Telegram chat with members that the bot is or was in; the chat's id may change, ours does not."""

    __tablename__ = "groups"
    __table_args__ = (_one_of("state", GroupState), UniqueConstraint("chat_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    chat_id: Mapped[int] = mapped_column(Id)
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[GroupState] = mapped_column(String(16))
    bot_is_admin: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Grant(Base):
    """That a group may use a connection, and under which policy."""

    __tablename__ = "grants"
    __table_args__ = (
        _one_of("state", GrantState),
        CheckConstraint("asks IN ('admins', 'listed', 'members')", name="asks"),
        CheckConstraint("approves IN ('nobody', 'admins', 'named')", name="approves"),
        CheckConstraint("votes_needed >= 1", name="votes_needed"),
        Index(
            "uq_grants_open",
            "group_id",
            "connection_id",
            unique=True,
            sqlite_where=text(f"state IN ({_quoted(OPEN_GRANT)})"),
            postgresql_where=text(f"state IN ({_quoted(OPEN_GRANT)})"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    group_id: Mapped[int] = mapped_column(Id, ForeignKey("groups.id"))
    connection_id: Mapped[int] = mapped_column(
        Id, ForeignKey("connections.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[GrantState] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer, default=1, comment="buttons of an older version are stale")
    shared_by: Mapped[int] = mapped_column(Id)
    shared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    suspended_why: Mapped[str | None] = mapped_column(String(32), comment="owner_left, bot_removed, ...")
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="a person stopped it; None: not")
    frozen_by: Mapped[int | None] = mapped_column(Id)
    asks: Mapped[str] = mapped_column(String(16), default="admins", comment="admins, listed or members")
    kinds: Mapped[str] = mapped_column(
        String(200), default="post reply media", comment="words of what may be asked for"
    )
    approves: Mapped[str] = mapped_column(String(16), default="admins", comment="nobody, admins or named")
    votes_needed: Mapped[int] = mapped_column(Integer, default=1)
    in_order: Mapped[bool] = mapped_column(default=False, comment="the named vote one after the other")
    unapproved: Mapped[str] = mapped_column(String(200), default="", comment="words of what needs no votes")
    quota_day: Mapped[int | None] = mapped_column(Integer, comment="tasks a person may post in a day")
    cap_cents_100: Mapped[int | None] = mapped_column(Integer, comment="of the group, in a month")
    person_cap_cents_100: Mapped[int | None] = mapped_column(Integer, comment="of each person, in a month")
    quiet: Mapped[str | None] = mapped_column(String(16), comment="quiet hours, as 22:00-07:00")
    zone: Mapped[str | None] = mapped_column(String(64), comment="IANA name; of quiet hours and quota")
    links: Mapped[bool] = mapped_column(default=False, comment="links may be posted")
    names_author: Mapped[bool] = mapped_column(default=True, comment="the group sees who asked")


class GrantPerson(Base):
    """Somebody whom a grant's policy names: to ask, or to approve."""

    __tablename__ = "grant_people"
    __table_args__ = (CheckConstraint("role IN ('asks', 'approves')", name="role"),)

    grant_id: Mapped[int] = mapped_column(Id, ForeignKey("grants.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, comment="from 0; the order of voting")


class Vote(Base):
    """What somebody says to a task's content; it counts while that is the task's content."""

    __tablename__ = "votes"
    __table_args__ = (_one_of("verdict", Verdict),)

    task_id: Mapped[str] = mapped_column(
        String(26), ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    content_hash: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[Verdict] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(Text)
    voted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GrantBudget(Base):
    """What a grant costs in a month (UTC): the whole group's, and each person's."""

    __tablename__ = "grant_budgets"

    grant_id: Mapped[int] = mapped_column(Id, ForeignKey("grants.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        Id, primary_key=True, autoincrement=False, comment="0: the whole group"
    )
    month: Mapped[str] = mapped_column(String(7), primary_key=True, comment="2026-11")
    booked_cents_100: Mapped[int] = mapped_column(Id, default=0, comment="reserved and spent")


class LogEntry(Base):
    """What happened in a group: each entry is chained to the one before it (storage/log.py)."""

    __tablename__ = "log_entries"

    group_id: Mapped[int] = mapped_column(Id, ForeignKey("groups.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False, comment="from 1, no gaps")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    act: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[int | None] = mapped_column(Id, index=True, comment="a person; None: the bot itself")
    connection_id: Mapped[int | None] = mapped_column(Id)
    task_id: Mapped[str | None] = mapped_column(String(26))
    facts: Mapped[str] = mapped_column(Text, comment="JSON object of ids and numbers, as it was signed")
    text_hash: Mapped[str | None] = mapped_column(String(64), comment="keyed; of the text beside it")
    key_id: Mapped[str] = mapped_column(String(64))
    mac: Mapped[bytes] = mapped_column(LargeBinary)


class LogText(Base):
    """The words of a log entry; erasing them leaves the chain whole."""

    __tablename__ = "log_texts"

    group_id: Mapped[int] = mapped_column(Id, ForeignKey("groups.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)


class LogHead(Base):
    """How far a group's log goes: signed too, so that one that was cut off shows."""

    __tablename__ = "log_heads"

    group_id: Mapped[int] = mapped_column(Id, ForeignKey("groups.id"), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Id)
    key_id: Mapped[str] = mapped_column(String(64))
    mac: Mapped[bytes] = mapped_column(LargeBinary)
