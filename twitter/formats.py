"""Which photos, GIFs and videos X takes, and what a file is by its beginning. Pure; uploading is in media.py.

X: "Media best practices", read 2026-08 and 2026-09; OpenAPI 2.166.
"""

from typing import Literal

Kind = Literal["photo", "gif", "video"]

#: OpenAPI, CreateMediaMetadataRequest.
ALT_TEXT_MAX = 1000

_MB = 1024 * 1024
SIZE_MAX: dict[Kind, int] = {"photo": 5 * _MB, "gif": 15 * _MB, "video": 8 * 1024 * _MB}
#: Sizes and lengths of videos are those of the newer docs. A shorter bound would refuse what X takes; where
#: X's is shorter for an account, it says so in a 403 when the post is made (media_too_long).
VIDEO_SIZE_MAX_PREMIUM = 16 * 1024 * _MB
VIDEO_S_MIN, VIDEO_S_MAX, VIDEO_S_MAX_PREMIUM = 0.5, 20 * 60, 125 * 60
GIF_WIDTH_MAX, GIF_HEIGHT_MAX = 1280, 1080
VIDEO_SIDE_MIN, VIDEO_RATIO_MAX = 32, 3.0

_MIMES: dict[Kind, tuple[str, ...]] = {
    "photo": ("image/jpeg", "image/png", "image/gif", "image/webp"),
    # A GIF of Telegram is a silent MP4; X takes that as a video.
    "gif": ("image/gif", "video/mp4"),
    "video": ("video/mp4", "video/quicktime", "video/webm", "video/mp2t"),
}
_BEGINNINGS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypqt", "video/quicktime"),
    # Photos of telephones and sound files have the box of an MP4 around them.
    (4, b"ftyphe", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypmsf1", "image/heic"),
    (4, b"ftypavi", "image/avif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)


def sniff(first_bytes: bytes) -> str | None:
    """Tell the MIME type by the first 16 bytes, whatever the name says; None when they are strange."""
    for at, beginning, mime in _BEGINNINGS:
        if first_bytes[at : at + len(beginning)] == beginning:
            return mime
    return None


def check(
    kind: Kind,
    mime: str,
    size: int,
    *,
    width: int | None = None,
    height: int | None = None,
    duration_s: float | None = None,
    premium: bool = False,
) -> str | None:
    """Return why X would not take a file of `size` bytes, as a code of Refused; None when it would.

    What is not known (None) is not checked: X decides.
    """
    if mime not in _MIMES[kind]:
        return "media_type"
    is_video = mime.startswith("video/")
    size_max = SIZE_MAX["video" if is_video else kind]
    if is_video and premium:
        size_max = VIDEO_SIZE_MAX_PREMIUM
    if size > size_max:
        return "media_too_big"
    if size <= 0:
        return "media_invalid"
    if is_video:
        return _check_video(width, height, duration_s, VIDEO_S_MAX_PREMIUM if premium else VIDEO_S_MAX)
    if kind == "gif" and ((width or 0) > GIF_WIDTH_MAX or (height or 0) > GIF_HEIGHT_MAX):
        return "media_dimensions"
    return None


def _check_video(
    width: int | None, height: int | None, duration_s: float | None, seconds_max: float
) -> str | None:
    if duration_s is not None and duration_s > seconds_max:
        return "media_too_long"
    if duration_s is not None and duration_s < VIDEO_S_MIN:
        return "media_too_short"
    if width and height:
        is_narrow = max(width, height) / min(width, height) > VIDEO_RATIO_MAX
        return "media_dimensions" if is_narrow or min(width, height) < VIDEO_SIDE_MIN else None
    return None
