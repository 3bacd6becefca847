"""Links, mentions and weight of a text, counted here once more so that no mistake is shared with the bot.

A simple reading of twitter-text's config v3: 280 units, of which most scripts take one and the rest two, 23
for every link, 2 for every emoji. It does not aim at twitter-text's last corner cases.
"""

import unicodedata
from dataclasses import dataclass

import regex

LIMIT = 280
PREMIUM_LIMIT = 25_000
LINK_WEIGHT = 23
# twitter-text config v3: these ranges weigh 100, everything else 200.
LIGHT_RANGES = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
FORBIDDEN = "\ufffe\ufeff\uffff"

# Endings that make a bare word a link: those of countries, and the common longer ones (IANA root zone).
_ENDINGS = (  # noqa: SIM905 - a list of words reads better as words
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt "
    "bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg "
    "er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn "
    "hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li "
    "lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne "
    "nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb "
    "sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr "
    "tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw "
    "com org net edu gov mil int info biz name mobi asia tel jobs travel museum coop aero pro cat "
    "post app dev page blog shop store site online tech cloud news live life world today media press "
    "video photo photos pictures zip mov club xyz top win vip art design studio agency company email "
    "network systems software digital games game link click wiki work team space fun foundation "
    "institute academy school university science health care bank finance money market global "
    "international social community group events social chat page london berlin paris tokyo nyc "
    "moscow москва рф みんな 中国 公司 网络 भारत مصر"
).split()
_LABEL = r"[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_-]{0,61}[\p{L}\p{N}\p{M}])?"
_LATIN_LABEL = r"[a-z0-9\u00c0-\u024f](?:[a-z0-9\u00c0-\u024f-]{0,61}[a-z0-9\u00c0-\u024f])?"
_ENDING = rf"(?:{'|'.join(_ENDINGS)})(?![A-Za-z0-9\u00c0-\u024f_@-])"
# After the domain: what X lets into a path, letters of other scripts than Latin and Cyrillic ending it.
_REST = r"(?::\d{1,5})?(?:[/?][A-Za-z0-9\u00c0-\u024f\p{Cyrillic}!*';:=+,.$/?&%#\[\]()~@|_\u2013-]*)?"
_URL = regex.compile(
    rf"(?<![A-Za-z0-9@\uff20#$])https?://(?:{_LABEL}\.)+{_ENDING}{_REST}"
    rf"|(?<![A-Za-z0-9\u00c0-\u024f@\uff20#$_./-])(?:{_LATIN_LABEL}\.)+{_ENDING}{_REST}",
    regex.IGNORECASE,
)
_MENTION = regex.compile(r"(?<![\p{L}\p{N}_@\uff20/])[@\uff20]([A-Za-z0-9_]{1,15})(?![\p{L}\p{N}_@\uff20])")
_HASHTAG = regex.compile(r"(?<![\p{L}\p{N}_&/])[#\uff03]([\p{L}\p{M}\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*)")
_CASHTAG = regex.compile(r"(?<![\p{L}\p{N}_$])\$([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?![\p{L}\p{N}_$])")
# Signs that end a sentence rather than a link.
_CLOSING = ".,;:!?'*["
_CLUSTER = regex.compile(r"\X")
_EMOJI = regex.compile(
    r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3"
    r"|\p{Extended_Pictographic}(?=[\u2190-\U0010ffff])"
)


@dataclass(frozen=True)
class Span:
    """A piece of a text: start and end in code points, and what it says (a tag without its sign)."""

    start: int
    end: int
    text: str


def tidy(text: str) -> str:
    """Return the text as X keeps it: NFC, no blanks around it."""
    return unicodedata.normalize("NFC", text).strip()


def links(text: str) -> list[Span]:
    """Find the links, with or without scheme."""
    found = []
    for match in _URL.finditer(text):
        if _too_long_for_dns(match.group()):
            continue
        address = _without_closing(match.group())
        found.append(Span(match.start(), match.start() + len(address), address))
    return found


def mentions(text: str) -> list[Span]:
    """Find @names; Span.text has no @."""
    return [Span(match.start(), match.end(), match.group(1)) for match in _MENTION.finditer(text)]


def hashtags(text: str) -> list[Span]:
    """Find #tags; Span.text has no #."""
    return [Span(match.start(), match.end(), match.group(1)) for match in _HASHTAG.finditer(text)]


def cashtags(text: str) -> list[Span]:
    """Find $TAGS; Span.text has no $."""
    return [Span(match.start(), match.end(), match.group(1)) for match in _CASHTAG.finditer(text)]


def weight(text: str) -> int:
    """Return how many of the 280 units a text takes."""
    hundredths, end = 0, 0
    for link in links(text):
        hundredths += _plain_weight(text[end : link.start]) + 100 * LINK_WEIGHT
        end = link.end
    return (hundredths + _plain_weight(text[end:])) // 100


def _plain_weight(text: str) -> int:
    if text.isascii():
        return 100 * len(text)
    total = 0
    for cluster in _CLUSTER.findall(text):
        total += 200 if _EMOJI.match(cluster) else sum(_point_weight(point) for point in cluster)
    return total


def _point_weight(point: str) -> int:
    return 100 if any(first <= ord(point) <= last for first, last in LIGHT_RANGES) else 200


def _too_long_for_dns(address: str) -> bool:
    domain = address.split("://", 1)[-1].split("/", 1)[0]
    if domain.isascii():
        return False
    return any(len(label.encode("punycode")) > 59 for label in domain.split("."))


def _without_closing(address: str) -> str:
    trimmed = address.rstrip(_CLOSING)
    while trimmed.endswith(")") and trimmed.count("(") < trimmed.count(")"):
        trimmed = trimmed[:-1].rstrip(_CLOSING)
    return trimmed
