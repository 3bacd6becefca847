"""Drafts that were set aside, texts with fields, and what is forwarded to the bot."""

import pytest


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    return phone


async def post(rig, ada):
    await ada.press("Post")
    await rig.posted()


async def test_drafts_lists_what_was_set_aside_and_a_number_opens_it(rig, ada):
    await ada.say("/tweet The first thought")
    await ada.say("/tweet The second thought")
    await ada.say("/drafts")
    assert "One draft is set aside" in ada.text
    assert "The first thought" in ada.text

    await ada.press("1")
    await ada.press("Bring it back")
    await post(rig, ada)

    assert [each["text"] for each in rig.posts(ada.account)] == ["The first thought"]


async def test_what_was_posted_or_planned_again_and_again_is_no_draft(rig, ada):
    await ada.say("/drafts")
    assert ada.text == "No draft is set aside."

    await ada.say("/tweet Posted")
    await post(rig, ada)
    await ada.say("/drafts")

    assert ada.text == "No draft is set aside."


async def test_a_draft_is_erased_for_good_and_pressing_again_does_no_harm(rig, ada):
    await ada.say("/tweet Away with it")
    await ada.press("Cancel")
    await ada.say("/drafts")
    listed = ada.last
    data = next(b["data"] for row in listed["inline_keyboard"] for b in row if b["text"] == "🗑 1")

    await ada.press("🗑 1")
    assert ada.text == "No draft is set aside."
    await ada.press_data(data, listed)

    assert ada.text == "No draft is set aside."


async def test_nobody_erases_the_draft_of_somebody_else(rig, ada):
    await ada.say("/tweet Mine")
    await ada.press("Cancel")
    await ada.say("/drafts")
    data = next(b["data"] for row in ada.last["inline_keyboard"] for b in row if b["text"] == "🗑 1")
    ben = await rig.phone("Ben")
    await ben.say("/drafts")

    await ben.press_data(data, ben.last)

    await ada.say("/drafts")
    assert "Mine" in ada.text


async def test_a_template_asks_for_its_fields_one_by_one_and_fills_in_the_dates(rig, ada):
    await ada.say("/template gig {band} plays {place} in {year}")
    assert "Kept as gig" in ada.text
    assert "band, place" in ada.text

    await ada.press("Use gig")
    assert "What is band?" in ada.text
    await ada.say("The {Who}")
    assert "What is place?" in ada.text
    await ada.say("Berlin")
    await post(rig, ada)

    assert rig.posts(ada.account)[0]["text"] == f"The (Who) plays Berlin in {rig.clock.now.year}"


async def test_a_template_is_used_again_and_again(rig, ada):
    await ada.say("/template hello Hello {name}")
    for name in ("Ada", "Ben"):
        await ada.press("Use hello")
        await ada.say(name)
        await post(rig, ada)

    assert [each["text"] for each in rig.posts(ada.account)] == ["Hello Ben", "Hello Ada"]


async def test_templates_are_listed_replaced_by_name_and_removed(rig, ada):
    await ada.say("/templates")
    assert "You have no templates" in ada.text
    await ada.say("/template gig One")
    await ada.say("/template GIG Two")
    await ada.say("/templates")
    assert "Two" in ada.text
    assert "One" not in ada.text

    await ada.press("Remove")
    assert "You have no templates" in ada.text


@pytest.mark.parametrize("said", ["gig", "a/b text", "x" * 40 + " text"])
async def test_what_is_no_template_gets_one_clear_sentence(ada, said):
    await ada.say(f"/template {said}")

    assert "Write a name without spaces" in ada.text


async def test_cancel_leaves_the_text_with_its_field(ada):
    await ada.say("/template gig Tonight in {place}")
    await ada.press("Use gig")

    await ada.say("/cancel")

    assert "Tonight in {place}" in ada.text
    assert "Post" in ada.buttons


async def test_a_forwarded_text_becomes_a_draft(rig, ada):
    said = await ada.say("Worth sharing")
    assert "Post" not in ada.buttons
    ada.raw.post("/forward", from_chat=ada.chat, message_id=said)
    await rig.deliver()

    assert "Worth sharing" in ada.text
    assert "Post" in ada.buttons
