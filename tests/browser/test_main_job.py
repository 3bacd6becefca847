"""The main job in a real browser: `pinfeather sandbox` is started, an account connected, photos are tweeted."""

import re
from functools import partial
from pathlib import Path

import httpx
import pytest

pytest.importorskip("playwright", reason="playwright is not installed: make test sets it up")
from playwright.sync_api import expect

from tests.browser import scenes
from tests.browser.demo import running_bot, running_demo
from tests.browser.hands import COUNT_VANISHED, PATIENCE_MS, Hands, authorize, is_wider_than_screen, log_in
from tests.browser.scenes import DESKTOP, PHONE, take
from tests.texts.pseudo import pseudo
from texts import catalogue

pytestmark = pytest.mark.timeout(300)

TEXT = "Low tide at Whitby this morning, then up into the hills. No filter."
ARABIC = "صباح الخير من المكتبة، نسخة 2 من pinfeather!"
NOUR = 104
#: Milliseconds until an update that died with its bot is taken up again, and some to answer it.
TAKEOVER_MS = 90_000
ALT = "A low sun over a calm sea"


@pytest.fixture
def demo(tmp_path):
    with running_demo(tmp_path) as demo:
        yield demo


@pytest.fixture
def photos(tmp_path):
    return [scenes.sea(tmp_path / "sea.jpg"), scenes.hills(tmp_path / "hills.jpg")]


@pytest.fixture
def demo_without_bot(tmp_path):
    with running_demo(tmp_path, "--no-bot") as demo:
        yield demo


@pytest.fixture
def ada(demo, open_browser) -> Hands:
    """Open the address that was printed, and the chat with the bot."""
    return opened(open_browser, demo)


def opened(open_browser, demo, person: int | None = None) -> Hands:
    hands = Hands(open_browser(PHONE), demo)
    hands.page.add_init_script(COUNT_VANISHED)
    hands.page.goto(demo.address)
    if person:
        hands.become(person)
    hands.open_chat()
    return hands


def test_an_account_is_connected_by_pin_and_then_an_own_app_and_two_photos_are_tweeted(ada, demo, photos):
    ada.press_start()
    connect_with_the_bots_app(ada, "Alice Writes")
    connect_with_an_own_app(ada, "Demo Newsroom")
    preview_two_photos(ada, photos)
    post_id = post(ada)
    see_it_on_x(ada, post_id)
    delete(ada)

    assert demo.posts("alice_writes") == []
    assert ada.is_in_place()


def test_a_bot_killed_after_the_preview_posts_once_when_it_runs_again(
    demo_without_bot, open_browser, tmp_path
):
    demo, home = demo_without_bot, tmp_path / "home"
    ada = opened(open_browser, demo)
    with running_bot(demo, home) as bot:
        ada.press_start()
        connect_with_the_bots_app(ada, "Alice Writes")
        ada.say("/tweet Back in a second")
        ada.reads("Tweet as @alice_writes")
        bot.kill()
        bot.wait(60)

    ada.press("Post")
    with running_bot(demo, home):
        ada.reads("Posted as @alice_writes", within_ms=TAKEOVER_MS)

    assert [post["text"] for post in demo.posts("alice_writes")] == ["Back in a second"]


def test_a_right_to_left_person_tweets_and_nothing_is_out_of_place(demo_without_bot, open_browser, tmp_path):
    demo = demo_without_bot
    english = Path(catalogue.__file__).with_name("en.ftl").read_text(encoding="utf-8")
    (tmp_path / "ar.ftl").write_text(pseudo(english), encoding="utf-8")
    word = partial(catalogue.load(tmp_path).label, "ar")
    nour = opened(open_browser, demo, person=NOUR)
    with running_bot(demo, tmp_path / "home", languages_dir=str(tmp_path)):
        nour.press_start()
        nour.press(word("start.button_connect"))
        nour.press(word("connect.button_registered"))
        x_page = nour.follow(word("connect.button_open"))
        log_in(x_page, "@rtl_demo")
        pin = authorize(x_page)
        x_page.close()
        nour.say(pin)
        nour.saw_secrets_vanish(1)
        nour.press(word("connect.button_yes"))
        nour.press(word("connect.button_tweet"))
        nour.reads(word("tweet.ask_text"))
        nour.say(ARABIC)
        nour.reads(ARABIC)
        assert nour.is_in_place()
        nour.press(word("tweet.button_post"))
        expect(nour.button(word("tweet.button_open"))).to_be_visible(timeout=PATIENCE_MS)
        assert nour.is_in_place()
        x_page = nour.follow(word("tweet.button_open"))

    expect(x_page.locator("article").first).to_contain_text(ARABIC)
    assert not is_wider_than_screen(x_page)


def test_ctrl_c_ends_everything_that_was_started(demo):
    origins = [demo.address.rstrip("/"), demo.x_origin]

    assert demo.interrupt() == 0

    assert "Stopped. Nothing was kept." in demo.said
    assert [origin for origin in origins if answers(origin)] == []


def answers(origin: str) -> bool:
    try:
        return httpx.get(f"{origin}/sandbox/ready", trust_env=False).is_success
    except httpx.TransportError:
        return False


def connect_with_the_bots_app(ada: Hands, account: str) -> None:
    ada.reads("Connect your X account first")
    take(ada.page, "connect-1-start")
    ada.press("Connect an X account")
    ada.reads("Use this bot")
    take(ada.page, "connect-2-choose")
    ada.press("Use this bot's app")
    ada.reads("Send me the PIN that X shows")
    take(ada.page, "connect-3-link")

    x_page = ada.follow("Open X and get the PIN")
    log_in(x_page, account)
    take(x_page, "connect-4-authorize")
    pin = authorize(x_page)
    take(x_page, "connect-5-pin")
    x_page.close()

    ada.say(pin)
    ada.reads("Connect as @alice_writes?")
    ada.saw_secrets_vanish(1)
    expect(ada.page.locator("#rows")).not_to_contain_text(pin)
    take(ada.page, "connect-6-confirm")
    ada.press("Yes, this is mine")
    ada.reads("Alice Writes is connected")
    expect(ada.button("Tweet something")).to_be_in_viewport()
    take(ada.page, "connect-7-done")


def connect_with_an_own_app(ada: Hands, account: str) -> None:
    own = ada.demo.app("own")
    ada.press("Connect another")
    ada.press("Use my own X app")
    ada.reads("1 of 2: the consumer key")
    ada.say(own["consumer_key"])
    ada.reads("2 of 2: the consumer secret")
    ada.saw_secrets_vanish(2)
    ada.say(own["consumer_secret"])
    ada.reads("Send me the PIN that X shows")
    ada.saw_secrets_vanish(3)

    x_page = ada.follow("Open X and get the PIN")
    log_in(x_page, account)
    pin = authorize(x_page)
    x_page.close()
    ada.say(pin)
    ada.reads("Connect as @newsroom_demo?")
    ada.saw_secrets_vanish(4)
    for secret in (own["consumer_key"], own["consumer_secret"], pin):
        expect(ada.page.locator("#rows")).not_to_contain_text(secret)
    ada.press("Yes, this is mine")
    ada.reads("Demo Newsroom is connected")


def preview_two_photos(ada: Hands, photos: list) -> None:
    ada.send_files(photos, TEXT)
    expect(ada.page.locator(".album img")).to_have_count(2)
    take(ada.page, "tweet-1-album")
    ada.reads("Tweet as @alice_writes")
    ada.press("Alt text 1")
    ada.reads("Describe picture 1")
    ada.say(ALT)
    ada.reads("2 photos, 1 described")
    ada.reads(TEXT)
    take(ada.page, "tweet-2-preview")


def post(ada: Hands) -> str:
    """Press Post, wait for the link, and give the post's id."""
    ada.press("Post")
    expect(ada.button("Open on X")).to_be_visible(timeout=PATIENCE_MS)
    ada.reads("Posted as @alice_writes")
    take(ada.page, "tweet-3-posted")
    link = ada.button("Open on X").get_attribute("href")
    return re.fullmatch(rf"{ada.demo.x_origin}/alice_writes/status/(\d+)", link)[1]


def see_it_on_x(ada: Hands, post_id: str) -> None:
    x_page = ada.follow("Open on X")
    expect(x_page.locator(f"article[data-post-id='{post_id}']")).to_contain_text(TEXT)
    x_page.get_by_role("link", name="Alice Writes").first.click()
    article = x_page.locator(f"article[data-post-id='{post_id}']")
    expect(article).to_contain_text(TEXT)
    expect(article.get_by_alt_text(ALT)).to_be_visible()
    shown = article.locator("figure img")
    expect(shown).to_have_count(2)
    assert all(shown.evaluate_all("images => images.map((image) => image.naturalWidth > 0)"))
    x_page.set_viewport_size(DESKTOP)
    take(x_page, "tweet-4-account-page")
    x_page.close()


def delete(ada: Hands) -> None:
    if scenes.WANTED:
        take_at_desktop_width(ada)
    ada.press("Delete")
    ada.press("Yes, delete it")
    ada.reads("The tweet of @alice_writes is deleted")


def take_at_desktop_width(ada: Hands) -> None:
    ada.page.set_viewport_size(DESKTOP)
    take(ada.page, "desktop")
    ada.page.set_viewport_size(PHONE)
