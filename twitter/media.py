"""Bringing a photo, GIF or video to X in pieces. What X takes stands in formats.py; no file is fetched here.

X: "Chunked media upload", read 2026-08 and 2026-09; OpenAPI 2.166.
"""

import functools
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from twitter.answers import Answer
from twitter.client import App, Token, X, checked_id
from twitter.errors import Refused, Unavailable
from twitter.formats import ALT_TEXT_MAX, Kind
from twitter.translate import scrub

#: Pieces of 5 MB were refused with 431, 1 to 4 MB work; OpenAPI: segment_index is 0 to 999.
CHUNK_BYTES = 1024 * 1024
CHUNK_MAX_BYTES = 4 * 1024 * 1024
SEGMENTS_MAX = 1000
#: How long X may take to look through a video before we give up; X names no bound.
PROCESSING_MAX_S = 600
_CHECK_AFTER_S = (1, 30)


@dataclass(frozen=True, slots=True)
class _Upload:
    """One file on its way to X.

    Nothing of a broken upload is ever seen and it is made anew, so `changes` is false in all its calls:
    every failure that is not X's refusal comes out as Unavailable.
    """

    x: X
    app: App
    token: Token

    def initialize(self, kind: Kind, mime: str, total: int) -> str:
        body = {"media_type": mime, "media_category": _category(kind, mime), "total_bytes": total}
        answer = self._call("POST", "/2/media/upload/initialize", json=body)
        media_id = str(answer.item.get("id", ""))
        if not media_id.isdecimal():
            raise Unavailable("garbled", status=answer.status)
        return checked_id(media_id)

    def append(self, media_id: str, index: int, chunk: bytes) -> None:
        part = {"media": ("media", chunk, "application/octet-stream")}
        data = {"segment_index": str(index)}
        self._call("POST", f"/2/media/upload/{media_id}/append", data=data, files=part)

    def finalize(self, media_id: str, sleep: Callable[[float], None]) -> None:
        """Ask at the pace X names until the file is ready; no processing_info means ready."""
        item = self._call("POST", f"/2/media/upload/{media_id}/finalize").item
        waited_s = 0.0
        while not _is_ready(item):
            if waited_s >= PROCESSING_MAX_S:
                raise Unavailable("media_slow")
            pause_s = _pause_s(item)
            sleep(pause_s)
            waited_s += pause_s
            params = {"command": "STATUS", "media_id": media_id}
            item = self._call("GET", "/2/media/upload", params=params).item

    def describe(self, media_id: str, alt_text: str) -> None:
        body = {"id": media_id, "metadata": {"alt_text": {"text": alt_text[:ALT_TEXT_MAX]}}}
        self._call("POST", "/2/media/metadata", json=body)

    def _call(self, method: str, path: str, **body: Any) -> Answer:
        return self.x.call(method, path, app=self.app, token=self.token, changes=False, **body)


def upload(
    x: X,
    app: App,
    token: Token,
    content: bytes | BinaryIO,
    *,
    kind: Kind,
    mime: str,
    alt_text: str | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Bring a file to X and return its media id, good for a post within 24 hours.

    Blocks until X has looked through it. `content` is read from where it stands. Raises Refused
    media_too_big, media_invalid; Unavailable: upload anew.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    total = _left(stream)
    if total == 0 or total > CHUNK_MAX_BYTES * SEGMENTS_MAX:
        raise Refused("media_too_big" if total else "media_invalid")
    size = CHUNK_BYTES if total <= CHUNK_BYTES * SEGMENTS_MAX else CHUNK_MAX_BYTES
    way = _Upload(x, app, token)
    media_id = way.initialize(kind, mime, total)
    for index, chunk in enumerate(iter(functools.partial(stream.read, size), b"")):
        way.append(media_id, index, chunk)
    way.finalize(media_id, sleep)
    if alt_text:
        way.describe(media_id, alt_text)
    return media_id


def _left(stream: BinaryIO) -> int:
    start = stream.tell()
    end = stream.seek(0, io.SEEK_END)
    stream.seek(start)
    return end - start


def _category(kind: Kind, mime: str) -> str:
    if mime.startswith("video/"):
        return "tweet_video"
    return "tweet_gif" if kind == "gif" else "tweet_image"


def _is_ready(item: dict[str, Any]) -> bool:
    info = item.get("processing_info") or {}
    if info.get("state") == "failed":
        error = info.get("error") or {}
        raise Refused("media_invalid", scrub(str(error.get("message") or error.get("name") or "")))
    return info.get("state") in (None, "succeeded")


def _pause_s(item: dict[str, Any]) -> float:
    asked = item["processing_info"].get("check_after_secs") or 0
    return min(max(float(asked), _CHECK_AFTER_S[0]), _CHECK_AFTER_S[1])
