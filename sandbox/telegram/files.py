"""Stored files and their ids: one file has a different file_id for every bot, as at Telegram.

Pictures are cut to sizes in `pictures`; who may see a file is decided by its id alone.
"""

import base64
import binascii
import secrets
from dataclasses import dataclass, field

# Bot API: getFile serves up to 20 MB, bots upload up to 50 MB (photos 10 MB)
DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024

FOLDERS = {
    "photo": "photos",
    "video": "videos",
    "animation": "animations",
    "voice": "voice",
    "sticker": "stickers",
}
# real file_ids begin with the kind of file; the letters are those seen on the wire
PREFIXES = {"photo": "AgAC", "video": "BAAC", "animation": "CgAC", "voice": "AwAC", "sticker": "CAAC"}


@dataclass(frozen=True, eq=False)
class StoredFile:
    """Bytes that were uploaded once; the ids made of it never change."""

    number: int
    kind: str
    unique_id: str
    data: bytes
    mime: str
    name: str

    @property
    def path(self) -> str:
        """Return the Bot API's file_path."""
        extension = "." + self.name.rsplit(".", 1)[1] if "." in self.name else ""
        return f"{FOLDERS.get(self.kind, 'documents')}/file_{self.number}{extension}"


@dataclass
class FileStore:
    """Every file of the sandbox."""

    by_unique: dict[str, StoredFile] = field(default_factory=dict)
    by_path: dict[str, StoredFile] = field(default_factory=dict)

    def add(self, kind: str, data: bytes, mime: str, name: str) -> StoredFile:
        """Keep a file under a fresh id."""
        unique = "AQAD" + secrets.token_urlsafe(9)
        stored = StoredFile(len(self.by_unique), kind, unique, data, mime, name)
        self.by_unique[unique] = stored
        self.by_path[stored.path] = stored
        return stored

    def find(self, bot_id: int, file_id: str) -> StoredFile | None:
        """None for an id that is garbage, unknown, or another bot's."""
        try:
            owner, unique = base64.urlsafe_b64decode(file_id[4:] + "==").decode().split(":")
        except (binascii.Error, ValueError):
            return None
        return self.by_unique.get(unique) if owner == str(bot_id) else None


def file_id(bot_id: int, stored: StoredFile) -> str:
    """Return the id this bot knows the file by."""
    tail = base64.urlsafe_b64encode(f"{bot_id}:{stored.unique_id}".encode()).decode().rstrip("=")
    return PREFIXES.get(stored.kind, "BQAC") + tail
