"""The backup file: a copy of the database and a page about it, in one zip. How the copy is made: copies.py.

    about.json   when, which engine, which schema, which keys open it, and its key check
    database     a SQLite database, or what pg_dump wrote

No key is in it. The schema's number is only in about.json: a copy that somebody puts in place by hand does
not start, for what was done since has to be thought of first (restoring.py).
"""

import contextlib
import json
import os
import secrets
import shutil
import zipfile
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from storage.db import Kind

FORMAT = 1
ABOUT, DATABASE = "about.json", "database"


class BadBackup(Exception):  # noqa: N818 - said to the operator
    """A backup cannot be made or restored; the text says why in words."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a backup without opening its database."""

    made_at: datetime
    """Before the copy was begun; aware and UTC."""
    kind: Kind
    revision: str
    """Of the schema; see storage/migrations."""
    key_ids: list[str]
    """The keys its rows need."""
    check: str
    """The key check in hex, with which a key file is tried before anything is touched."""


def write(path: Path, about: About, copy: Path) -> None:
    """Write the backup file, for its owner only and whole or not at all. Replaces. Raises BadBackup."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    page = asdict(about) | {"format": FORMAT, "made_at": about.made_at.isoformat()}
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
                packed.writestr(ABOUT, json.dumps(page, indent=1))
                packed.write(copy, DATABASE)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise BadBackup(f"{path} cannot be written: {error.strerror}") from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def read(path: Path) -> About:
    """Read what is known of a backup. Raises BadBackup."""
    try:
        with zipfile.ZipFile(path) as packed:
            page: dict[str, Any] = json.loads(packed.read(ABOUT))
        if page.pop("format") != FORMAT:
            raise BadBackup(f"{path} was made by a newer Pinfeather; restore it with that one")
        return About(**page | {"made_at": datetime.fromisoformat(page["made_at"])})
    except OSError as error:
        raise BadBackup(f"{path} cannot be read: {error.strerror}") from None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError):
        raise BadBackup(f"{path} is no backup of Pinfeather, or it is damaged") from None


def unpack(path: Path, copy: Path) -> None:
    """Put the backup's copy of the database into a file of its owner's only. Raises BadBackup."""
    try:
        descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(path) as packed:
            with packed.open(DATABASE) as database:
                shutil.copyfileobj(database, file)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise BadBackup(f"{path} cannot be unpacked: {error.strerror}") from None
    except (zipfile.BadZipFile, KeyError, EOFError, zlib.error):
        raise BadBackup(f"{path} is damaged") from None
