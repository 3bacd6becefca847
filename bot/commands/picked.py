"""A group or people chosen in Telegram's own list: whose question they answer. The choice proves nothing."""

from dataclasses import replace

from bot.commands import asked, handing, policy, share
from bot.turn import Answer, PickedChat, PickedPeople, Turn
from texts.reply import Reply

#: Questions that may be answered by choosing in Telegram's own list.
PICKING = (share.ASKED, policy.ASKED, handing.ASKED)


async def taken(turn: Turn) -> Answer | None:
    """Give what was chosen to whoever asked for it. None: nothing was chosen in this turn."""
    chosen = turn.message.picked
    if chosen is None:
        return None
    async with turn.begin() as session:
        question = await asked.now(session, turn)
    if question and question.what == asked.TAKEN:
        what, _, row = question.row.partition(".")
        if what == handing.ASKED and isinstance(chosen, PickedPeople):
            return await handing.picked(turn, replace(question, what=what, row=row), chosen)
        return await shown_again(turn, question.row) or []
    if question and question.number == chosen.request_id:
        if isinstance(chosen, PickedChat):
            if question.what == share.ASKED:
                return await share.picked(turn, chosen)
        elif (answer := await _people(turn, question, chosen)) is not None:
            return answer
    return [Reply("share.pick_is_over", picked=True, fresh=True)]


async def _people(turn: Turn, question: asked.Question, chosen: PickedPeople) -> Answer | None:
    if not chosen.people:
        return None
    if question.what == policy.ASKED:
        return await policy.picked(turn, question, chosen)
    return await handing.picked(turn, question, chosen) if question.what == handing.ASKED else None


async def shown_again(turn: Turn, row: str) -> Answer | None:
    """Show what an answer led to that came again. None: it was about nothing of groups."""
    what, _, number = row.partition(".")
    if what == share.ASKED:
        return await share.shown_again(turn, number)
    return await policy.shown_again(turn, number) if what == policy.ASKED else None
