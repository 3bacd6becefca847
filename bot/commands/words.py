"""Words without a command: an answer to what the bot asked, or a hint what to do. And /cancel."""

from bot.commands import (
    asked,
    connect,
    dm,
    limits,
    look,
    missed,
    own_app,
    poll,
    queue,
    queue_buttons,
    rename,
    reply,
    schedule,
    slots,
    template,
    thread,
    thread_buttons,
    tweet,
    zone,
)
from bot.turn import Answer, Turn
from texts.reply import Button, Reply

_HINT = Reply("words.hint", buttons=((Button("tweet.button_begin", "tweet"),),))


async def private(turn: Turn) -> Answer:
    """Answer words or a file in a private chat; a PIN or a key in them has been taken already (secret.py)."""
    if turn.message.poll:
        return await poll.begin(turn, turn.message.poll)
    if not (turn.message.text or turn.message.attachments):
        # A place, a contact: an answer to nothing that is asked, and no empty text for a draft.
        return [_HINT]
    taken = await _taken(turn)
    return [_HINT] if taken is None else taken


async def _taken(turn: Turn) -> Answer | None:
    """Find who takes the words. None: nobody does."""
    for taker in (own_app.words, rename.words, reply.words, thread.words, poll.words):
        if (taken := await taker(turn)) is not None:
            return taken
    if turn.message.attachments:
        return await tweet.from_media(turn)
    for taker in (_planned, schedule.words, template.words, tweet.words):
        if (taken := await taker(turn)) is not None:
            return taken
    # A command that somebody forwards is nobody's: it is not run, nor taken for the words of a tweet.
    if turn.message.forwarded and turn.message.text and not turn.message.text.startswith("/"):
        return await tweet.begin(turn, turn.message.text, ())
    return None


async def _planned(turn: Turn) -> Answer | None:
    """Take what was asked for beside a draft. None: nothing was."""
    async with turn.begin() as session:
        question = await asked.now(session, turn)
    if question is None:
        return None
    if question.what == asked.TAKEN:
        return await queue.taken(turn, question.row)
    takers = (
        zone.words,
        slots.words,
        queue_buttons.words,
        missed.words,
        look.words,
        thread_buttons.words,
        limits.words,
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
    return [Reply("words.not_asked_any_more")]


async def in_a_group(turn: Turn) -> Answer:  # noqa: ARG001 - a command takes a turn
    """Keep silent in a group."""
    return []


async def edited(turn: Turn) -> Answer:
    """Answer an edited message: it may be the source of a draft."""
    for follows in (schedule.edited, reply.edited, dm.edited):
        if (answer := await follows(turn)) is not None:
            return answer
    about = {"reply_to": None, "quote": None} if turn.command == "tweet" else {}
    return await tweet.edited(turn, about) or await own_app.words(turn) or []


async def cancel(turn: Turn) -> Answer:
    """Answer /cancel: end what is being asked, and say what was cancelled."""
    for canceller in (connect.cancel, rename.cancel, _stop_asking, tweet.cancel):
        cancelled = await canceller(turn)
        if cancelled is not None:
            return cancelled
    return [Reply("words.nothing_to_cancel")]
