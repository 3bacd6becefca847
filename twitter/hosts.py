"""Where in a text a host name may stand and where it ends by X's rules: labels, dots, a known last part.

What comes before a host (a scheme) or after it (a port, a path) is in `links.py`.

Source: the grammar of twitter-text 3 in its Java edition, the one X's servers are written in; held to the
conformance files of twitter-text by tests. Its regular expression takes quadratic time on texts like
"a.a.a.a"; here the text is cut into labels once, and each label learns from its right neighbour where the
host ends that goes through both.
"""

import re
from dataclasses import dataclass
from encodings.idna import nameprep
from functools import cache
from importlib import resources
from unicodedata import normalize

LATIN_ACCENTS = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b"
    "\u02bb\u0300-\u036f\u1e00-\u1eff"
)
REFUSED = "\ufffe\ufeff\uffff"  # characters that make X refuse the whole text
# Neither a host nor a scheme starts inside an ASCII word or behind a sign: @ and # of both widths, $.
NOT_IN_A_WORD = f"(?<![A-Za-z0-9@\uff20$#\uff03{REFUSED}])"

_IN_LABEL = f"[A-Za-z0-9{LATIN_ACCENTS}]"
_LABEL = re.compile(f"[A-Za-z0-9{LATIN_ACCENTS}_-]+")
_LABEL_EDGE = re.compile(_IN_LABEL)
_LABEL_START = re.compile(f"{NOT_IN_A_WORD}{_IN_LABEL}")

# After a scheme one label may be of any script: all but spaces, punctuation and controls.
_NOT_IN_ANY = r"""\s\x00-\x1f\x7f\u2000-\u206f\u061c!"#$%&'()*+,./:;<=>?@\[\\\]^_`{|}~""" + REFUSED
_ANY_LABEL = re.compile(f"(?!-)[^{_NOT_IN_ANY}]++(?<!-)\\.")

_PUNYCODE_DOMAIN = re.compile("xn--[-0-9a-z]+", re.IGNORECASE)
_WORD = re.compile("[A-Za-z0-9]++(?![@+-])")
_MAX_LENGTH = 4096  # of a whole URL, on X's servers (twitter-text, MAX_URL_LENGTH)
_MAX_LABEL = 63  # RFC 1035, 2.3.4
_MAPPED_TO_NOTHING = dict.fromkeys(  # RFC 3454, B.1
    map(ord, "\u00ad\u034f\u1806\u180b\u180c\u180d\u200b\u200c\u200d\u2060\ufeff")
) | dict.fromkeys(range(0xFE00, 0xFE10))
_IDNA_DOTS = re.compile("[.\u3002\uff0e\uff61]")  # RFC 3490, 3.1


@dataclass(slots=True)
class Label:
    """A run of characters that a label of a host is made of, with what its right neighbours make of it."""

    start: int
    end: int
    host_end: int | None = None  # where the longest host ends that contains this whole label
    host_end_beyond: int | None = None  # the same, of hosts that go on at least to the next label
    domain_end: int | None = None  # the end of the top-level domain that follows this label directly


@cache
def top_level_domains() -> frozenset[str]:
    """Read, once, the packaged list of the top-level domains X knows; they are in lower case."""
    lines = resources.files(__package__).joinpath("tlds.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _foreign_domains() -> re.Pattern[str]:
    """Match those with letters beyond ASCII: they may be followed at once by more of their script."""
    names = sorted((name for name in top_level_domains() if not name.isascii()), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(names)})(?![A-Za-z0-9@+-])", re.IGNORECASE)


def _domain_end(text: str, at: int) -> int | None:
    """Where the top-level domain ends that starts at `at`; None if none does."""
    word = _WORD.match(text, at)
    if word and word[0].lower() in top_level_domains():
        return word.end()
    found = _foreign_domains().match(text, at)
    return found.end() if found else None


def labels(text: str) -> list[Label]:
    """Cut a text into the labels of possible hosts, in order."""
    found = [Label(*run.span()) for run in _LABEL.finditer(text)]
    right = None
    for label in reversed(found):
        _learn(text, label, right)
        right = label
    return found


def _learn(text: str, label: Label, right: Label | None) -> None:
    """Fill in a label's ends from the text behind it and its right neighbour, which has learned already."""
    if not _LABEL_EDGE.match(text, label.end - 1) or not text.startswith(".", label.end):
        return
    if right and right.start == label.end + 1:
        label.host_end_beyond = right.host_end
    punycode = _PUNYCODE_DOMAIN.match(text, label.end + 1)
    label.domain_end = _domain_end(text, label.end + 1) or (punycode.end() if punycode else None)
    if _LABEL_EDGE.match(text, label.start):
        # An underscore may stand in the labels in front of the name itself, as in my_shop.example.com.
        is_name = "_" not in text[label.start : label.end]
        label.host_end = label.host_end_beyond or (label.domain_end if is_name else None)


def bare_host(text: str, label: Label, since: int) -> tuple[int, int] | None:
    """Start and end of the first host that starts in this label, not before `since`; None if none does."""
    end = label.host_end_beyond or label.domain_end
    if not end:
        return None
    first = max(label.start, since)
    if not label.host_end_beyond:
        first = max(first, text.rfind("_", first, label.end) + 1)
    start = _LABEL_START.search(text, first, label.end)
    return (start.start(), end) if start else None


def host_of_any_script(text: str, at: int) -> int | None:
    """Where the host ends that starts at `at` behind a scheme and is one label of any script and a domain."""
    label = _ANY_LABEL.match(text, at)
    return _domain_end(text, label.end()) if label else None


def encoded_length(host: str) -> int | None:
    """How long the host is in the form that goes into the DNS; None if it has none (RFC 3490, RFC 1035)."""
    if len(host) > _MAX_LENGTH:
        return None
    try:
        lengths = [_encoded_label_length(label) for label in _IDNA_DOTS.split(host)]
    except UnicodeError:
        return None
    return sum(lengths) + len(lengths) - 1 if all(0 < length <= _MAX_LABEL for length in lengths) else None


def _encoded_label_length(label: str) -> int:
    """Follow ToASCII of RFC 3490; a length beyond the maximum may be a lower bound."""
    if len(composed := normalize("NFKC", label.translate(_MAPPED_TO_NOTHING))) > _MAX_LABEL:
        return len(composed)  # one character can become eighteen, and what follows is slow
    if label.isascii() or (label := nameprep(label)).isascii():
        return len(label)
    if label.startswith("xn--"):
        raise UnicodeError("a label that is encoded already has letters beyond ASCII")
    return len("xn--") + len(label.encode("punycode"))
