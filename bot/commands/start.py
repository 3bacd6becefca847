"""/start with all it can carry, /help, and what answers when nothing else does."""

from collections.abc import Awaitable, Callable

from bot.commands import (
    connect,
    connections,
    doctor,
    forgetting,
    handing,
    inline,
    invites,
    log,
    person,
    policy,
    share,
    tweet,
)
from bot.turn import Answer, Command, Turn
from storage import connections as stored
from storage import people, start_links
from storage.db import Session
from texts.reply import Button, Refusal, Reply, Style, Toast

#: What a private door (a link given in a group) may lead to.
_DOORS: dict[str, Command] = {
    "connect": connect.start,
    "connections": connections.show,
    "doctor": doctor.doctor,
    "tweet": tweet.tweet,
    "forget": forgetting.forget,
    "language": person.language,
    "policy": policy.show,
}

#: What a link may lead to whose purpose goes on with a row.
_LINKS: dict[str, Callable[[Turn, str], Awaitable[Answer]]] = {
    inline.PURPOSE: inline.open_draft,
    share.PURPOSE: share.open_link,
    handing.PURPOSE: handing.open_offer,
    log.PURPOSE: log.open_private,
}


async def start(turn: Turn) -> Answer:
    """Answer /start: welcome, claim, invite, or the command a link from a group stands for."""
    if not turn.argument:
        return [await _welcome(turn)]
    purpose = await _use_link(turn)
    if purpose == start_links.CLAIM:
        return [Reply("start.claimed"), await _welcome(turn)]
    for prefix, follow in _LINKS.items():
        if purpose.startswith(prefix):
            return await follow(turn, purpose)
    door = _DOORS.get(purpose)
    return await door(turn) if door else [await _welcome(turn)]


async def _use_link(turn: Turn) -> str:
    """Use the link somebody came by and give its purpose; an invitation is for others than who is in."""
    token, this = turn.argument, (turn.bot_id, turn.update_id)
    async with turn.begin() as session:
        if await start_links.purpose_of(session, token) == invites.PURPOSE:
            return invites.PURPOSE
        purpose = await start_links.use(session, token, person_id=turn.person.id, now=turn.now, delivery=this)
        if purpose is None:
            raise Refusal("start.link_dead")
        if purpose == start_links.CLAIM:
            await _let_run(session, turn)
    return purpose


async def _let_run(session: Session, turn: Turn) -> None:
    me = turn.person
    await people.let_in(session, me.id, me.first_name, me.username, now=turn.now, operator=True)


async def _welcome(turn: Turn) -> Reply:
    async with turn.begin() as session:
        connected = bool(await stored.usable(session, turn.person.id))
    connect_button = Button("start.button_connect", "connect", style=Style.PRIMARY)
    facts = {"first_name": turn.person.first_name}
    if not connected:
        return Reply("start.welcome", facts, ((connect_button,),))
    tweet_button = Button("tweet.button_begin", "tweet", style=Style.PRIMARY)
    return Reply("start.welcome_back", facts, ((tweet_button,), (connect_button,)))


async def help_(turn: Turn) -> Answer:
    """Answer /help."""
    return [Reply("start.help" if turn.chat.private else "group.help")]


async def stale_button(turn: Turn) -> Answer:  # noqa: ARG001 - a command takes a turn
    """Answer a button nobody knows (any more)."""
    return [Toast("button.stale", alert=True)]


async def unknown_command(turn: Turn) -> Answer:
    """Answer a command there is not."""
    return [Reply("start.unknown_command", {"command": (turn.command or "")[:32]})]
