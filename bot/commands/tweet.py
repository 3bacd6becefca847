"""/tweet: from what was said to a draft, and on to Post. What its card shows: bot/commands/card.py."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.commands import card, which_account
from bot.turn import Answer, Attachment, Turn
from storage import tasks
from storage.db import Session
from storage.tables import Task, TaskMedia, TaskState
from tasks import kinds
from tasks.kinds import Kind
from tasks.parameters import Extras
from texts.reply import Refusal, Reply
from twitter import formats, text

#: Telegram sends an album piece by piece and never says how many come (tdlib/telegram-bot-api#643): so long
#: after the last one it counts as complete.
GATHER_FOR = timedelta(seconds=2)

#: The commands whose edits a draft follows, by its kind; None: words without one.
_FOLLOWED: dict[str, tuple[str | None, ...]] = {
    kinds.TWEET.name: (None, "tweet", "thread", "reply", "quote", "next"),
    kinds.MESSAGE.name: ("dm",),
}

#: Puts what was said into a draft that shall be planned; gives the draft, and what there is to say.
Planner = Callable[[Session, Turn, Task, str], Awaitable[tuple[Task, list[Reply]]]]


async def tweet(turn: Turn) -> Answer:
    """Answer /tweet: alone, with a text, as a caption, or in reply to a message."""
    said, attachments = of_message(turn, turn.argument)
    if said and not attachments:
        draft, files = await _open_draft(turn)
        if draft is not None and files and not draft.text:
            return await _fill(turn, draft.id, said)
    return await begin(turn, said, attachments)


def of_message(turn: Turn, words: str) -> tuple[str, tuple[Attachment, ...]]:
    """Give text and files of a tweet: these words, and what the message replied to has. Raises Refusal."""
    source = turn.message.reply_to
    if source is not None and source.ours and not turn.chat.private:
        # It answers a card or a question there; nobody means the bot's own words.
        source = None
    if source is not None and source.protected:
        if not words:
            raise Refusal("tweet.protected")
        source = None
    if source is not None and source.poll and not words:
        raise Refusal("poll.send_itself")
    attachments = turn.message.attachments or (source.attachments if source else ())
    return words or (source.text if source else ""), attachments


async def from_media(turn: Turn) -> Answer:
    """Answer a photo, album, GIF or video without a command: it becomes a draft with a preview."""
    draft, files = await _open_draft(turn)
    if draft is not None and not draft.text and not files:
        return await _fill(turn, draft.id, turn.message.text)
    return await begin(turn, turn.message.text, turn.message.attachments)


async def ask_text(turn: Turn) -> Answer:
    """Answer the button Tweet something: what /tweet alone says, or the draft that is open already."""
    async with turn.begin() as session:
        unfinished = await resume(session, turn)
    return unfinished or await begin(turn, "", ())


async def resume(session: Session, turn: Turn) -> Answer:
    """Show the open draft again, with an account if it had none. Empty: none is open, or it is empty."""
    draft = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
    if draft is None or not (draft.text or await tasks.media(session, draft.id)):
        return []
    if draft.connection_id is None:
        chosen = await which_account.first_choice(session, turn)
        draft = await tasks.change_draft(session, draft.id, connection_id=chosen) or draft
    return [await card.of(session, turn.doors, draft, fresh=True)]


async def _open_draft(turn: Turn) -> tuple[Task | None, Sequence[TaskMedia]]:
    async with turn.begin() as session:
        draft = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
        if draft is not None and draft.kind != "tweet":
            return None, ()
        return draft, await tasks.media(session, draft.id) if draft else ()


async def begin(
    turn: Turn,
    words: str,
    attachments: tuple[Attachment, ...],
    planner: Planner | None = None,
    *,
    source: int | None = None,
) -> Answer:
    """Make a draft of words and files, and show it; with a `planner` the words are its to read.

    `source`: what asked for it, instead of the message (a button may be pressed again): below zero.
    """
    if any(file.kind == "other" for file in attachments):
        raise Refusal("tweet.problem_file_kind")
    source = source or turn.message.id
    if turn.again:
        return await _as_it_was_begun(turn, source)
    async with turn.work() as session:
        task = await _of_this_album(session, turn)
        if task is not None and task.state != TaskState.DRAFT:
            return [Reply("tweet.album_late")]
        if task is not None:
            return await _add(session, turn, task, words, attachments, planner=planner)
        task, aside = await tasks.begin(
            session,
            person_id=turn.person.id,
            chat_id=turn.chat.id,
            message_id=source,
            kind="tweet",
            text=None,
            connection_id=await which_account.first_choice(session, turn),
            now=turn.now,
            thread_id=turn.chat.thread_id,
        )
        left = [await card.of(session, turn.doors, aside)] if aside else []
        return [*left, *await _add(session, turn, task, words, attachments, planner=planner)]


async def _as_it_was_begun(turn: Turn, source: int) -> Answer:
    """Show what a redelivered message led to: a draft of its own, or the open one it was put into."""
    async with turn.begin() as session:
        task = await tasks.from_message(session, chat_id=turn.chat.id, message_id=source)
        task = task or await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
        if task is None or task.gather_until is not None:
            return []
        return [await card.of(session, turn.doors, task, fresh=True)]


async def _fill(turn: Turn, task_id: str, words: str) -> Answer:
    """Put what was said into a draft that asked for it."""
    if any(file.kind == "other" for file in turn.message.attachments):
        raise Refusal("tweet.problem_file_kind")
    async with turn.work() as session:
        await tasks.lock_drafts(session, turn.person.id)
        task = await tasks.get(session, task_id, person_id=turn.person.id)
        if task is None or task.state != TaskState.DRAFT:
            return [Reply("tweet.no_draft")]
        return await _add(session, turn, task, words, turn.message.attachments)


async def _of_this_album(session: Session, turn: Turn) -> Task | None:
    if turn.message.album_id is None:
        return None
    await tasks.lock_drafts(session, turn.person.id)
    return await tasks.of_album(
        session, chat_id=turn.chat.id, person_id=turn.person.id, album_id=turn.message.album_id
    )


async def _add(
    session: Session,
    turn: Turn,
    task: Task,
    words: str,
    attachments: tuple[Attachment, ...],
    *,
    planner: Planner | None = None,
) -> Answer:
    """Add words and files to a draft; an album's preview waits until it is complete (bot/housekeeping.py)."""
    if task.state != TaskState.DRAFT:
        return [await card.of(session, turn.doors, task)]
    message = turn.message
    for file in attachments:
        await tasks.add_media(session, task.id, message.id, new_media(file))
    changes: dict[str, Any] = {} if task.promised else {"asked": None}
    if planner is None and words and not task.text:
        changes["text"] = text.normalise(words)
    if message.album_id and message.attachments:
        changes |= {"album_id": message.album_id, "gather_until": turn.now + GATHER_FOR}
    changed = await tasks.change_draft(session, task.id, **changes) or task
    planned = await planner(session, turn, changed, words) if planner else (changed, [])
    changed, said = planned
    if changed.gather_until is not None:
        return [*said]
    return [*said, await card.of(session, turn.doors, changed, fresh=True)]


def new_media(file: Attachment) -> tasks.NewMedia:
    """Give a file of a message as it is kept with a task."""
    return tasks.NewMedia(
        kind=file.kind,
        file_id=file.file_id,
        file_unique_id=file.file_unique_id,
        mime=file.mime,
        size=file.size,
        duration_s=file.duration_s,
    )


async def words(turn: Turn) -> Answer | None:
    """Take a text that answers what the open draft asked for. None: no draft waits for a text."""
    async with turn.begin() as session:
        draft = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
        if draft is None or draft.reads:
            return None
        if turn.again:
            return [await card.of(session, turn.doors, draft, fresh=True)]
    if draft.asked == "text":
        return await _change(turn, draft.id, text=text.normalise(turn.message.text), asked=None)
    if draft.asked and draft.asked.startswith("alt:"):
        return await _describe(turn, draft.id, int(draft.asked.removeprefix("alt:")))
    if not draft.text:
        return await _fill(turn, draft.id, turn.message.text)
    return None


async def _change(turn: Turn, task_id: str, **changes: Any) -> Answer:
    async with turn.work() as session:
        changed = await tasks.change_draft(session, task_id, **changes)
        if changed is None:
            return [Reply("tweet.no_draft")]
        return [await card.of(session, turn.doors, changed, fresh=True)]


async def _describe(turn: Turn, task_id: str, message_id: int) -> Answer:
    described = turn.message.text.strip()
    if len(described) > formats.ALT_TEXT_MAX:
        raise Refusal("tweet.alt_too_long", limit=formats.ALT_TEXT_MAX, length=len(described))
    async with turn.work() as session:
        changed = await tasks.change_draft(session, task_id, asked=None)
        if changed is None:
            return [Reply("tweet.no_draft")]
        await tasks.set_alt_text(session, task_id, message_id, described)
        return [await card.of(session, turn.doors, changed, fresh=True)]


async def edited(turn: Turn, about: Mapping[str, str | None], kind: Kind = kinds.TWEET) -> Answer:
    """Answer an edit of the message a draft was made from: a draft follows it, what was posted stays.

    `about`: what of its extras the message says by now. An edit makes no draft of another kind.
    """
    async with turn.begin() as session:
        task = await tasks.from_message(session, chat_id=turn.chat.id, message_id=turn.message.id)
        is_thread = task is not None and len(await tasks.parts(session, task)) > 1
    if task is None or task.person_id != turn.person.id:
        return []
    if task.kind != kind.name or turn.command not in _FOLLOWED[kind.name]:
        return [_stays(task)]
    if task.state == TaskState.DRAFT and is_thread:
        return [Reply("thread.edited")]
    changes = _edit(turn, task, about)
    if not changes:
        return []
    if task.state != TaskState.DRAFT:
        return [_stays(task)]
    async with turn.work() as session:
        changed = await tasks.change_draft(session, task.id, **changes)
        return [await card.of(session, turn.doors, changed)] if changed else []


def _edit(turn: Turn, task: Task, about: Mapping[str, Any]) -> dict[str, Any]:
    """Say which columns an edit changes."""
    said = text.normalise(turn.argument if turn.command else turn.message.text)
    changes: dict[str, Any] = {"text": said} if said and said != task.text else {}
    parameters = replace(Extras.read(task.parameters), **about).written()
    if parameters != task.parameters:
        changes |= {"parameters": parameters, "target_user_id": None}
    return changes


def _stays(task: Task) -> Reply:
    """Say that an edit changes nothing."""
    if task.state not in (TaskState.DUE, TaskState.RUNNING, TaskState.DONE):
        return Reply("tweet.edited_stays")
    return Reply("tweet.edited_too_late" if task.kind == kinds.TWEET.name else "tweet.edited_done")


async def cancel(turn: Turn) -> Answer | None:
    """Answer /cancel: withdraw the question asked about the draft, else set it aside. None: there is none."""
    async with turn.begin() as session:
        draft = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
    if draft is None:
        return None
    async with turn.work() as session:
        if draft.asked and (draft.due_at is not None or not draft.promised):
            left = await tasks.change_draft(session, draft.id, asked=None)
        else:
            left = await tasks.move(session, draft.id, states=(TaskState.DRAFT,), to=TaskState.CANCELLED)
        return [await card.of(session, turn.doors, left or draft, fresh=True)]
