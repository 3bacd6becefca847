"""X's rule against the same text from several accounts: looked at when a draft is posted or planned."""

from datetime import datetime

from bot.commands import press, preview
from storage import alike, tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks.alike import WITHIN, is_same
from texts.reply import Refusal, Style


async def refuse_elsewhere(session: Session, task: Task, *, now: datetime, words: str | None = None) -> None:
    """Refuse a text that another account of this person, or in this chat, has or gets, and say which.

    `words`: the text the task shall have, instead of its own.
    """
    connection = await preview.connection_of(session, task)
    said = task.text if words is None else words
    if connection is None or not said:
        return
    # Of two drafts with one text, posted at once, the second sees the first.
    await tasks.lock_drafts(session, task.person_id)
    others = await alike.elsewhere(session, task, x_user_id=connection.x_user_id, since=now - WITHIN)
    same = next((username for text, username in others if is_same(text, said)), None)
    if same is not None:
        verb = "p_edit" if task.state == TaskState.SCHEDULED else "edit"
        change = press.button("tweet.button_edit", verb, task, style=Style.PRIMARY)
        if task.chat_id != task.person_id:
            # Which other accounts a member has is no matter of the group.
            raise Refusal("group.same_elsewhere", ((change,),))
        raise Refusal("tweet.same_elsewhere", ((change,),), username=same)
