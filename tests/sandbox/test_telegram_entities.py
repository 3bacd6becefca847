"""Formatted text: parse modes, what Telegram finds by itself, and what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.telegram.entities import CannotParse, detected, formatted


def shown(found):
    """Return the entities as (type, covered text)."""
    raw = found.text.encode("utf-16-le")

    def piece(entity):
        start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        return raw[start:end].decode("utf-16-le")

    return [(entity["type"], piece(entity)) for entity in found.entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>b</b><i>i</i><u>u</u><s>s</s>", "bius", ["bold", "italic", "underline", "strikethrough"]),
        (
            "<strong>b</strong><em>i</em><ins>u</ins><del>s</del>",
            "bius",
            ["bold", "italic", "underline", "strikethrough"],
        ),
        ("<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>", "ab", ["spoiler", "spoiler"]),
        ("<code>x</code> <pre>y</pre>", "x y", ["code", "pre"]),
        (
            "<blockquote>q</blockquote><blockquote expandable>r</blockquote>",
            "qr",
            ["blockquote", "expandable_blockquote"],
        ),
        ('<a href="https://x.com/a?b&amp;c">link</a>', "link", ["text_link"]),
        ("<B>b</B>", "b", ["bold"]),
        ("&lt;b&gt; &amp;amp; &#33;&#x21; &copy;", "<b> &amp; !! &copy;", []),
        ("<b></b>x", "x", []),
        ('<a href="nowhere">x</a>', "x", []),
        ('<tg-time unix="1790000000" format="wDT">then</tg-time>', "then", ["date_time"]),
    ],
)
def test_html_becomes_text_and_entities(source, text, entities):
    found = formatted(source, "HTML")

    assert found.text == text
    assert [entity["type"] for entity in found.entities] == entities


def test_entities_count_utf_16_units_and_shrink_with_the_white_space():
    found = formatted("  😀 <b>bold 😀 </b>  ", "HTML")

    assert found.text == "😀 bold 😀"
    assert found.entities == [{"type": "bold", "offset": 3, "length": 7}]


def test_a_pre_with_a_language_is_one_entity():
    found = formatted('<pre><code class="language-python">x = 1</code></pre>', "HTML")

    assert found.entities == [{"type": "pre", "offset": 0, "length": 5, "language": "python"}]


def test_a_link_to_a_person_is_a_mention():
    found = formatted('<a href="tg://user?id=101">Ada</a>', "HTML")

    assert found.entities == [{"type": "text_mention", "offset": 0, "length": 3, "user": {"id": 101}}]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("ü<foo>", 'Unsupported start tag "foo" at byte offset 2'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "<a href>x</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        ("<a href='x>x</a>", "Unclosed start tag at byte offset 0"),
        ("<b", "Unclosed start tag at byte offset 0"),
    ],
)
def test_bad_html_is_refused_with_its_place(source, words):
    with pytest.raises(CannotParse) as refused:
        formatted(source, "HTML")

    assert str(refused.value).startswith(words)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*b* _i_ __u__ ~s~ ||p|| `c`", ["bold", "italic", "underline", "strikethrough", "spoiler", "code"]),
        ("[x](https://x\\.com/\\)a)", ["text_link"]),
        ("```py\nx = 1```", ["pre"]),
        ("*b _bi_*", ["bold", "italic"]),
        ("\\*a\\* \\.", []),
        (">q\n>r\nafter", ["blockquote"]),
    ],
)
def test_markdown_v2_becomes_entities(source, expected):
    found = formatted(source, "MarkdownV2")

    assert [entity["type"] for entity in found.entities] == expected


@pytest.mark.parametrize("character", ".!-()+={}|#>")
def test_markdown_v2_reserves_its_characters(character):
    with pytest.raises(CannotParse, match="is reserved and must be escaped with the preceding"):
        formatted(f"a{character}b", "MarkdownV2")


def test_the_old_markdown_knows_four_marks():
    found = formatted("*b* _i_ `c` [l](http://x.de) \\_", "Markdown")

    assert [entity["type"] for entity in found.entities] == ["bold", "italic", "code", "text_link"]
    assert found.text == "b i c l _"
    with pytest.raises(CannotParse, match="Can't find end of the entity starting at byte offset 2"):
        formatted("a *b", "Markdown")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/tweet hi", [("bot_command", "/tweet")]),
        ("/tweet@some_bot hi", [("bot_command", "/tweet@some_bot")]),
        ("a/b 1/2 //x", []),
        ("see https://x.com/a_(b), ok", [("url", "https://x.com/a_(b)")]),
        ("on example.com.", [("url", "example.com")]),
        ("file.txt and v1.2", []),
        (
            "me@example.com @ada #tag #1 $TWTR",
            [("email", "me@example.com"), ("mention", "@ada"), ("hashtag", "#tag"), ("cashtag", "$TWTR")],
        ),
        (
            "http://127.0.0.1:8101/oauth/authorize?oauth_token=x",
            [("url", "http://127.0.0.1:8101/oauth/authorize?oauth_token=x")],
        ),
    ],
)
def test_commands_addresses_and_names_are_found(text, expected):
    assert shown(detected(text)) == expected


def test_nothing_is_found_inside_code_or_links():
    found = formatted('<code>/x @ada</code> <a href="http://a.de">@ben</a> @chen', "HTML")

    assert [kind for kind, _ in shown(found)] == ["code", "text_link", "mention"]


def test_control_characters_become_spaces_and_bidi_overrides_vanish():
    assert detected("a\x00b\r\nc\u202ed").text == "a b\ncd"


@given(st.text(max_size=200), st.sampled_from(["HTML", "MarkdownV2", "Markdown", None]))
def test_any_text_is_parsed_or_refused_and_entities_stay_inside(text, mode):
    try:
        found = formatted(text, mode)
    except CannotParse:
        return

    length = len(found.text.encode("utf-16-le", "surrogatepass")) // 2
    assert found.text == found.text.strip()
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= length for e in found.entities)


@given(
    st.text(alphabet="<>/ab&;='\" \\*_[]()`|~!\n", max_size=60),
    st.sampled_from(["HTML", "MarkdownV2", "Markdown"]),
)
def test_any_markup_is_parsed_or_refused(text, mode):
    try:
        found = formatted(text, mode)
    except CannotParse:
        return

    assert all(entity["length"] > 0 for entity in found.entities)
