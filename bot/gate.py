"""Decides who gets in before any command is called: banned, invited, open to all, a guest. Default: no."""

from datetime import datetime

import telegram

from bot.commands import log
from bot.turn import Doors
from bot.unpack import Unpacked
from storage import grants, groups, people, start_links
from storage.db import Session
from storage.tables import Person, PersonState
from texts.reply import Refusal

#: What an invited or claiming newcomer sends: /start with the token of the link (Bot API: deep linking).
LETS_IN = ("claim", "invite")
#: What a guest may do in private: read a log, where they administer the group (log_view.py asks Telegram).
_FOR_GUESTS = frozenset({"log", *log.VERBS})


async def admit(
    doors: Doors, unpacked: Unpacked, known: Person | None, now: datetime, *, again: bool
) -> Person:
    """Give the person behind an update, letting a newcomer in who may come.

    `known`: their row as it was read a moment ago; it is read again only where something has to change.
    `again`: the update's work is committed. Commits. Raises Refusal for everybody else: `gate.closed`,
    `gate.banned`, or why the link is no good.
    """
    user = unpacked.user
    if known is not None and _is_as_known(known, user):
        return known
    async with doors.db.begin() as session:
        person = await people.get(session, user.id)
        if (
            person is None
            or people.was_erased(person)
            or await _is_guest_elsewhere(session, person, unpacked)
        ):
            if again and (person is None or person.state != PersonState.GUEST):
                # Let in once, unknown now: this very update erased them, and they were not told yet.
                raise Refusal("gate.erased")
            person = await _newcomer(session, doors, unpacked, now)
        if person.state == PersonState.BANNED:
            raise Refusal("gate.banned")
        if unpacked.inline and person.state == PersonState.LEFT:
            # Typing its name somewhere does not mean that they let the bot write to them again.
            raise Refusal("gate.begin_anew")
        await people.refresh(
            session,
            person,
            first_name=user.first_name,
            username=user.username,
            telegram_language=user.language_code,
        )
        return person


def _is_as_known(known: Person, user: telegram.User) -> bool:
    """Tell whether somebody may come in and is called what they were called before."""
    said = (user.id, user.first_name, user.username, user.language_code)
    row = (known.id, known.first_name, known.username, known.telegram_language)
    return known.state == PersonState.ACTIVE and row == said


async def _newcomer(session: Session, doors: Doors, unpacked: Unpacked, now: datetime) -> Person:
    rules, user = doors.rules, unpacked.user
    is_shared = not unpacked.chat.private and bool(await grants.in_force(session, unpacked.chat.id))
    if is_shared and unpacked.press:
        return await people.as_guest(session, user.id, user.first_name, user.username, now=now)
    if not _wishes_to_come(unpacked):
        raise Refusal("gate.begin_anew")
    if unpacked.command == "start" and unpacked.argument:
        purpose = await start_links.use(
            session, unpacked.argument, person_id=user.id, now=now, purposes=LETS_IN
        )
        if purpose:
            return await _let_in(session, user, now, operator=purpose == "claim")
        raise Refusal("gate.link_dead")
    if rules.first_is_operator and not await people.operator_exists(session):
        return await _let_in(session, user, now, operator=True)
    if rules.open_to_all:
        return await _let_in(session, user, now, operator=False)
    if is_shared:
        return await people.as_guest(session, user.id, user.first_name, user.username, now=now)
    raise Refusal("gate.closed")


async def _is_guest_elsewhere(session: Session, person: Person, unpacked: Unpacked) -> bool:
    """Tell whether somebody known only from groups is here where nothing is shared: a stranger."""
    if person.state != PersonState.GUEST:
        return False
    if unpacked.chat.private:
        return not await _wants_a_log(session, unpacked)
    group = await groups.find(session, unpacked.chat.id)
    return group is None or not await grants.of_group(session, group.id)


async def _wants_a_log(session: Session, unpacked: Unpacked) -> bool:
    if unpacked.edited or unpacked.membership or unpacked.inline:
        return False
    if unpacked.press or unpacked.command != "start":
        return (unpacked.press.verb if unpacked.press else unpacked.command) in _FOR_GUESTS
    purpose = await start_links.purpose_of(session, unpacked.argument)
    return purpose is not None and purpose.startswith(log.PURPOSE)


def _wishes_to_come(unpacked: Unpacked) -> bool:
    """Tell a newcomer from somebody who was erased and presses an old button, and from talk elsewhere."""
    if unpacked.press or unpacked.membership or unpacked.edited or unpacked.inline:
        return False
    return unpacked.chat.private or unpacked.command is not None


async def _let_in(session: Session, user: telegram.User, now: datetime, *, operator: bool) -> Person:
    return await people.let_in(
        session,
        user.id,
        first_name=user.first_name,
        username=user.username,
        now=now,
        operator=operator,
    )
