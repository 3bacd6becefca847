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


async def test_a_number_opens_a_post_without_asking_x(rig, ada):
    bob = rig.new_account(name="Bob")
    post(rig, bob, "First")
    second = post(rig, bob, "Second")
    await look_at(rig, ada, f"/timeline @{bob}")
    before = len(rig.x_requests("/2/"))

    await ada.press("1")

    assert "Second" in ada.text
    assert ada.url("Open on X").endswith(second)
    assert ada.buttons[:4] == ["Reply", "Repost", "Like", "Quote"]
    assert len(rig.x_requests("/2/")) == before
    await rig.posted()
    assert [text for text in ada.texts if "Second" in text and "Posts of" not in text] == [ada.text]


async def test_the_second_look_shows_only_what_is_new(rig, ada):
    bob = rig.new_account()
    post(rig, bob, f"@{ada.account} old")
    await look_at(rig, ada, "/mentions")
    assert "old" in ada.text

    await look_at(rig, ada, "/mentions")
    assert "Nothing new since Mon, Nov 23, 2026, 5:00" in ada.text
    await ada.press("Show the latest (at most $0.075)")
    await rig.posted()
    assert "old" in ada.text

    post(rig, bob, f"@{ada.account} young")
    await look_at(rig, ada, "/mentions")
    assert "young" in ada.text
    assert "old" not in ada.text


async def test_the_newest_own_post_is_shown_and_may_be_deleted(rig, ada):
    post(rig, ada.account, "Mine")

    for words in ("/get", "/get 0", "/get latest"):
        await look_at(rig, ada, words)
        assert "Mine" in ada.text
        assert f"@{ada.account}" in ada.text
        assert "Delete" in ada.buttons


async def test_a_search_keeps_its_filters_until_look_is_pressed(rig, ada):
    word = "w" + ada.account[2:]
    bob = rig.new_account()
    post(rig, bob, f"{word} plain")
    post(rig, bob, f"{word} https://example.com/a")

    await ada.say("/search")
    await ada.say(word)
    await rig.posted()
    assert "plain" in ada.text
    assert "example.com/a" in ada.text

    await ada.press("Filters")
    asked = len(rig.x_requests("/2/tweets/search"))
    await ada.press("With links")
    assert f"Search: {word} has:links" in ada.text
    assert "✓ With links" in ada.buttons
    assert len(rig.x_requests("/2/tweets/search")) == asked
    await ada.press("Look (at most $0.15)")
    await rig.posted()
    assert "example.com/a" in ada.text
    assert "plain" not in ada.text

    await ada.press("Filters")
    await ada.press("✓ With links")
    await ada.press("My own")
    assert f"Search: {word} from:{ada.account}" in ada.text
    await ada.press("Look (at most $0.15)")
    await rig.posted()
    assert "X found nothing" in ada.text


async def test_get_in_reply_to_a_message_takes_the_link_in_it(rig, ada):
    bob = rig.new_account()
    number = post(rig, bob, "Linked")
    said = await ada.say(f"have a look: https://twitter.com/{bob}/status/{number}, please")
    await ada.say("/get", reply_to=said)
    await rig.posted()

    assert "Linked" in ada.text


async def test_followers_and_who_is_followed_are_listed(rig, ada):
    bob, eve = rig.new_account(name="Bob"), rig.new_account(name="Eve", protected=True)
    for source, target in ((bob, ada.account), (ada.account, eve), (eve, bob)):
        rig.x.control("POST", "/follows", json={"username": source, "target": target})

    await look_at(rig, ada, "/followers")
    assert f"Bob · @{bob}" in ada.text
    await look_at(rig, ada, "/following")
    assert f"Eve · @{eve} 🔒" in ada.text
    await look_at(rig, ada, f"/followers @{bob}")
    assert f"@{eve}" in ada.text
    await look_at(rig, ada, f"/followers {bob} only:ids")
    assert f"@{eve}" not in ada.text


async def test_messages_are_read(rig, ada):
    bob, eve = rig.new_account(name="Bob"), rig.new_account(name="Eve")
    own = rig.x.control("GET", "/accounts")
    ids = {each["username"]: each["id"] for each in own}
    for who, words in ((bob, "From Bob"), (eve, "From Eve")):
        sent = rig.x.session(who).post(
            f"/2/dm_conversations/with/{ids[ada.account]}/messages", json={"text": words}
        )
        assert sent.status_code == 201, sent.text

    await look_at(rig, ada, "/messages")
    assert "From Bob" in ada.text
    assert "From Eve" in ada.text
    await look_at(rig, ada, f"/messages @{bob}")
    assert "From Bob" in ada.text
    assert "From Eve" not in ada.text
    await look_at(rig, ada, "/messages")
    assert "Nothing new" in ada.text


async def test_a_list_is_given_as_a_file(rig, ada):
    bob = rig.new_account(name='=HYPERLINK("http://evil")')
    for number in range(6):
        post(rig, bob, f"=cmd {number} שלום")
    await look_at(rig, ada, f"/timeline @{bob}")
    await ada.press("Next (at most $0.075) ›")
    await rig.posted()

    await ada.press("CSV")
    rows = list(csv.reader(io.StringIO(file_of(rig, ada).decode("utf-8-sig"), newline="")))
    assert [row[rows[0].index("text")] for row in rows[1:]] == [f"'=cmd {n} שלום" for n in range(5, -1, -1)]
    assert rows[1][rows[0].index("name")].startswith("'=")
    await ada.press("JSON")
    assert "6 items" in ada.text
    assert json.loads(file_of(rig, ada))[0]["text"] == "=cmd 5 שלום"


def file_of(rig, phone):
    """Fetch the newest file the bot sent."""
    return rig.telegram.http.get(phone.last["document"]["url"]).content
