"""/retweet, /like, /follow and their undos: from a post or a person pointed at to a task that is due now.

The typed command is the consent. What X does not let apps do is handed off instead (handoff_card.py).
"""

from datetime import timedelta
from typing import Any

from bot.commands import allowed, card, group_posting, which_account
from bot.turn import Answer, Command, Turn
from storage import at_once, pages, writes
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import kinds, self_serve
from tasks.kinds import Kind
from tasks.parameters import Extras
from texts.reply import Button, Refusal, Style
from twitter import addresses

#: X has no posts with this id: the newest one of one's own, for /get and /delete.
NEWEST = "0"
#: The columns of a task that the bot never runs.
HANDED_OFF: dict[str, Any] = {"state": TaskState.HANDED_OFF, "due_at": None, "run": 0}


def on_post(kind: Kind) -> Command:
    """Make the command of a deed on a post: by link, by id, or in reply to the card of a shown one."""

    async def command(turn: Turn) -> Answer:
        async with turn.work() as session:
            post_id = await post_of(session, turn)
            task, is_new = await begin(session, turn, kind, target_post_id=post_id)
            return [await card.of(session, turn.doors, task, fresh=is_new or turn.again)]

    return command


def on_person(kind: Kind) -> Command:
    """Make the command of a deed on a person: by @name, or by a link to a profile."""

    async def command(turn: Turn) -> Answer:
        username = addresses.username(turn.argument, origin=turn.doors.x.web_origin)
        if username is None:
            raise Refusal("deed.which_person")
        async with turn.work() as session:
            task, is_new = await begin(session, turn, kind, parameters=Extras(username=username).written())
            return [await card.of(session, turn.doors, task, fresh=is_new or turn.again)]

    return command


async def post_of(session: Session, turn: Turn) -> str:
    """Give the id of the post a command points at. Raises Refusal where it is none."""
    if turn.argument.strip():
        said = addresses.post_id(turn.argument, origin=turn.doors.x.web_origin)
    else:
        shown = await shown_in_reply(session, turn)
        said = await id_of(session, shown) if shown else None
    if said is None or said == NEWEST:
        raise Refusal("deed.which_post")
    return said


async def shown_in_reply(session: Session, turn: Turn) -> Task | None:
    """Find the card of this person's that a message replies to. None: it replies to none."""
    source = turn.message.reply_to
    if source is None:
        return None
    return await at_once.of_card(
        session,
        chat_id=turn.chat.id,
        message_id=source.id,
        person_id=turn.person.id if turn.chat.private else None,
    )


async def id_of(session: Session, shown: Task) -> str | None:
    """Give the id of the post a card is about: the one shown, or made. None: it is about none."""
    if shown.kind != kinds.TWEET.name:
        return shown.target_post_id
    write = await writes.get(session, shown.id, 0)
    return write.x_post_id if write else None


async def answerable(session: Session, shown: Task) -> str | None:
    """Give the id of the post that an answer on a card is for: of a repost, of what it repeats, as X does."""
    page = await pages.get(session, shown.id, 0) if shown.kind == kinds.GET.name else None
    items = pages.items_of(page) if page else []
    return (items[0].get("reposted") if items else None) or await id_of(session, shown)


async def begin(
    session: Session, turn: Turn, kind: Kind, *, of: Task | None = None, **values: Any
) -> tuple[Task, bool]:
    """Make a deed's task and give it to the engine; what X does not let apps do is handed off.

    `of`: the card it was asked for on, which asks for each kind once. False: it was asked for before.
    """
    message_id = of.source_message_id if of else turn.message.id
    handed = self_serve.of_kind(kind, x_enterprise=turn.doors.rules.x_enterprise)
    connection_id = of.connection_id if of else await which_account.first_choice(session, turn)
    if handed is not None:
        values |= HANDED_OFF | {"finished_at": turn.now}
    else:
        await usable_or_refuse(session, turn, connection_id)
        values |= _undoable(turn)
    task, is_new = await at_once.begin(
        session,
        person_id=turn.person.id,
        chat_id=turn.chat.id,
        message_id=message_id,
        kind=kind.name,
        connection_id=connection_id,
        now=turn.now,
        thread_id=of.thread_id if of else turn.chat.thread_id,
        **values,
    )
    if is_new and task.state == TaskState.DUE:
        task = await group_posting.at_once(session, turn, task)
        await enqueue(session, turn, task)
    return task, is_new


async def enqueue(session: Session, turn: Turn, task: Task) -> None:
    """Give a task to the engine if it is due; in a group it may wait for votes first."""
    if task.state == TaskState.DUE:
        await turn.doors.engine.enqueue(session, task)


def _undoable(turn: Turn) -> dict[str, Any]:
    """Let a deed go out when the person can take it back no longer, if they chose such a time."""
    if not turn.person.undo_s or not turn.chat.private:
        return {}
    until = turn.now + timedelta(seconds=turn.person.undo_s)
    return {"state": TaskState.SCHEDULED, "due_at": until, "wake_at": until, "run": 0}


async def usable_or_refuse(session: Session, turn: Turn, connection_id: int | None) -> int:
    """Give the connection back if it can be used. Raises Refusal, with what helps."""
    usable = await allowed.usable_ids(session, turn)
    if connection_id is not None and connection_id in usable:
        return connection_id
    if not usable and not turn.chat.private:
        raise Refusal("tweet.no_connection")
    if not usable:
        connect = Button("tweet.button_connect", "connect", style=Style.PRIMARY)
        raise Refusal("deed.connect_first", ((connect,),))
    raise Refusal("deed.no_default" if turn.chat.private else "group.which_account")


COMMANDS: dict[str, Command] = {
    "retweet": on_post(kinds.REPOST),
    "unretweet": on_post(kinds.UNREPOST),
    "like": on_post(kinds.LIKE),
    "unlike": on_post(kinds.UNLIKE),
    "follow": on_person(kinds.FOLLOW),
    "unfollow": on_person(kinds.UNFOLLOW),
}
