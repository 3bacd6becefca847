"""Weights, links and tags of texts, beyond the examples of twitter-text."""

import re
import unicodedata

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from twitter.emoji import SEQUENCE
from twitter.hosts import LATIN_ACCENTS, encoded_length, top_level_domains
from twitter.links import Link, links
from twitter.tags import cashtags, hashtags, mentions
from twitter.text import V3, nfc, normalise, weigh


def urls(text: str) -> list[str]:
    return [link.url for link in links(text)]


# --- length ---


def test_a_plain_text_counts_its_characters() -> None:
    result = weigh("Good morning")

    assert (result.length, result.valid, result.overflow_at, result.links) == (12, True, None, ())


def test_scripts_beyond_the_light_ranges_count_two() -> None:
    assert weigh("اختبار").length == 6
    assert weigh("日本").length == 4


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u3000"])
def test_a_blank_text_is_not_valid(text: str) -> None:
    assert not weigh(text).valid


@pytest.mark.parametrize(
    ("text", "overflow_at"),
    [
        ("x" * 280, None),
        ("x" * 281, 280),
        ("x" * 257 + "\nexample.com", 258),
        ("x" * 256 + "\nexample.com", None),
        ("x" * 279 + "👨‍👩‍👧‍👦", 279),
        ("e\u0301" * 281, 280),
    ],
)
def test_the_overflow_is_at_the_first_unit_that_does_not_fit(text: str, overflow_at: int | None) -> None:
    result = weigh(text)

    assert result.overflow_at == overflow_at
    assert result.valid is (overflow_at is None)


def test_a_text_up_to_the_overflow_is_valid() -> None:
    result = weigh("日本語 example.com 👩🏽‍🚀 " * 30)

    fitting = weigh(result.text[: result.overflow_at])

    assert fitting.valid
    assert result.limit - fitting.length < V3.link_length


def test_an_account_with_premium_has_a_higher_limit() -> None:
    text = "日" * 12_500

    assert weigh(text, limit=25_000).valid
    assert not weigh(text + "!", limit=25_000).valid


@pytest.mark.parametrize("character", ["\ufffe", "\ufeff", "\uffff", "\ud83d"])
def test_a_refused_character_makes_a_text_invalid_and_is_pointed_at(character: str) -> None:
    result = weigh(f"ab{character}c{character}")

    assert not result.valid
    assert result.invalid_characters == (2, 4)


# --- emoji ---


@pytest.mark.parametrize(
    "emoji",
    [
        "😀",
        "☺",
        "❤️",
        "👍🏿",
        "☝🏽",
        "☝️🏽",
        "🇩🇪",
        "🇨🇶",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "1️⃣",
        "1⃣",
        "©️",
        "👨\u200d👩\u200d👧\u200d👦",
        "👩🏽\u200d🚀",
        "🕵🏼\u200d♀️",
        "🕵️\u200d♀️",
        "👩\u200d❤️\u200d💋\u200d👨",
        "🧑🏻\u200d🤝\u200d🧑🏿",
        "🏳️\u200d⚧️",
        "👁️\u200d🗨️",
        "🐦\u200d🔥",
        "😶\u200d🌫️",
        "🫱🏻\u200d🫲🏿",
        "🏃🏾\u200d♀️\u200d➡️",
        "👨🏿\u200d🦽\u200d➡️",
        "🧑\u200d🧑\u200d🧒\u200d🧒",
        "🧑\u200d🩰",
        "🫩",
        "🫶🏽",
    ],
)
def test_one_emoji_counts_two_however_long_it_is(emoji: str) -> None:
    assert weigh(emoji).length == 2
    assert weigh(emoji * 140).valid


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("😀‍😀", 5),  # joined, but nobody recommends it
        ("🇽🇽", 4),  # no region
        ("🏴\U000e0075\U000e0073\U000e007f", 8),  # tags of no nation
        ("🏳‍🌈", 5),  # without its selector: twitter-text wants it fully qualified
        ("👍\ufe0f", 4),  # a picture already
        ("©", 1),
        ("👨\u200d" * 10, 30),
    ],
)
def test_what_is_no_emoji_sequence_counts_by_its_parts(text: str, length: int) -> None:
    assert weigh(text).length == length


def test_an_emoji_sequence_is_short() -> None:
    chain = "👩🏽\u200d❤️\u200d💋\u200d" * 20

    longest = max(len(match[0]) for match in SEQUENCE.finditer(chain))

    assert longest <= 10


# --- links ---


@pytest.mark.parametrize(
    "text", ["example.com", "main.py", "README.md", "setup.sh", "backup.zip", "Example.COM", "a.co/b?c=d#e"]
)
def test_a_name_with_a_known_ending_is_a_link_without_a_scheme(text: str) -> None:
    result = weigh(f"see {text} now")

    assert result.links == (Link(4, 4 + len(text), text),)
    assert result.length == 4 + 23 + 4


@pytest.mark.parametrize(
    "text",
    [
        "notes.txt",
        "a.b",
        "v1.2.3",
        "ada@example.com",
        "$example.com",
        "#example.com",
        ".example.com",
        "-example.com",
        "_example.com",
        "/example.com",
        "my_shop.com",
        "http://localhost",
        "http://127.0.0.1/",
        "ftp.example",
        "example.com-",
        "example.com@x",
        f"{'a' * 64}.com",
        f"http://{'日' * 60}.com",
        "http://xn--日.com",
        f"https://t.co/{'a' * 41}",
    ],
)
def test_what_x_does_not_link_is_no_link(text: str) -> None:
    assert urls(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(https://example.com/a_(b))", ["https://example.com/a_(b)"]),
        ("https://example.com/a_(b_(c)).", ["https://example.com/a_(b_(c))"]),
        ("https://example.com/a.(b)", ["https://example.com/a"]),
        ("https://example.com/(a)(b)", ["https://example.com/(a)(b)"]),
        ("https://example.com/a_(b", ["https://example.com/a_"]),
        ("https://example.com/...", ["https://example.com/"]),
        ("https://example.com?!!", ["https://example.com"]),
        ("https://example.com:8080/a?b=c!", ["https://example.com:8080/a?b=c"]),
        ("my_shop.example.com", ["my_shop.example.com"]),
        ("日本語。example.com です", ["example.com"]),
        ("日" * 70 + "example.com", ["example.com"]),
        ("http://日本.jp", ["http://日本.jp"]),
        ("http://пример.рф/путь", ["http://пример.рф/путь"]),
        ("a.com,b.com;c.com", ["a.com", "b.com", "c.com"]),
        ("https://t.co/abc/def", ["https://t.co/abc"]),
        ("t.co/abc/def", ["t.co/abc/def"]),
        ("xhttp://example.com", []),
        ("xn--p1ai.xn--p1ai", ["xn--p1ai.xn--p1ai"]),
        (f"a.co/{'b' * 4000}", [f"a.co/{'b' * 4000}"]),
        (f"a.co/{'b' * 4100}", []),
    ],
)
def test_links_end_where_x_ends_them(text: str, expected: list[str]) -> None:
    assert urls(text) == expected


# The grammar of a link written down as one regular expression, which takes quadratic time and more; the product's
# scanner has to find the same. Only the classes of characters and the list of domains are shared.
_NAME = f"[A-Za-z0-9{LATIN_ACCENTS}]"
_DOMAIN = f"(?:(?i:{'|'.join(sorted(top_level_domains(), key=len, reverse=True))})(?![A-Za-z0-9@+-]))"
_HOST = rf"(?:{_NAME}(?:[_{_NAME[1:-1]}-]*{_NAME})?\.)*{_NAME}(?:[{_NAME[1:-1]}-]*{_NAME})?\.(?:{_DOMAIN}|(?i:xn--[-0-9a-z]+))"
_ANY = r"""[^\s\x00-\x1f\x7f\u2000-\u206f\u061c!"#$%&'()*+,./:;<=>?@\[\\\]^_`{|}~\ufffe\ufeff\uffff]"""
_ANY_HOST = rf"(?<=(?i:https?)://)(?!-){_ANY}+(?<!-)\.{_DOMAIN}"
_STEP = rf"[A-Za-z0-9{LATIN_ACCENTS}\u0400-\u04ff!*';:=+,.$/%#\[\]\u2013_~|&@-]"
_PAIR = rf"\((?:{_STEP}+|{_STEP}*\({_STEP}+\){_STEP}*)\)"
_LAST = rf"[A-Za-z0-9{LATIN_ACCENTS}\u0400-\u04ff=_#/+-]"
_PATH = rf"/(?:{_STEP}*(?:{_PAIR}{_STEP}*)*{_LAST}|{_PAIR})*+"
_QUERY = r"\?[A-Za-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@]*[A-Za-z0-9_&=#/-]"
_GRAMMAR = regex.compile(
    "(?P<before>[^A-Za-z0-9@\uff20$#\uff03\ufffe\ufeff\uffff]|^)"
    f"(?P<url>(?P<scheme>(?i:https?)://)?(?P<host>{_HOST}|{_ANY_HOST})(?::[0-9]++)?(?:{_PATH})?(?:{_QUERY})?)"
)


def slow_links(text: str) -> list[Link]:
    found = []
    for match in _GRAMMAR.finditer(text):
        url, start = match["url"], match.start("url")
        if not match["scheme"] and match["before"] and match["before"] in "-_./":
            continue
        if short := regex.match(rf"(?i:https?://t\.co/(?P<name>[a-z0-9]+))(?:{_QUERY})?", url):
            url = short[0]
        too_long = bool(short and len(short["name"]) > 40)
        if not too_long and encoded_length(match["host"]) is not None:
            found.append(Link(start, start + len(url), url))
    return found


_ATOMS = [
    "http://",
    "HTTPS://",
    "a",
    "b",
    "com",
    ".com",
    "co",
    ".jp",
    ".",
    "..",
    "-",
    "_",
    "/",
    "(",
    ")",
    "(a)",
    "?",
    "=",
    ":",
    ":80",
    "@",
    "#",
    "$",
    "!",
    ",",
    "é",
    "É",
    "日",
    "本",
    "みんな",
    "भारत",
    "भारतम्",
    "t.co/",
    "https://t.co/a",
    "xn--",
    "xn--p1ai",
    "+",
    "\u202a",
    "\ufeff",
    "–",
    "ж",
    "。",
    "vermögensberatung",
    "😀",
    "_a",
    "́",
    "py",
    "1",
    " ",
    "\n",
    "a" * 64,
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_ATOMS), max_size=14).map("".join))
@example("Éa.com")
@example("日http://t.co/a.com")
@example("xhttp://日t.co/a")
@example("a_b.com.a_b.com")
def test_the_scanner_finds_what_the_grammar_of_a_link_says(text: str) -> None:
    assert list(links(text)) == slow_links(text)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*_ATOMS, "👩🏽‍🚀", "🇩🇪", "1️⃣", "\u200d", "\ufe0f"]), max_size=14).map("".join)
)
def test_a_text_weighs_the_sum_of_its_parts(text: str) -> None:
    normal = unicodedata.normalize("NFC", text)
    rest, length = normal, 0
    for link in reversed(slow_links(normal)):
        rest, length = rest[: link.start] + "\0" + rest[link.end :], length + 23 - 1
    rest, emoji = SEQUENCE.subn("", rest)

    light = re.findall("[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]", rest)

    assert weigh(text).length == length + 2 * emoji + 2 * len(rest) - len(light)


@given(st.text())
def test_links_are_the_parts_of_the_text_they_name_and_come_in_order(text: str) -> None:
    at = 0
    for link in links(text):
        assert at <= link.start < link.end
        assert text[link.start : link.end] == link.url
        at = link.end


# --- the form to send ---


def test_the_form_to_send_is_composed_has_one_kind_of_line_end_and_nothing_x_refuses() -> None:
    assert normalise("\ufeffe\u0301\r\na\rb\uffff\ud83d ") == "é\na\nb "


@given(st.text())
def test_the_form_to_send_stays_as_it_is_and_has_no_refused_character(text: str) -> None:
    normal = normalise(text)

    assert normalise(normal) == normal
    assert weigh(normal).invalid_characters == ()
    assert weigh(normal).text == normal


_MARKS = "\u0301\u0316\u0344\u0f71\u0f72\u0f73\u0f75\u0f81\u0327\u05b0\u3099\U0001e94a\U00016d63\u1acf"


@settings(deadline=None)
@given(st.text(st.sampled_from(_MARKS + "aé가"), min_size=25, max_size=120))
def test_piled_up_marks_are_normalised_as_ever(text: str) -> None:
    assert nfc(text) == unicodedata.normalize("NFC", text)


# --- mentions and tags ---


def test_a_mention_in_a_link_is_none() -> None:
    assert [mention.name for mention in mentions("@ada https://example.com/@ben @chen")] == ["ada", "chen"]


def test_a_hashtag_in_a_link_is_none() -> None:
    assert [tag.name for tag in hashtags("#a https://example.com/#b #c")] == ["a", "c"]


def test_cashtags_are_counted_for_the_rule_of_one() -> None:
    text = "$ABC and $BRK.A, but not $5 or US$ABC"

    assert [text[tag.start : tag.end] for tag in cashtags(text)] == ["$ABC", "$BRK.A"]
