"""A pseudo right-to-left language made from the English file: every letter of every sentence is Hebrew.

What still shows a Latin letter in it was not said by the catalogue but put together somewhere else.
"""

import re

from fluent.syntax import FluentParser, FluentSerializer, ast
from fluent.syntax.visitor import Transformer

TAG = "he"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_HEBREW = "אבגדהוזחטיכלמנסעפצקרשתךםןף"
_LETTERS = str.maketrans(_LATIN + _LATIN.upper(), _HEBREW * 2)
#: Character references, commands, addresses and handles stay as they are, and so does all inside a tag.
_KEPT = re.compile(r"(&\w+;|https?://\S+|(?<![\w<])/\w+|@\w+)")


class _Hebrew(Transformer):
    """A tag may begin in one text element and end in another: `<a href="`, a fact, `">`."""

    def __init__(self) -> None:
        self._in_tag = False

    def visit_TextElement(self, node: ast.TextElement) -> ast.TextElement:  # noqa: N802
        said = []
        for piece in re.split(r"([<>])", node.value):
            self._in_tag = piece == "<" or (self._in_tag and piece != ">")
            said.append(piece if self._in_tag else self._translated(piece))
        node.value = "".join(said)
        return node

    def _translated(self, text: str) -> str:
        parts = _KEPT.split(text)
        return "".join(part if i % 2 else part.translate(_LETTERS) for i, part in enumerate(parts))


def pseudo(english: str) -> str:
    """Translate a Fluent file into the pseudo-language."""
    resource = FluentParser().parse(english)
    return FluentSerializer().serialize(_Hebrew().visit(resource))
