"""The query language of X's search: a query in, a test of a post out. What a term means is elsewhere.

Grammar: x-api/posts/search/integrate/build-a-query.mdx; blanks bind closer than OR. X's refusals of
queries are reported ones where they are known.
"""

from collections.abc import Callable
from dataclasses import dataclass

import regex

from sandbox.x.posts import Post
from sandbox.x.search_terms import STANDALONE, QueryError, Test, test_of

_TOKEN = regex.compile(
    r"(?P<space>\s+)|(?P<open>-?\()|(?P<close>\))"
    r'|(?P<term>-?(?:[a-z_]+:(?:"[^"]*"|\[[^\]]*\]|[^\s()"]+)|"[^"]*"|[^\s()"]+))'
)
DEPTH = 30


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    position: int
    """Where it stands, from 1."""


@dataclass(frozen=True)
class _Clause:
    """A part of a query; `alone` tells whether it could be a query by itself."""

    matches: Test
    alone: bool


def compiled(query: str) -> Callable[[Post], bool]:
    """Return the test of a query. Raises QueryError where X would refuse it."""
    reader = _Reader(_tokens(query))
    clause = reader.either(0)
    reader.end()
    if not clause.alone:
        raise QueryError(_not_alone(reader.first), 1)
    return clause.matches


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self.first = tokens[0].text if tokens else ""

    def either(self, depth: int) -> _Clause:
        """Read clauses joined by OR."""
        found = [self._together(depth)]
        while self._next("term") and self._text() == "OR":
            self._place += 1
            found.append(self._together(depth))
        if len(found) == 1:
            return found[0]
        tests = [one.matches for one in found]
        return _Clause(lambda post: any(test(post) for test in tests), all(one.alone for one in found))

    def end(self) -> None:
        """Raise QueryError when something is left."""
        if self._place < len(self._tokens):
            raise QueryError(f"missing EOF at '{self._text()}'", self._position())

    def _together(self, depth: int) -> _Clause:
        """Read clauses that stand side by side: all of them must match."""
        found: list[_Clause] = []
        while self._place < len(self._tokens) and not self._next("close") and self._text() != "OR":
            found.append(self._group(depth) if self._next("open") else self._term())
        if not found:
            raise QueryError(f"no viable alternative at input '{self._text()}'", self._position())
        tests = [one.matches for one in found]
        return _Clause(lambda post: all(test(post) for test in tests), any(one.alone for one in found))

    def _group(self, depth: int) -> _Clause:
        opened = self._tokens[self._place]
        self._place += 1
        if depth == DEPTH:
            raise QueryError("the query is nested too deeply", opened.position)
        inner = self.either(depth + 1)
        if not self._next("close"):
            raise QueryError("Missing closing parenthesis", self._position())
        self._place += 1
        return _negated(inner) if opened.text.startswith("-") else inner

    def _term(self) -> _Clause:
        token = self._tokens[self._place]
        self._place += 1
        text = token.text.removeprefix("-")
        operator = text.partition(":")[0] if ":" in text and not text.startswith('"') else None
        clause = _Clause(test_of(text, token.position), operator is None or operator in STANDALONE)
        return _negated(clause) if token.text.startswith("-") else clause

    def _next(self, kind: str) -> bool:
        return self._place < len(self._tokens) and self._tokens[self._place].kind == kind

    def _text(self) -> str:
        return self._tokens[self._place].text if self._place < len(self._tokens) else "<EOF>"

    def _position(self) -> int:
        if self._place < len(self._tokens):
            return self._tokens[self._place].position
        return self._tokens[-1].position + len(self._tokens[-1].text) if self._tokens else 1


def _tokens(query: str) -> list[_Token]:
    found, place = [], 0
    while place < len(query):
        match = _TOKEN.match(query, place)
        if match is None:
            raise QueryError(f"no viable alternative at character '{query[place]}'", place + 1)
        if match.lastgroup != "space":
            found.append(_Token(str(match.lastgroup), match.group(), place + 1))
        place = match.end()
    return found


def _negated(clause: _Clause) -> _Clause:
    return _Clause(lambda post: not clause.matches(post), alone=False)


def _not_alone(first: str) -> str:
    if first.startswith(("is:", "has:", "lang:")):
        return "is/has/lang cannot be used as a standalone operator"
    return "a query needs a term that is not negated and can stand alone"
