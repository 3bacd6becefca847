"""Reads what is committed: the documents with their tables and links, and the modules. Checks nothing."""

import ast
import functools
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "tasks", "twitter", "storage", "texts", "sandbox")

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)


def documents() -> list[Path]:
    """List README.md and its like, and everything in docs/."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def name(path: Path) -> str:
    """Write a path as from the project's root."""
    return path.relative_to(ROOT).as_posix()


def read(path: str) -> str:
    """Read a document by its path from the project's root."""
    return (ROOT / path).read_text(encoding="utf-8")


def section(document: str, heading: str) -> str:
    """Give what stands under a heading, up to the next one of its level or above."""
    text = read(document)
    start = re.search(rf"^(#+) +{re.escape(heading)}\s*$", text, re.MULTILINE)
    assert start, f"{document} has no section {heading!r}"
    end = re.search(rf"^#{{1,{len(start[1])}}} ", text[start.end() :], re.MULTILINE)
    return text[start.end() :][: end.start() if end else None]


def rows(text: str) -> list[list[str]]:
    """Give the rows of all tables in a text, without headings and lines."""
    found: list[list[str]] = []
    lines = text.splitlines()
    for before, line in zip(["", *lines], lines, strict=False):
        if not line.startswith("|") or set(line) <= set("|-: "):
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not before.startswith("|"):
            continue  # the heading
        found.append(cells)
    return found


def code(cell: str) -> str:
    """Take the backquotes off a cell that is code."""
    return cell.strip("`")


def spans(text: str) -> list[str]:
    """Give everything in single backquotes, fenced blocks left out."""
    return re.findall(r"`([^`\n]+)`", _FENCE.sub("", text))


def links(path: Path) -> Iterator[tuple[bool, str]]:
    """Give the links of a document: whether it is a picture, and where it leads."""
    for mark, target in _LINK.findall(_FENCE.sub("", path.read_text(encoding="utf-8"))):
        yield mark == "!", target


def anchors(path: Path) -> set[str]:
    """Give what links into a document may name, as GitHub makes it from headings."""
    headings = _HEADING.findall(_FENCE.sub("", path.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def modules() -> list[Path]:
    """List every module of the packages, frozen migrations left out."""
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in found if "versions" not in path.parts]


@functools.cache
def parsed(path: Path) -> ast.Module:
    """Parse a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def committed() -> list[Path]:
    """List the files git keeps, as they are on disk; none where there is no git or no clone."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        return []
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for entry in listed.decode().split("\0") if entry and (path := ROOT / entry).is_file()]
