"""The sentences of every language: found, checked and filled with facts. Which to say is decided elsewhere.

A language is one file, `<tag>.ftl` (Project Fluent): drop it in and it is there. `say` gives HTML for
Telegram, `label` plain text for what Telegram shows unformatted (buttons, toasts, placeholders, commands).
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from texts.facts import prepared
from texts.formats import FUNCTIONS, Duration, Moment, Money
from texts.reply import Fact, Facts, Say

FALLBACK = "en"
#: Facts that name X accounts.
X_ACCOUNTS = ("username", "old_username")
#: The message each file must have: what the language calls itself.
NAME_KEY = "language-name"
#: fluent.runtime refuses longer placeables (resolver.MAX_PART_LENGTH = 2500); these are put in afterwards.
_PART_MAX = 2000
#: Around the number of a fact that is put in afterwards; noncharacters, which no cleaned fact contains.
_HOLE = "\ufdd0{}\ufdd1"
#: What an empty fact leaves behind.
_EMPTY_LINES = re.compile(r"\n[ \t]*\n\s*\n")


class MissingText(LookupError):  # noqa: N818 - named for what it is
    """A key no language file has, or a fact its sentence needs and was not given."""


class BadCatalogue(Exception):  # noqa: N818 - named for what it is
    """The language files do not fit together; the message lists every fault, one a line."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a sentence is to look."""

    markup: bool
    """HTML for Telegram, or plain text."""
    zone: tzinfo
    """In which moments are written."""
    x_origin: str
    """Where X accounts have their pages."""


class Language:
    """One language file, read."""

    def __init__(self, tag: str, source: str) -> None:
        self.tag = tag
        locale = Locale.parse(tag.replace("-", "_"))
        self.right_to_left = locale.character_order == "right-to-left"
        resource = FluentParser().parse(source)
        self.faults = [
            f"{tag}: cannot read {(entry.content or '').strip().splitlines()[0]!r}"
            for entry in resource.body
            if isinstance(entry, ast.Junk)
        ]
        self._bundle = FluentBundle([tag], functions=FUNCTIONS, use_isolating=False)
        self._bundle.add_resource(resource)
        self.uses = _uses_by_key(resource)

    def fill(self, key: str, facts: Facts, look: Look) -> str:
        """Fill the sentence of a key; a key or a fact it lacks raises MissingText."""
        if key not in self.uses:
            raise MissingText(f"{self.tag}.ftl has no key {key}")
        holes: list[str] = []
        choosing = self.uses[key].choosing
        # A fact that chooses a variant is a code of ours; nothing may be put around it.
        arguments = {
            name: fact
            if isinstance(fact, str) and name in choosing
            else self._argument(name, fact, look, holes)
            for name, fact in facts.items()
        }
        pattern = self._bundle.get_message(key).value
        if pattern is None:
            raise MissingText(f"{self.tag}: {key} has no sentence of its own")
        filled, errors = self._bundle.format_pattern(pattern, arguments)
        if errors:
            raise MissingText(f"{self.tag}: {key}: {'; '.join(map(str, errors))}")
        sentence = _EMPTY_LINES.sub("\n\n", str(filled)).strip()
        for number, text in enumerate(holes):
            sentence = sentence.replace(_HOLE.format(number), text)
        return sentence

    def _argument(self, name: str, fact: Fact, look: Look, holes: list[str]) -> Any:
        match fact:
            case datetime():
                return Moment(fact.astimezone(look.zone), markup=look.markup)
            case timedelta():
                return Duration(fact)
            case Decimal():
                return Money(fact)
            case str() if name in X_ACCOUNTS:
                text = self._account(fact, look)
            case str():
                text = prepared(name, fact, right_to_left=self.right_to_left, markup=look.markup)
            case Say():
                text = self._said(fact, look)
            case tuple():
                text = "\n".join(self._said(say, look) for say in fact)
            case _:
                return fact
        if "\n" not in text and len(text) <= _PART_MAX:
            return text
        holes.append(text)
        return _HOLE.format(len(holes) - 1)

    def _account(self, username: str, look: Look) -> str:
        """Write an X account: as a link, because Telegram takes a bare @name for somebody on Telegram."""
        shown = prepared("name", f"@{username}", right_to_left=self.right_to_left, markup=look.markup)
        return f'<a href="{look.x_origin}/{html.escape(username)}">{shown}</a>' if look.markup else shown

    def _said(self, say: Say, look: Look) -> str:
        return self.fill(fluent_id(say.key), say.facts, look)


@cache
def _read(tag: str, source: str) -> Language:
    """Read a file once in a process: that takes longer than anything else at start."""
    return Language(tag, source)


class Catalogue:
    """All languages. Checked when it is made: files that do not fit together raise BadCatalogue."""

    def __init__(self, sources: Mapping[str, str], *, x_origin: str = "https://x.com") -> None:
        self._x_origin = x_origin
        self._languages = {tag: _read(tag, source) for tag, source in sources.items()}
        self.check()

    @property
    def languages(self) -> Mapping[str, str]:
        """Every language's tag and what it calls itself."""
        return {tag: self.label(tag, NAME_KEY) for tag in sorted(self._languages)}

    @property
    def keys(self) -> frozenset[str]:
        """Every key there is, as written in the files (`area-event`)."""
        return frozenset(self._languages[FALLBACK].uses)

    def choose(self, *tags: str | None) -> str:
        """Choose the language for a person: the first of their tags that we have, or its base language."""
        for tag in tags:
            for candidate in _candidates(tag or ""):
                if candidate in self._languages:
                    return candidate
        return FALLBACK

    def say(self, language: str, key: str, facts: Facts | None = None, *, zone: tzinfo = UTC) -> str:
        """Say it as HTML for Telegram; facts are escaped, moments shown in `zone`. Raises MissingText."""
        return self._fill(language, key, facts or {}, Look(markup=True, zone=zone, x_origin=self._x_origin))

    def label(self, language: str, key: str, facts: Facts | None = None, *, zone: tzinfo = UTC) -> str:
        """Say it as plain text, for a place where Telegram shows no formatting. Raises MissingText."""
        return self._fill(language, key, facts or {}, Look(markup=False, zone=zone, x_origin=self._x_origin))

    def check(self) -> None:
        """Raise BadCatalogue unless all files can be read and have the same keys with the same variables."""
        if FALLBACK not in self._languages:
            raise BadCatalogue(f"there is no {FALLBACK}.ftl")
        faults = [fault for language in self._languages.values() for fault in self._faults(language)]
        if faults:
            raise BadCatalogue("\n".join(faults))

    def _fill(self, language: str, key: str, facts: Facts, look: Look) -> str:
        return self._languages[self.choose(language)].fill(fluent_id(key), facts, look)

    def _faults(self, language: Language) -> Iterator[str]:
        yield from language.faults
        ours, theirs = self._languages[FALLBACK].uses, language.uses
        if NAME_KEY not in theirs:
            yield f"{language.tag}: {NAME_KEY} is missing"
        for key in sorted(ours.keys() | theirs.keys()):
            if key not in theirs:
                yield f"{language.tag}: {key} is missing"
            elif key not in ours:
                yield f"{language.tag}: {key} is not in {FALLBACK}.ftl"
            elif ours[key].facts != theirs[key].facts:
                used, wanted = (", ".join(sorted(uses[key].facts)) for uses in (theirs, ours))
                yield f"{language.tag}: {key} uses ({used}) where {FALLBACK} uses ({wanted})"


def load(*folders: Path, x_origin: str = "https://x.com") -> Catalogue:
    """Read the language files beside this module and those of further folders. Raises BadCatalogue."""
    files = [path for folder in (Path(__file__).parent, *folders) for path in sorted(folder.glob("*.ftl"))]
    sources = {path.stem: path.read_text(encoding="utf-8") for path in files}
    return Catalogue(sources, x_origin=x_origin)


def fluent_id(key: str) -> str:
    """Write a key as the files do: `area.event` stands there as `area-event`."""
    return key.replace(".", "-")


def _candidates(tag: str) -> Iterator[str]:
    """Give the tag and its shorter forms: zh-hans-CN, zh-hans, zh. Telegram sends them in any case."""
    parts = tag.replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        language, *rest = parts[:length]
        yield "-".join((language.lower(), *rest))
        yield "-".join((language.lower(), *map(_subtag, rest)))


def _subtag(part: str) -> str:
    """Write a subtag as BCP 47 does: PT-br, ZH-HANS become pt-BR, zh-Hans."""
    return part.upper() if len(part) == 2 else part.title()


@dataclass(frozen=True, slots=True)
class Uses:
    """The facts a sentence uses, and those of them that only choose between its variants."""

    facts: frozenset[str]
    choosing: frozenset[str]


class _Collector(Visitor):
    """Collects the names of the facts a sentence uses."""

    def __init__(self) -> None:
        self.facts: set[str] = set()
        self.choosing: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - fluent's name
        self.facts.add(node.id.name)

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802 - fluent's name
        if isinstance(node.selector, ast.VariableReference):
            self.choosing.add(node.selector.id.name)
        self.generic_visit(node)


def _uses_by_key(resource: ast.Resource) -> dict[str, Uses]:
    found = {}
    for entry in resource.body:
        if isinstance(entry, ast.Message):
            collector = _Collector()
            collector.visit(entry)
            found[entry.id.name] = Uses(frozenset(collector.facts), frozenset(collector.choosing))
    return found
