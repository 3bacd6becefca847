"""Changes of the key file: a key is added, made the primary one, taken out. Rows: rotation.py.

Every change replaces the file at once by another that is already on the disk: whoever reads it, and whoever
is killed meanwhile, finds the old one or the new one. No change loses a key: one taken out is kept beside it.
"""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from storage.keyring import PRIMARY, BadKeys, KeyRing, new_line, new_name, parsed, private_text, read_key_file


@contextlib.contextmanager
def only_changer(path: Path) -> Iterator[Path]:
    """Keep out every other process that would change the key file; gives the file that links lead to.

    Raises BadKeys when there is one.
    """
    path = path.resolve()
    try:
        descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BadKeys(f"the key file {path} cannot be changed here: {error.strerror}") from None
    try:
        _lock(descriptor, path)
        yield path
    finally:
        os.close(descriptor)


def waiting(ring: KeyRing) -> list[str]:
    """Name the keys that are newer than the primary one: known already, and not used yet."""
    names = list(ring.keys)
    return names[names.index(ring.active_id) + 1 :]


def add(path: Path) -> KeyRing:
    """Add a new key that opens only; the primary one stays. Raises BadKeys."""
    primary = read_key_file(path).active_id
    return _replace(path, [*_without_primary(path), new_line(new_name())], primary)


def promote(path: Path) -> KeyRing:
    """Make the newest key the primary one, from now on. Raises BadKeys."""
    return _replace(path, _without_primary(path), None)


def take_out(path: Path, name: str) -> Path:
    """Take a key out of the file, into a file of its own; gives that one. Raises BadKeys.

    The primary key cannot be taken out.
    """
    ring = read_key_file(path)
    if name not in ring.keys:
        raise BadKeys(f"the key file {path} holds no key {name}")
    if name == ring.active_id:
        raise BadKeys(f"{name} is the primary key: rotate first")
    lines = _without_primary(path)
    out = [line for line in lines if _name(line) == name]
    kept = path.with_name(f"{path.name}.{name.replace('/', '_')}")
    _write(kept, "# Taken out of the key ring. Backups made before may need it.\n" + "\n".join(out) + "\n")
    _replace(path, [line for line in lines if line not in out], ring.active_id)
    return kept


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise BadKeys(f"another pinfeather is changing the key file {path}") from None


def _name(line: str) -> str:
    return line.strip().partition(":")[0]


def _without_primary(path: Path) -> list[str]:
    return [line for line in private_text(path).splitlines() if _name(line) != PRIMARY]


def _replace(path: Path, lines: list[str], primary: str | None) -> KeyRing:
    """Put a file in place whose primary key is this one; None: the last."""
    if primary is not None and _name(lines[-1]) != primary:
        # Before all keys: of a file that is copied and not wholly there yet, no other key becomes primary.
        first = next(number for number, line in enumerate(lines) if line.strip() and line[0] != "#")
        lines = [*lines[:first], f"{PRIMARY}:{primary}", *lines[first:]]
    text = "\n".join(lines) + "\n"
    ring = parsed(text, path)
    _write(path, text)
    return ring


def _write(path: Path, text: str) -> None:
    """Write a file for its owner only, at once and on the disk. Raises BadKeys."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise BadKeys(f"the key file {path} cannot be written: {error.strerror}") from None


def _sync(directory: Path) -> None:
    """See that the directory itself is on the disk: else the file's new name is not (fsync(2))."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
