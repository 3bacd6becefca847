"""Words without a command: an answer to what the bot asked, or a hint what to do. And /cancel."""

from bot.commands import connect, own_app, rename, tweet
from bot.turn import Answer, Turn
from texts.reply import Button, Reply


async def private(turn: Turn) -> Answer:
    """Answer words or a file in a private chat; a PIN or a key in them has been taken already (secret.py)."""
    for taker in (own_app.words, rename.words):
        taken = await taker(turn)
        if taken is not None:
            return taken
    if turn.message.attachments:
        return await tweet.from_media(turn)
    answered = await tweet.words(turn)
    if answered is not None:
        return answered
    return [Reply("words.hint", buttons=((Button("tweet.button_begin", "tweet"),),))]


async def in_a_group(turn: Turn) -> Answer:  # noqa: ARG001 - a command takes a turn
    """Keep silent in a group."""
    return []


async def edited(turn: Turn) -> Answer:
    """Answer an edited message: it may be the source of a draft."""
    return await tweet.edited(turn) or await own_app.words(turn) or []


async def cancel(turn: Turn) -> Answer:
    """Answer /cancel: end what is being asked, and say what was cancelled."""
    for canceller in (connect.cancel, rename.cancel, tweet.cancel):
        cancelled = await canceller(turn)
        if cancelled is not None:
            return cancelled
    return [Reply("words.nothing_to_cancel")]
