"""The page that is a phone, in a real headless browser against a running sandbox; the test plays the bot over HTTP."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

pytest.importorskip("playwright", reason="playwright is not installed: make test sets it up")
from playwright.sync_api import Browser, Error, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = "--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
TOKEN = "5000000001:SANDBOX-demo-token-0000000000000000"
BOT = 5000000001
NEWSROOM = -1001000000001
ADA, BEN = 101, 102
CONTROL = secrets.token_hex(16)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"
)


@dataclass
class Sandbox:
    """A running sandbox Telegram and the bot's side of it."""

    origin: str
    http: httpx.Client
    # somebody made up for this test alone, whose chat with the bot is empty
    person: int

    def bot(self, method: str, **params: object) -> object:
        answer = self.http.post(f"{self.origin}/bot{TOKEN}/{method}", json=params).json()
        assert answer["ok"], answer
        return answer["result"]

    def updates(self) -> list[dict[str, object]]:
        """Everything not yet confirmed, confirmed by this."""
        got = self.bot("getUpdates", timeout=0)
        if got:
            self.bot("getUpdates", offset=got[-1]["update_id"] + 1, timeout=0)
        return got

    def await_update(self, kind: str) -> dict[str, object]:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for update in self.updates():
                if kind in update:
                    return update[kind]
            time.sleep(0.05)
        raise AssertionError(f"no {kind} came within 10 seconds")

    def group(self, title: str) -> int:
        """Make a group of this test's person."""
        wish = {"title": title, "owner": self.person, "members": [], "bot": True}
        return self.http.post(f"{self.origin}/phone/api/groups", json=wish).json()["id"]

    def say(self, chat: int, text: str, **more: object) -> int:
        return self.bot("sendMessage", chat_id=chat, text=text, **more)["message_id"]


@contextmanager
def running(port: int, control: str = CONTROL) -> Iterator[subprocess.Popen[bytes]]:
    command = [
        sys.executable,
        "-m",
        "sandbox.telegram",
        "--port",
        str(port),
        "--x-origin",
        "http://127.0.0.1:9",
    ]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "SANDBOX_CONTROL_TOKEN": control})
    try:
        yield server
    finally:
        server.terminate()
        server.wait(timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_ready(origin: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{origin}/sandbox/ready").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the sandbox Telegram did not start within 20 seconds")


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """One server for all tests of this file."""
    port = free_port()
    with running(port):
        await_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def sandbox(origin: str) -> Iterator[Sandbox]:
    with httpx.Client(timeout=15, headers={"X-Sandbox-Token": CONTROL}) as http:
        made = http.post(f"{origin}/phone/api/people", json={"first_name": "Dora"})
        sandbox = Sandbox(origin, http, made.json()["id"])
        sandbox.updates()
        yield sandbox


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        except Error as error:
            pytest.skip(f"Chromium does not start here: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@dataclass
class Phone:
    """A page somebody holds, and everything its console complained of."""

    page: Page
    complaints: list[str]

    @property
    def composer(self) -> Locator:
        return self.page.get_by_test_id("composer")

    @property
    def messages(self) -> Locator:
        return self.page.get_by_test_id("message")

    def send(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def message(self, message_id: int) -> Locator:
        return self.page.locator(f"[data-testid=message][data-message-id='{message_id}']")


@pytest.fixture
def hold(browser: Browser, sandbox: Sandbox):
    """Give an opener of phones; at the end no console may have complained and no request have left the machine."""
    contexts, phones = [], []

    def open_phone(
        person: int = sandbox.person, chat: int | None = BOT, *, query: str = "", **options: object
    ) -> Phone:
        context = browser.new_context(reduced_motion="no-preference", **options)
        page = context.new_page()
        phone = Phone(page, [])
        page.on(
            "console", lambda said: said.type in {"error", "warning"} and phone.complaints.append(said.text)
        )
        page.on("pageerror", lambda error: phone.complaints.append(str(error)))
        page.on(
            "request",
            lambda asked: phone.complaints.append(asked.url) if is_foreign(asked.url, sandbox) else None,
        )
        where = f"&chat={chat}" if chat is not None else ""
        page.goto(f"{sandbox.origin}/?person={person}{where}{query}")
        page.wait_for_selector("body[data-ready]")
        contexts.append(context)
        phones.append(phone)
        return phone

    yield open_phone
    complaints = [complaint for phone in phones for complaint in phone.complaints]
    for context in contexts:
        context.close()
    assert complaints == []


def is_foreign(url: str, sandbox: Sandbox) -> bool:
    return not url.startswith((sandbox.origin, "blob:", "data:"))


def start(phone: Phone, sandbox: Sandbox) -> None:
    phone.page.get_by_test_id("start").click()
    sandbox.await_update("message")
    # the page's last step after Start: a focus set before it would be taken away
    expect(phone.composer).to_be_focused()


def test_start_is_offered_in_an_empty_chat_and_what_is_typed_then_reaches_the_bot(hold, sandbox):
    phone = hold()
    start(phone, sandbox)

    phone.send("hello\nbot")

    expect(phone.messages.filter(has_text="hello")).to_have_attribute("data-out", "true")
    assert sandbox.await_update("message")["text"] == "hello\nbot"
    expect(phone.composer).to_have_value("")


def test_a_deep_link_in_the_address_is_started_with_its_payload(hold, sandbox):
    phone = hold(query="&start=claim_abc")

    phone.page.get_by_test_id("start").click()

    assert sandbox.await_update("message")["text"] == "/start claim_abc"
    expect(phone.composer).to_be_visible()


def test_what_the_bot_says_appears_by_itself_and_is_announced(hold, sandbox):
    phone = hold()
    start(phone, sandbox)

    said = sandbox.say(sandbox.person, "Welcome <b>Dora</b>", parse_mode="HTML")

    expect(phone.message(said).locator("strong")).to_have_text("Dora")
    expect(phone.page.locator("#announcer")).to_contain_text("Welcome Dora")


def test_typing_is_shown_until_the_bot_has_written(hold, sandbox):
    phone = hold()
    start(phone, sandbox)
    status = phone.page.locator("#talk-status")

    sandbox.bot("sendChatAction", chat_id=sandbox.person, action="typing")
    expect(status).to_have_text("typing")
    sandbox.say(sandbox.person, "Written")

    expect(status).to_contain_text("bot")


def test_a_pressed_button_reaches_the_bot_and_its_answer_is_a_toast_or_an_alert(hold, sandbox):
    phone = hold()
    start(phone, sandbox)
    keys = [
        [
            {"text": "Post", "callback_data": "post", "style": "success"},
            {"text": "Why", "callback_data": "why"},
        ]
    ]
    sandbox.say(sandbox.person, "Preview", reply_markup={"inline_keyboard": keys})

    phone.page.get_by_test_id("inline-button").filter(has_text="Post").click()
    press = sandbox.await_update("callback_query")
    sandbox.bot("answerCallbackQuery", callback_query_id=press["id"], text="Posted")
    expect(phone.page.get_by_test_id("toast")).to_have_text("Posted")
    phone.page.get_by_test_id("inline-button").filter(has_text="Why").click()
    again = sandbox.await_update("callback_query")
    sandbox.bot("answerCallbackQuery", callback_query_id=again["id"], text="Because", show_alert=True)

    assert (press["data"], again["data"]) == ("post", "why")
    expect(phone.page.get_by_test_id("alert")).to_contain_text("Because")
    phone.page.keyboard.press("Escape")
    expect(phone.page.get_by_test_id("alert")).to_have_count(0)


def test_an_edited_message_changes_in_place_and_keeps_the_focus_on_its_buttons(hold, sandbox):
    phone = hold()
    start(phone, sandbox)
    key = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}
    said = sandbox.say(sandbox.person, "One", reply_markup=key)
    expect(phone.message(said)).to_contain_text("One")
    phone.page.get_by_test_id("inline-button").focus()
    expect(phone.page.get_by_test_id("inline-button")).to_be_focused()

    sandbox.bot("editMessageText", chat_id=sandbox.person, message_id=said, text="Two", reply_markup=key)

    expect(phone.message(said)).to_contain_text("Two")
    expect(phone.message(said)).to_contain_text("edited")
    expect(phone.page.get_by_test_id("inline-button")).to_be_focused()


def test_a_secret_the_bot_deletes_vanishes_and_a_line_says_so(hold, sandbox):
    phone = hold()
    start(phone, sandbox)
    phone.send("0123456")
    pin = sandbox.await_update("message")["message_id"]
    expect(phone.message(pin)).to_be_visible()

    sandbox.bot("deleteMessage", chat_id=sandbox.person, message_id=pin)

    expect(phone.message(pin)).to_have_count(0)
    line = phone.page.get_by_test_id("tombstone")
    expect(line).to_contain_text("The bot deleted this message. Your secret is gone from the chat.")
    expect(line).to_have_attribute("data-secret", "true")
    expect(phone.page.locator("#rows")).not_to_contain_text("0123456")


def test_a_plain_message_the_bot_deletes_is_not_called_a_secret(hold, sandbox):
    phone = hold()
    start(phone, sandbox)
    said = sandbox.say(sandbox.person, "A prompt of mine")
    expect(phone.message(said)).to_be_visible()

    sandbox.bot("deleteMessage", chat_id=sandbox.person, message_id=said)

    expect(phone.page.get_by_test_id("tombstone")).to_have_text("The bot deleted this message")


def test_a_secret_read_again_before_it_goes_and_one_gone_at_once_are_both_seen_to_go(hold, sandbox):
    phone = hold()
    start(phone, sandbox)
    said = sandbox.say(sandbox.person, "Send it")
    phone.send("0123456")
    pin = sandbox.await_update("message")["message_id"]
    sandbox.bot("editMessageText", chat_id=sandbox.person, message_id=said, text="Now")
    expect(phone.message(said)).to_contain_text("Now")

    sandbox.bot("deleteMessage", chat_id=sandbox.person, message_id=pin)
    wish = {"person": sandbox.person, "chat": BOT, "text": "7654321"}
    sent = sandbox.http.post(f"{sandbox.origin}/phone/api/send", json=wish).json()["message_ids"][0]
    sandbox.bot("deleteMessage", chat_id=sandbox.person, message_id=sent)

    expect(phone.page.locator("[data-testid=tombstone][data-secret=true]")).to_have_count(2)


def test_markup_typed_by_people_or_sent_by_the_bot_stays_text(hold, sandbox):
    phone = hold()
    start(phone, sandbox)
    attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"

    phone.send(attack)
    key = {"inline_keyboard": [[{"text": "<b>key</b>", "callback_data": "k"}]]}
    sandbox.say(sandbox.person, attack, reply_markup=key)

    expect(phone.messages.filter(has_text="<script>")).to_have_count(2)
    expect(phone.page.get_by_test_id("inline-button")).to_have_text("<b>key</b>")
    assert phone.page.locator("#rows script, #rows img, #chat-list script, #chat-list img").count() == 0
    assert phone.page.title() != "owned"


def test_no_script_or_style_stands_in_the_page_itself_and_the_policy_forbids_them(sandbox):
    page = sandbox.http.get(sandbox.origin + "/")

    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert "<style" not in page.text
    assert page.text.count("<script") == page.text.count('<script type="module" src="/phone/')
    assert "made-up accounts" in page.text


def test_everything_can_be_done_by_keyboard(hold, sandbox):
    group = sandbox.group("Two")
    phone = hold()
    keys = phone.page.keyboard
    phone.page.get_by_test_id("chat-list").get_by_role("button").first.focus()

    keys.press("ArrowDown")
    expect(phone.page.locator(f"[data-chat-id='{group}']")).to_be_focused()
    keys.press("ArrowUp")
    keys.press("Enter")
    expect(phone.page.get_by_test_id("start")).to_be_focused()
    keys.press("Enter")
    sandbox.await_update("message")
    expect(phone.composer).to_be_focused()
    keys.type("one")
    keys.press("Shift+Enter")
    keys.type("two")
    keys.press("Enter")
    assert sandbox.await_update("message")["text"] == "one\ntwo"

    said = sandbox.say(
        sandbox.person,
        "Press it",
        reply_markup={"inline_keyboard": [[{"text": "Key", "callback_data": "key"}]]},
    )
    expect(phone.message(said)).to_be_visible()
    press_until_focused(phone, "Shift+Tab", phone.page.get_by_test_id("inline-button"))
    keys.press("Enter")
    assert sandbox.await_update("callback_query")["data"] == "key"


def test_a_message_has_a_menu_by_keyboard_and_escape_leaves_it(hold, sandbox):
    phone = hold()
    start(phone, sandbox)
    said = sandbox.say(sandbox.person, "Reply to me")
    expect(phone.message(said)).to_be_visible()
    phone.composer.focus()

    press_until_focused(phone, "Shift+Tab", phone.message(said))
    phone.page.keyboard.press("Enter")
    expect(phone.page.get_by_role("menuitem", name="Reply")).to_be_focused()
    phone.page.keyboard.press("Escape")
    expect(phone.message(said)).to_be_focused()
    phone.page.keyboard.press("Enter")
    phone.page.keyboard.press("Enter")
    phone.page.keyboard.type("as you wish")
    phone.page.keyboard.press("Enter")

    assert sandbox.await_update("message")["reply_to_message"]["message_id"] == said


def press_until_focused(phone: Phone, key: str, wanted: Locator) -> None:
    for _ in range(15):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        phone.page.keyboard.press(key)
    raise AssertionError(f"{key} never reached {wanted}")


def test_two_pictures_become_an_album_with_a_caption(hold, sandbox):
    phone = hold()
    start(phone, sandbox)
    pictures = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": picture(n)} for n in (1, 2)]

    phone.page.get_by_test_id("file-input").set_input_files(pictures)
    phone.composer.fill("/tweet Two of them")
    phone.page.get_by_test_id("send").click()

    expect(phone.page.locator(".album [data-testid=message] img")).to_have_count(2)
    expect(phone.messages.filter(has=phone.page.locator("img"))).to_have_count(2)
    first = sandbox.await_update("message")
    assert (first["caption"], bool(first["photo"]), "media_group_id" in first) == (
        "/tweet Two of them",
        True,
        True,
    )
    assert all(phone.page.locator(".album img").evaluate_all("all => all.map((one) => one.naturalWidth > 0)"))


def picture(n: int) -> bytes:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (320, 240), (60 * n, 120, 200)).save(out, "PNG")
    return out.getvalue()


def test_own_messages_are_edited_and_deleted(hold, sandbox):
    phone = hold()
    start(phone, sandbox)
    phone.send("helo")
    mine = sandbox.await_update("message")["message_id"]
    expect(phone.message(mine)).to_contain_text("helo")
    expect(phone.composer).to_have_value("")

    phone.composer.press("ArrowUp")
    phone.send("hello")
    assert sandbox.await_update("edited_message")["text"] == "hello"
    expect(phone.message(mine)).to_contain_text("edited")
    phone.message(mine).click(button="right")
    phone.page.get_by_role("menuitem", name="Delete").click()
    phone.page.get_by_test_id("confirm").get_by_role("button", name="Delete").click()

    expect(phone.message(mine)).to_have_count(0)


def test_a_forced_reply_takes_the_composer_and_a_keyboard_sends_its_words(hold, sandbox):
    phone = hold()
    start(phone, sandbox)

    asked = sandbox.say(
        sandbox.person,
        "Which text?",
        reply_markup={"force_reply": True, "input_field_placeholder": "Your tweet"},
    )
    expect(phone.composer).to_have_attribute("placeholder", "Your tweet")
    phone.send("this one")
    assert sandbox.await_update("message")["reply_to_message"]["message_id"] == asked
    sandbox.say(
        sandbox.person,
        "Sure?",
        reply_markup={"keyboard": [[{"text": "Yes"}, {"text": "No"}]], "one_time_keyboard": True},
    )
    phone.page.get_by_test_id("reply-key").filter(has_text="No").click()

    assert sandbox.await_update("message")["text"] == "No"
    expect(phone.page.locator("#reply-keyboard")).to_be_hidden()


def test_two_windows_are_two_people_in_one_group(hold, sandbox):
    ada, ben = hold(ADA, NEWSROOM), hold(BEN, NEWSROOM)

    ada.send("Shall we?")

    expect(ben.messages.filter(has_text="Shall we?")).to_have_attribute("data-out", "false")
    ben.send("Yes")
    expect(ada.messages.filter(has_text="Yes")).to_have_attribute("data-out", "false")


def test_another_person_is_chosen_above_the_chats_and_sees_only_their_own_chat(hold, sandbox):
    phone = hold()
    start(phone, sandbox)
    phone.send("for Dora only")

    phone.page.get_by_test_id("person-switch").select_option(str(BEN))

    expect(phone.page.get_by_test_id("start")).to_be_visible()
    expect(phone.messages).to_have_count(0)
    assert f"person={BEN}" in phone.page.url


def test_on_a_narrow_screen_list_and_conversation_are_two_screens(hold, sandbox):
    phone = hold(ADA, None, viewport={"width": 390, "height": 844})

    expect(phone.page.locator("#talk")).to_be_hidden()
    phone.page.locator(f"[data-chat-id='{NEWSROOM}']").click()
    expect(phone.page.get_by_test_id("chat-list")).to_be_hidden()
    phone.page.get_by_role("button", name="Back to the chats").click()

    expect(phone.page.get_by_test_id("chat-list")).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_link_into_telegram_stays_on_the_phone_and_others_open_apart(hold, sandbox):
    phone = hold()
    start(phone, sandbox)
    keys = [
        [
            {"text": "Out", "url": "https://example.com/"},
            {"text": "In", "url": "https://t.me/pinfeather_demo_bot?start=abc"},
        ]
    ]
    sandbox.say(sandbox.person, "Links", reply_markup={"inline_keyboard": keys})
    out = phone.page.get_by_test_id("inline-button").filter(has_text="Out")

    expect(out).to_have_attribute("target", "_blank")
    expect(out).to_have_attribute("rel", "noopener noreferrer")
    phone.page.get_by_test_id("inline-button").filter(has_text="In").click()
    phone.page.get_by_test_id("start").click()

    assert sandbox.await_update("message")["text"] == "/start abc"


def test_a_hidden_word_is_revealed_and_a_command_in_a_text_is_sent(hold, sandbox):
    phone = hold()
    start(phone, sandbox)
    said = sandbox.say(sandbox.person, "<tg-spoiler>hidden</tg-spoiler> then /connect", parse_mode="HTML")
    spoiler = phone.message(said).locator(".spoiler")

    spoiler.click()
    expect(spoiler).to_have_class("spoiler revealed")
    phone.message(said).get_by_role("button", name="/connect").click()

    assert sandbox.await_update("message")["text"] == "/connect"


def test_a_fault_is_switched_on_and_off_in_the_panel(hold, sandbox):
    phone = hold()
    phone.page.locator("#faults summary").click()
    switch = phone.page.locator("[data-fault=rate_limited]")

    switch.check()
    expect(phone.page.locator("#faults-count")).to_have_text("1")
    refused = sandbox.http.post(
        f"{sandbox.origin}/bot{TOKEN}/sendMessage", json={"chat_id": sandbox.person, "text": "x"}
    ).json()
    switch.uncheck()
    expect(phone.page.locator("#faults-count")).to_be_hidden()

    assert refused["error_code"] == 429
    assert json.dumps(refused["parameters"]) == '{"retry_after": 5}'


def test_a_phone_finds_back_to_a_sandbox_started_anew(browser):
    port = free_port()
    page = browser.new_page()
    with running(port):
        await_ready(f"http://127.0.0.1:{port}")
        page.goto(f"http://127.0.0.1:{port}/?person={ADA}&chat={BOT}")
        page.get_by_test_id("start").click()
        expect(page.get_by_test_id("message")).to_have_count(1)
    expect(page.locator("#offline")).to_be_visible()

    with running(port, "another token"):
        expect(page.get_by_test_id("start")).to_be_visible(timeout=20000)
        page.get_by_test_id("start").click()
        expect(page.get_by_test_id("message")).to_have_count(1)
    page.close()


def offered(sandbox: Sandbox, *titles: str, **more: object) -> None:
    """Answer the next inline query with articles."""
    results = [
        {
            "type": "article",
            "id": title,
            "title": title,
            "description": f"about {title}",
            "input_message_content": {"message_text": f"words of {title}"},
        }
        for title in titles
    ]
    query = sandbox.await_update("inline_query")
    sandbox.bot("answerInlineQuery", inline_query_id=query["id"], results=results, cache_time=0, **more)


def test_a_bots_name_and_words_show_what_it_offers_and_enter_sends_it(hold, sandbox: Sandbox) -> None:
    phone = hold(chat=sandbox.group("Inline"))
    results = phone.page.get_by_test_id("inline-result")

    phone.composer.fill("@pinfeather_demo_bot hello")
    offered(sandbox, "First", "Second")
    expect(results).to_have_count(2)
    phone.composer.press("ArrowDown")
    phone.composer.press("Enter")

    expect(phone.messages.last).to_contain_text("words of Second")
    expect(phone.messages.last).to_contain_text("via @pinfeather_demo_bot")
    expect(results).to_have_count(0)
    expect(phone.composer).to_have_value("")


def test_escape_puts_the_offers_away_and_the_text_stays(hold, sandbox: Sandbox) -> None:
    phone = hold(chat=sandbox.group("Inline"))
    phone.composer.fill("@pinfeather_demo_bot hello")
    offered(sandbox, "First")
    expect(phone.page.get_by_test_id("inline-result")).to_have_count(1)

    phone.composer.press("Escape")

    expect(phone.page.get_by_test_id("inline-result")).to_have_count(0)
    expect(phone.composer).to_have_value("@pinfeather_demo_bot hello")


def test_the_button_above_the_offers_starts_the_bot_in_its_private_chat(hold, sandbox: Sandbox) -> None:
    phone = hold(chat=sandbox.group("Inline"))
    phone.composer.fill("@pinfeather_demo_bot ")
    offered(sandbox, button={"text": "Open me", "start_parameter": "abc"})

    phone.page.get_by_test_id("inline-switch").click()
    phone.page.get_by_test_id("start").click()

    expect(phone.messages.last).to_contain_text("/start abc")


def test_a_poll_is_made_and_shown(hold, sandbox: Sandbox) -> None:
    phone = hold(chat=sandbox.group("Polls"))
    phone.page.get_by_test_id("attach").click()
    phone.page.get_by_role("menuitem", name="Poll").click()
    phone.page.get_by_label("Question").fill("Which?")
    phone.page.get_by_label("Options").fill("This\nThat\n")
    phone.page.get_by_role("button", name="Send", exact=True).last.click()

    poll = phone.page.get_by_test_id("poll")
    expect(poll).to_contain_text("Which?")
    expect(poll.locator("li")).to_have_text(["This", "That"])


def test_a_document_of_the_bot_is_a_download_under_its_name(hold, sandbox: Sandbox) -> None:
    phone = hold()
    start(phone, sandbox)
    sent = sandbox.http.post(
        f"{sandbox.origin}/bot{TOKEN}/sendDocument",
        data={"chat_id": sandbox.person, "caption": "All of it"},
        files={"document": ("tweets.csv", b"id,text\r\n", "text/csv")},
    )

    link = phone.message(sent.json()["result"]["message_id"]).get_by_role("link", name="tweets.csv")
    with phone.page.expect_download() as download:
        link.click()

    assert download.value.suggested_filename == "tweets.csv"
    assert Path(download.value.path()).read_bytes() == b"id,text\r\n"
