"""/language: the bot speaks the language a person chose, read from one more file."""

import re
from pathlib import Path

import pytest

from tests.texts import pseudo
from texts import catalogue

ENGLISH = Path(catalogue.__file__).with_name("en.ftl")
HEBREW = "[א-ת]"
#: What is nobody's sentence: commands, names and addresses.
NOT_SAID = re.compile(r"/\w+|@\w+|https?://\S+|\bAda\b|\bEnglish\b")


@pytest.fixture
async def rig(make_rig, tmp_path):
    """Give a bot with a second language, written from right to left, in a folder of its operator."""
    folder = tmp_path / "languages"
    folder.mkdir()
    (folder / f"{pseudo.TAG}.ftl").write_text(
        pseudo.pseudo(ENGLISH.read_text(encoding="utf-8")), encoding="utf-8"
    )
    return await make_rig(languages_dir=folder)


def its_own_name():
    english = ENGLISH.read_text(encoding="utf-8")
    return re.search(r"^language-name = (.*)$", pseudo.pseudo(english), re.MULTILINE)[1]


def plain(labels):
    """Take away the invisible marks that let a name of the other direction stand by itself."""
    return [re.sub("[\u2068\u2069]", "", label) for label in labels]


async def choose_hebrew(ada):
    await ada.say("/language")
    await ada.press(ada.buttons[1])


def latin_in(text):
    return re.findall("[A-Za-z]+", NOT_SAID.sub("", text))


async def test_the_answer_and_all_that_follow_are_in_the_chosen_language(rig):
    ada = await rig.phone("Ada")
    await ada.say("/language")
    offered = plain(ada.buttons)
    toast = await ada.press(ada.buttons[1])
    chosen, buttons = ada.text, ada.buttons
    await ada.say("/help")
    helped = ada.text
    await ada.say("/forget")

    assert offered == ["English", its_own_name(), "✓ As in Telegram"]
    assert plain(buttons)[:2] == ["English", f"✓ {its_own_name()}"]
    for said in (toast, chosen, helped, ada.text, *ada.buttons):
        assert re.search(HEBREW, said)
        assert latin_in(said) == []


async def test_what_the_bot_says_of_itself_is_in_the_chosen_language(rig):
    ada = await rig.phone("Ada")
    await choose_hebrew(ada)

    await ada.say("/connect")
    before = ada.text
    rig.clock.advance(minutes=20)
    await rig.chores()

    assert re.search(HEBREW, before)
    assert ada.text != before
    assert latin_in(ada.text) == []


async def test_a_name_written_the_other_way_stands_by_itself(rig):
    ada = await rig.phone("Ada")
    await choose_hebrew(ada)

    await ada.start()

    assert "\u2068Ada\u2069" in ada.text


async def test_the_choice_outlives_a_restart_and_can_be_taken_back(rig):
    ada = await rig.phone("Ada")
    await choose_hebrew(ada)
    await rig.restart()

    await ada.say("/language")
    after_restart = ada.buttons
    (automatic,) = after_restart[2:]
    await ada.press(automatic)

    assert plain(after_restart)[1] == f"✓ {its_own_name()}"
    assert ada.buttons[2] == "✓ As in Telegram"
    assert "In which language" in ada.text


async def test_somebody_whose_telegram_speaks_it_needs_to_choose_nothing(rig):
    noa = await rig.phone("Ada", language_code="he")

    assert latin_in(noa.text) == []


@pytest.mark.parametrize("tag", ["xx", "", "../en", "EN"])
async def test_a_language_there_is_not_is_refused(rig, tag):
    ada = await rig.phone("Ada")
    await ada.say("/language")

    toast = await ada.press_data(f"language:{tag}:0", ada.last)

    assert "do not speak" in toast
    assert "In which language" in ada.text


async def test_a_language_whose_file_is_gone_gives_way_to_english(rig):
    ada = await rig.phone("Ada")
    await choose_hebrew(ada)

    await rig.restart(languages_dir=None)
    await ada.say("/help")

    assert "How it works" in ada.text
