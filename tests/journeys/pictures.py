"""Files a person might send: made, not kept."""

import io
from pathlib import Path

from PIL import Image, ImageDraw


def photos(directory: Path, count: int) -> list[Path]:
    """Make that many different PNG pictures."""
    made = []
    for number in range(1, count + 1):
        picture = Image.new("RGB", (320, 240), (40 * number % 255, 90, 200 - 30 * number))
        ImageDraw.Draw(picture).text((20, 20), f"Picture {number}", fill="white")
        path = directory / f"photo-{number}.png"
        picture.save(path)
        made.append(path)
    return made


def gif() -> bytes:
    """Make a GIF of three frames."""
    frames = [Image.new("RGB", (64, 64), (80 * n, 20, 120)) for n in range(3)]
    content = io.BytesIO()
    frames[0].save(content, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return content.getvalue()


def mp4() -> bytes:
    """Make what begins as an MP4 does (ISO 14496-12: a box `ftyp`), filled up to 2 kB."""
    box = b"ftypisom\x00\x00\x02\x00isomiso2mp41"
    return (len(box) + 4).to_bytes(4, "big") + box + b"\x00" * 2000
