"""A button of a tweet's card acts only on the card it was shown with; a stale one shows how things stand."""

import pytest
from sqlalchemy import select

from storage.tables import Task, TaskState
from tests.journeys import pictures

STALE = "That button was from before"


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected two accounts."""
    phone = await rig.phone("Ada")
    phone.accounts = [rig.new_account(), rig.new_account()]
    for account in phone.accounts:
        await phone.connect(account)
    return phone


async def the_task(rig):
    async with rig.app.db.begin() as session:
        return (await session.scalars(select(Task).order_by(Task.id.desc()))).first()


async def press_stale(rig, ada, verb, extra=""):
    """Press a button of the card as it was before the last change; gives the toast and the row before."""
    task = await the_task(rig)
    data = f"{verb}:{task.id}:{task.version - 1}" + (f":{extra}" if extra else "")
    return await ada.press_data(data, ada.last), task


async def is_unchanged(rig, before):
    now = await the_task(rig)
    return all(getattr(now, c.key) == getattr(before, c.key) for c in Task.__table__.columns)


@pytest.mark.parametrize("verb", ["post", "edit", "drop", "adopt", "as", "accounts", "alt", "first"])
async def test_a_button_of_an_old_preview_leaves_the_changed_draft_alone(rig, ada, tmp_path, verb):
    said = await ada.say("/tweet As shown")
    ada.raw.post("/edit", message_id=said, text="/tweet Changed")
    await rig.deliver()
    async with rig.app.db.begin() as session:
        task = (await session.scalars(select(Task))).one()
    extra = {"as": str(task.connection_id), "alt": "1"}.get(verb, "")

    toast, before = await press_stale(rig, ada, verb, extra)

    assert STALE in toast
    assert await is_unchanged(rig, before)
    assert "Changed" in ada.text
    assert "Post" in ada.buttons


async def test_a_cancel_or_an_account_of_an_old_preview_is_stale_after_an_edit(rig, ada):
    said = await ada.say("/tweet As shown")
    old = ada.last
    await ada.press("Other account")
    accounts = ada.last
    ada.raw.post("/edit", message_id=said, text="/tweet Changed")
    await rig.deliver()
    before = await the_task(rig)

    toasts = [
        await ada.press("Cancel", message=old),
        await ada.press_data(accounts["inline_keyboard"][1][0]["data"], accounts),
    ]

    assert all(STALE in toast for toast in toasts)
    assert await is_unchanged(rig, before)


@pytest.mark.parametrize("verb", ["revive", "edit"])
async def test_a_button_of_an_older_card_brings_nothing_back(rig, ada, verb):
    await ada.say("/tweet Put away")
    await ada.press("Cancel")

    toast, before = await press_stale(rig, ada, verb)

    assert STALE in toast
    assert await is_unchanged(rig, before)
    assert ada.buttons == ["Bring it back"]


async def test_an_older_try_again_sends_nothing(rig, ada):
    await ada.say("/tweet Refused")
    rig.x.fault("out_of_credit", {"username": ada.accounts[0], "path": "^/2/tweets$"}, 1)
    await ada.press("Post")
    await rig.posted()

    toast, before = await press_stale(rig, ada, "retry")
    await rig.posted()

    assert STALE in toast
    assert await is_unchanged(rig, before)
    assert rig.posts(ada.accounts[0]) == []


@pytest.mark.parametrize("verb", ["delete", "delete2"])
async def test_an_older_delete_deletes_nothing(rig, ada, verb):
    await ada.say("/tweet Here to stay")
    await ada.press("Post")
    await rig.posted()

    toast, before = await press_stale(rig, ada, verb)
    await rig.posted()

    assert STALE in toast
    assert await is_unchanged(rig, before)
    assert len(rig.posts(ada.accounts[0])) == 1


async def test_the_card_stays_good_while_a_new_text_is_asked_for(rig, ada):
    await ada.say("/tweet First words")
    await ada.press("Edit text")
    assert "Send the new text" in ada.text

    toast = await ada.press("Post")
    await rig.posted()

    assert STALE not in toast
    assert [post["text"] for post in rig.posts(ada.accounts[0])] == ["First words"]


async def test_the_card_stays_good_while_a_description_is_asked_for(rig, ada, tmp_path):
    await ada.send_photos(*pictures.photos(tmp_path, 1), caption="A picture")
    rig.clock.advance(seconds=3)
    await rig.chores()
    await ada.press("Alt text 1")
    assert "Describe picture 1" in ada.text

    toast = await ada.press("Cancel")

    assert STALE not in toast
    assert (await the_task(rig)).state == TaskState.CANCELLED


@pytest.mark.parametrize(("label", "asked"), [("Edit text", "Send the new text"), ("Alt text 1", "Describe")])
async def test_a_question_whose_answer_was_lost_is_asked_again(rig, ada, tmp_path, label, asked):
    await ada.send_photos(*pictures.photos(tmp_path, 1), caption="A picture")
    rig.clock.advance(seconds=3)
    await rig.chores()
    rig.telegram.fault("server_error", rig.bot, 3, {"method": "editMessageText"})
    rig.telegram.fault("server_error", rig.bot, 3, {"method": "sendMessage"})
    await ada.press(label)
    assert asked not in ada.text
    rig.telegram.control("DELETE", "/faults")

    await rig.give(rig.history[-1])

    assert asked in ada.text


async def test_who_could_not_be_looked_for_is_asked_about_without_a_false_word(rig, ada):
    account = ada.accounts[0]
    await ada.say("/tweet Out or not")
    rig.x.fault("timeout_before", {"username": account, "path": "^/2/tweets$"}, 1)
    await ada.press("Post")
    await rig.posted()
    rig.x.fault("forbidden_bare", {"username": account, "method": "GET", "path": "^/2/users/"})

    rig.clock.advance(seconds=6)
    await rig.posted()

    assert "I cannot look at" in ada.text
    assert "cannot see it" not in ada.text
    assert ada.buttons == ["It is there", "It is not there: post again"]
