"""A schedule looks again and again, and tells only what is new."""

from datetime import timedelta

import pytest

from storage.tables import Schedule, TaskState
from tests.journeys.looking import ada_with, post
from tests.journeys.planned import planned, tasks_of, the_schedule


@pytest.fixture
async def ada(rig):
    return await ada_with(rig)


async def go_on(rig, **duration):
    """Let that time pass, and what is due then be done and told."""
    rig.clock.advance(**duration)
    await rig.posted()


async def watch(rig, ada, words):
    await ada.say(words)
    await ada.press("Schedule")
    assert "Planned" in ada.text


async def test_a_watch_tells_what_is_new_and_nothing_else(rig, ada):
    bob = rig.new_account(name="Bob")
    await watch(rig, ada, "/schedule every 15 min /mentions")
    assert f"Mentions of @{ada.account}" in ada.text
    assert "$0.15 each time" in ada.text
    said = len(ada.texts)

    await go_on(rig, minutes=15)
    assert len(ada.texts) == said, ada.texts[said:]

    post(rig, bob, f"@{ada.account} first")
    post(rig, bob, f"@{ada.account} second")
    await go_on(rig, minutes=15)
    assert [text for text in ada.texts if "Bob" in text and "first" in text]
    assert "second" in ada.text
    assert "Reply" in ada.buttons
    said = len(ada.texts)

    await go_on(rig, minutes=15)
    assert len(ada.texts) == said
