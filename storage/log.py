"""The log of each group: entries in a chain, each signed together with the one before, and a signed head.

    mac n = sign(the entry, mac n-1)        head = sign(group, seq, mac of the last entry)

A key of the ring stands behind it (vault.py); an entry names it, and a new key signs nothing anew, so a key
the log names cannot be retired. Of a text only a keyed hash is signed: the text can be erased. Who can put
back an older state of the whole log, head included, is not found out here: compare with an export.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select, union_all

from storage.db import FOR_CHANGE, Session, upsert
from storage.tables import LogEntry, LogHead, LogText
from storage.vault import Locked, Vault

#: What stands before the first entry.
_GENESIS = b""
#: Two kinds of signature: neither is taken for the other.
_ENTRY, _HEAD = b"entry", b"head"


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a log is first not what was written, and what is wrong with it.

    `changed`, `missing`, `inserted`, `reordered`, `unknown_key`; of the end: `cut_off`, `forked` (entries
    beyond what the head says), `rewritten_head`.
    """

    seq: int
    what: str


async def append(
    session: Session,
    vault: Vault,
    group_id: int,
    act: str,
    *,
    at: datetime,
    actor_id: int | None = None,
    connection_id: int | None = None,
    task_id: str | None = None,
    facts: Mapping[str, int | str] | None = None,
    text: str | None = None,
) -> LogEntry:
    """Add an entry in the caller's transaction; whoever else adds one to this group waits for its commit.

    `facts`: ids and numbers only. Words go into `text`, which can be erased. Do it last: it locks the log.
    """
    head = await _lock_head(session, vault, group_id)
    before = await session.get(LogEntry, (group_id, head.seq))
    entry = LogEntry(
        group_id=group_id,
        seq=head.seq + 1,
        at=at,
        act=act,
        actor_id=actor_id,
        connection_id=connection_id,
        task_id=task_id,
        facts=written(facts),
        text_hash=None if text is None else vault.fingerprint(text),
        key_id=vault.key_id,
    )
    entry.mac = _mac(vault, entry, before.mac if before else _GENESIS)
    session.add(entry)
    if text is not None:
        session.add(LogText(group_id=group_id, seq=entry.seq, text=text))
    head.seq, head.key_id = entry.seq, entry.key_id
    head.mac = _head_mac(vault, head, entry.mac)
    await session.flush()
    return entry


def written(facts: Mapping[str, int | str] | None) -> str:
    """Write facts as they are signed: the same facts are always the same words."""
    return json.dumps(facts or {}, sort_keys=True, separators=(",", ":"))


async def check(session: Session, vault: Vault, group_id: int) -> Broken | None:
    """Look whether a group's log is what was written. None: it is. Nobody writes there until we commit."""
    held = select(LogHead.seq).where(LogHead.group_id == group_id).with_for_update(read=True)
    if await session.scalar(held) is None and await entries_of(session, group_id, most=1):
        # Its first entry may have been made in between.
        await session.scalar(held)
    entries = await entries_of(session, group_id)
    texts = await _texts(session, group_id)
    before = _GENESIS
    for place, entry in enumerate(entries):
        if entry.seq != place + 1:
            return Broken(place + 1, "missing")
        try:
            fits = _fits(vault, entry, before)
        except Locked:
            return Broken(entry.seq, "unknown_key")
        if not fits:
            return Broken(entry.seq, _what_is_wrong(vault, entries, place, before))
        if (text := texts.get(entry.seq)) is not None and vault.fingerprint(text) != entry.text_hash:
            return Broken(entry.seq, "changed")
        before = entry.mac
    return await _check_head(session, vault, group_id, entries)


async def entries_of(
    session: Session, group_id: int, *, after: int = 0, most: int | None = None
) -> Sequence[LogEntry]:
    """List a group's entries in their order, those behind number `after`."""
    found = await session.scalars(
        select(LogEntry)
        .where(LogEntry.group_id == group_id, LogEntry.seq > after)
        .order_by(LogEntry.seq)
        .limit(most)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def newest(session: Session, group_id: int, *, most: int) -> Sequence[LogEntry]:
    """List a group's last entries, the newest first."""
    found = await session.scalars(
        select(LogEntry).where(LogEntry.group_id == group_id).order_by(LogEntry.seq.desc()).limit(most)
    )
    return found.all()


async def text_of(session: Session, group_id: int, seq: int) -> str | None:
    """Give an entry's words. None: it had none, or they were erased."""
    found: str | None = await session.scalar(
        select(LogText.text).where(LogText.group_id == group_id, LogText.seq == seq)
    )
    return found


async def exported(session: Session, group_id: int) -> list[dict[str, object]]:
    """Give a group's whole log, ready for JSON: what was signed, the signatures, the texts still there."""
    texts = await _texts(session, group_id)
    return [
        {
            "seq": entry.seq,
            "at": _moment(entry.at),
            "act": entry.act,
            "actor_id": entry.actor_id,
            "connection_id": entry.connection_id,
            "task_id": entry.task_id,
            "facts": json.loads(entry.facts),
            "text": texts.get(entry.seq),
            "text_hash": entry.text_hash,
            "key_id": entry.key_id,
            "mac": entry.mac.hex(),
        }
        for entry in await entries_of(session, group_id)
    ]


async def erase_texts(session: Session, group_id: int, *, seq: int | None = None) -> int:
    """Erase the words of one entry (`seq`), or of all of a group; the chain stays whole. Counts them."""
    which = [LogText.group_id == group_id, *([LogText.seq == seq] if seq is not None else [])]
    erased = await session.scalars(delete(LogText).where(*which).returning(LogText.seq))
    return len(erased.all())


async def signed_under(session: Session, key_id: str) -> int:
    """Count what a key signed: it cannot be checked without that key any more."""
    of_it = union_all(
        select(LogEntry.group_id).where(LogEntry.key_id == key_id),
        select(LogHead.group_id).where(LogHead.key_id == key_id),
    ).subquery()
    return await session.scalar(select(func.count()).select_from(of_it)) or 0


async def _lock_head(session: Session, vault: Vault, group_id: int) -> LogHead:
    new = LogHead(group_id=group_id, seq=0, key_id=vault.key_id)
    row = upsert(session, LogHead).values(
        group_id=group_id, seq=0, key_id=new.key_id, mac=_head_mac(vault, new, _GENESIS)
    )
    await session.execute(row.on_conflict_do_nothing(index_elements=["group_id"]))
    return await session.get_one(LogHead, group_id, populate_existing=True, with_for_update=FOR_CHANGE)


async def _texts(session: Session, group_id: int) -> dict[int, str]:
    found = await session.execute(select(LogText.seq, LogText.text).where(LogText.group_id == group_id))
    return {row.seq: row.text for row in found}


async def _check_head(
    session: Session, vault: Vault, group_id: int, entries: Sequence[LogEntry]
) -> Broken | None:
    head = await session.get(LogHead, group_id, populate_existing=True)
    if head is None:
        return Broken(len(entries), "rewritten_head") if entries else None
    if head.seq > len(entries):
        return Broken(len(entries) + 1, "cut_off")
    last = entries[head.seq - 1].mac if head.seq > 0 else _GENESIS
    try:
        fits = _head_mac(vault, head, last) == head.mac
    except Locked:
        return Broken(head.seq, "unknown_key")
    if not fits:
        return Broken(head.seq, "rewritten_head")
    return Broken(head.seq + 1, "forked") if head.seq < len(entries) else None


def _what_is_wrong(vault: Vault, entries: Sequence[LogEntry], place: int, before: bytes) -> str:
    """Say how the first entry that does not fit came there, as far as what is left can tell."""
    macs = {_GENESIS, *(entry.mac for entry in entries)}
    try:
        if any(_fits(vault, entries[place], mac) for mac in macs):
            return "reordered"
        if place + 1 < len(entries) and _fits(vault, entries[place + 1], before):
            return "inserted"
    except Locked:
        return "unknown_key"
    return "changed"


def _fits(vault: Vault, entry: LogEntry, before: bytes) -> bool:
    return hmac.compare_digest(_mac(vault, entry, before), entry.mac)


def _mac(vault: Vault, entry: LogEntry, before: bytes) -> bytes:
    return vault.sign(entry.key_id, _ENTRY, _canonical(entry), before)


def _head_mac(vault: Vault, head: LogHead, last: bytes) -> bytes:
    return vault.sign(head.key_id, _HEAD, json.dumps([head.group_id, head.seq]).encode(), last)


def _canonical(entry: LogEntry) -> bytes:
    """Write an entry unmistakably. Its number is not in it: the chain says what comes after what."""
    parts = (
        *(entry.group_id, _moment(entry.at), entry.act, entry.actor_id, entry.connection_id),
        *(entry.task_id, entry.facts, entry.text_hash, entry.key_id),
    )
    return json.dumps(parts, separators=(",", ":")).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
