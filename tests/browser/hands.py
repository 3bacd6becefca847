"""What a person does on the page that is a phone and on X's pages, in a real browser. Starts nothing."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.demo import BOT, Demo

#: Milliseconds the bot has to answer on a busy machine.
PATIENCE_MS = 20_000
#: The line that says a secret is gone stays a few seconds, so the page counts these lines as they come.
COUNT_VANISHED = """
    let vanished = 0;
    new MutationObserver((changes) => {
      const added = changes.flatMap((change) => [...change.addedNodes]);
      vanished += added.filter((node) => node.dataset?.secret === "true").length;
      document.documentElement.dataset.vanished = vanished;
    }).observe(document, { childList: true, subtree: true });
"""
IS_IN_PLACE = """
    [...document.querySelectorAll("#rows .bubble, #rows .inline-button")].every((box) =>
      box.scrollWidth <= box.clientWidth + 1 && box.getBoundingClientRect().right <= innerWidth
      && box.getBoundingClientRect().left >= 0)
"""


@dataclass
class Hands:
    """A person with the phone in their hands."""

    page: Page
    demo: Demo

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    @property
    def composer(self) -> Locator:
        return self.page.get_by_test_id("composer")

    @property
    def messages(self) -> Locator:
        return self.page.get_by_test_id("message")

    def saw_secrets_vanish(self, count: int) -> None:
        """Wait until so many messages with a secret have vanished, each with a line that says so."""
        expect(self.page.locator("html")).to_have_attribute("data-vanished", str(count), timeout=PATIENCE_MS)

    def open_chat(self) -> None:
        self.page.locator(f"[data-chat-id='{BOT}']").click()

    def become(self, person: int) -> None:
        self.page.get_by_test_id("person-switch").select_option(str(person))

    def press_start(self) -> None:
        self.page.get_by_test_id("start").click()

    def say(self, text: str) -> None:
        self.composer.fill(text)
        self.page.get_by_test_id("send").click()

    def send_files(self, files: list[Path], caption: str = "") -> None:
        self.page.get_by_test_id("file-input").set_input_files(files)
        self.say(caption)

    def reads(self, words: str, *, within_ms: int = PATIENCE_MS) -> None:
        """Wait until the bot's newest message has these words."""
        newest = self.page.locator("[data-testid=message][data-out=false]").last
        expect(newest).to_contain_text(words, timeout=within_ms)

    def button(self, label: str) -> Locator:
        """Find the newest button with exactly that label."""
        inside = self.page.get_by_text(label, exact=True)
        return self.page.get_by_test_id("inline-button").filter(has=inside).last

    def press(self, label: str) -> None:
        self.button(label).click()

    def follow(self, label: str) -> Page:
        """Press a button that opens a page of its own."""
        with self.context.expect_page() as opened:
            self.button(label).click()
        opened.value.wait_for_load_state()
        return opened.value

    def is_in_place(self) -> bool:
        """Tell whether nothing stands out of its bubble or the screen."""
        return not is_wider_than_screen(self.page) and bool(self.page.evaluate(IS_IN_PLACE))


def log_in(x_page: Page, account: str) -> None:
    """Log in to X as one of its made-up accounts."""
    x_page.get_by_role("radio", name=account).check()
    x_page.get_by_role("button", name="Log in").click()
    expect(x_page.get_by_text("This app will be able to")).to_be_visible()


def authorize(x_page: Page) -> str:
    """Let the app in and give the PIN that X shows."""
    x_page.get_by_role("button", name="Authorize app").click()
    pin = x_page.locator("kbd code")
    expect(pin).to_have_text(re.compile(r"^\d{7}$"))
    return pin.inner_text()


def is_wider_than_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
