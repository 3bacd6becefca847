"""Telegram's HTML parse mode (https://core.telegram.org/bots/api#html-style), refusals included.

Not a general HTML parser: few tags, three named entities, every mistake is refused with a byte offset.
"""

import re
from dataclasses import dataclass

from sandbox.telegram.entities.pieces import Builder, CannotParse, Entity, byte_offset, in_order

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS = {*SIMPLE, "a", "pre", "code", "blockquote", "tg-emoji", "tg-time"}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,7})|#([0-9]{1,8})|(lt|gt|amp|quot)(?![A-Za-z]));?")
TAG_NAME = re.compile(r"[^\s>]*")
SPACE = re.compile(r"\s*")
ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")


@dataclass
class Open:
    """A tag whose end has not come yet."""

    tag: str
    attributes: dict[str, str]
    start: int
    text_start: int


def _decoded(match: re.Match[str]) -> str:
    if match.group(3):
        return NAMED[match.group(3)]
    code = int(match.group(1), 16) if match.group(1) else int(match.group(2))
    return chr(code) if 0 < code < 0x10FFFF else match.group(0)


class HtmlParser:
    """Reads one text from its begin to its end."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.begin = 0
        self.built = Builder()
        self.open: list[Open] = []

    def parse(self) -> tuple[str, list[Entity]]:
        """Raise CannotParse, or return text and entities."""
        while self.at < len(self.source):
            following = self.source.find("<", self.at)
            end = len(self.source) if following < 0 else following
            self.built.add(REFERENCE.sub(_decoded, self.source[self.at : end]))
            self.at = end
            if following >= 0:
                self._tag()
        if self.open:
            raise CannotParse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        entities = [{k: v for k, v in e.items() if k != "code_class"} for e in self.built.entities]
        return self.built.text, in_order(entities)

    def _refuse(self, words: str, at: int | None = None) -> CannotParse:
        return CannotParse(
            f"{words} at byte offset {byte_offset(self.source, self.begin if at is None else at)}"
        )

    def _peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.source, self.at)
        found = match.group(0) if match else ""
        self.at += len(found)
        return found

    def _tag(self) -> None:
        self.begin = self.at
        self.at += 1
        if self._peek() == "/":
            self.at += 1
            self._end_tag()
        else:
            self._start_tag()

    def _start_tag(self) -> None:
        tag = self._take(TAG_NAME).lower()
        if not self._peek():
            raise self._refuse("Unclosed start tag")
        if tag not in TAGS:
            raise self._refuse(f'Unsupported start tag "{tag}"')
        attributes = self._attributes(tag)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._refuse('Tag "span" must have class "tg-spoiler"')
        self.open.append(Open(tag, attributes, self.built.length, len(self.built.text)))

    def _attributes(self, tag: str) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self._take(SPACE)
            if self._peek() == ">":
                self.at += 1
                return found
            name = self._take(ATTRIBUTE_NAME)
            if not name:
                raise self._refuse(f'Empty attribute name in the tag "{tag}"')
            found[name] = self._value(tag)

    def _value(self, tag: str) -> str:
        self._take(SPACE)
        if self._peek() != "=":
            # tdlib accepts a bare `expandable`, as the documentation shows it
            if self._peek() in {">", ""} or self.source[self.at - 1].isspace():
                return self._bare(tag)
            raise self._refuse(f'Expected equal sign in declaration of an attribute of the tag "{tag}"')
        self.at += 1
        self._take(SPACE)
        if not self._peek():
            raise self._refuse(f'Unclosed start tag "{tag}"')
        return self._literal() if self._peek() in "'\"" else self._token()

    def _bare(self, tag: str) -> str:
        if tag == "blockquote" and self._peek():
            return ""
        raise self._refuse(f'Expected equal sign in declaration of an attribute of the tag "{tag}"')

    def _literal(self) -> str:
        end = self.source.find(self._peek(), self.at + 1)
        if end < 0 or end + 1 >= len(self.source):
            raise self._refuse("Unclosed start tag")
        value = self.source[self.at + 1 : end]
        self.at = end + 1
        return REFERENCE.sub(_decoded, value)

    def _token(self) -> str:
        begin = self.at
        token = self._take(NAME_TOKEN).lower()
        if self._peek() != ">" and not self._peek().isspace():
            raise self._refuse("Unexpected end of name token", begin)
        return token

    def _end_tag(self) -> None:
        if not self.open:
            raise self._refuse("Unexpected end tag")
        name = self._take(TAG_NAME).lower()
        self._take(SPACE)
        if self._peek() != ">":
            raise self._refuse("Unclosed end tag")
        self.at += 1
        opened = self.open.pop()
        if name and name != opened.tag:
            raise self._refuse_unmatched(opened.tag, name)
        self._close(opened)

    def _refuse_unmatched(self, expected: str, found: str) -> CannotParse:
        at = byte_offset(self.source, self.begin)
        return CannotParse(
            f'Unmatched end tag at byte offset {at}, expected "</{expected}>", found "</{found}>"'
        )

    def _close(self, opened: Open) -> None:
        built, start = self.built, opened.start
        if opened.tag in SIMPLE:
            built.mark(SIMPLE[opened.tag], start)
        elif opened.tag == "a":
            built.mark_link(start, opened.attributes.get("href") or built.text[opened.text_start :])
        elif opened.tag == "blockquote":
            built.mark("expandable_blockquote" if "expandable" in opened.attributes else "blockquote", start)
        elif opened.tag in {"pre", "code"}:
            self._close_code(opened)
        elif opened.tag == "tg-emoji":
            self._close_emoji(opened)
        else:
            self._close_time(opened)

    def _close_code(self, opened: Open) -> None:
        """`<pre><code class="language-x">` around the same text is one `pre` entity with a language."""
        built = self.built
        css = opened.attributes.get("class", "")
        language = css.removeprefix("language-") if css.startswith("language-") else ""
        last = built.entities[-1] if built.entities else {}
        same = last.get("offset") == opened.start and last.get("length") == built.length - opened.start
        if opened.tag == "pre" and same and last.get("code_class"):
            last |= {"type": "pre", "language": last["code_class"]}
        elif opened.tag == "code" and same and last.get("type") == "pre" and language:
            last["language"] = language
        elif opened.tag == "code" and language:
            built.mark("code", opened.start, code_class=language)
        else:
            built.mark(opened.tag, opened.start)

    def _close_emoji(self, opened: Open) -> None:
        emoji = opened.attributes.get("emoji-id", "")
        if not emoji.isdecimal() or int(emoji) == 0:
            raise CannotParse("Invalid custom emoji identifier specified")
        self.built.mark("custom_emoji", opened.start, custom_emoji_id=emoji)

    def _close_time(self, opened: Open) -> None:
        """`<tg-time unix=... format=...>` (Bot API 9.5)."""
        unix, form = opened.attributes.get("unix", ""), opened.attributes.get("format", "")
        if not unix.isdecimal():
            raise CannotParse("Invalid date-time specified")
        if not re.fullmatch(r"r|w?[dD]?[tT]?", form):
            raise CannotParse("Invalid date-time format specified")
        more = {"date_time_format": form} if form else {}
        self.built.mark("date_time", opened.start, unix_time=int(unix), **more)


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Raise CannotParse, or return text and entities."""
    return HtmlParser(source).parse()
