"""The cards of deeds beside tweets: reposts, likes, follows, messages, each in its state. Changes nothing."""

from bot.commands import press, preview, trouble_card
from bot.turn import Doors
from storage import at_once, pages
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import kinds, price
from tasks.kinds import KINDS, Kind
from tasks.parameters import Extras
from tasks.price import Price
from texts.reply import Button, Card, Fact, Reply, Say, Style
from twitter import posts
from twitter.client import X

#: What takes a deed back.
BACK = {
    kinds.REPOST.name: kinds.UNREPOST,
    kinds.LIKE.name: kinds.UNLIKE,
    kinds.FOLLOW.name: kinds.UNFOLLOW,
}
#: What begins as a draft is one again; of the others nothing is left to be done.
_UNDONE_BY = {True: "takeback", False: "d_drop"}
#: The kinds whose cards stand here.
SHOWN = frozenset((*BACK, *(kind.name for kind in BACK.values()), kinds.MESSAGE.name))


async def of(session: Session, doors: Doors, task: Task) -> Reply:
    """Show a deed as its row stands."""
    facts = await facts_of(session, doors, task)
    match task.state:
        case TaskState.DONE:
            return await _done(session, doors, task, facts)
        case TaskState.FAILED:
            return await trouble_card.failed(session, doors, task, facts, "deed.failed")
        case TaskState.CANCELLED:
            again = press.button("deed.button_do_it", "d_again", task)
            if task.kind == kinds.MESSAGE.name:
                again = press.button("tweet.button_revive", "revive", task)
            return Reply("deed.cancelled", facts, ((again,),))
        case TaskState.ASKING:
            return _question(task, facts)
        case TaskState.SCHEDULED:
            is_drafted = task.kind == kinds.MESSAGE.name
            back = press.button("tweet.button_undo", _UNDONE_BY[is_drafted], task, style=Style.PRIMARY)
            now = press.button("deed.button_now", "postnow", task)
            return Reply("deed.undoable", facts | {"when": task.due_at or task.created_at}, ((back, now),))
    return await _under_way(session, doors, task, facts)


async def facts_of(session: Session, doors: Doors, task: Task) -> dict[str, Fact]:
    """Give what every card of a deed says: account, what it is about, price."""
    return {
        "username": await preview.username_of(session, task),
        "text": said(doors.x, task),
        "price": cost(task).dollars,
    }


def cost(task: Task) -> Price:
    """Say what a deed costs at most; whom it is for is looked up where X's id is not known yet."""
    own = KINDS[task.kind].price(task.text or "", 0)
    by_name = task.target_user_id is None and Extras.read(task.parameters).username is not None
    return Price(own.dollars + price.current().user_read) if by_name else own


def said(x: X, task: Task) -> tuple[Say, ...]:
    """Say what a deed is: the kind, and the post or person it is about."""
    lines = [Say(f"deed.what_{task.kind}", {"about": _about(x, task)})]
    if task.kind == kinds.MESSAGE.name and task.text:
        lines.append(Say("tweet.said", {"text": task.text}))
    return tuple(lines)


def _about(x: X, task: Task) -> Say:
    username = Extras.read(task.parameters).username
    if username is not None:
        return Say("deed.person", {"username": username})
    return post(x, task.target_post_id or "")


def post(x: X, post_id: str) -> Say:
    """Say which post, by its address."""
    url = post_url(x, post_id)
    return Say("deed.post", {"url": url, "shown_url": url.partition("//")[2]})


def post_url(x: X, post_id: str) -> str:
    """Where people see a post whose author nobody has asked X for (X forwards to the author's page)."""
    return posts.address(x, "i", post_id)


async def _done(session: Session, doors: Doors, task: Task, facts: dict[str, Fact]) -> Reply:
    inverse = BACK.get(task.kind)
    back = await of_same_message(session, task, inverse)
    if back is not None and back.state == TaskState.DONE:
        facts["price"] = cost(back).dollars
        return Reply("deed.done", facts | {"text": said(doors.x, back)})
    buttons: list[Button] = []
    if task.target_post_id:
        buttons.append(Button("tweet.button_open", url=post_url(doors.x, task.target_post_id)))
    if inverse is not None:
        buttons.append(press.button("tweet.button_undo", "d_back", task))
    return Reply("deed.done", facts, (tuple(buttons),) if buttons else ())


async def of_removal_question(session: Session, shown: Task) -> Reply:
    """Ask before a shown tweet is taken from X; one of another account is only shown."""
    page = await pages.get(session, shown.id, 0)
    item = (pages.items_of(page) or [{}])[0] if page else {}
    connection = await preview.connection_of(session, shown)
    is_own = connection is not None and item.get("author_id") in (connection.x_user_id, None)
    facts: dict[str, Fact] = {
        "username": connection.username if connection else "?",
        "text": item.get("text") or "",
        "price": kinds.DELETION.price("", 0).dollars,
    }
    keep = press.button("deed.button_keep", "d_keep", shown)
    sure = press.button("tweet.button_delete_surely", "d_remove2", shown, style=Style.DANGER)
    rows = ((sure, keep),) if is_own else ((keep,),)
    key = "deed.delete_sure" if is_own else "deed.not_yours"
    return Reply(key, facts, rows, card=Card("task", shown.id, shown.version))


async def of_same_message(session: Session, task: Task, kind: Kind | None) -> Task | None:
    """Find the task of a kind that was asked for on this one's card. None: it was not."""
    if kind is None:
        return None
    return await at_once.known(
        session, chat_id=task.chat_id, message_id=task.source_message_id, kind=kind.name
    )


async def _under_way(session: Session, doors: Doors, task: Task, facts: dict[str, Fact]) -> Reply:
    """Show a deed that is due or running: on its way, held, or waiting for X until a moment."""
    held = await trouble_card.held(session, doors, task, facts)
    if held is not None:
        return held
    if task.outcome == "looking":
        return Reply("deed.looking", facts)
    if task.state == TaskState.DUE and task.outcome in ("rate_limited", "x_unavailable") and task.wake_at:
        stop = press.button("tweet.button_cancel", "drop", task)
        return Reply(f"deed.{task.outcome}", facts | {"when": task.wake_at}, ((stop,),))
    return Reply("deed.doing", facts)


def _question(task: Task, facts: dict[str, Fact]) -> Reply:
    there = press.button("tweet.button_there", "there", task, style=Style.SUCCESS)
    again = press.button("deed.button_again", "again", task)
    return Reply("deed.unknown", facts, ((there,), (again,)))
