"""Media out of bytes, for people's phones and for bots: which kind, which numbers.

How it came here (upload, file_id, URL) is not known.
"""

import struct

from sandbox.telegram import pictures
from sandbox.telegram.files import FileStore
from sandbox.telegram.messages import Media
from sandbox.telegram.spec import Upload

KINDS = {"photo", "document", "animation", "video", "sticker", "voice"}
DEFAULT_SIZE = (640, 360)


def make(
    store: FileStore, kind: str, upload: Upload, duration: int = 0, size: tuple[int, int] = (0, 0)
) -> Media:
    """Raise pictures.NotAPicture for a photo that is none."""
    if kind == "photo":
        return pictures.photo(store, upload.data)
    stored = store.add(kind, upload.data, upload.mime, upload.name)
    if kind in {"document", "voice"}:
        return Media(kind, stored, duration=duration)
    if size == (0, 0):
        size = pictures.measured(upload.data)
    width, height = size if all(size) else DEFAULT_SIZE
    return Media(kind, stored, width=width, height=height, duration=duration or film_seconds(upload.data))


def film_seconds(data: bytes) -> int:
    """Read the length an MP4's movie header tells, or 1."""
    at = data.find(b"mvhd")
    if at < 0 or len(data) < at + 36:
        return 1
    if data[at + 4] == 1:
        scale, length = struct.unpack(">IQ", data[at + 24 : at + 36])
    else:
        scale, length = struct.unpack(">II", data[at + 16 : at + 24])
    return max(1, round(length / scale)) if scale else 1
