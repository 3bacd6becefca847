"""What the catalogue promises to those who say things and to those who translate."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from tests.texts.pseudo import TAG, pseudo
from texts import catalogue
from texts.catalogue import BadCatalogue, Catalogue, MissingText
from texts.reply import Say

ENGLISH = """
language-name = English
greet-hello = Hello <b>{ $name }</b>
greet-link = See <a href="{ $url }">here</a>
greet-count = { $count ->
    [one] one tweet
   *[other] { $count } tweets
}
greet-when = { $at } / { CLOCK($at) } / { DAY($at) }
greet-facts = { DURATION($seconds), } { MONEY($dollars) } { PLAIN($number) }
greet-quote = It says: { $text }
greet-state = { $state ->
    [active] works
   *[gone] is gone
}
greet-notes =
    Notes for { $price }, { $wait }:

    { $notes }

    The end.
""".replace("$seconds),", "$seconds)")

AT = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)


def a_catalogue(**more: str) -> Catalogue:
    return Catalogue({"en": ENGLISH, **more})


def test_text_facts_are_escaped_in_html_and_not_in_labels():
    said = a_catalogue().say("en", "greet.hello", {"name": "<b>&\"'"})
    label = a_catalogue().label("en", "greet.quote", {"text": "<b>&"})

    assert said == "Hello <b>&lt;b&gt;&amp;&quot;&#x27;</b>"
    assert label == "It says: <b>&"


def test_a_right_to_left_fact_is_isolated_in_a_left_to_right_sentence():
    said = a_catalogue().say("en", "greet.hello", {"name": "نور"})

    assert said == "Hello <b>\u2068نور\u2069</b>"


def test_a_left_to_right_fact_is_isolated_in_a_right_to_left_sentence_but_not_inside_an_address():
    both = a_catalogue(he=pseudo(ENGLISH))

    assert "\u2068alice\u2069" in both.say("he", "greet.hello", {"name": "alice"})
    assert 'href="https://x.com/a"' in both.say("he", "greet.link", {"url": "https://x.com/a"})


def test_a_fact_that_chooses_a_variant_does_so_in_a_right_to_left_language_too():
    both = a_catalogue(he=pseudo(ENGLISH))

    assert (
        both.say("he", "greet.state", {"state": "active"}) == pseudo("x = works").partition("= ")[2].strip()
    )


def test_control_characters_overrides_and_half_surrogates_are_removed():
    said = a_catalogue().say("en", "greet.quote", {"text": "a\u202eb\x00c\ud800d\u2066e\ufdd0f\ufffe\ng"})

    assert said == "It says: abcdef\ng"


def test_a_long_name_is_cut_and_a_name_is_one_line():
    said = a_catalogue().label("en", "greet.hello", {"name": "x" * 500})
    lines = a_catalogue().label("en", "greet.hello", {"name": "a\nb\n\n c"})
    marks = a_catalogue().label("en", "greet.hello", {"name": "a" + "\u0301" * 500})

    assert said == f"Hello <b>{'x' * 63}…</b>"
    assert lines == "Hello <b>a b c</b>"
    assert marks == f"Hello <b>a{chr(0x301) * 3}</b>"


def test_a_long_text_is_said_in_full():
    said = a_catalogue().say("en", "greet.quote", {"text": "<" * 25_000})

    assert said == "It says: " + "&lt;" * 25_000


def test_moments_show_their_zone_and_let_the_client_do_better():
    zone = timezone(timedelta(hours=2), "EET")

    said = a_catalogue().say("en", "greet.when", {"at": AT}, zone=zone)
    label = a_catalogue().label("en", "greet.when", {"at": AT})

    assert said.startswith('<tg-time unix="1795439100" format="Dt">Nov 23, 2026, 3:05\u202fPM EET</tg-time>')
    assert label == "Nov 23, 2026, 1:05\u202fPM UTC / 1:05\u202fPM UTC / Nov 23, 2026"


def test_durations_money_and_plain_numbers():
    facts = {"seconds": 600, "dollars": 0.015, "number": 1234567}

    assert a_catalogue().label("en", "greet.facts", facts) == "10 minutes $0.015 1234567"
    assert a_catalogue().label("en", "greet.facts", facts | {"dollars": 0.2}) == "10 minutes $0.20 1234567"


def test_sentences_stand_in_sentences_one_per_line_and_none_leaves_no_hole():
    facts = {"price": Decimal("0.015"), "wait": timedelta(minutes=10)}
    notes = (Say("greet.hello", {"name": "<A>"}), Say("greet.count", {"count": 2}))

    said = a_catalogue().say("en", "greet.notes", facts | {"notes": notes})
    empty = a_catalogue().say("en", "greet.notes", facts | {"notes": ()})

    assert said == "Notes for $0.015, 10 minutes:\n\nHello <b>&lt;A&gt;</b>\n2 tweets\n\nThe end."
    assert empty == "Notes for $0.015, 10 minutes:\n\nThe end."


def test_empty_lines_of_a_text_are_kept():
    said = a_catalogue().say("en", "greet.quote", {"text": "a\n\n\n\nb"})

    assert said == "It says: a\n\n\n\nb"


def test_plurals_follow_the_language():
    assert a_catalogue().say("en", "greet.count", {"count": 1}) == "one tweet"
    assert a_catalogue().say("en", "greet.count", {"count": 1200}) == "1,200 tweets"


def test_a_missing_key_and_a_missing_fact_raise():
    with pytest.raises(MissingText, match="greet-bye"):
        a_catalogue().say("en", "greet.bye")
    with pytest.raises(MissingText, match="name"):
        a_catalogue().say("en", "greet.hello", {"nam": "typo"})


@pytest.mark.parametrize(
    ("tags", "chosen"),
    [
        (("he", "en"), "he"),
        ((None, "he-IL"), "he"),
        (("xx", "pt-BR"), "pt-BR"),
        (("pt-br",), "pt-BR"),
        (("pt_BR",), "pt-BR"),
        (("pt",), "en"),
        (("zh-hans-CN",), "zh-Hans"),
        ((None, None), "en"),
        (("", "-", "../../etc/passwd"), "en"),
    ],
)
def test_the_language_is_the_first_tag_we_have(tags, chosen):
    translation = pseudo(ENGLISH)
    many = a_catalogue(**{"he": translation, "pt-BR": translation, "zh-Hans": translation})

    assert many.choose(*tags) == chosen


def test_languages_that_do_not_fit_together_are_refused_with_every_fault():
    broken = "language-name = Deutsch\ngreet-hello = Hallo { $nam }\ngreet-new = Neu\nbroken\n"

    with pytest.raises(BadCatalogue) as refused:
        a_catalogue(de=broken)

    faults = str(refused.value)
    assert "de: cannot read 'broken'" in faults
    assert "de: greet-hello uses (nam) where en uses (name)" in faults
    assert "de: greet-new is not in en.ftl" in faults
    assert "de: greet-count is missing" in faults


def test_adding_a_language_is_adding_one_file(tmp_path: Path):
    english = (Path(catalogue.__file__).parent / "en.ftl").read_text(encoding="utf-8")
    (tmp_path / f"{TAG}.ftl").write_text(pseudo(english), encoding="utf-8")

    loaded = catalogue.load(tmp_path)

    assert set(loaded.languages) == {"en", TAG}
