"""The whole main way in a right-to-left pseudo-language that is one file: every word the bot says is in it."""

import re
from pathlib import Path

from bot.build import load_catalogue
from tests.journeys.rig import Phone, words
from tests.texts.pseudo import TAG, pseudo
from texts import catalogue

#: What stays in Latin letters: facts (isolated), addresses, commands, handles, the zone of a moment.
KEPT = re.compile(r"\u2068[^\u2069]*\u2069|https?://\S+|/\w+|@\w+|\bUTC\b")
#: Blocks of HTML never reach the reader; names of X and of the bot are translated like all letters.
LATIN = re.compile(r"[A-Za-z]+")


def foreign_words(phone: Phone) -> set[str]:
    """Find the words the bot said that are not in the pseudo-language."""
    said = []
    for message in phone.messages():
        if not message["out"]:
            said.append(words(message))
            said += [button["text"] for row in message["inline_keyboard"] or [] for button in row]
    return {word for text in said for word in LATIN.findall(KEPT.sub("", text))}


async def test_every_word_from_start_to_posted_is_in_the_pseudo_language(make_rig, tmp_path):
    english = (Path(catalogue.__file__).parent / "en.ftl").read_text(encoding="utf-8")
    (tmp_path / f"{TAG}.ftl").write_text(pseudo(english), encoding="utf-8")
    rig = await make_rig(languages_dir=tmp_path)
    texts = load_catalogue(rig.settings)
    phone = await rig.phone("نور", language_code="he-IL")

    async def press(key: str, **facts: str) -> None:
        await phone.press(texts.label(TAG, key, facts))

    account = rig.new_account()
    await phone.say("/help")
    await phone.say("/tweet too early")
    await phone.say("/connect")
    await press("connect.button_registered")
    await phone.say(rig.pin(phone.url(texts.label(TAG, "connect.button_open")), account))
    await press("connect.button_yes")
    await phone.say("/connections")
    await phone.say("/tweet some words and example.com")
    await press("tweet.button_post")
    await rig.posted()
    await phone.say("/privacy")
    await phone.say("/language")
    await phone.say("/nonsense")

    assert [post["text"] for post in rig.posts(account)] == ["some words and example.com"]
    assert foreign_words(phone) == set()
