"""What has neither words nor a file (a poll, a place) answers no question and empties no draft."""

from sqlalchemy import select

from storage.tables import Task


async def test_a_poll_sent_while_a_text_is_asked_for_leaves_the_draft_as_it_is(rig):
    ada = await rig.phone("Ada")
    await ada.connect(rig.new_account())
    await ada.say("/tweet hello")
    await ada.press("Edit text")

    ada.raw.send_poll("Which?", "This", "That")
    await rig.deliver()

    async with rig.app.db.begin() as session:
        (draft,) = await session.scalars(select(Task))
    assert (draft.text, draft.asked) == ("hello", "text")
    assert "To tweet something" in ada.text


async def test_a_poll_is_no_text_of_a_tweet(rig):
    ada = await rig.phone("Ada")
    await ada.say("/tweet")

    ada.raw.send_poll("Which?", "This", "That")
    await rig.deliver()

    assert "To tweet something" in ada.text
