"""Polls: one of Telegram's becomes a draft with a poll of X; its buttons make it one that X takes."""

from dataclasses import replace

from bot import turn as turns
from bot.commands import card, tweet
from bot.commands.task_buttons import guard, question
from bot.turn import Answer, Command, Turn
from storage import tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import compose
from tasks.parameters import Extras, Poll
from texts.reply import Refusal, Reply
from twitter import text

#: How long a poll is open at X if Telegram's says nothing, in minutes.
A_DAY = 1440


async def or_tweet(turn: Turn) -> Answer:
    """Answer /tweet: in reply to a poll it makes a draft of it, which in a group is the only way there."""
    source = turn.message.reply_to
    if source is None or source.poll is None or turn.argument or turn.message.attachments:
        return await tweet.tweet(turn)
    if source.protected:
        raise Refusal("tweet.protected")
    return await begin(turn, source.poll)


async def begin(turn: Turn, sent: turns.Poll) -> Answer:
    """Make a draft of a poll that was sent, forwarded, or replied to."""
    return await tweet.begin(turn, sent.question, (), _with(sent))


def _with(sent: turns.Poll) -> tweet.Planner:
    async def put(session: Session, turn: Turn, draft: Task, said: str) -> tuple[Task, list[Reply]]:
        del turn
        made = Poll(tuple(text.normalise(option) for option in sent.options), _minutes(sent.open_period_s))
        extras = replace(Extras.read(draft.parameters), poll=made)
        changed = await tasks.change_draft(
            session, draft.id, text=text.normalise(said), parameters=extras.written()
        )
        return changed or draft, _lost(sent)

    return put


def _minutes(open_period_s: int | None) -> int:
    """Give whole minutes within X's bounds."""
    if not open_period_s:
        return A_DAY
    least, most = compose.POLL_MINUTES
    return min(max(-(-open_period_s // 60), least), most)


def _lost(sent: turns.Poll) -> list[Reply]:
    """Say what Telegram's poll has and X's cannot have."""
    least, most = (60 * minutes for minutes in compose.POLL_MINUTES)
    found = []
    if sent.is_quiz:
        found.append("poll.lost_quiz")
    if sent.multiple:
        found.append("poll.lost_multiple")
    if sent.open_period_s and not least <= sent.open_period_s <= most:
        found.append("poll.lost_time")
    return [Reply(key, fresh=True) for key in found]


def _of(task: Task) -> tuple[Extras, Poll]:
    """Read a draft's poll. Raises Refusal where it has none."""
    extras = Extras.read(task.parameters)
    if extras.poll is None:
        raise Refusal("button.stale")
    return extras, extras.poll


async def _set(turn: Turn, session: Session, task: Task, extras: Extras) -> Answer:
    changed = await tasks.change_draft(session, task.id, version=task.version, parameters=extras.written())
    return [await card.of(session, turn.doors, changed or task)]


@guard.work(TaskState.DRAFT)
async def open_for(turn: Turn, session: Session, task: Task) -> Answer:
    """Let a poll be open for as long as a button says."""
    extras, poll = _of(task)
    said = turn.press.extra if turn.press else ""
    minutes = int(said) if said.isascii() and said.isdigit() and len(said) <= 5 else 0
    least, most = compose.POLL_MINUTES
    if not least <= minutes <= most:
        raise Refusal("button.stale")
    return await _set(turn, session, task, replace(extras, poll=replace(poll, minutes=minutes)))


@guard.work(TaskState.DRAFT)
async def keep_first(turn: Turn, session: Session, task: Task) -> Answer:
    """Keep only as many options as X takes."""
    extras, poll = _of(task)
    kept = replace(poll, options=poll.options[: compose.POLL_OPTIONS[1]])
    return await _set(turn, session, task, replace(extras, poll=kept))


@guard.work(TaskState.DRAFT)
async def drop(turn: Turn, session: Session, task: Task) -> Answer:
    """Post without the poll: its question stays as the text."""
    extras, _ = _of(task)
    return await _set(turn, session, task, replace(extras, poll=None))


@guard.work(TaskState.DRAFT)
async def shorten(turn: Turn, session: Session, task: Task) -> Answer:
    """Shorten: ask for other words for one option."""
    _, poll = _of(task)
    at = turn.press.extra if turn.press else ""
    if not (at.isascii() and at.isdigit() and len(at) <= 2 and int(at) < len(poll.options)):
        raise Refusal("button.stale")
    asking = await tasks.change_draft(session, task.id, version=task.version, asked=f"option:{int(at)}")
    return [await card.of(session, turn.doors, asking or task), await question(session, asking or task)]


async def words(turn: Turn) -> Answer | None:
    """Take the new words of an option. None: none was asked for."""
    if turn.again:
        return None
    async with turn.begin() as session:
        draft = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
    which = (draft.asked or "").partition("option:")[2] if draft else ""
    if draft is None or not which.isdigit():
        return None
    said = " ".join(text.normalise(turn.message.text).split())
    if not 0 < len(said) <= compose.POLL_OPTION_LENGTH:
        raise Refusal("poll.option_length", limit=compose.POLL_OPTION_LENGTH, length=len(said))
    async with turn.work() as session:
        task = await tasks.get(session, draft.id, person_id=turn.person.id, lock=True)
        if task is None or task.state != TaskState.DRAFT or task.asked != draft.asked:
            return [Reply("tweet.no_draft")]
        extras, poll = _of(task)
        options = list(poll.options)
        options[int(which)] = said
        put = replace(extras, poll=replace(poll, options=tuple(options)))
        changed = await tasks.change_draft(session, task.id, parameters=put.written(), asked=None)
        return [await card.of(session, turn.doors, changed or task, fresh=True)]


VERBS: dict[str, Command] = {
    "p_open": open_for,
    "p_first": keep_first,
    "p_none": drop,
    "p_option": shorten,
}
