"""Whatever is refused, to whomever, of whatever kind of task: one button that leads somewhere."""

from types import SimpleNamespace

import pytest

from bot.commands import way_out
from bot.commands.way_out import Trouble
from storage.tables import AppKind, Connection, Task
from tasks import kinds, remedies
from texts import catalogue
from twitter.client import X

CATALOGUE = catalogue.load()
#: What Telegram takes as a button's data (Bot API, InlineKeyboardButton).
DATA_MAX = 64
DOORS = SimpleNamespace(x=X(), rules=SimpleNamespace(bot_username="a_bot"))
TASK_ID = "01J0000000000000000ABCDEFG"


def connection(app_kind=AppKind.REGISTERED):
    return Connection(id=7, version=3, app_kind=app_kind)


def task(kind, **more):
    reads = kinds.KINDS[kind].reads
    return Task(id=TASK_ID, version=2, kind=kind, reads=reads, parameters=None, **more)


def troubles(code):
    tasks = [None, *(task(kind, target_post_id="20") for kind in kinds.KINDS), task("timeline")]
    for one in tasks:
        yield Trouble(code, None, one)
        for app_kind in AppKind:
            for is_operator in (False, True):
                yield Trouble(code, connection(app_kind), one, is_operator=is_operator)


@pytest.mark.parametrize("code", sorted([*remedies.REMEDIES, "never_heard_of"]))
def test_each_code_has_a_button_that_leads_somewhere(code):
    for trouble in troubles(code):
        for afar in (False, True):
            for button in (way_out.button(DOORS, trouble, afar=afar), *way_out.further(DOORS, trouble)):
                assert CATALOGUE.label("en", button.key, button.facts)
                assert bool(button.url) != bool(button.data), (trouble, button)
                assert len(button.data.encode()) <= DATA_MAX


def test_only_the_apps_owner_is_sent_to_its_settings():
    keys = {
        (app_kind, is_operator): way_out.button(
            DOORS, Trouble("app_suspended", connection(app_kind), is_operator=is_operator)
        ).key
        for app_kind in AppKind
        for is_operator in (False, True)
    }

    assert keys == {
        (AppKind.REGISTERED, False): "doctor.button_tell",
        (AppKind.REGISTERED, True): "doctor.button_settings",
        (AppKind.OWN, False): "doctor.button_settings",
        (AppKind.OWN, True): "doctor.button_settings",
    }


def test_what_is_passed_on_is_a_code_and_an_id_and_no_words():
    trouble = Trouble("out_of_credit", connection(), detail="account 12 of Ada", error_id="ABCDEFG1")

    url = way_out.button(DOORS, trouble).url

    assert url == "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fa_bot&text=out_of_credit%20ABCDEFG1"


@pytest.mark.parametrize(
    ("kind", "code", "place"),
    [
        ("repost", "gone", "https://x.com/i/status/20"),
        ("repost", "feature_not_allowed", "https://x.com/intent/retweet?tweet_id=20"),
        ("tweet", "locked", "https://x.com/account/access"),
        ("tweet", "no_api_access", "https://console.x.com"),
    ],
)
def test_the_place_at_x_is_the_exact_one(kind, code, place):
    trouble = Trouble(code, connection(AppKind.OWN), task(kind, target_post_id="20"))

    assert way_out.button(DOORS, trouble).url == place
