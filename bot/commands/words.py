"""Words without a command: an answer to what the bot asked, a PIN, or a hint what to do. And /cancel."""

from bot.commands import connect, rename, tweet
from bot.turn import Answer, Turn
from texts.reply import Button, Reply


async def private(turn: Turn) -> Answer:
    """Answer words or a file in a private chat. Secrets come first: what waits for a key or a PIN gets it."""
    for taker in (connect.words, rename.words):
        taken = await taker(turn)
        if taken is not None:
            return taken
    if turn.message.attachments:
        return await tweet.from_media(turn)
    answered = await tweet.words(turn)
    if answered is not None:
        return answered
    return [Reply("words.hint", buttons=((Button("tweet.button_begin", "tweet"),),))]


async def in_a_group(turn: Turn) -> Answer:
    """Keep silent in a group, but for a PIN or a key that does not belong there."""
    return await connect.words_in_group(turn)


async def edited(turn: Turn) -> Answer:
    """Answer an edited message: it may hold a PIN or a key now, or be the source of a draft."""
    taken = await connect.words(turn)
    return taken if taken is not None else await tweet.edited(turn)


async def cancel(turn: Turn) -> Answer:
    """Answer /cancel: end what is being asked, and say what was cancelled."""
    for canceller in (connect.cancel, rename.cancel, tweet.cancel):
        cancelled = await canceller(turn)
        if cancelled is not None:
            return cancelled
    return [Reply("words.nothing_to_cancel")]
