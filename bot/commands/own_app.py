"""Typing in an own app: its keys, perhaps ready-made access tokens. Each message is deleted at once."""

from collections.abc import Mapping
from datetime import datetime

from bot import keys
from bot.commands import authorize_link, connect_card, identity, newest_question, pressed, signing
from bot.turn import Answer, Turn
from storage import authorizations
from storage.db import Session
from storage.tables import AppKind, Authorization, AuthorizationState
from storage.vault import Secret
from texts.reply import Refusal, Reply
from twitter import people
from twitter.client import App, Token
from twitter.errors import NotAuthorized, XError

State = AuthorizationState

#: What is asked for in each state, in this order.
WANTED = {
    State.KEY: keys.KEY,
    State.SECRET: keys.SECRET,
    State.TOKEN: keys.TOKEN,
    State.TOKEN_SECRET: keys.TOKEN_SECRET,
}
_STATE_OF = {column: state for state, column in WANTED.items()}


@pressed.button(State.CHOOSING, State.SECRET, State.KEY)
async def choose(turn: Turn, row: Authorization) -> Answer:
    """Answer *Use my own app*: ask for the consumer key, and warn first."""
    if not turn.doors.rules.own_apps:
        raise Refusal("connect.own_apps_off")
    async with turn.work() as session:
        asked = await authorizations.choose_app(session, row, AppKind.OWN, None, turn.now)
    return await pressed.as_it_is(turn, asked or row)


@pressed.button(State.LINK, State.SECRET, State.TOKEN_SECRET)
async def have_token(turn: Turn, row: Authorization) -> Answer:
    """Answer *I have access tokens*: ask for the access token instead of a PIN."""
    if row.app_kind != AppKind.OWN or row.consumer_secret is None:
        return await pressed.as_it_is(turn, row)
    async with turn.work() as session:
        asked = await authorizations.take_secrets(
            session, turn.doors.vault, row, State.TOKEN, secrets={}, now=turn.now, **authorizations.LINK_ONLY
        )
    return await pressed.as_it_is(turn, asked or row)


@pressed.button(State.TOKEN_SECRET)
async def check_again(turn: Turn, row: Authorization) -> Answer:
    """Answer *Try again*: X could not be asked about the tokens before."""
    return await _check_token(turn, row)


async def words(turn: Turn) -> Answer | None:
    """Answer what is no key while one is asked for; None: none is."""
    async with turn.begin() as session:
        row = await authorizations.latest(session, turn.person.id)
        if row is None or not is_asking(row, turn.now) or await is_buried(session, turn, row):
            return None
    if turn.message.attachments or turn.edited:
        return [_asked_for_words(turn, row)]
    return await typed(turn, row, is_buried=False)


def is_asking(row: Authorization, now: datetime) -> bool:
    """Tell whether this row waits for a key."""
    return row.state in authorizations.TYPING and row.expires_at > now


async def is_buried(session: Session, turn: Turn, row: Authorization) -> bool:
    """Tell whether a tweet was begun after this row asked for something: its card stands further up."""
    asked_at = row.expires_at - authorizations.TYPING_FOR
    return await newest_question.is_about_a_draft(session, turn, since=asked_at)


def _asked_for_words(turn: Turn, row: Authorization) -> Reply:
    """Leave a file or an edited message alone; of an album only the first piece gets a new answer."""
    is_above = (row.card_message_id or 0) < turn.message.id
    buttons = ((connect_card.cancel(row),),)
    return Reply(
        "connect.no_key_in_it", {"wanted": WANTED[row.state]}, buttons, connect_card.card(row), is_above
    )


async def typed(turn: Turn, row: Authorization, *, is_buried: bool) -> Answer:
    """Take what was typed for this row; whatever it is, it leaves the chat first.

    The answer is a new message when the old one is buried under others, or would stand above the secret.
    """
    erased = await turn.doors.erase(turn.chat.id, turn.message.id)
    if turn.again or authorizations.is_locked(turn.doors.vault, row):
        return await pressed.as_it_is(turn, row)
    wanted = WANTED[row.state]
    found = _meant(keys.read(turn.message.text), wanted)
    if wanted not in found:
        return [_wrong_value(row, wanted, found, fresh=is_buried or not erased)]
    return await _take(turn, row, found, fresh=is_buried or not erased)


def _meant(found: Mapping[str, str], wanted: str) -> dict[str, str]:
    """Read a bare access secret as such: by its shape it could be a consumer secret."""
    if wanted in {keys.TOKEN, keys.TOKEN_SECRET} and keys.TOKEN_SECRET not in found and keys.SECRET in found:
        return {kind: value for kind, value in found.items() if kind == keys.TOKEN} | {
            keys.TOKEN_SECRET: found[keys.SECRET]
        }
    return dict(found)


def _wrong_value(row: Authorization, wanted: str, found: Mapping[str, str], *, fresh: bool) -> Reply:
    """Say what it was instead, without a word of it."""
    got = next(iter(found), "nothing")
    buttons = ((connect_card.cancel(row),),)
    return Reply(
        "connect.wrong_value", {"wanted": wanted, "got": got}, buttons, connect_card.card(row), fresh
    )


async def _take(turn: Turn, row: Authorization, found: Mapping[str, str], *, fresh: bool) -> Answer:
    """Seal what was found and go on to what is still missing: a value, the check, or the account."""
    columns = [*WANTED.values()]
    known = {column: Secret(found[column]) for column in columns if column in found}
    held = {column for column in columns if getattr(row, column) is not None} | known.keys()
    missing = next((column for column in columns[:2] if column not in held), None)
    if missing is None and row.state in {State.TOKEN, State.TOKEN_SECRET}:
        missing = next((column for column in columns[2:] if column not in held), None)
    has_token = {keys.TOKEN, keys.TOKEN_SECRET} <= held
    to = _STATE_OF[missing] if missing else State.TOKEN_SECRET if has_token else State.SECRET
    named = turn.doors.vault.fingerprint(found[keys.KEY]) if keys.KEY in found else row.app_fingerprint
    async with (turn.work if missing else turn.begin)() as session:
        taken = await authorizations.take_secrets(
            session, turn.doors.vault, row, to, secrets=known, now=turn.now, app_fingerprint=named
        )
    if taken is None or missing:
        return (
            [await connect_card.of(turn.doors, taken, turn.now, fresh=fresh)]
            if taken
            else (await pressed.as_it_is(turn, row))
        )
    if has_token:
        return await _check_token(turn, taken)
    app = signing.app_of(turn.doors, taken)
    return await authorize_link.hand_out(turn, taken, app) if app else await pressed.as_it_is(turn, taken)


async def _check_token(turn: Turn, row: Authorization) -> Answer:
    """Ask X whose the ready-made token is; that also checks all four values."""
    app, token = signing.app_of(turn.doors, row), signing.token_of(turn.doors, row)
    if app is None or token is None:
        return await pressed.as_it_is(turn, row)
    try:
        account = await signing.ask(people.who_am_i, turn.doors.x, app, token)
    except XError as error:
        return await _token_refused(turn, row, error)
    return await _keep(turn, row, app, token, account)


async def _keep(turn: Turn, row: Authorization, app: App, token: Token, account: people.Account) -> Answer:
    async with turn.work() as session:
        kept = await authorizations.keep_token(
            session,
            turn.doors.vault,
            row,
            token=Secret(token.token),
            secret=Secret(token.secret),
            now=turn.now,
            app_fingerprint=signing.fingerprint(turn.doors, app),
            **identity.columns(account),
        )
    if kept is None:
        return await pressed.as_it_is(turn, row)
    return [await connect_card.of(turn.doors, kept, turn.now, fresh=True)]


async def _token_refused(turn: Turn, row: Authorization, error: XError) -> Answer:
    key, facts = authorize_link.problem(error)
    if not (isinstance(error, NotAuthorized) and key == "connect.problem_keys_wrong"):
        return [Reply(key, facts, connect_card.after_token(row), connect_card.card(row))]
    async with turn.work() as session:
        asked = await authorizations.take_secrets(
            session, turn.doors.vault, row, State.TOKEN, secrets={}, now=turn.now, **authorizations.LINK_ONLY
        )
    if asked is None:
        return await pressed.as_it_is(turn, row)
    buttons = connect_card.after_token(asked)
    return [Reply("connect.problem_tokens_wrong", buttons=buttons, card=connect_card.card(asked))]
