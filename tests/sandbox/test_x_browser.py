"""The pages of the sandbox X in a real headless browser, as a person uses them."""

import re
import shutil

import pytest

from tests.sandbox.test_x_media import picture, upload
from tests.sandbox.x_server import form

pytest.importorskip("playwright", reason="playwright is not installed: make test sets it up")
from playwright.sync_api import expect, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"
)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield opened
        opened.close()


@pytest.fixture(params=[390, 1280], ids=["phone", "desktop"])
def page(request, browser):
    """Give a page that must not complain on its console, and closes afterwards."""
    opened = browser.new_page(viewport={"width": request.param, "height": 844})
    complaints = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield opened
    opened.close()
    assert complaints == []


def wider_than_screen(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_a_person_logs_in_agrees_and_reads_a_pin_that_works(x_server, page):
    asked = form(x_server.request_token())
    page.goto(f"{x_server.origin}/oauth/authorize?oauth_token={asked['oauth_token']}")

    page.get_by_role("radio", name="Demo Newsroom").check()
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("This app will be able to")).to_be_visible()
    assert not wider_than_screen(page)
    page.get_by_role("button", name="Authorize app").click()
    pin = page.locator("kbd code").inner_text()

    assert form(x_server.exchange(asked, pin))["screen_name"] == "newsroom_demo"


def test_the_walk_goes_by_keyboard_alone(x_server, page):
    asked = form(x_server.request_token())
    page.goto(f"{x_server.origin}/oauth/authorize?oauth_token={asked['oauth_token']}")

    for key in ("Tab", "ArrowDown", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Authorize app")).to_be_visible()
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)

    expect(page.locator("kbd code")).to_have_text(re.compile(r"^\d{7}$"))


def test_the_panel_makes_and_clears_faults(x_server, page):
    username = x_server.new_account()["username"]
    session = x_server.session(username)
    page.goto(x_server.origin + "/sandbox")

    page.locator("select[name=fault]").select_option("forbidden_bare")
    page.locator("select[name=username]").select_option(username)
    page.get_by_label("Times").fill("")
    page.get_by_role("button", name="Make it happen").click()
    expect(page.locator(".faults li")).to_contain_text("until cleared")
    assert session.tweet("Refused").status_code == 403
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator(".faults li")).to_have_text("None.")

    assert session.tweet("Allowed").status_code == 201
    assert not wider_than_screen(page)


def test_x_s_self_serve_rules_are_switched_on_the_panel(x_server, page):
    def switch():
        with page.expect_navigation():
            page.get_by_label("Apps are self-serve").click()
        return x_server.control("GET", "/rules")["self_serve"]

    page.goto(x_server.origin + "/sandbox")

    expect(page.get_by_label("Apps are self-serve")).to_be_checked()
    assert switch() is False
    expect(page.get_by_label("Apps are self-serve")).not_to_be_checked()
    assert switch() is True
    expect(page.get_by_label("Apps are self-serve")).to_be_checked()


def test_posts_with_pictures_are_seen_on_the_account_s_page(x_server, page):
    account = x_server.new_account()
    session = x_server.session(account["username"])
    media_id, _ = upload(session, picture())
    session.post(
        "/2/media/metadata", json={"id": media_id, "metadata": {"alt_text": {"text": "A red field"}}}
    )
    session.tweet("A long word: " + "x" * 200, media={"media_ids": [media_id]})
    page.goto(f"{x_server.origin}/{account['username']}")

    shown = page.get_by_alt_text("A red field")
    expect(shown).to_be_visible()

    assert shown.evaluate("image => image.naturalWidth") == 60
    assert not wider_than_screen(page)
