"""The key ring: the file with the keys, read, and read again when it was changed. Seals nothing itself.

The file has one `name:base64` line per key of 32 bytes, oldest first. The line `fingerprint` is no sealing
key: it stays when keys are changed. All the others open; the one that a line `primary:name` names seals what
is new, without such a line the last one does. How the file is changed: key_changes.py.
"""

import base64
import binascii
import contextlib
import logging
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger(__name__)

KEY_BYTES = 32
FINGERPRINT = "fingerprint"
PRIMARY = "primary"
HEADER = "# Pinfeather's key ring. Without it no stored secret opens. Keep a copy, not with the database's.\n"


class BadKeys(Exception):  # noqa: N818 - said to the operator at start
    """The key file is missing, damaged, readable by others, or not this database's; the text says which."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys by name, as read from a key file."""

    keys: dict[str, bytes] = field(repr=False)
    """Oldest first."""
    active_id: str
    """The primary key: it seals what is new."""
    fingerprint_key: bytes = field(repr=False)


class KeyFile:
    """The key file as a running process knows it: read again when another one has taken its place."""

    def __init__(self, path: Path, ring: KeyRing) -> None:
        self._path = path
        self._ring = ring
        # Not looked at yet: the file may have been replaced since the ring was read.
        self._seen: tuple[int, ...] = ()

    def newest(self) -> KeyRing:
        """Give the key ring as the file has it now; one that cannot be read leaves what was known."""
        mark = _mark(self._path)
        if mark != self._seen:
            self._seen = mark
            self._read_again()
        return self._ring

    def _read_again(self) -> None:
        try:
            ring = read_key_file(self._path)
        except BadKeys as bad:
            log.warning("the key file was changed and cannot be used; the keys known before are: %s", bad)
            return
        if ring.fingerprint_key != self._ring.fingerprint_key:
            log.warning("the key file was changed to that of another database; it is not used")
            return
        if ring != self._ring:
            log.info("the key file was changed: primary=%s", ring.active_id)
        self._ring = ring


def _mark(path: Path) -> tuple[int, ...]:
    """Give what changes when a file is replaced or written to."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_mode


def new_line(name: str) -> str:
    """Make the line of a new key."""
    return f"{name}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def new_name() -> str:
    """Make up a name for a new key."""
    return f"k-{secrets.token_hex(4)}"


def make_key_file(path: Path) -> KeyRing:
    """Write a new key file that only its owner may read. Raises BadKeys when there is a file already."""
    lines = [new_line(FINGERPRINT), new_line(new_name())]
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadKeys(f"there is a key file already: {path}") from None
    except OSError as error:
        raise BadKeys(f"the key file {path} cannot be made: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(HEADER + "\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return read_key_file(path)


def is_there(path: Path) -> bool:
    """Tell whether there is a key file, readable or not."""
    return path.exists()


def read_key_file(path: Path) -> KeyRing:
    """Read the key ring. Raises BadKeys, in words that hold no key."""
    return parsed(private_text(path), path)


def parsed(text: str, path: Path) -> KeyRing:
    """Understand the text of the key file at `path`. Raises BadKeys, in words that hold no key."""
    keys, primary = {}, None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, value = line.strip().partition(":")
        if name == PRIMARY:
            primary = value
        else:
            keys[name] = _key(value, f"{path}, line {number}")
    fingerprint_key = keys.pop(FINGERPRINT, None)
    if fingerprint_key is None or not keys:
        raise BadKeys(f"the key file {path} is incomplete: it needs a line `{FINGERPRINT}` and a key")
    if primary is not None and primary not in keys:
        raise BadKeys(f"the key file {path} names as primary a key that it does not hold")
    return KeyRing(keys, primary or list(keys)[-1], fingerprint_key)


def private_text(path: Path) -> str:
    """Read a key file that only its owner may read. Raises BadKeys."""
    try:
        with path.open(encoding="ascii") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise BadKeys(f"others may read the key file {path} (mode {mode:04o}): run chmod 600 on it")
            return file.read()
    except FileNotFoundError:
        raise BadKeys(f"there is no key file {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadKeys(f"the key file {path} cannot be read ({type(error).__name__})") from None


def _key(encoded: str, where: str) -> bytes:
    key = b""
    with contextlib.suppress(binascii.Error, ValueError):
        key = base64.b64decode(encoded, validate=True)
    if len(key) != KEY_BYTES:
        raise BadKeys(f"{where}: not a key of {KEY_BYTES} bytes in base64")
    return key
