"""What stands behind a reading command is read into what to look for, or refused in one sentence."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.commands import look_words
from tasks import kinds
from tasks.parameters import Look
from texts import catalogue
from texts.reply import Refusal

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def read(kind, words):
    return look_words.read(kind, words, zone=BERLIN, now=NOW, origin="http://127.0.0.1:1")


def test_nothing_said_is_what_is_new_five_at_once():
    assert read(kinds.MENTIONS, "") == Look(most=5, only_new=True)


@pytest.mark.parametrize(
    "words", ["@bob", "bob", "https://x.com/bob", "https://mobile.twitter.com/bob?lang=en", "＠bob"]
)
def test_a_name_is_understood_in_every_form(words):
    assert read(kinds.TIMELINE, words).username == "bob"


def test_the_words_of_a_timeline():
    look = read(
        kinds.TIMELINE, "@bob max:50 since_id:100 max_id:https://x.com/a/status/200 -replies -RETWEETS"
    )

    assert look == Look(
        username="bob", most=50, since_id="100", max_id="200", without=("replies", "retweets")
    )


def test_days_are_those_of_the_reader_s_clock():
    look = read(kinds.SEARCH, "cats since:2026-11-20 until:2026-11-22")

    assert look.since == datetime(2026, 11, 19, 23, 0, tzinfo=UTC)
    assert look.until == datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
    assert (look.query, look.only_new) == ("cats", False)


def test_what_is_no_parameter_goes_to_x_as_it_is():
    look = read(
        kinds.SEARCH, 'from:bob "a phrase: yes" lang:de has:links #tag (cat OR dog) url:"https://a.b"'
    )

    assert look.query == 'from:bob "a phrase: yes" lang:de has:links #tag (cat OR dog) url:"https://a.b"'


def test_places_replies_and_reposts_become_operators():
    look = read(kinds.SEARCH, "cats geo:52.5,13.4,16km -replies -retweets type:popular max:20")

    assert look.query == "cats point_radius:[13.4 52.5 16km] -is:reply -is:retweet"
    assert (look.sort, look.most, look.without) == ("relevancy", 20, ())


REFUSED = [
    (kinds.MENTIONS, "max:0", "look.bad_max"),
    (kinds.MENTIONS, "max:101", "look.bad_max"),
    (kinds.MENTIONS, "max:" + "9" * 5000, "look.bad_max"),
    (kinds.MENTIONS, "max:٣", "look.bad_max"),
    (kinds.MENTIONS, "since_id:abc", "look.bad_id"),
    (kinds.MENTIONS, "since_id:0", "look.bad_id"),
    (kinds.MENTIONS, "since_id:200 max_id:100", "look.ids_turned_round"),
    (kinds.MENTIONS, "since:2026-13-01", "look.bad_day"),
    (kinds.MENTIONS, "since:0001-01-01", "look.bad_day"),
    (kinds.MENTIONS, "since:2026-11-22 until:2026-11-22", "look.days_turned_round"),
    (kinds.MENTIONS, "since:tomorrow", "look.bad_day"),
    (kinds.MENTIONS, "since:2026-12-01", "look.day_to_come"),
    (kinds.MENTIONS, "@bob", "look.bad_word"),
    (kinds.MENTIONS, "-replies", "look.no_such_parameter"),
    (kinds.MENTIONS, "geo:52.5,13.4,16km", "look.no_such_parameter"),
    (kinds.FOLLOWERS, "since_id:5", "look.no_such_parameter"),
    (kinds.TIMELINE, "@bob @eve", "look.bad_word"),
    (kinds.TIMELINE, "two words", "look.bad_word"),
    (kinds.TIMELINE, "<b>x</b>", "look.bad_word"),
    (kinds.TIMELINE, "sort:popular", "look.no_such_parameter"),
    (kinds.SEARCH, "cats since:2026-11-01", "look.week_only"),
    (kinds.SEARCH, "cats sort:best", "look.bad_sort"),
    (kinds.SEARCH, "cats geo:52.5,13.4", "look.bad_geo"),
    (kinds.SEARCH, "cats geo:99,13.4,16km", "look.bad_geo"),
    (kinds.SEARCH, "cats geo:52.5,13.4,100km", "look.bad_radius"),
    (kinds.SEARCH, "lang:de -is:retweet", "look.only_filters"),
    (kinds.SEARCH, "max:20", "look.only_filters"),
    (kinds.SEARCH, "x" * 513, "look.query_too_long"),
]


@pytest.mark.parametrize(("kind", "words", "key"), REFUSED, ids=[f"{w[:30]} ({k})" for _, w, k in REFUSED])
def test_what_is_wrong_gets_one_sentence(kind, words, key):
    with pytest.raises(Refusal) as refused:
        read(kind, words)

    assert refused.value.key == key
    assert catalogue.load().say("en", key, refused.value.facts)


@pytest.mark.parametrize("words", ["", "0", "latest", " LATEST "])
def test_nothing_and_0_are_the_newest_post(words):
    assert look_words.post_of(words, origin="http://127.0.0.1:1") is None


def test_a_link_of_the_sandbox_is_a_post():
    assert look_words.post_of("http://127.0.0.1:1/bob/status/12?s=20", origin="http://127.0.0.1:1") == "12"
