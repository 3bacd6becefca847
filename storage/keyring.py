"""The key ring: the file with the keys, and the check that it belongs to the database. Seals nothing itself.

The file has one `name:base64` line per key of 32 bytes. The line `fingerprint` is no sealing key: it stays
when keys are changed. Of the others the last one seals what is new, all of them open.
"""

import base64
import binascii
import contextlib
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

KEY_BYTES = 32
FINGERPRINT = "fingerprint"
HEADER = "# Pinfeather's key ring. Without it no stored secret opens. Keep a copy, not with the database's.\n"


class BadKeys(Exception):  # noqa: N818 - said to the operator at start
    """The key file is missing, damaged, readable by others, or not this database's; the text says which."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys by name, as read from a key file."""

    keys: dict[str, bytes] = field(repr=False)
    active_id: str
    fingerprint_key: bytes = field(repr=False)


def make_key_file(path: Path) -> KeyRing:
    """Write a new key file that only its owner may read. Raises BadKeys when there is a file already."""
    name = f"k-{secrets.token_hex(4)}"
    lines = [
        f"{key}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}" for key in (FINGERPRINT, name)
    ]
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
    keys = {}
    for number, line in enumerate(_private_text(path).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, encoded = line.strip().partition(":")
        keys[name] = _key(encoded, f"{path}, line {number}")
    fingerprint_key = keys.pop(FINGERPRINT, None)
    if fingerprint_key is None or not keys:
        raise BadKeys(f"the key file {path} is incomplete: it needs a line `{FINGERPRINT}` and a key")
    return KeyRing(keys, list(keys)[-1], fingerprint_key)


def _private_text(path: Path) -> str:
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
