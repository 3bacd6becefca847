"""What has no words (a poll, a place) answers no question and empties no draft."""

from sqlalchemy import select

from storage.tables import Task, TaskState


async def test_a_poll_sent_while_a_text_is_asked_for_is_a_draft_of_its_own(rig):
    ada = await rig.phone("Ada")
    await ada.connect(rig.new_account())
    await ada.say("/tweet hello")
    await ada.press("Edit text")

    ada.raw.send_poll("Which?", "This", "That")
    await rig.deliver()

    async with rig.app.db.begin() as session:
        found = {task.text: task.state for task in await session.scalars(select(Task))}
    assert found == {"hello": TaskState.CANCELLED, "Which?": TaskState.DRAFT}
    assert "Poll, open for 1 day" in ada.text


async def test_a_poll_without_an_account_is_kept_until_there_is_one(rig):
    ada = await rig.phone("Ada")
    await ada.say("/tweet")

    ada.raw.send_poll("Which?", "This", "That")
    await rig.deliver()

    assert "Connect an X account first. Your draft is kept" in ada.text
    assert "Which?" in ada.text
