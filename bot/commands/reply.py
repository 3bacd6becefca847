"""/reply, /quote, and words in reply to a shown tweet: a draft about a post. Its card is a draft's."""

from dataclasses import replace
from typing import Any

from bot.commands import allowed, card, deed, tweet
from bot.turn import Answer, Turn
from storage import tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import kinds
from tasks.parameters import Extras
from texts.reply import Refusal, Reply
from twitter import addresses, text


async def reply(turn: Turn) -> Answer:
    """Answer /reply: with a link or an id and a text, or in reply to the card of a shown tweet."""
    async with turn.begin() as session:
        shown = await _shown(session, turn)
        post_id, words = await _read(session, turn, shown)
    return await tweet.begin(turn, words, turn.message.attachments, _with(Extras(reply_to=post_id), shown))


async def quote(turn: Turn) -> Answer:
    """Answer /quote: with a link or an id and a text, or in reply to the card of a shown tweet."""
    async with turn.begin() as session:
        shown = await _shown(session, turn)
        post_id, words = await _read(session, turn, shown)
    return await tweet.begin(turn, words, turn.message.attachments, _with(Extras(quote=post_id), shown))


async def words(turn: Turn) -> Answer | None:
    """Take words or a file in reply to the card of a shown tweet, or of one's own. None: to no such card."""
    async with turn.begin() as session:
        shown = await _shown(session, turn)
        post_id = await deed.answerable(session, shown) if shown else None
    if post_id is None:
        return None
    planner = _with(Extras(reply_to=post_id), shown)
    return await tweet.begin(turn, turn.message.text, turn.message.attachments, planner)


async def edited(turn: Turn) -> Answer | None:
    """Answer an edit of /reply or /quote: another post, or another text. None: it is another command."""
    if turn.command not in ("reply", "quote"):
        return None
    async with turn.begin() as session:
        post_id, words = await _read(session, turn, await _shown(session, turn))
    about = {"reply_to": post_id, "quote": None}
    if turn.command == "quote":
        about = {"reply_to": None, "quote": post_id}
    return await tweet.edited(replace(turn, argument=words), about)


async def _shown(session: Session, turn: Turn) -> Task | None:
    """Find the tweet a message replies to: one that was shown, or went out; a draft's card is none."""
    shown = await deed.shown_in_reply(session, turn)
    is_post = shown is not None and shown.kind in (kinds.GET.name, kinds.TWEET.name)
    return shown if is_post and shown is not None and shown.state == TaskState.DONE else None


async def _read(session: Session, turn: Turn, shown: Task | None) -> tuple[str, str]:
    """Read the post and the text. Raises Refusal. Under a card a number is text, and only a link a post."""
    first, _, rest = turn.argument.strip().partition(" ")
    if "\n" in first:
        first, _, rest = turn.argument.strip().partition("\n")
    said = addresses.post_id(first, origin=turn.doors.x.web_origin)
    if said is not None and said != deed.NEWEST and not (shown is not None and said == first):
        return said, rest.strip()
    post_id = await deed.answerable(session, shown) if shown else None
    if post_id is None:
        raise Refusal("reply.which_post")
    return post_id, turn.argument


def _with(extras: Extras, shown: Task | None) -> tweet.Planner:
    """Let a draft answer or quote a post, from the account for which it was shown."""

    async def put(session: Session, turn: Turn, draft: Task, said: str) -> tuple[Task, list[Reply]]:
        changes: dict[str, Any] = {"parameters": extras.written()}
        if said:
            changes["text"] = text.normalise(said)
        usable = await allowed.usable_ids(session, turn)
        if shown is not None and shown.connection_id in usable:
            changes["connection_id"] = shown.connection_id
        return await tasks.change_draft(session, draft.id, **changes) or draft, []

    return put


async def on_card(turn: Turn, session: Session, shown: Task, extras: Extras) -> Answer:
    """Begin an answer or quote from the button of a shown tweet, or show the open draft of one."""
    await tasks.lock_drafts(session, turn.person.id)
    draft = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
    if draft is not None and draft.parameters == extras.written():
        return [await card.of(session, turn.doors, draft, fresh=True)]
    begun, aside = await tasks.begin(
        session,
        person_id=turn.person.id,
        chat_id=turn.chat.id,
        # Of no message, hence below zero; the same press again finds it.
        message_id=-turn.update_id,
        kind=kinds.TWEET.name,
        text=None,
        connection_id=shown.connection_id,
        now=turn.now,
        thread_id=shown.thread_id,
    )
    begun, _ = await _with(extras, shown)(session, turn, begun, "")
    left = [await card.of(session, turn.doors, aside)] if aside else []
    return [*left, await card.of(session, turn.doors, begun, fresh=True)]
