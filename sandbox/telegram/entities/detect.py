"""What Telegram finds in a text by itself: commands, addresses, @names, #tags, $tags.

Formatting a bot or a person asked for is not found here.
"""

import re

from sandbox.telegram.entities.pieces import Entity, utf16_length

# tdlib: a command is 1-64 letters, digits, underscores, and may name a bot; it stands at a word's start
COMMAND = re.compile(r"(?<![\w/<>@])/([A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/<>])", re.ASCII)
MENTION = re.compile(r"(?<![\w@/.])@[A-Za-z][A-Za-z0-9_]{1,31}(?![\w@])", re.ASCII)
HASHTAG = re.compile(r"(?<![\w#@])#(?!\d+(?!\w))\w{1,256}(?:@[A-Za-z0-9_]{3,32})?(?![#\w])")
CASHTAG = re.compile(r"(?<![\w$])\$[A-Z]{1,8}(?![\w$])")
EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w-])")
URL = re.compile(
    r"(?<![\w@./-])(?:(?:https?|ftp|tonsite)://[^\s<>\"«»]+"
    r"|(?:[A-Za-z0-9\u00a1-\uffff][A-Za-z0-9\u00a1-\uffff-]*\.)+[A-Za-z\u00a1-\uffff]{2,}(?::\d+)?(?:[/?#][^\s<>\"«»]*)?)",
    re.IGNORECASE,
)
# bare domains only under endings people use; Telegram has a list of all of them
BARE_ENDINGS_TEXT = """
com org net edu gov int info io dev app me co uk de fr es it nl eu ch at be se no fi dk pl cz ru ua
tr ir in jp cn kr br mx ar au nz ca us tv ai gg xyz site online blog news tech cloud page link
example рф
"""
BARE_ENDINGS = frozenset(BARE_ENDINGS_TEXT.split())
TRAILING = ".,:;!?'\")]}…"
KINDS = [
    ("url", URL),
    ("email", EMAIL),
    ("bot_command", COMMAND),
    ("mention", MENTION),
    ("hashtag", HASHTAG),
    ("cashtag", CASHTAG),
]


def detect(text: str) -> list[Entity]:
    """Entities in order, none overlapping another."""
    taken: list[tuple[int, int, str]] = []
    for kind, pattern in KINDS:
        for match in pattern.finditer(text):
            start, end = match.start(), match.start() + len(_trimmed(kind, match.group(0)))
            if end > start and _plausible(kind, text[start:end]) and _is_free(taken, start, end):
                taken.append((start, end, kind))
    return [_as_entity(text, start, end, kind) for start, end, kind in sorted(taken)]


def _trimmed(kind: str, found: str) -> str:
    if kind != "url":
        return found
    while found and found[-1] in TRAILING:
        if found[-1] == ")" and found.count("(") >= found.count(")"):
            break
        found = found[:-1]
    return found


def _plausible(kind: str, found: str) -> bool:
    if kind != "url" or "://" in found:
        return True
    host = re.split(r"[/?#:]", found)[0]
    return host.rsplit(".", 1)[-1].lower() in BARE_ENDINGS


def _is_free(taken: list[tuple[int, int, str]], start: int, end: int) -> bool:
    return all(end <= other_start or start >= other_end for other_start, other_end, _ in taken)


def _as_entity(text: str, start: int, end: int, kind: str) -> Entity:
    return {"type": kind, "offset": utf16_length(text[:start]), "length": utf16_length(text[start:end])}
