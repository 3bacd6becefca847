"""Uploaded files: their segments, states, limits and owners. Speaks no HTTP."""

import hashlib
import io
from dataclasses import dataclass, field
from math import ceil

from PIL import Image, UnidentifiedImageError

from sandbox.x import errors
from sandbox.x.accounts import Account
from sandbox.x.clock import Clock
from sandbox.x.ids import Snowflakes

# x-api/media/quickstart/best-practices.mdx; a chunk beyond 8 MB is reported to be refused.
MEGABYTE = 1024 * 1024
LIMITS = {"photo": 5 * MEGABYTE, "animated_gif": 15 * MEGABYTE, "video": 512 * MEGABYTE}
CHUNK_LIMIT = 8 * MEGABYTE
GIF_SIZE = (1280, 1080)
GIF_FRAMES = 350
LIFE_SECONDS = 86_400
# expires_after_secs of X's documented answer to initialize.
UPLOAD_SECONDS = 1_295_999
PROCESSING_SECONDS = 1.0
KINDS = {
    "tweet_image": ("photo", "3"),
    "dm_image": ("photo", "3"),
    "tweet_gif": ("animated_gif", "16"),
    "dm_gif": ("animated_gif", "16"),
    "tweet_video": ("video", "13"),
    "amplify_video": ("video", "13"),
    "dm_video": ("video", "13"),
}
VIDEO_TYPES = frozenset({"video/mp4", "video/quicktime", "video/webm", "video/mp2t"})
IMAGE_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/pjpeg", "image/tiff"}
)


@dataclass
class Media:
    """One file on its way to a post or in one."""

    id: str
    key: str
    owner: Account
    kind: str
    content_type: str
    total_bytes: int | None
    started_at: float
    segments: dict[int, bytes] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)
    digest: str = ""
    width: int = 0
    height: int = 0
    alt_text: str | None = None
    finalized_at: float = 0.0
    processing_seconds: float = 0.0
    failed: bool = False


class MediaShelf:
    """Every uploaded file by its id."""

    def __init__(self, clock: Clock, snowflakes: Snowflakes) -> None:
        self._clock = clock
        self._snowflakes = snowflakes
        self.all: dict[str, Media] = {}

    def begin(self, owner: Account, category: str, content_type: str, total_bytes: int | None) -> Media:
        """Open an upload. Raises XError for a kind or size X does not take."""
        kind, prefix = KINDS[category]
        _check_type(kind, content_type)
        if total_bytes is not None:
            _check_size(kind, total_bytes)
        media_id = self._snowflakes.next()
        media = Media(
            media_id, f"{prefix}_{media_id}", owner, kind, content_type, total_bytes, self._clock.now()
        )
        self.all[media_id] = media
        return media

    def own(self, owner: Account, media_id: str) -> Media:
        """Return an own, living upload. Raises XError 400 otherwise."""
        media = self.all.get(media_id)
        if media is None or media.owner is not owner or self.expired(media):
            raise errors.invalid(errors.MEDIA_IDS, {"media_id": [media_id]})
        return media

    def append(self, media: Media, index: int, chunk: bytes) -> None:
        """Keep one segment; the same index again replaces it. Raises XError 413 for a huge one."""
        if len(chunk) > CHUNK_LIMIT:
            raise errors.about_blank(413, "Payload Too Large", "Payload Too Large")
        if media.content is not None:
            raise errors.invalid("The media has already been finalized.", {"media_id": [media.id]})
        media.segments[index] = chunk

    def finish(self, media: Media, processing_seconds: float, *, failed: bool = False) -> None:
        """Join the segments. Raises XError when they are not what was announced."""
        if media.content is None:
            whole = b"".join(media.segments[index] for index in sorted(media.segments))
            if media.total_bytes is not None and len(whole) != media.total_bytes:
                raise errors.invalid("Segments do not add up to provided total file size.")
            _check_size(media.kind, len(whole))
            _inspect(media, whole)
            media.segments.clear()
            media.content, media.digest = whole, hashlib.sha256(whole).hexdigest()
            media.finalized_at = self._clock.now()
            media.processing_seconds = processing_seconds if media.kind != "photo" else 0.0
            media.failed = failed

    def state(self, media: Media) -> str:
        """Return pending, in_progress, succeeded or failed."""
        if media.content is None:
            return "pending"
        passed = self._clock.now() - media.finalized_at
        if passed < media.processing_seconds:
            return "pending" if passed < media.processing_seconds / 4 else "in_progress"
        return "failed" if media.failed else "succeeded"

    def progress(self, media: Media) -> int:
        """Return how many percent of the processing are done."""
        passed = self._clock.now() - media.finalized_at
        return 100 if passed >= media.processing_seconds else int(100 * passed / media.processing_seconds)

    def left_seconds(self, media: Media) -> int:
        """Return how long a media id may still be used."""
        if media.finalized_at:
            return max(0, ceil(media.finalized_at + LIFE_SECONDS - self._clock.now()))
        return max(0, ceil(media.started_at + UPLOAD_SECONDS - self._clock.now()))

    def expired(self, media: Media) -> bool:
        """Tell whether a media id is past its life; posts made with it keep their picture."""
        return self.left_seconds(media) == 0

    def usable(self, owner: Account, media_ids: list[str]) -> list[Media]:
        """Return the files for a post. Raises XError when one is not ready or not own, or for a wrong mix."""
        media = [self.all.get(media_id) for media_id in media_ids]
        ready = [
            one
            for one in media
            if one and one.owner is owner and not self.expired(one) and self.state(one) == "succeeded"
        ]
        if len(ready) != len(media_ids):
            raise errors.invalid(errors.MEDIA_IDS, {"media.media_ids": media_ids})
        if len(ready) > 1 and any(one.kind != "photo" for one in ready):
            raise errors.invalid(
                "A post takes up to 4 photos, or 1 GIF, or 1 video.", {"media.media_ids": media_ids}
            )
        return ready


def _check_type(kind: str, content_type: str) -> None:
    allowed = VIDEO_TYPES | ({"image/gif"} if kind == "animated_gif" else set())
    wanted = (
        IMAGE_TYPES
        if kind == "photo"
        else (allowed if kind == "video" else frozenset({"image/gif", "video/mp4"}))
    )
    if content_type not in wanted:
        raise errors.invalid("media type unrecognized.", {"media_type": [content_type]})


def _check_size(kind: str, size: int) -> None:
    if size > LIMITS[kind]:
        raise errors.invalid(f"File size exceeds {LIMITS[kind]} bytes.", {"total_bytes": [str(size)]})


def _inspect(media: Media, content: bytes) -> None:
    """Look into the bytes: X believes them, not the announced type."""
    if media.kind == "photo" or content[:4] == b"GIF8":
        _inspect_image(media, content)
    elif not (content[4:8] == b"ftyp" or content[:4] == b"\x1aE\xdf\xa3" or content[:1] == b"G"):
        raise errors.invalid("media type unrecognized.", {"media_id": [media.id]})


def _inspect_image(media: Media, content: bytes) -> None:
    try:
        with Image.open(io.BytesIO(content)) as image:
            media.width, media.height = image.size
            media.content_type = Image.MIME.get(image.format or "", media.content_type)
            frames = getattr(image, "n_frames", 1)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise errors.invalid("media type unrecognized.", {"media_id": [media.id]}) from error
    if media.kind == "animated_gif":
        too_large = media.width > GIF_SIZE[0] or media.height > GIF_SIZE[1]
        if too_large or frames > GIF_FRAMES:
            raise errors.invalid("GIF dimensions or frames exceed the limit.", {"media_id": [media.id]})
