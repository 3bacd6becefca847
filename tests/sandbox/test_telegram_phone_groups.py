"""Groups on the page that is a phone, in a real browser at the width of a phone; the test plays the bot over HTTP."""

import time

import pytest

from tests.sandbox.test_phone_page import ADA, CHROMIUM, browser, expect, hold, origin, sandbox, start

__all__ = ["browser", "hold", "origin", "sandbox"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
NARROW = {"viewport": {"width": 390, "height": 740}}
MARKUP = "<img src=x onerror=alert(1)>"


def control(sandbox, path, **wish):
    answer = sandbox.http.post(f"{sandbox.origin}/phone/api{path}", json=wish)
    assert answer.is_success, answer.text
    return answer.json()


def group_of(sandbox, title="Desk", **kind):
    wish = {"title": title, "owner": sandbox.person, "members": [ADA], "bot": True}
    made = control(sandbox, "/groups", **wish, **kind)["id"]
    sandbox.updates()
    return made


def choose(phone, *labels):
    """Open the chat's menu and go through it; nothing may be wider than the screen."""
    phone.page.get_by_role("button", name="Chat menu").click()
    for label in labels:
        fits(phone)
        phone.page.get_by_role("menuitem", name=label).click()


def until(question):
    for _ in range(1200):
        if question():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def fits(phone):
    wide = phone.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    boxes = phone.page.locator("dialog[open], .menu").all()
    edges = [box.bounding_box() for box in boxes]
    assert not wide
    assert all(edge["x"] >= 0 and edge["x"] + edge["width"] <= 390 for edge in edges)


def dialog(phone):
    fits(phone)
    return phone.page.locator("dialog[open]")


def test_rights_and_anonymity_are_set_member_by_member(hold, sandbox):
    group = group_of(sandbox)
    control(sandbox, "/members", chat=group, person=ADA, status="administrator")
    phone = hold(chat=group, **NARROW)

    choose(phone, "Rights of one member")
    dialog(phone).get_by_role("button", name="Ada").click()
    dialog(phone).get_by_label("pin messages").uncheck()
    dialog(phone).get_by_label("anonymous").check()
    dialog(phone).get_by_role("button", name="Save").click()

    until(lambda: sandbox.bot("getChatMember", chat_id=group, user_id=ADA)["is_anonymous"])
    ada = sandbox.bot("getChatMember", chat_id=group, user_id=ADA)
    assert (ada["is_anonymous"], ada["can_pin_messages"], ada["can_delete_messages"]) == (
        True,
        False,
        True,
    )


def test_a_basic_group_becomes_a_supergroup_and_the_phone_goes_along(hold, sandbox):
    group = group_of(sandbox, MARKUP, basic=True)
    phone = hold(chat=group, **NARROW)

    choose(phone, "Make it a supergroup")
    dialog(phone).get_by_role("button", name="Make it one").click()

    expect(phone.messages.last).to_have_text("The group became a supergroup")
    expect(phone.page.locator("#talk-name")).to_have_text(MARKUP)
    phone.send("/hello all")
    message = next(u["message"] for u in sandbox.updates() if "text" in u.get("message", {}))
    assert str(message["chat"]["id"]).startswith("-100")


def test_a_deleted_group_is_left_by_every_phone(hold, sandbox):
    group = group_of(sandbox)
    phone = hold(chat=group, **NARROW)

    choose(phone, "Delete the group")
    dialog(phone).get_by_role("button", name="Delete").click()

    expect(phone.page.locator("#app")).to_have_attribute("data-screen", "list")
    expect(phone.page.locator(f"[data-chat-id='{group}']")).to_have_count(0)


def test_each_topic_is_read_and_written_by_itself(hold, sandbox):
    group = group_of(sandbox, forum=True)
    phone = hold(chat=group, **NARROW)
    choose(phone, "Topics", "New topic")
    dialog(phone).get_by_label("Name of the topic").fill(MARKUP)
    dialog(phone).get_by_role("button", name="Make it").click()
    topics = phone.page.get_by_test_id("topic")
    expect(topics.locator("option:checked")).to_have_text(MARKUP)
    sandbox.updates()

    phone.send("/tweet in the topic")
    expect(phone.messages.last).to_contain_text("/tweet in the topic")
    sandbox.say(group, "said in General")

    expect(topics.locator("option").first).to_have_text("General • new")
    expect(phone.messages.filter(has_text="said in General")).to_have_count(0)
    assert sandbox.await_update("message")["is_topic_message"]
    topics.select_option(label="General • new")
    expect(phone.messages.filter(has_text="said in General")).to_be_visible()
    expect(phone.messages.filter(has_text="in the topic")).to_have_count(0)
    fits(phone)


def test_one_may_write_as_the_group_or_as_a_channel(hold, sandbox):
    group = group_of(sandbox)
    phone = hold(chat=group, **NARROW)
    sandbox.updates()

    choose(phone, "Write as…")
    dialog(phone).get_by_role("button", name="Desk (anonymously)").click()
    expect(phone.page.get_by_test_id("toast")).to_contain_text("comes from the group itself")
    phone.send("/one")
    assert sandbox.await_update("message")["sender_chat"]["id"] == group

    choose(phone, "Write as…")
    dialog(phone).get_by_role("button", name="A new channel").click()
    dialog(phone).get_by_label("Name of the channel").fill(MARKUP)
    dialog(phone).get_by_role("button", name="Make it").click()
    expect(phone.page.get_by_test_id("toast").last).to_contain_text("comes from the channel")
    phone.send("/two")
    assert sandbox.await_update("message")["sender_chat"]["title"] == MARKUP


def test_a_key_that_asks_for_a_group_shares_the_one_picked(hold, sandbox):
    group = group_of(sandbox, MARKUP)
    phone = hold(**NARROW)
    start(phone, sandbox)
    wish = {"request_id": 3, "chat_is_channel": False, "request_title": True, "chat_is_created": True}
    markup = {"keyboard": [[{"text": "Choose a group", "request_chat": wish}]], "one_time_keyboard": True}
    sandbox.say(sandbox.person, "Which group?", reply_markup=markup)

    phone.page.get_by_test_id("reply-key").click()
    dialog(phone).get_by_role("button", name=MARKUP).click()

    expect(phone.messages.last).to_contain_text(f"shared the chat {MARKUP}")
    shared = sandbox.await_update("message")["chat_shared"]
    assert shared == {"request_id": 3, "chat_id": group, "title": MARKUP}


def test_a_key_that_asks_for_people_shares_those_ticked(hold, sandbox):
    phone = hold(**NARROW)
    start(phone, sandbox)
    wish = {"request_id": 4, "user_is_bot": False, "max_quantity": 2}
    markup = {"keyboard": [[{"text": "Choose people", "request_users": wish}]]}
    sandbox.say(sandbox.person, "Who?", reply_markup=markup)

    phone.page.get_by_test_id("reply-key").click()
    dialog(phone).get_by_label("Ada").check()
    dialog(phone).get_by_role("button", name="Share").click()

    assert sandbox.await_update("message")["users_shared"]["users"] == [{"user_id": ADA}]


def test_a_startgroup_link_asks_for_the_group_and_starts_the_bot_there(hold, sandbox):
    group = group_of(sandbox, "Desk of links")
    phone = hold(**NARROW)
    start(phone, sandbox)
    sandbox.say(sandbox.person, "https://t.me/pinfeather_demo_bot?startgroup=abc")

    phone.messages.last.get_by_role("link").click()
    dialog(phone).get_by_role("button", name="Desk of links").click()

    expect(phone.page.locator("#talk-name")).to_have_text("Desk of links")
    message = sandbox.await_update("message")
    assert (message["chat"]["id"], message["text"]) == (group, "/start@pinfeather_demo_bot abc")
