"""Profile pictures drawn on the spot: an initial on the account's colour. Keeps only a small cache."""

import hashlib
import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

SIZE = 192
_COLOURS = ("#1d6fa5", "#7a4fbf", "#b3456b", "#2f7d4f", "#a2632a", "#3d5a99", "#8a3b3b", "#23757a")


@lru_cache(maxsize=256)
def avatar(username: str) -> bytes:
    """Return a PNG for this username."""
    colour = _COLOURS[hashlib.sha256(username.lower().encode()).digest()[0] % len(_COLOURS)]
    picture = Image.new("RGB", (SIZE, SIZE), colour)
    font = ImageFont.load_default(size=104)
    ImageDraw.Draw(picture).text(
        (SIZE / 2, SIZE / 2), username[:1].upper(), fill="white", font=font, anchor="mm"
    )
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
