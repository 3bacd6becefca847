"""Secrets come first: finds a PIN or a key in whatever was said, and who takes it, before any other command.

How a PIN is exchanged and keys are kept stands in pin.py and own_app.py.
"""

import re
from functools import partial

from bot import keys
from bot import pin as shape
from bot.commands import connect_card, newest_question, own_app, pin, pressed
from bot.turn import Answer, Command, Turn
from storage import authorizations, links, start_links
from storage.db import Session
from storage.tables import Authorization, AuthorizationState
from texts.reply import Button, Reply, Style

State = AuthorizationState

#: What follows it is meant for everybody: a number there is a PIN only while a link waits for one.
_PUBLISHING = "tweet"
#: Nobody writes a number behind these by chance.
_ABOUT_A_PIN = frozenset(("pin", "connect"))
#: What links that start the bot carry: storage/start_links.py (base64) and invites.py (hex).
_START_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}|[0-9a-f]{32}")


async def taker(turn: Turn) -> Command | None:
    """Say which command takes the secret in what was said. None: there is none."""
    if turn.press or turn.membership is not None or _is_start_token(turn):
        return None
    return await (_in_private(turn) if turn.chat.private else _in_a_group(turn))


def _is_start_token(turn: Turn) -> bool:
    return turn.command == "start" and _START_TOKEN.fullmatch(turn.argument) is not None


async def _in_private(turn: Turn) -> Command | None:
    said = turn.message.text
    code, is_key = shape.find(said), keys.looks_secret(said)
    if not (code or is_key or keys.read(said)):
        return _quoted(turn)
    async with turn.begin() as session:
        row = await authorizations.latest(session, turn.person.id)
        buried = await own_app.is_buried(session, turn, row) if row else False
        is_text = turn.command == _PUBLISHING or await _is_for_a_tweet(session, turn, row)
    may_answer = not buried and turn.command != _PUBLISHING
    if row is not None and own_app.is_asking(row, turn.now) and (is_key or may_answer):
        return partial(own_app.typed, row=row, is_buried=buried)
    if code and row is not None and row.state in {State.LINK, State.EXCHANGING}:
        return partial(pin.take, row=row, pin=code)
    if code and (not is_text or shape.names_a_pin(said)):
        return partial(pin.take, row=row, pin=code)
    return partial(_key_not_asked, row=row) if is_key else None


async def _is_for_a_tweet(session: Session, turn: Turn, row: Authorization | None) -> bool:
    since = row.created_at if row else turn.now - pin.REMEMBERED_FOR
    return await newest_question.is_about_a_draft(session, turn, since=since)


def _quoted(turn: Turn) -> Command | None:
    """Keep a key out of a tweet that is made from another message."""
    source = turn.message.reply_to
    is_key = turn.command == _PUBLISHING and source is not None and keys.looks_secret(source.text)
    return partial(_key_not_asked, row=None) if is_key else None


async def _key_not_asked(turn: Turn, row: Authorization | None) -> Answer:
    """Delete a key nobody asked for; one delivered again was perhaps asked for the first time."""
    await turn.doors.erase(turn.chat.id, turn.message.id)
    source = turn.message.reply_to
    if source is not None and keys.looks_secret(source.text):
        await turn.doors.erase(turn.chat.id, source.id)
    if turn.again and row is not None:
        return await pressed.as_it_is(turn, row)
    return [Reply("connect.key_not_asked", buttons=connect_card.anew(), fresh=True)]


async def _in_a_group(turn: Turn) -> Command | None:
    words = turn.message.text
    if keys.looks_secret(words):
        return _key_for_all_to_see
    is_named = shape.names_a_pin(words) or (turn.command in _ABOUT_A_PIN and bool(shape.find(words)))
    if not is_named and not shape.find(words) and not (_is_addressed(turn) and shape.within(words)):
        return None
    async with turn.begin() as session:
        row = await authorizations.current(session, turn.person.id)
    waiting = row if row is not None and row.state == State.LINK else None
    return partial(_pin_for_all_to_see, row=waiting) if waiting or is_named or turn.again else None


def _is_addressed(turn: Turn) -> bool:
    name = f"@{turn.doors.rules.bot_username}".casefold()
    return turn.command is not None or name in turn.message.text.casefold()


async def _key_for_all_to_see(turn: Turn) -> Answer:
    return await _say_in_the_group(turn, "connect.key_in_group")


async def _pin_for_all_to_see(turn: Turn, row: Authorization | None) -> Answer:
    return await _say_in_the_group(turn, "connect.pin_in_group", closes=row)


async def _say_in_the_group(turn: Turn, key: str, *, closes: Authorization | None = None) -> Answer:
    """Delete it if we may, close its link, say so, and lead to the private chat."""
    erased = await turn.doors.erase(turn.chat.id, turn.message.id)
    async with turn.work() as session:
        if closes is not None:
            await links.close(session, closes, turn.now)
        door = await start_links.make(
            session,
            "connect",
            person_id=turn.person.id,
            expires_at=turn.now + start_links.PRIVATE_DOOR_FOR,
            made_by=turn.person.id,
        )
    url = f"https://t.me/{turn.doors.rules.bot_username}?start={door}"
    private = Button("connect.button_private", url=url, style=Style.PRIMARY)
    return [Reply(key, {"deleted": "yes" if erased else "no"}, ((private,),), fresh=True)]
