"""Threads, reading, answering and handing off in a real browser, as in the tour of the README."""

import pytest

pytest.importorskip("playwright", reason="playwright is not installed: make test sets it up")
from playwright.sync_api import expect

from tests.browser.demo import running_demo
from tests.browser.hands import PATIENCE_MS, Hands
from tests.browser.scenes import take
from tests.browser.test_main_job import connect_with_the_bots_app, opened

pytestmark = pytest.mark.timeout(300)

ESSAY = (
    "The harbour wakes before the town does. By five the ice is loaded and the gulls have taken their "
    "places on the wall, each on its own stone, as they do every morning. By six the first boats are out. "
    "Nobody talks much. What there is to say was said on the quay last night, and the rest is said by the "
    "engines. At eight the bakery opens, and with it the day of everybody else."
)


@pytest.fixture
def demo(tmp_path):
    with running_demo(tmp_path) as demo:
        yield demo


@pytest.fixture
def ada(demo, open_browser) -> Hands:
    """Open the chat of Ada, who has connected an account."""
    ada = opened(open_browser, demo)
    ada.press_start()
    connect_with_the_bots_app(ada, "Alice Writes")
    expect(ada.button("Tweet something")).to_be_visible(timeout=PATIENCE_MS)
    return ada


def test_a_long_text_is_posted_as_a_thread(ada):
    ada.say(f"/thread {ESSAY}")
    ada.reads("Thread of 2 as @alice_writes")
    take(ada.page, "thread-1-preview")
    assert ada.is_in_place()

    ada.press("Post")
    ada.reads("Posted as @alice_writes")

    texts = [post["text"] for post in ada.demo.posts("alice_writes")][::-1]
    assert " ".join(texts) == ESSAY


def test_a_mention_is_read_answered_and_its_author_followed_in_the_x_app(ada):
    ada.say("/mentions")
    ada.reads("Reading at the library on Friday")
    take(ada.page, "mentions-1-list")
    assert ada.is_in_place()

    ada.press("1")
    expect(ada.button("Reply")).to_be_visible(timeout=PATIENCE_MS)
    ada.press("Reply")
    expect(ada.page.get_by_placeholder("Your tweet")).to_be_visible(timeout=PATIENCE_MS)
    ada.say("I will, and I bring two friends.")
    ada.reads("Answers a tweet of @newsroom_demo")
    take(ada.page, "mentions-2-answer")
    ada.press("Post")
    ada.reads("Posted as @alice_writes")
    (answer,) = ada.demo.posts("alice_writes")
    assert answer["text"].endswith("I will, and I bring two friends.")
    assert answer["reply_to"]

    ada.say("/follow @newsroom_demo")
    ada.reads("In the X app")
    take(ada.page, "handoff-1-follow")
    assert ada.is_in_place()
