"""A schedule's rule is shown in words, not as it is stored."""

import pytest

from bot.commands import rule_words
from tasks.schedule import Rule
from texts import catalogue

SENTENCES = catalogue.load()


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ("every 15 minutes from 2026-11-23T16:10Z", "every 15 minutes"),
        ("every 1 minutes from 2026-11-23T16:10Z", "every minute"),
        ("every 120 minutes from 2026-11-23T16:10Z", "every 2 hours"),
        ("every 100 minutes from 2026-11-23T16:10Z", "every 100 minutes"),
        ("on mon,tue,wed,thu,fri at 08:30", "Monday to Friday at 08:30"),
        ("on mon,thu at 09:00,17:00", "every Monday and Thursday at 09:00, 17:00"),
        ("on mon,tue,wed,thu,fri,sat,sun at 09:00", "every day at 09:00"),
        ("every 3 days from 2026-11-23 at 09:00", "every 3 days from 2026-11-23 at 09:00"),
        ("every 2 weeks from 2026-11-23 on mon at 09:00", "every second week on Monday at 09:00"),
        ("monthly first mon at 10:00", "on the first Monday of the month at 10:00"),
        ("monthly last fri at 10:00", "on the last Friday of the month at 10:00"),
        ("monthly day 31 at 10:00", "on day 31 of each month at 10:00"),
        ("monthly last day at 10:00", "on the last day of each month at 10:00"),
        ("cron 0 9 * * 1-5", "cron 0 9 * * 1-5"),
    ],
)
def test_a_rule_is_said_in_words(stored, words):
    said = rule_words.said(Rule.read(stored))

    assert SENTENCES.label("en", said.key, said.facts).replace("<code>", "").replace("</code>", "") == words
