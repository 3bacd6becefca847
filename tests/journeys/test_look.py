"""What stands on X is read from the phone: posts, lists, people, messages; each page once."""

import csv
import io
import json

import pytest

from tests.journeys.looking import ada_with, look_at, post


@pytest.fixture
async def ada(rig):
    return await ada_with(rig)


async def test_a_post_is_shown_in_full(rig, ada):
    bob = rig.new_account(name="Bob <b>B</b>")
    number = post(rig, bob, "Hi <there> & 😀 https://example.com/a?b=1")

    await look_at(rig, ada, f"/get https://x.com/{bob}/status/{number}?s=20")

    assert "Bob <b>B</b>" in ada.text
    assert f"@{bob}" in ada.text
    assert "Hi <there> & 😀 https://example.com/a?b=1" in ada.text
    assert ada.url("Open on X").endswith(f"/{bob}/status/{number}")
    assert "Delete" not in ada.buttons


async def test_mentions_come_five_a_screen_and_next_asks_for_more(rig, ada):
    bob = rig.new_account()
    for number in range(7):
        post(rig, bob, f"@{ada.account} number {number}")

    await look_at(rig, ada, "/mentions")
    assert "number 6" in ada.text
    assert "number 2" in ada.text
    assert "number 1" not in ada.text
    assert "$0.075" in ada.text

    await ada.press("Next (at most $0.075) ›")
    await rig.posted()
    assert "number 1" in ada.text
    assert "number 2" not in ada.text
    before = len(rig.x_requests("/2/users/"))
    await ada.press("‹ Previous")
    await ada.press("Next ›")
    assert "number 1" in ada.text
    assert len(rig.x_requests("/2/users/")) == before
