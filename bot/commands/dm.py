"""/dm: from a name and a text to the draft of a message, which goes out when Send is pressed."""

from dataclasses import replace

from bot.commands import card, tweet, which_account
from bot.turn import Answer, Turn
from storage import tasks
from tasks import kinds
from tasks.parameters import Extras
from texts.reply import Refusal
from twitter import addresses, text


async def dm(turn: Turn) -> Answer:
    """Answer /dm @name text; without a text it is asked for."""
    first, said = split(turn.argument)
    username = addresses.username(first, origin=turn.doors.x.web_origin)
    if username is None:
        raise Refusal("dm.to_whom")
    if turn.message.attachments:
        raise Refusal("dm.text_only")
    async with turn.work() as session:
        task, aside = await tasks.begin(
            session,
            person_id=turn.person.id,
            chat_id=turn.chat.id,
            message_id=turn.message.id,
            kind=kinds.MESSAGE.name,
            text=text.normalise(said) or None,
            connection_id=await which_account.first_choice(session, turn),
            now=turn.now,
            thread_id=turn.chat.thread_id,
        )
        if not turn.again:
            named = Extras(username=username).written()
            task = await tasks.change_draft(session, task.id, parameters=named) or task
        left = [await card.of(session, turn.doors, aside)] if aside else []
        return [*left, await card.of(session, turn.doors, task, fresh=True)]


async def edited(turn: Turn) -> Answer | None:
    """Answer an edit of /dm: somebody else, or another text. None: it is another command. Raises Refusal."""
    if turn.command != "dm":
        return None
    first, said = split(turn.argument)
    username = addresses.username(first, origin=turn.doors.x.web_origin)
    if username is None:
        raise Refusal("dm.to_whom")
    return await tweet.edited(replace(turn, argument=said), {"username": username}, kinds.MESSAGE)


def split(said: str) -> tuple[str, str]:
    """Part the first word from the rest, whose line breaks stay."""
    words = said.split(None, 1)
    return words[0] if words else "", words[1] if len(words) > 1 else ""
