"""Words without a command: an answer to what the bot asked, or a hint what to do. And /cancel."""

from collections.abc import Awaitable, Callable

from bot.commands import (
    allowed,
    approvals,
    asked,
    connect,
    dm,
    handing,
    limits,
    look,
    missed,
    own_app,
    picked,
    policy,
    poll,
    queue,
    queue_buttons,
    rename,
    reply,
    schedule,
    share,
    slots,
    template,
    thread,
    thread_buttons,
    tweet,
    zone,
)
from bot.turn import Answer, Turn
from storage import at_once, tasks
from storage.tables import Task
from tasks.permissions import Action
from texts.reply import Button, Reply

_Taker = Callable[[Turn], Awaitable[Answer | None]]
_Canceller = _Taker
_HINT = Reply("words.hint", buttons=((Button("tweet.button_begin", "tweet"),),))


async def private(turn: Turn) -> Answer:
    """Answer words or a file in a private chat; a PIN or a key in them has been taken already (secret.py)."""
    if turn.message.poll:
        return await poll.begin(turn, turn.message.poll)
    if (chosen := await picked.taken(turn)) is not None:
        return chosen
    if not (turn.message.text or turn.message.attachments):
        # A place, a contact: an answer to nothing that is asked, and no empty text for a draft.
        return [_HINT]
    taken = await _taken(turn)
    return [_HINT] if taken is None else taken


async def _taken(turn: Turn) -> Answer | None:
    """Find who takes the words. None: nobody does."""
    first: list[_Taker] = [own_app.words, rename.words, reply.words]
    then: list[_Taker] = [_planned]
    if await _has_draft(turn):
        first += [thread.words, poll.words]
        then += [schedule.words, template.words, tweet.words]
    for taker in first:
        if (taken := await taker(turn)) is not None:
            return taken
    if turn.message.attachments:
        return await tweet.from_media(turn)
    for taker in then:
        if (taken := await taker(turn)) is not None:
            return taken
    # A command that somebody forwards is nobody's: it is not run, nor taken for the words of a tweet.
    if turn.message.forwarded and turn.message.text and not turn.message.text.startswith("/"):
        return await tweet.begin(turn, turn.message.text, ())
    return None


async def _has_draft(turn: Turn) -> bool:
    """Tell whether a draft is open, which may have asked for these words."""
    async with turn.begin() as session:
        draft = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
    return draft is not None


async def _planned(turn: Turn) -> Answer | None:
    """Take what was asked for beside a draft. None: nothing was."""
    async with turn.begin() as session:
        question = await asked.now(session, turn)
    if question is None:
        return None
    if question.what == asked.TAKEN:
        shown = await picked.shown_again(turn, question.row)
        return await queue.taken(turn, question.row) if shown is None else shown
    takers = (
        zone.words,
        slots.words,
        queue_buttons.words,
        missed.words,
        look.words,
        thread_buttons.words,
        limits.words,
        policy.words,
        share.words,
        handing.words,
        approvals.words,
    )
    for taker in takers:
        taken = await taker(turn, question)
        if taken is not None:
            return taken
    return None


async def _stop_asking(turn: Turn) -> Answer | None:
    """Withdraw what was asked for beside a draft. None: nothing was."""
    async with turn.begin() as session:
        question = await asked.now(session, turn)
    if question is None or question.what == asked.TAKEN:
        return None
    async with turn.work() as session:
        await asked.withdraw(session, turn)
    return [Reply("words.not_asked_any_more", picked=question.what in picked.PICKING)]


async def in_a_group(turn: Turn) -> Answer:
    """Take words or a file in a group where they answer what the bot asked this person; else keep silent.

    They have to reply to the bot: that is how it hears them at all, unless it is an admin (privacy mode).
    """
    source = turn.message.reply_to
    answers_us = source is not None and source.ours
    if turn.message.forwarded or not (answers_us or turn.message.album_id):
        return []
    async with turn.begin() as session:
        draft = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
        question = await asked.now(session, turn)
        other = await at_once.of_card(session, chat_id=turn.chat.id, message_id=source.id) if source else None
    if not _continues(turn, draft):
        if not answers_us or (draft is None and question is None):
            return []
        if other is not None and (draft is None or other.id != draft.id):
            return []
    return await _answered_in_a_group(await allowed.live(turn), draft) or []


def _continues(turn: Turn, draft: Task | None) -> bool:
    """Tell whether a message is a further piece of the album that a draft was begun with."""
    album_id = turn.message.album_id
    return album_id is not None and draft is not None and draft.album_id == album_id


async def _answered_in_a_group(turn: Turn, draft: Task | None) -> Answer | None:
    for taker in (thread.words, poll.words):
        if (taken := await taker(turn)) is not None:
            return taken
    is_empty = draft is not None and not draft.text
    if turn.message.poll and is_empty:
        return await poll.begin(turn, turn.message.poll)
    if turn.message.attachments and (is_empty or _continues(turn, draft)):
        return await tweet.from_media(turn)
    if turn.message.attachments or not turn.message.text:
        return None
    for taker in (_planned, schedule.words, tweet.words):
        if (taken := await taker(turn)) is not None:
            return taken
    return None


async def edited_in_a_group(turn: Turn) -> Answer:
    """Answer an edited message in a group: only what somebody's own draft was made from."""
    async with turn.begin() as session:
        task = await tasks.from_message(session, chat_id=turn.chat.id, message_id=turn.message.id)
    if task is None or task.person_id != turn.person.id:
        return []
    turn = await allowed.live(turn)
    async with turn.begin() as session:
        await allowed.refuse_unless_may(session, turn, task, Action.EDIT_DRAFT)
    return await edited(turn)


async def edited(turn: Turn) -> Answer:
    """Answer an edited message: it may be the source of a draft."""
    for follows in (schedule.edited, reply.edited, dm.edited):
        if (answer := await follows(turn)) is not None:
            return answer
    about = {"reply_to": None, "quote": None} if turn.command == "tweet" else {}
    followed = await tweet.edited(turn, about)
    return followed or (turn.chat.private and await own_app.words(turn)) or []


_OF_PRIVATE_CHATS: tuple[_Canceller, ...] = (connect.cancel, rename.cancel)
_CANCELLERS: tuple[_Canceller, ...] = (_stop_asking, tweet.cancel)


async def cancel(turn: Turn) -> Answer:
    """Answer /cancel: end what is being asked, and say what was cancelled."""
    for canceller in _OF_PRIVATE_CHATS + _CANCELLERS if turn.chat.private else _CANCELLERS:
        cancelled = await canceller(turn)
        if cancelled is not None:
            return cancelled
    return [Reply("words.nothing_to_cancel")]
