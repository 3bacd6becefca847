"""Words for a time, in several languages, and the text behind them, which is nobody's but the person's."""

# ruff: noqa: DTZ001 - times on a wall are naive

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tasks.saying import FAR, Said, Trouble, Why, read
from tasks.schedule import Rule
from tasks.wall import Occurrence, Shift, occurrence

BERLIN = ZoneInfo("Europe/Berlin")
#: A Monday, 17:10 in Berlin.
NOW = datetime(2026, 11, 23, 16, 10, 35, tzinfo=UTC)
unhurried = settings(deadline=None, max_examples=100)

#: What is said (language, words) and the time on the wall it means.
ONCE = [
    ("en", "tomorrow 9:00", "2026-11-24 09:00"),
    ("en", "Tomorrow at 9", "2026-11-24 09:00"),
    ("en", "tomorrow, 9:00", "2026-11-24 09:00"),
    ("en", "tomorrow 9pm", "2026-11-24 21:00"),
    ("en", "tomorrow 9 a.m.", "2026-11-24 09:00"),
    ("en", "tomorrow 12:30 am", "2026-11-24 00:30"),
    ("en", "tomorrow 12pm", "2026-11-24 12:00"),
    ("en", "tomorrow 18:00 pm", "2026-11-24 18:00"),
    ("en", "tomorrow at noon", "2026-11-24 12:00"),
    ("de", "morgen Mittag", "2026-11-24 12:00"),
    ("en", "in 20 min", "2026-11-23 17:30"),
    ("en", "in 2 hours", "2026-11-23 19:10"),
    ("en", "in an hour", "2026-11-23 18:10"),
    ("en", "in half an hour", "2026-11-23 17:40"),
    ("en", "in 1h30", "2026-11-23 18:40"),
    ("en", "in 1.5 hours", "2026-11-23 18:40"),
    ("en", "in 1 hour and 30 minutes", "2026-11-23 18:40"),
    ("en", "in 24 hours", "2026-11-24 17:10"),
    ("en", "in 3 days 9:00", "2026-11-26 09:00"),
    ("en", "in 2 weeks at 9:00", "2026-12-07 09:00"),
    ("en", "in 2 months 9:00", "2027-01-23 09:00"),
    ("en", "today 18:00", "2026-11-23 18:00"),
    ("en", "tonight 21:00", "2026-11-23 21:00"),
    ("en", "day after tomorrow 9:00", "2026-11-25 09:00"),
    ("en", "9:00", "2026-11-24 09:00"),
    ("en", "at 18:00", "2026-11-23 18:00"),
    ("en", "monday 9am", "2026-11-30 09:00"),
    ("en", "monday 18:00", "2026-11-23 18:00"),
    ("en", "on Friday at 10:00", "2026-11-27 10:00"),
    ("en", "next friday 10:00", "2026-11-27 10:00"),
    ("en", "next monday 18:00", "2026-11-30 18:00"),
    ("en", "2026-12-24 18:00", "2026-12-24 18:00"),
    ("en", "24 Dec 18:00", "2026-12-24 18:00"),
    ("en", "Dec 24, 2026 at 6pm", "2026-12-24 18:00"),
    ("en", "the 24th of December at 18:00", "2026-12-24 18:00"),
    ("en", "Thursday 24 Dec 18:00", "2026-12-24 18:00"),
    ("en", "1 Jan 18:00", "2027-01-01 18:00"),
    ("en", "29 Feb 9:00", "2028-02-29 09:00"),
    ("en", "24.12. 18:00", "2026-12-24 18:00"),
    ("en", "24.12 18:00", "2026-12-24 18:00"),
    ("en", "24.12.26 18:00", "2026-12-24 18:00"),
    ("en", "1.5. 18:00", "2027-05-01 18:00"),
    ("en", "13/12 18:00", "2026-12-13 18:00"),
    ("en", "12/13/2026 18:00", "2026-12-13 18:00"),
    ("de", "morgen 9:00", "2026-11-24 09:00"),
    ("de", "morgen um 9 Uhr", "2026-11-24 09:00"),
    ("de", "heute um 18.30 Uhr", "2026-11-23 18:30"),
    ("de", "heute Abend 20:00", "2026-11-23 20:00"),
    ("de", "übermorgen 9:00", "2026-11-25 09:00"),
    ("de", "24. Dezember 18:00", "2026-12-24 18:00"),
    ("de", "Donnerstag, den 24.12. um 18 Uhr", "2026-12-24 18:00"),
    ("de", "24.12. 18 Uhr", "2026-12-24 18:00"),
    ("de", "am 24. 12. 2026 um 18 Uhr", "2026-12-24 18:00"),
    ("de", "am 24. Dezember um 18 Uhr", "2026-12-24 18:00"),
    ("de", "in 20 Minuten", "2026-11-23 17:30"),
    ("de", "nächsten Freitag 10:00", "2026-11-27 10:00"),
    ("fr", "demain 9h00", "2026-11-24 09:00"),
    ("fr", "demain à 9h", "2026-11-24 09:00"),
    ("fr", "après-demain 9h30", "2026-11-25 09:30"),
    ("fr", "aujourd\u2019hui 18h", "2026-11-23 18:00"),
    ("fr", "lundi prochain à 10h", "2026-11-30 10:00"),
    ("fr", "le 24 décembre à 18h", "2026-12-24 18:00"),
    ("fr", "dans 20 minutes", "2026-11-23 17:30"),
    ("es", "mañana 9:00", "2026-11-24 09:00"),
    ("es", "man\u0303ana 9:00", "2026-11-24 09:00"),
    ("es", "pasado mañana a las 9", "2026-11-25 09:00"),
    ("es", "dentro de 2 horas", "2026-11-23 19:10"),
    ("es", "el 24 de diciembre a las 18:00", "2026-12-24 18:00"),
    ("ru", "завтра в 9:00", "2026-11-24 09:00"),
    ("ru", "через 20 минут", "2026-11-23 17:30"),
    ("ru", "через час", "2026-11-23 18:10"),
    ("ru", "в пятницу 10:00", "2026-11-27 10:00"),
    ("ru", "24 декабря 18:00", "2026-12-24 18:00"),
    ("ar", "غدًا ٩:٠٠", "2026-11-24 09:00"),
    ("ar", "\u200fبعد غد 9:00", "2026-11-25 09:00"),
    ("ar", "بعد 20 دقيقة", "2026-11-23 17:30"),
    ("ar", "يوم الجمعة الساعة 10:00", "2026-11-27 10:00"),
    ("ar", "24 ديسمبر 18:00", "2026-12-24 18:00"),
    ("pt", "amanhã às 9h", "2026-11-24 09:00"),
    ("pt", "segunda-feira 9:00", "2026-11-30 09:00"),
    ("pt", "em 20 minutos", "2026-11-23 17:30"),
    ("tr", "yarın 9:00", "2026-11-24 09:00"),
    ("tr", "20 dakika sonra", "2026-11-23 17:30"),
    ("zh-hans", "明天 9:00", "2026-11-24 09:00"),
    ("fa", "فردا ۹:۰۰", "2026-11-24 09:00"),
    ("tlh", "tomorrow 9:00", "2026-11-24 09:00"),
]  # fmt: skip
AGAIN = [
    ("en", "every weekday 8:30", "on mon,tue,wed,thu,fri at 08:30"),
    ("en", "every 2 hours", "every 120 minutes from 2026-11-23T16:10Z"),
    ("en", "every hour", "every 60 minutes from 2026-11-23T16:10Z"),
    ("en", "every 30 min", "every 30 minutes from 2026-11-23T16:10Z"),
    ("en", "every day 9:00 and 17:00", "on mon,tue,wed,thu,fri,sat,sun at 09:00,17:00"),
    ("en", "daily at 9, 13:00 and 17:00", "on mon,tue,wed,thu,fri,sat,sun at 09:00,13:00,17:00"),
    ("en", "every monday and thursday 18:00", "on mon,thu at 18:00"),
    ("en", "every Mon, Wed and Fri at 6pm", "on mon,wed,fri at 18:00"),
    ("en", "every mon-fri 7:15", "on mon,tue,wed,thu,fri at 07:15"),
    ("en", "every friday to monday 7:15", "on mon,fri,sat,sun at 07:15"),
    ("en", "every weekend 11:00", "on sat,sun at 11:00"),
    ("en", "every 3 days 9:00", "every 3 days from 2026-11-24 at 09:00"),
    ("en", "every other day 18:00", "every 2 days from 2026-11-23 at 18:00"),
    ("en", "every other monday 9:00", "every 2 weeks from 2026-11-30 on mon at 09:00"),
    ("en", "every 2 weeks 9:00", "every 2 weeks from 2026-11-24 on tue at 09:00"),
    ("en", "every week on friday 9:00", "on fri at 09:00"),
    ("en", "first Monday 10:00", "monthly first mon at 10:00"),
    ("en", "every last friday of the month at 17:00", "monthly last fri at 17:00"),
    ("en", "last day of month 12:00", "monthly last day at 12:00"),
    ("en", "first day of every month 12:00", "monthly day 1 at 12:00"),
    ("en", "every month on the 5th at 9:00", "monthly day 5 at 09:00"),
    ("en", "the 15th of every month 9:00", "monthly day 15 at 09:00"),
    ("en", "every 31st 9:00", "monthly day 31 at 09:00"),
    ("en", "cron 0 9 * * 1-5", "cron 0 9 * * 1-5"),
    ("en", "CRON 0 9 * * mon-fri", "cron 0 9 * * MON-FRI"),
    ("de", "jeden Montag um 9:00", "on mon at 09:00"),
    ("de", "jeden Tag 9:00 und 17:00", "on mon,tue,wed,thu,fri,sat,sun at 09:00,17:00"),
    ("de", "alle 2 Stunden", "every 120 minutes from 2026-11-23T16:10Z"),
    ("en", "mondays and fridays 9:00", "on mon,fri at 09:00"),
    ("en", "on Weekdays 9:00", "on mon,tue,wed,thu,fri at 09:00"),
    ("de", "montags 9:00", "on mon at 09:00"),
    ("fr", "les lundis 9h", "on mon at 09:00"),
    ("de", "werktags 8:30", "on mon,tue,wed,thu,fri at 08:30"),
    ("de", "am letzten Tag des Monats 12:00", "monthly last day at 12:00"),
    ("fr", "tous les lundis à 9h", "on mon at 09:00"),
    ("fr", "chaque jour à 9h et 17h", "on mon,tue,wed,thu,fri,sat,sun at 09:00,17:00"),
    ("es", "todos los días a las 9:00", "on mon,tue,wed,thu,fri,sat,sun at 09:00"),
    ("es", "cada lunes 9:00", "on mon at 09:00"),
    ("ru", "каждую среду в 9:00", "on wed at 09:00"),
    ("ru", "каждые 2 часа", "every 120 minutes from 2026-11-23T16:10Z"),
    ("ar", "كل يوم 9:00 و17:00", "on mon,tue,wed,thu,fri,sat,sun at 09:00,17:00"),
    ("ar", "كل يوم اثنين 9:00", "on mon at 09:00"),
]  # fmt: skip
#: Texts that look as if they belonged to the time.
TEXTS = [
    "text", "5 apples", "10 things I learned", "9 of 10 dentists", "30 Jahre Mauerfall", "🎉 9:00", "é\u0301",
    "@friend look", "#tag", "- one\n- two", "\u200fنص عربي", "und los", "every one of you", "1/2 price",
    "minutes of silence", "10 minutes of silence", "2 hours later", "uhrwerk", "hours later", "day one\n\n  two  \n", "(9am)", "https://x.test/9:00",
]  # fmt: skip


def said(words: str, language: str = "en", *, now: datetime = NOW, zone: ZoneInfo = BERLIN) -> Said:
    found = read(words, now=now, zone=zone, language=language)
    assert isinstance(found, Said), found
    return found


def trouble(words: str, language: str = "en", *, now: datetime = NOW, zone: ZoneInfo = BERLIN) -> Trouble:
    found = read(words, now=now, zone=zone, language=language)
    assert isinstance(found, Trouble), found
    return found


@pytest.mark.parametrize(("language", "words", "wall"), ONCE)
def test_a_time_is_understood_and_the_text_behind_it_left_alone(language, words, wall):
    found = said(f"{words} Text", language)

    assert isinstance(found.when, Occurrence)
    assert f"{found.when.wall:%Y-%m-%d %H:%M}" == f"{found.when.shown(BERLIN):%Y-%m-%d %H:%M}" == wall
    assert (found.words, found.rest) == (words, "Text")


@pytest.mark.parametrize(("language", "words", "rule"), AGAIN)
def test_a_rule_is_understood_and_the_text_behind_it_left_alone(language, words, rule):
    found = said(f"{words} Text", language)

    assert found.when == Rule.read(rule)
    assert (found.words, found.rest) == (words, "Text")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "words",
    ["tomorrow 9:00", "in 20 min", "24 Dec 18:00", "every weekday 8:30", "every 2 hours", "cron 0 9 * * 1-5"],
)
def test_no_text_loses_a_word_to_the_time_before_it(words, text):
    assert said(f"{words} {text}").rest == text


@unhurried
@given(
    st.sampled_from([*ONCE, *AGAIN]),
    st.sampled_from(["", " ", "\r", " \n"]),
    st.text(st.characters(exclude_categories=["Cs"])),
)
@example(("en", "in 1 hour", ""), "", "30 minutes of fun")
@example(("en", "9:00", ""), "", "tomorrow is another day")
@example(("en", "every monday 9:00", ""), "", "and 17:00")
def test_behind_a_new_line_stands_nothing_but_text(time, gap, text):
    language, words, _ = time

    found = said(f"{words}{gap}\n{text}", language)

    assert found.words == words
    assert found.rest == text.lstrip()


@unhurried
@given(
    st.datetimes(datetime(2026, 11, 25), datetime(2028, 11, 20)), st.sampled_from(["iso", "dots", "words"])
)
def test_every_minute_of_two_years_can_be_said(wall, form):
    wall = wall.replace(second=0, microsecond=0)
    written = {
        "iso": f"{wall:%Y-%m-%d %H:%M}",
        "dots": f"{wall:%d.%m.%Y, %H:%M}",
        "words": f"{wall:%d %B %Y at %H:%M}",
    }

    assert said(f"{written[form]} 5 apples").when == occurrence(wall, BERLIN)


@unhurried
@given(st.integers(1, 731 * 24 * 60))
def test_every_span_up_to_two_years_is_real_time(minutes):
    found = said(f"in {minutes} min 5 apples")

    assert isinstance(found.when, Occurrence)
    assert found.when.at - NOW == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("words", "why", "facts"),
    [
        ("", Why.NOT_UNDERSTOOD, {}),
        ("hello world", Why.NOT_UNDERSTOOD, {}),
        ("Meeting at 9:00 about", Why.NOT_UNDERSTOOD, {}),
        ("5 things 9:00", Why.NOT_UNDERSTOOD, {}),
        ("2 minutes of silence", Why.NOT_UNDERSTOOD, {}),
        ("24:00 text", Why.NOT_UNDERSTOOD, {}),
        ("13:00 am text", Why.NOT_UNDERSTOOD, {}),
        ("31.2. 9:00 text", Why.NOT_UNDERSTOOD, {}),
        ("every", Why.NOT_UNDERSTOOD, {}),
        ("every breath you take 9:00", Why.NOT_UNDERSTOOD, {}),
        ("friday 24.12. 9:00 text", Why.NOT_UNDERSTOOD, {}),
        ("friday 24 Dec 9:00 text", Why.NO_CLOCK, {"words": "friday"}),
        ("in 0 min text", Why.NOT_UNDERSTOOD, {}),
        ("tomorrow text", Why.NO_CLOCK, {"words": "tomorrow"}),
        ("tomorrow\n9:00", Why.NO_CLOCK, {"words": "tomorrow"}),
        ("tomorrow 9:00-10:00 party", Why.NO_CLOCK, {"words": "tomorrow"}),
        ("24 Dec text", Why.NO_CLOCK, {"words": "24 Dec"}),
        ("in 3 days text", Why.NO_CLOCK, {"words": "in 3 days"}),
        ("every monday text", Why.NO_CLOCK, {"words": "every monday"}),
        ("cron jobs are nice", Why.CRON, {}),
        ("cron 0 25 * * * text", Why.CRON, {}),
        ("cron 0 0 30 2 * text", Why.CRON, {}),
        ("9:00 tomorrow text", Why.AMBIGUOUS, {"one": "tomorrow 09:00", "other": "09:00"}),
        ("9:00 24 Dec text", Why.AMBIGUOUS, {"one": "24 Dec 09:00", "other": "09:00"}),
        ("9:00 every day text", Why.AMBIGUOUS, {"one": "every day 09:00", "other": "09:00"}),
        ("3/12 18:00 text", Why.AMBIGUOUS, {"one": "2026-12-03", "other": "2027-03-12"}),
        ("tonight 9:00 text", Why.AMBIGUOUS, {"one": "09:00", "other": "21:00"}),
        ("in 1 hour 30 minutes of fun", Why.AMBIGUOUS, {"one": "in 90 min", "other": "in 1 hour"}),
        (
            "every second monday 9:00 text",
            Why.AMBIGUOUS,
            {"one": "every 2 weeks on monday", "other": "second monday of every month"},
        ),
        ("in 2 hours 1 min text", Why.AMBIGUOUS, {"one": "in 121 min", "other": "in 2 hours"}),
        ("today 9:00 text", Why.PAST, {"at": datetime(2026, 11, 23, 8, tzinfo=UTC)}),
        ("2020-01-01 9:00 text", Why.PAST, {"at": datetime(2020, 1, 1, 8, tzinfo=UTC)}),
        ("2028-11-24 9:00 text", Why.TOO_FAR, {"years": 2}),
        ("9999-12-31 23:59 text", Why.NOT_UNDERSTOOD, {}),
        ("2999-12-31 23:59 text", Why.TOO_FAR, {"years": 2}),
        ("in 999999 hours text", Why.TOO_FAR, {"years": 2}),
        ("cron 0 0 * 2 1#5 text", Why.TOO_FAR, {"years": 2}),
        ("cron 0 0 */30 2 1#5 text", Why.NEVER, {}),
        ("every minute text", Why.TOO_OFTEN, {"minutes": 5}),
        ("cron * * * * * text", Why.TOO_OFTEN, {"minutes": 5}),
        ("every day 9:00 and 9:04 text", Why.TOO_OFTEN, {"minutes": 5}),
    ],
)  # fmt: skip
def test_what_cannot_be_scheduled_is_told_apart(words, why, facts):
    assert trouble(words) == Trouble(why, facts)


@pytest.mark.parametrize(
    "words",
    [
        "tomorrow 09:00",
        "09:00",
        "in 90 min",
        "in 1 hour",
        "every day 09:00",
        "24 Dec 09:00",
        "2026-12-03 18:00",
    ],
)
def test_words_offered_as_clear_are_clear(words):
    assert said(f"{words}\n30 minutes of fun tomorrow").rest == "30 minutes of fun tomorrow"


def test_a_day_behind_its_time_is_understood_when_nothing_else_stands_on_the_line():
    found = said("9:00 tomorrow\ntext")

    assert found == Said(said("tomorrow 9:00").when, "9:00 tomorrow", "text")


def test_a_mark_right_behind_the_time_closes_it():
    assert said("tomorrow 9:00: text").rest == "text"
    assert said("in 20 min, text").rest == "text"
    assert said("tomorrow 9:00 : text").rest == ": text"


def test_an_am_that_may_be_a_german_word_stays_in_the_text():
    assert said("morgen 9:00 am Bahnhof", "de").rest == "am Bahnhof"
    assert said("tomorrow 9:00 am text", "en").rest == "text"


def test_what_is_easily_misread_is_pointed_out():
    assert said("next friday 10:00").notes == ("next_weekday",)
    assert said("every 31st 10:00").notes == ("short_months",)
    assert said("every 28th 10:00").notes == ()


def test_a_time_the_clock_skips_comes_right_after_and_says_so():
    now = datetime(2026, 3, 28, 12, tzinfo=UTC)

    assert said("tomorrow 2:30", now=now).when == Occurrence(
        datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 3, 29, 2, 30), Shift.SKIPPED
    )


def test_a_time_that_comes_twice_is_the_first_that_is_still_to_come():
    before, between = datetime(2026, 10, 25, 0, 10, tzinfo=UTC), datetime(2026, 10, 25, 0, 40, tzinfo=UTC)

    first, second = said("today 2:30", now=before).when, said("today 2:30", now=between).when

    assert isinstance(first, Occurrence)
    assert isinstance(second, Occurrence)
    assert (first.at, first.note) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), Shift.DOUBLED)
    assert second.at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_days_are_those_of_the_persons_zone():
    apia = ZoneInfo("Pacific/Apia")

    found = said("tomorrow 9:00", zone=apia).when  # on Tuesday the 24th, 5:10

    assert isinstance(found, Occurrence)
    assert found.wall.date() == date(2026, 11, 25)


@pytest.mark.parametrize("words", ["9:00", "today 18:00", "tomorrow 9:00", "in 20 min", "monday 9:00"])
def test_whatever_is_understood_lies_ahead(words):
    for minute in range(0, 14 * 24 * 60, 47):
        now = datetime(2026, 10, 18, tzinfo=UTC) + timedelta(minutes=minute)
        found = read(words, now=now, zone=BERLIN, language="en")
        if isinstance(found, Said):
            assert isinstance(found.when, Occurrence)
            assert now < found.when.at < now + timedelta(days=8)
        else:
            assert (words, found.why) == ("today 18:00", Why.PAST)


_BITS = (
    "tomorrow today every monday mon next last first second day days week month of the on at in and to - 5 20 31 0 "
    "9:00 9am 9 17:00 24:00 9h 9.30 Uhr am pm a.m. 1/2 13/12 1.5. 24.12. 29.2. 2026-12-24 9999-12-31 0001-01-01 cron * "
    "*/5 1-5 L 5L 1#2 min hours h , . : ; \U0001f389 Dec feb 29th 1st morgen demain mañana завтра غدا يوم كل ٩:٠٠ в um "
    "jeden à \u200f \u202e ' ½ ² ① İ ß 12345678901234567890 in1h 1.5 half an hour other noon now yesterday UTC +01:00"
)

bits = st.sampled_from(_BITS.split())


@unhurried
@given(
    st.one_of(
        st.text(),
        st.lists(bits, max_size=9).map(" ".join),
        st.lists(bits, max_size=9).map("".join),
    ),
    st.sampled_from(["en", "de", "fr", "ar", "tr", "xx", "", "zh-hans", "pt-BR", "../x"]),
    st.sampled_from([BERLIN, ZoneInfo("Pacific/Apia"), ZoneInfo("America/New_York")]),
)
def test_whatever_is_written_is_answered(words, language, zone):
    found = read(words, now=NOW, zone=zone, language=language)

    if isinstance(found, Said):
        assert words.endswith(found.rest)
        assert words.lstrip().startswith(found.words)
        assert isinstance(found.when, Rule) or NOW < found.when.at <= NOW + FAR + timedelta(days=1)


def test_a_long_text_costs_no_more_than_its_first_line():
    text = "9:00 tomorrow every 5 min " * 20_000

    assert said(f"tomorrow 9:00 {text}").rest == text
    assert trouble(text * 2).why == Why.AMBIGUOUS
