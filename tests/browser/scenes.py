"""Pictures: the photos a person sends in the journeys, and those that are taken of the pages for the documents."""

import io
import os
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Page

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
#: With PINFEATHER_PICTURES=1 the journeys write the documents' pictures anew.
WANTED = os.environ.get("PINFEATHER_PICTURES") == "1"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
BYTES_MAX = 150_000
#: Milliseconds until what moves on a page has come to rest.
SETTLING_MS = 450

_SIZE = (960, 720)
#: Each is taken by the first journey that comes by.
_taken: set[str] = set()


def take(page: Page, name: str) -> None:
    """Take the picture of a page for the documents, where pictures are wanted."""
    if not WANTED or name in _taken:
        return
    _taken.add(name)
    page.mouse.move(1, 1)
    page.wait_for_timeout(SETTLING_MS)
    content = page.screenshot(animations="disabled", caret="hide")
    target = PICTURES / f"{name}.png"
    # fewer shades than a screen shows: nobody sees it, and the file is half as big
    picture = Image.open(io.BytesIO(content)).convert("RGB").point(lambda shade: round(shade / 5) * 5)
    picture.save(target, optimize=True)
    if target.stat().st_size >= BYTES_MAX:
        picture.quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)
    assert target.stat().st_size < BYTES_MAX, f"{target.name} is too big to be committed"


def sea(path: Path) -> Path:
    """Paint a low sun over the sea."""
    scene = _gradient((250, 178, 120), (255, 226, 180))
    draw = ImageDraw.Draw(scene)
    draw.ellipse((560, 250, 720, 410), fill=(255, 244, 214))
    water = _gradient((88, 128, 150), (30, 66, 92)).resize((960, 330))
    scene.paste(water, (0, 390))
    chance = random.Random(1)
    for _ in range(120):
        y = chance.randint(400, 700)
        x = int(chance.gauss(640, 40 + (y - 390) / 2))
        draw.line((x, y, x + chance.randint(14, 60), y), fill=(255, 222, 176), width=2 + (y - 390) // 120)
    return _saved(scene, path)


def hills(path: Path) -> Path:
    """Paint hills behind hills."""
    scene = _gradient((120, 170, 214), (232, 240, 236))
    draw = ImageDraw.Draw(scene)
    chance = random.Random(4)
    for depth, colour in enumerate([(150, 182, 186), (104, 148, 140), (62, 110, 96), (30, 68, 60)]):
        height = 300 + 95 * depth
        ridge = [(x, height + chance.randint(-45, 45)) for x in range(-80, 1100, 110)]
        draw.polygon([*ridge, (1100, 720), (-80, 720)], fill=colour)
    return _saved(scene.filter(ImageFilter.GaussianBlur(1.2)), path)


def _gradient(top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(_SIZE)
    return Image.composite(Image.new("RGB", _SIZE, bottom), Image.new("RGB", _SIZE, top), ramp)


def _saved(scene: Image.Image, path: Path) -> Path:
    scene.save(path, "JPEG", quality=88)
    return path
