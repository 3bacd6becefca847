"""Whether a whole string is one URL in X's eyes. Which parts of a text are links is in `links.py`.

Source: the validation grammar of twitter-text, after RFC 3986; held to the conformance files by tests.
"""

import re

_SPLIT = re.compile(
    r"(?:(?P<scheme>[^:/?#]+)://)?(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:\#(?P<fragment>.*))?",
    re.DOTALL,
)
_SCHEME = re.compile("https?", re.IGNORECASE)

_SCRIPT_LETTER = "\u0400-\u04ff"  # X takes Cyrillic unescaped in paths
_UNRESERVED = rf"A-Za-z0-9{_SCRIPT_LETTER}._~\-\u2010-\u2015"
_DELIMITERS = "!$&'()*+,;="
_ESCAPED = "%[0-9A-Fa-f]{2}"
_PATH = re.compile(rf"(?:[/{_UNRESERVED}{_DELIMITERS}:|@]|{_ESCAPED})*+")
_QUERY = re.compile(rf"(?:[/?{_UNRESERVED}{_DELIMITERS}:|@]|{_ESCAPED})*+")
_USER = re.compile(rf"(?:[{_UNRESERVED}{_DELIMITERS}:]|{_ESCAPED})*+")
_PORT = re.compile("[0-9]{1,5}")

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_ADDRESS = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}|\[[A-Fa-f0-9:.]+\]")
_LABEL = re.compile(r"(?![-_])(?:[A-Za-z0-9_-]|[^\x00-\x7f])+(?<![-_])")


def is_url(text: str, *, scheme_required: bool = True) -> bool:
    """Tell whether all of the text is one URL with http or https, or without where none is required."""
    parts = _SPLIT.fullmatch(text)
    if not parts or not (_SCHEME.fullmatch(parts["scheme"] or "") or not scheme_required):
        return False
    tail = (_QUERY.fullmatch(parts["query"] or ""), _QUERY.fullmatch(parts["fragment"] or ""))
    return _is_authority(parts["authority"]) and bool(_PATH.fullmatch(parts["path"])) and all(tail)


def _is_authority(authority: str) -> bool:
    user, _, place = authority.rpartition("@")
    host, colon, port = place.rpartition(":") if not place.endswith("]") else (place, "", "")
    if not colon:
        host = place
    return bool(_USER.fullmatch(user)) and (not colon or bool(_PORT.fullmatch(port))) and _is_host(host)


def _is_host(host: str) -> bool:
    """Tell whether it is an IP address or a name of two labels or more, the last two without underscores."""
    if _ADDRESS.fullmatch(host):
        return True
    labels = host.split(".")
    named = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    return named and "_" not in "".join(labels[-2:]) and not labels[-1][0].isdecimal()
