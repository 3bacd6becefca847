"""A group in a real browser, in two windows: an admin shares an account, a member asks, the admin approves."""

import pytest

pytest.importorskip("playwright", reason="playwright is not installed: make test sets it up")
from playwright.sync_api import expect

from tests.browser.demo import running_demo
from tests.browser.hands import PATIENCE_MS, Hands
from tests.browser.scenes import PHONE, take
from tests.browser.test_main_job import connect_with_the_bots_app, opened

pytestmark = pytest.mark.timeout(300)

#: The group of the demo: Ada made it, Chen is a member.
NEWSROOM = -1001000000001
CHEN = 103
TEXT = "Low tide at Whitby this morning"


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


def in_the_newsroom(hands: Hands, person: int | None = None) -> Hands:
    """Open the group, as whom it may be."""
    hands.page.goto(hands.demo.address)
    if person:
        hands.become(person)
    hands.page.locator(f"[data-chat-id='{NEWSROOM}']").click()
    return hands


def share(ada: Hands) -> None:
    """Let the group use the account, and every member ask."""
    in_the_newsroom(ada).say("/share")
    ada.reads("Which of your accounts")
    ada.press("Open the private chat")
    ada.press_start()
    ada.reads("Which account may “Newsroom” use?")
    take(ada.page, "group-1-share")
    ada.press("Alice Writes (@alice_writes)")
    ada.reads("@alice_writes in “Newsroom”")
    ada.press("Who may ask")
    ada.page.get_by_test_id("inline-button").filter(has_text="Every member").last.click()
    expect(ada.button("✅ Every member")).to_be_visible(timeout=PATIENCE_MS)
    ada.press("Back")
    ada.reads("May ask: every member")
    expect(ada.page.get_by_test_id("toast")).to_have_count(0, timeout=PATIENCE_MS)
    take(ada.page, "group-2-policy")
    assert ada.is_in_place()


def test_what_a_member_asks_for_goes_out_when_an_admin_approves(ada, demo, open_browser):
    share(ada)
    chen = in_the_newsroom(Hands(open_browser(PHONE), demo), CHEN)
    chen.reads("Ada lets this group use @alice_writes")

    chen.say(f"/tweet {TEXT}")
    chen.reads("An admin has to approve this first")
    chen.press("Post")
    chen.reads("To be approved")
    assert demo.posts("alice_writes") == []
    in_the_newsroom(ada)
    ada.reads("No vote yet, one is needed")
    take(ada.page, "group-3-approve")
    assert ada.is_in_place()
    ada.press("Approve")

    chen.reads("Posted as @alice_writes")
    take(chen.page, "group-4-posted")
    assert [post["text"] for post in demo.posts("alice_writes")] == [TEXT]
    chen.say("/log")
    chen.reads("Chen asked for")
    take(chen.page, "group-5-log")
    assert chen.is_in_place()


def test_an_author_who_approves_their_own_is_told_no_and_nothing_goes_out(ada, demo, open_browser):
    share(ada)
    chen = in_the_newsroom(Hands(open_browser(PHONE), demo), CHEN)
    chen.say(f"/tweet {TEXT}")
    chen.reads("An admin has to approve this first")
    chen.press("Post")
    chen.reads("To be approved")

    chen.press("Approve")

    expect(chen.page.get_by_test_id("alert")).to_be_visible(timeout=PATIENCE_MS)
    assert demo.posts("alice_writes") == []
