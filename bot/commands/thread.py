"""/thread: message after message becomes a part, or one long text is cut into parts."""

from collections.abc import Sequence

from bot.commands import asked, card, tweet
from bot.turn import Answer, Turn
from storage import parts as thread_parts
from storage import tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import threads
from tasks.parameters import Extras
from texts.reply import Refusal, Reply
from twitter import text

#: What a draft asks for while its thread is being written: one more part, or `part:2`, another text for one.
ONE_MORE = "part:+"


async def thread(turn: Turn) -> Answer:
    """Answer /thread: with a text, which is cut into parts; alone, or with a photo, part after part."""
    said, attachments = tweet.of_message(turn, turn.argument)
    return await tweet.begin(turn, said, attachments, _plan)


async def _plan(session: Session, turn: Turn, draft: Task, words: str) -> tuple[Task, list[Reply]]:
    """Cut what was said into parts; then more may follow."""
    del turn
    changed = await cut(session, draft, words, then=ONE_MORE)
    return changed or draft, []


async def cut(session: Session, draft: Task, words: str, *, then: str | None = None) -> Task | None:
    """Let a draft be the thread of a text. Raises Refusal. None: it is no draft any more."""
    texts = threads.split(words, is_numbered=Extras.read(draft.parameters).is_numbered)
    refuse_too_many(texts)
    return await thread_parts.replace(session, draft, texts, asked=then)


def refuse_too_many(texts: Sequence[str]) -> None:
    """Refuse a thread that is too long."""
    if len(texts) > threads.PARTS_MAX:
        raise Refusal("thread.too_many", count=len(texts), limit=threads.PARTS_MAX)


async def words(turn: Turn) -> Answer | None:
    """Take a message that is a part of the open thread. None: none was asked for."""
    if turn.again:
        return None
    async with turn.begin() as session:
        if await asked.now(session, turn) is not None:
            return None
        draft = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
    if draft is None or not (draft.asked or "").startswith("part:"):
        return None
    if any(file.kind == "other" for file in turn.message.attachments):
        raise Refusal("tweet.problem_file_kind")
    async with turn.work() as session:
        await tasks.lock_drafts(session, turn.person.id)
        task = await tasks.get(session, draft.id, person_id=turn.person.id)
        if task is None or task.state != TaskState.DRAFT:
            return [Reply("tweet.no_draft")]
        changed = await _put(session, turn, task)
        if changed.gather_until is not None and turn.message.album_id:
            return []
        return [await card.of(session, turn.doors, changed, fresh=True)]


async def _put(session: Session, turn: Turn, task: Task) -> Task:
    """Put a message where it was asked for: behind the others, or in the place of a part's text."""
    said = text.normalise(turn.message.text)
    texts = await tasks.parts(session, task)
    which = (task.asked or "").partition(":")[2]
    if which.isdigit() and int(which) < len(texts):
        texts[int(which)] = said
        await _add_files(session, turn, task, int(which))
        # Answered: what comes next is one more part.
        return await thread_parts.replace(session, task, texts, asked=ONE_MORE) or task
    is_first = texts == [""] and not await tasks.media(session, task.id)
    is_same_album = bool(turn.message.album_id) and turn.message.album_id == task.album_id
    if is_same_album:
        texts[-1] = texts[-1] or said
    elif is_first:
        texts = threads.split(said)
    else:
        texts += threads.split(said)
    refuse_too_many(texts)
    part = len(texts) - 1
    changed = await thread_parts.replace(session, task, texts, **_gathering(turn))
    await _add_files(session, turn, task, part)
    return changed or task


async def _add_files(session: Session, turn: Turn, task: Task, part: int) -> None:
    for file in turn.message.attachments:
        await tasks.add_media(session, task.id, turn.message.id, tweet.new_media(file))
        await thread_parts.move_files(session, task.id, turn.message.id, to=part)


def _gathering(turn: Turn) -> dict[str, object]:
    """Say what changes of a draft while an album comes in piece by piece."""
    if not (turn.message.album_id and turn.message.attachments):
        return {}
    return {"album_id": turn.message.album_id, "gather_until": turn.now + tweet.GATHER_FOR}
