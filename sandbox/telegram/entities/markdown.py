"""Telegram's MarkdownV2 and old Markdown parse modes, refusals included.

See https://core.telegram.org/bots/api#markdownv2-style; this is not CommonMark.
"""

import re
from dataclasses import dataclass

from sandbox.telegram.entities.pieces import Builder, CannotParse, Entity, byte_offset, in_order

RESERVED = set("_*[]()~`>#+-=|{}.!\n")
# how tdlib names the types in its refusals
NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
# longest first
MARKS = [
    ("```", "pre"),
    ("||", "spoiler"),
    ("__", "underline"),
    ("![", "custom_emoji"),
    ("*", "bold"),
    ("_", "italic"),
    ("~", "strikethrough"),
    ("`", "code"),
    ("[", "text_link"),
]
ENDS = {kind: mark for mark, kind in MARKS} | {"text_link": "]", "custom_emoji": "]"}
LANGUAGE = re.compile(r"([^\s`]+)(?=[^`]|\Z)")


@dataclass
class Open:
    """An entity whose end has not come yet."""

    kind: str
    start: int
    at: int
    text_start: int
    language: str = ""


class MarkdownV2Parser:
    """Reads one text from its begin to its end."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.built = Builder()
        self.open: list[Open] = []

    def parse(self) -> tuple[str, list[Entity]]:
        """Raise CannotParse, or return text and entities."""
        while self.at < len(self.source):
            self._step()
        while self.open and self.open[-1].kind == "blockquote":
            self._end_quote()
        if self.open:
            raise self._unfinished(self.open[-1])
        return self.built.text, in_order(self.built.entities)

    def _unfinished(self, opened: Open) -> CannotParse:
        where = byte_offset(self.source, opened.at)
        return CannotParse(f"Can't find end of {NAMES[opened.kind]} entity at byte offset {where}")

    def _starts(self, mark: str) -> bool:
        return self.source.startswith(mark, self.at)

    def _step(self) -> None:
        character = self.source[self.at]
        after = self.source[self.at + 1 : self.at + 2]
        inside = self.open[-1].kind if self.open else ""
        if character == "\\" and after and 0 < ord(after) <= 126:
            self.built.add(after)
            self.at += 2
        elif character not in ({"`"} if inside in {"code", "pre"} else RESERVED):
            self.built.add(character)
            self.at += 1
        elif character == "\n":
            self._line_break()
        elif inside and inside != "blockquote" and self._is_end(inside):
            self._end(self.open.pop())
        else:
            self._begin(character)

    def _line_break(self) -> None:
        quoted = any(opened.kind == "blockquote" for opened in self.open)
        more = self.source.startswith(">", self.at + 1)
        if quoted and not more:
            if self.open[-1].kind != "blockquote":
                raise self._unfinished(self.open[-1])
            self._end_quote()
        self.built.add("\n")
        self.at += 2 if more else 1
        if more and not quoted:
            self._open("blockquote", self.at - 1)

    def _end_quote(self) -> None:
        opened = self.open.pop()
        self.built.mark("blockquote", opened.start)

    def _is_end(self, kind: str) -> bool:
        if kind == "italic":
            return self._starts("_") and not self._starts("__")
        return self._starts(ENDS[kind])

    def _begin(self, character: str) -> None:
        if character == ">" and self.at == 0:
            self.at += 1
            self._open("blockquote", 0)
            return
        for mark, kind in MARKS:
            if self._starts(mark):
                begin, self.at = self.at, self.at + len(mark)
                self._open(kind, begin)
                return
        raise CannotParse(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")

    def _open(self, kind: str, at: int) -> None:
        opened = Open(kind, self.built.length, at, len(self.built.text))
        if kind == "pre":
            opened.language = self._language()
        self.open.append(opened)

    def _language(self) -> str:
        match = LANGUAGE.match(self.source, self.at)
        language = match.group(1) if match else ""
        self.at += len(language)
        if self.source[self.at : self.at + 1] == "\n":
            self.at += 1
        return language

    def _end(self, opened: Open) -> None:
        self.at += len(ENDS[opened.kind])
        if opened.kind == "text_link":
            url = self._target("URL")
            self.built.mark_link(opened.start, self.built.text[opened.text_start :] if url is None else url)
        elif opened.kind == "custom_emoji":
            self._end_emoji(opened)
        elif opened.kind == "pre" and opened.language:
            self.built.mark("pre", opened.start, language=opened.language)
        else:
            self.built.mark(opened.kind, opened.start)

    def _target(self, what: str) -> str | None:
        """Read the part in round brackets after `]`, or None when there is none."""
        if not self._starts("("):
            return None
        begin, found = self.at + 1, ""
        self.at = begin
        while self.at < len(self.source) and not self._starts(")"):
            self.at += self._starts("\\") and self.at + 1 < len(self.source)
            found += self.source[self.at]
            self.at += 1
        if not self._starts(")"):
            raise CannotParse(f"Can't find end of a {what} at byte offset {byte_offset(self.source, begin)}")
        self.at += 1
        return found

    def _end_emoji(self, opened: Open) -> None:
        url = self._target("custom emoji URL")
        match = re.fullmatch(r"tg://emoji\?id=(\d+)", url or "")
        if not match:
            raise CannotParse("Custom emoji entity must contain a tg://emoji URL")
        self.built.mark("custom_emoji", opened.start, custom_emoji_id=match.group(1))


OLD_MARKS = {"_": "italic", "*": "bold", "`": "code", "[": "text_link"}


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """Read the old mode: no nesting, no escaping inside an entity."""
    built, at = Builder(), 0
    while at < len(source):
        if source[at] == "\\" and source[at + 1 : at + 2] in OLD_MARKS:
            built.add(source[at + 1])
            at += 2
        elif source[at] not in OLD_MARKS:
            built.add(source[at])
            at += 1
        else:
            at = old_entity(source, at, built)
    return built.text, in_order(built.entities)


def old_entity(source: str, begin: int, built: Builder) -> int:
    """Read one entity and say where the text goes on."""
    mark = "```" if source.startswith("```", begin) else source[begin]
    close = "]" if mark == "[" else mark
    end = source.find(close, begin + len(mark))
    if end < 0:
        raise CannotParse(
            f"Can't find end of the entity starting at byte offset {byte_offset(source, begin)}"
        )
    start, inner = built.length, source[begin + len(mark) : end]
    after = end + len(close)
    if mark == "[":
        return _old_link(source, after, inner, built)
    built.add(inner.removeprefix("\n") if mark == "```" else inner)
    built.mark("pre" if mark == "```" else OLD_MARKS[mark], start)
    return after


def _old_link(source: str, after: int, inner: str, built: Builder) -> int:
    start = built.length
    built.add(inner)
    if not source.startswith("(", after):
        built.mark_link(start, inner)
        return after
    end = source.find(")", after)
    end = len(source) if end < 0 else end
    built.mark_link(start, source[after + 1 : end])
    return end + 1


def parse_markdown_v2(source: str) -> tuple[str, list[Entity]]:
    """Raise CannotParse, or return text and entities."""
    return MarkdownV2Parser(source).parse()
