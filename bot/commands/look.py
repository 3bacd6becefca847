"""/get, /timeline, /mentions, /search, /following, /followers, /messages: from words to a task that reads.

What its card shows stands in look_card.py, its buttons in look_buttons.py.
"""

from typing import Any

from bot.commands import asked, card, group_posting, look_card, look_words, planning, which_account
from bot.turn import Answer, Command, Turn
from storage import accounts, at_once
from storage.tables import Task, TaskState
from tasks import kinds, looks
from tasks.kinds import Kind
from tasks.parameters import Look
from texts.reply import Button, Refusal, Reply, Style

#: People's question for a query, as it is kept with them.
QUERY = "query"


async def get(turn: Turn) -> Answer:
    """Answer /get: a post by link or id, else the newest of one's own; in reply to a link, that one."""
    said = turn.argument
    if not said and turn.message.reply_to is not None:
        said = look_words.link_in(turn.message.reply_to.text, origin=turn.doors.x.web_origin)
    post_id = look_words.post_of(said, origin=turn.doors.x.web_origin)
    return await begin(turn, kinds.GET, Look(), target_post_id=post_id)


def _listing(kind: Kind) -> Command:
    async def command(turn: Turn) -> Answer:
        return await begin(turn, kind, look_of(turn, kind, turn.argument))

    return command


timeline = _listing(kinds.TIMELINE)
mentions = _listing(kinds.MENTIONS)
following = _listing(kinds.FOLLOWING)
followers = _listing(kinds.FOLLOWERS)
messages = _listing(kinds.MESSAGES)


def look_of(turn: Turn, kind: Kind, words: str) -> Look:
    """Read the words after a command. Raises Refusal."""
    zone, origin = planning.zone_of(turn.person), turn.doors.x.web_origin
    return look_words.read(kind, words, zone=zone, now=turn.now, origin=origin)


async def search(turn: Turn) -> Answer:
    """Answer /search: with a query, or alone, which asks for it."""
    if turn.argument.strip():
        return await begin(turn, kinds.SEARCH, look_of(turn, kinds.SEARCH, turn.argument))
    async with turn.work() as session:
        await asked.ask(session, turn, QUERY)
    return [Reply("look.ask_query", ask="look.ask_query_hint", fresh=True)]


async def words(turn: Turn, question: asked.Question) -> Answer | None:
    """Take the query that was asked for. None: another question was asked."""
    if question.what != QUERY:
        return None
    wish = look_of(turn, kinds.SEARCH, turn.message.text)
    return await begin(turn, kinds.SEARCH, wish, answers=True)


async def begin(turn: Turn, kind: Kind, wish: Look, *, answers: bool = False, **values: Any) -> Answer:
    """Make a task that reads and show it; what is dear, or has no account yet, waits for a button."""
    async with turn.work() as session:
        usable = await accounts.usable(session, person_id=turn.person.id, chat_id=turn.chat.id)
        if not usable and not turn.chat.private:
            raise Refusal("tweet.no_connection")
        if not usable:
            connect = Button("tweet.button_connect", "connect", style=Style.PRIMARY)
            raise Refusal("look.no_connection", ((connect,),))
        chosen = await which_account.first_choice(session, turn)
        values |= {"reads": True, "parameters": wish.written()}
        if chosen is None or _is_dear(kind, values):
            values |= {"state": TaskState.CANCELLED, "due_at": None, "run": 0}
        task, is_new = await at_once.begin(
            session,
            person_id=turn.person.id,
            chat_id=turn.chat.id,
            message_id=turn.message.id,
            kind=kind.name,
            connection_id=chosen,
            now=turn.now,
            thread_id=turn.chat.thread_id,
            **values,
        )
        if is_new and task.state == TaskState.DUE:
            await group_posting.at_once(session, turn, task)
            await turn.doors.engine.enqueue(session, task)
        if answers:
            await asked.taken(session, turn, task.id)
        return [await card.of(session, turn.doors, task, fresh=True)]


def _is_dear(kind: Kind, values: dict[str, Any]) -> bool:
    task = Task(kind=kind.name, parameters=values["parameters"], target_post_id=values.get("target_post_id"))
    return looks.at_most(task).dollars > look_card.ASKED_ABOVE


COMMANDS: dict[str, Command] = {
    "get": get,
    "timeline": timeline,
    "mentions": mentions,
    "search": search,
    "following": following,
    "followers": followers,
    "messages": messages,
}
