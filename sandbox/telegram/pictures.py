"""Photos as Telegram makes them: recompressed to JPEG in several sizes.

Where the bytes are kept is `files`' matter.
"""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from sandbox.telegram.files import PHOTO_LIMIT, FileStore
from sandbox.telegram.messages import Media, Picture

# the longest side of the sizes "s", "m", "x", "y" (https://core.telegram.org/api/files#image-thumbnail-types)
SIDES = (90, 320, 800, 1280)
# Bot API, sendPhoto: width and height together at most 10000, ratio at most 20
LONGEST = 10_000
WIDEST = 20


class NotAPicture(Exception):  # noqa: N818 - what was sent
    """The words Telegram answers."""


def photo(store: FileStore, data: bytes) -> Media:
    """Raise NotAPicture, or store one JPEG per size."""
    image = _opened(data)
    pictures = [_stored_size(store, _resized(image, side)) for side in _sides_for(image)]
    return Media("photo", pictures[-1].file, tuple(pictures))


def _opened(data: bytes) -> Image.Image:
    if len(data) > PHOTO_LIMIT:
        raise NotAPicture("PHOTO_SAVE_FILE_INVALID")
    try:
        image = Image.open(io.BytesIO(data))
        width, height = image.size
        if width + height > LONGEST or max(width, height) > WIDEST * min(width, height):
            raise NotAPicture("PHOTO_INVALID_DIMENSIONS")
        return ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NotAPicture("IMAGE_PROCESS_FAILED") from None


def _sides_for(image: Image.Image) -> list[int]:
    longest = max(image.size)
    smaller = [side for side in SIDES if side < longest]
    return [*smaller, min(longest, SIDES[-1])] if len(smaller) < len(SIDES) else list(SIDES)


def _resized(image: Image.Image, side: int) -> Image.Image:
    if max(image.size) <= side:
        return image
    factor = side / max(image.size)
    width, height = (max(1, round(length * factor)) for length in image.size)
    return image.resize((width, height))


def _stored_size(store: FileStore, image: Image.Image) -> Picture:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=87)
    stored = store.add("photo", buffer.getvalue(), "image/jpeg", "photo.jpg")
    return Picture(stored, *image.size)


def measured(data: bytes) -> tuple[int, int]:
    """Width and height of a GIF or other picture; 0, 0 when it is none."""
    try:
        return Image.open(io.BytesIO(data)).size
    except (UnidentifiedImageError, OSError, ValueError):
        return 0, 0
