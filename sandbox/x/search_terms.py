"""What each term of a search query asks of a post. Knows no grammar and no other posts.

Operators: x-api/posts/search/integrate/operators.mdx. Since 4 May 2026 reposts are not found by what they
say (changelog.mdx), so everything that looks at words, tags, names and links passes them by.
"""

from collections.abc import Callable

import regex

from sandbox.x.posts import Post
from sandbox.x.wording import cashtags, hashtags, links

Test = Callable[[Post], bool]
# Those that may be a whole query; is:, has: and lang: only narrow others down.
STANDALONE = frozenset({"conversation_id", "from", "point_radius", "to", "url"})
_NUMBER = regex.compile(r"[0-9]{1,19}")
_USER = regex.compile(r"[A-Za-z0-9_]{1,15}|[0-9]{1,19}")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}_]+")
# Scripts written without blanks between words: there a word is found within others.
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
_CIRCLE = regex.compile(r"\[\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s+(\d+(?:\.\d+)?)(mi|km)\s*\]")
# The largest circle is one of 25 miles.
_FARTHEST = {"mi": 25.0, "km": 40.0}


class QueryError(Exception):
    """A query X would refuse: why, and where in the query, counted from 1."""

    def __init__(self, why: str, position: int) -> None:
        super().__init__(f"There were errors processing your request: {why} (at position {position})")


def test_of(term: str, position: int) -> Test:
    """Return the test of one term, its minus taken off. Raises QueryError for one X does not know."""
    sign, rest = term[:1], term[1:]
    if sign == '"':
        if not term.strip('" '):
            raise QueryError("no viable alternative at input '\"\"'", position)
        return _saying(term.strip('"'))
    if ":" in term:
        operator, _, value = term.partition(":")
        return _by_operator(operator, value.strip('"'), position)
    if sign == "#" and rest:
        return _tagged(lambda post: {span.text.lower() for span in hashtags(post.typed)}, rest)
    if sign == "$" and rest:
        return _tagged(lambda post: {span.text.lower() for span in cashtags(post.typed)}, rest)
    if sign == "@" and rest:
        return _tagged(lambda post: post.mentioned, rest)
    if term.lower() in {"and", "or"}:
        how = "a space" if term.lower() == "and" else "OR"
        why = f"Ambiguous use of {term.lower()} as a keyword. Use {how} to logically join two clauses, or "
        raise QueryError(why + f'"{term.lower()}" to find occurrences of {term.lower()} in text', position)
    return _saying(term)


def _by_operator(operator: str, value: str, position: int) -> Test:
    made = _OPERATORS.get(operator)
    if made is not None:
        return made(value, position)
    if regex.fullmatch("[a-z_]+", operator):
        raise _unknown(operator, position)
    raise QueryError("no viable alternative at character ':'", position + len(operator))


def _saying(phrase: str) -> Test:
    """Find these words one behind the other; signs alone, such as emoji, anywhere."""
    wanted = _words(phrase)
    if not wanted:
        return lambda post: not post.repost_of and phrase.casefold() in post.typed.casefold()
    if _UNSPACED.search(phrase):
        return lambda post: not post.repost_of and phrase.casefold() in _said(post).casefold()
    within = f" {' '.join(wanted)} "
    return lambda post: not post.repost_of and within in f" {' '.join(_words(_said(post)))} "


def _said(post: Post) -> str:
    """Return the text without its links."""
    pieces, end = [], 0
    for link in links(post.typed):
        pieces.append(post.typed[end : link.start])
        end = link.end
    return " ".join([*pieces, post.typed[end:]])


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _tagged(tags: Callable[[Post], set[str] | frozenset[str]], wanted: str) -> Test:
    return lambda post: not post.repost_of and wanted.lower() in tags(post)


def _from(value: str, position: int) -> Test:
    name = _user(value, position)
    return lambda post: name in {post.author.username.lower(), post.author.id}


def _to(value: str, position: int) -> Test:
    name = _user(value, position)
    return lambda post: bool(
        post.reply_to and name in {post.reply_to.author.username.lower(), post.reply_to.author.id}
    )


def _user(value: str, position: int) -> str:
    if not _USER.fullmatch(value):
        raise QueryError(f"'{value}' is not a username or a user id", position)
    return value.lower()


def _url(value: str, _position: int) -> Test:
    wanted = value.casefold()
    return lambda post: (
        not post.repost_of and any(wanted in link.text.casefold() for link in links(post.typed))
    )


def _lang(value: str, position: int) -> Test:
    if not regex.fullmatch("[a-z]{2,3}(-[a-z]{2})?", value, regex.IGNORECASE):
        raise QueryError(f"'{value}' is not a language", position)
    return lambda post: post.lang == value.lower()


def _conversation(value: str, position: int) -> Test:
    if not _NUMBER.fullmatch(value):
        raise QueryError(f"'{value}' is not a conversation id", position)
    return lambda post: post.conversation_id == value


def _circle(value: str, position: int) -> Test:
    """Check the circle; no post of this sandbox has a place, so none is in it."""
    match = _CIRCLE.fullmatch(value)
    if match is None:
        raise QueryError(
            "point_radius is written [longitude latitude radius], as in [2.35 48.86 16km]", position
        )
    longitude, latitude, radius = (float(match.group(number)) for number in (1, 2, 3))
    if abs(longitude) > 180 or abs(latitude) > 90 or not 0 < radius <= _FARTHEST[match.group(4)]:
        raise QueryError("point_radius takes a place on Earth and a radius of at most 25mi", position)
    return lambda _post: False


def _is(value: str, position: int) -> Test:
    if value not in _IS:
        raise _unknown(f"is:{value}", position)
    return _IS[value]


def _has(value: str, position: int) -> Test:
    if value not in _HAS:
        raise _unknown(f"has:{value}", position)
    return _HAS[value]


def _unknown(operator: str, position: int) -> QueryError:
    rest = "Operator is not available in current product or product packaging. Please refer to complete "
    rest += "available operator list at http://t.co/operators."
    return QueryError(f"Reference to invalid operator '{operator}'. {rest}", position)


def _kinds(post: Post) -> set[str]:
    return {one.kind for one in post.media}


_IS: dict[str, Test] = {
    "quote": lambda post: post.quote_of is not None,
    "reply": lambda post: post.reply_to is not None,
    "retweet": lambda post: post.repost_of is not None,
    "verified": lambda post: post.author.premium,
}
_HAS: dict[str, Test] = {
    "cashtags": lambda post: bool(cashtags(post.typed)),
    "geo": lambda _post: False,
    "hashtags": lambda post: bool(hashtags(post.typed)),
    "images": lambda post: "photo" in _kinds(post),
    "links": lambda post: bool(links(post.typed) or post.media or post.quote_of),
    "media": lambda post: bool(post.media),
    "mentions": lambda post: bool(post.mentioned),
    "videos": lambda post: "video" in _kinds(post),
}
_OPERATORS: dict[str, Callable[[str, int], Test]] = {
    "conversation_id": _conversation,
    "from": _from,
    "has": _has,
    "is": _is,
    "lang": _lang,
    "point_radius": _circle,
    "to": _to,
    "url": _url,
}
