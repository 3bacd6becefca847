"""`/who`: who asked for a post, who approved it, what came of it: by its link, or in reply to one."""

from bot.commands import deed_card, log_card, log_view
from bot.turn import Answer, Turn
from storage import groups, log_reading
from storage.tables import Group
from tasks.permissions import Action
from texts.reply import Fact, Refusal, Reply
from twitter import addresses


async def who(turn: Turn) -> Answer:
    """Answer /who."""
    post_id = _post_id(turn)
    if post_id is None:
        raise Refusal("who.which")
    async with turn.begin() as session:
        if turn.chat.private:
            candidates = list(await log_reading.groups_of(session, turn.person.id))
        else:
            here = await groups.find(session, turn.chat.id)
            candidates = [here] if here else []
    for group in candidates:
        if found := await _told(turn, group, post_id):
            return [found]
    raise Refusal("who.unknown")


async def _told(turn: Turn, group: Group, post_id: str) -> Reply | None:
    """Tell what the group's log has of a post. None: nothing this person may read."""
    async with turn.begin() as session:
        sent = await log_reading.of_post(session, group.id, post_id)
    if sent is None or sent.task_id is None:
        return None
    view = await log_view.of(turn, group, Action.WHO_POSTED)
    if view is None or not view.part.holds(sent):
        return None
    async with turn.begin() as session:
        of_it = await log_reading.of_task(session, group.id, sent.task_id)
        entries = [entry for entry in of_it if view.part.holds(entry)]
        lines = await log_card.lines(session, turn, entries, nameless=view.nameless)
    facts: dict[str, Fact] = {
        "post": deed_card.post(turn.doors.x, post_id),
        "group": group.title,
        "lines": lines,
    }
    return Reply("who.page", facts, answers=True)


def _post_id(turn: Turn) -> str | None:
    """Find the post that is meant: in the words behind the command, else in the message replied to."""
    reply_to = turn.message.reply_to
    said = turn.argument or (reply_to.text if reply_to else "")
    for word in said.split():
        found = addresses.post_id(word, origin=turn.doors.x.web_origin)
        if found and found != "0":
            return found
    return None
