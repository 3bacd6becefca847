"""The edge: one update in, its work done once, its answer said. Claims, gates, routes, words errors."""

import asyncio
import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import telegram

from bot import answering, gate
from bot.budget import Caller, caller_of
from bot.lanes import Held
from bot.line import Unsaid
from bot.no import no_at_the_gate
from bot.notices import Notices, language_of
from bot.speak import Speaker, Target
from bot.turn import Answer, Doors, Happening, Turn
from bot.turnstile import Turnstile
from bot.unpack import Masked, Unpacked, Witnessed, cleaned, unpack
from storage import people, updates
from storage.db import Unavailable
from storage.tables import Person
from texts.reply import Refusal, Reply

log = logging.getLogger(__name__)

#: A turn's deadline (design, rule 4): what may last longer becomes a row.
DEADLINE_S = 10
#: An update that failed this often is set aside, so that the others flow.
ATTEMPTS_MAX = 5
#: What Telegram does not take within this time may have been said. With the turn it is shorter than a claim.
SAYING_S = 9
#: Seconds until an answer that may have been said is said again; they double.
SAID_MAYBE_S = 2.0


#: Refusals of the gate that stand until somebody else decides otherwise.
TURNED_AWAY = ("gate.closed", "gate.banned")


class Outcome(StrEnum):
    """What became of an update: only *done* may be acknowledged to Telegram."""

    DONE = "done"
    BUSY = "busy"
    """Another replica has it in hand."""
    AGAIN = "again"
    """It failed and may be tried again."""
    LOST = "lost"
    """The database cannot be reached."""
    # And `Held`: the answer has to wait.


class Unreadable(Exception):  # noqa: N818 - what it is
    """The update cannot be read, and no retry makes it readable. Says where, nothing of what it holds."""

    def __init__(self, error: Exception) -> None:
        *_, last = traceback.extract_tb(error.__traceback__)
        super().__init__(f"{type(error).__name__} in {last.name}, {Path(last.filename).name}:{last.lineno}")


class Edge:
    """Handles updates for one bot; knows no order (bot/intake.py keeps that) and no transport."""

    def __init__(
        self,
        bot: telegram.Bot,
        doors: Doors,
        speaker: Speaker,
        *,
        notices: Notices,
        name: str,
        clock: Callable[[], datetime],
        correct: Callable[[Answer], Awaitable[None]],
    ) -> None:
        """`correct` shows again what moved on while an answer was said."""
        self._bot = bot
        self._doors = doors
        self._speaker = speaker
        self._notices = notices
        self._name = name
        self._clock = clock
        self._correct = correct
        self._turnstile = Turnstile(speaker, notices)

    async def handle(self, raw: dict[str, Any]) -> Outcome | Held:
        """Work on one raw update and answer it; never raises. Commits."""
        update_id = raw.get("update_id")
        if type(update_id) is not int or not 0 <= update_id < 2**63:
            log.warning("update without an id: ignored")
            return Outcome.DONE
        try:
            caller = caller_of(raw)
            if caller and not await self._turnstile.passes(update_id, caller, raw):
                return Outcome.DONE
            outcome = await self._handle(update_id, raw, caller)
            if outcome is Outcome.DONE:
                self._turnstile.finished(update_id)
        except Unavailable:
            log.warning("update=%s outcome=lost: the database cannot be reached", update_id)
            return Outcome.LOST
        except Exception:
            log.exception("update=%s outcome=again: it could not even be set aside", update_id)
            return Outcome.AGAIN
        return outcome

    async def _handle(self, update_id: int, raw: dict[str, Any], caller: Caller | None) -> Outcome | Held:
        async with self._doors.db.begin() as session:
            claim = await updates.claim(session, self._bot.id, update_id, by=self._name, now=self._clock())
            known = await people.get(session, caller.person_id) if caller else None
        if claim.state != "mine":
            return Outcome.DONE if claim.state == "done" else Outcome.BUSY
        try:
            async with asyncio.timeout(DEADLINE_S):
                to_say = await self._turn(raw, caller, known, again=claim.again)
            if to_say:
                await self._say(*to_say)
        except Unavailable:
            raise
        except updates.Overtaken:
            return Outcome.BUSY
        except Unsaid as unsaid:
            return await self._unsaid(update_id, claim.attempts, unsaid)
        except Exception as error:  # noqa: BLE001 - the last resort: nothing may stop the other updates
            return await self._failed(update_id, raw, claim.attempts, error)
        async with self._doors.db.begin() as session:
            await updates.answered(session, self._bot.id, update_id)
        return Outcome.DONE

    async def _turn(
        self, raw: dict[str, Any], caller: Caller | None, known: Person | None, *, again: bool
    ) -> tuple[Target, Answer] | None:
        """Do the work of an update; gives what is to be said, and to whom. None: nothing.

        `known`: the caller's row, as it was when the update was claimed.
        """
        taken = self._read(raw)
        if taken is None:
            return None
        if isinstance(taken, Masked):
            return _in_the_group(taken), answering.ask_who(taken)
        if isinstance(taken, Witnessed):
            return _in_the_group(taken), await self._witness(taken, again=again)
        return await self._heard(taken, caller, known, again=again)

    async def _heard(
        self, unpacked: Unpacked, caller: Caller | None, known: Person | None, *, again: bool
    ) -> tuple[Target, Answer] | None:
        try:
            person = await gate.admit(self._doors, unpacked, known, self._clock(), again=again)
        except Refusal as refusal:
            answers = unpacked.press_id or (unpacked.chat.private and not unpacked.membership)
            # In a group nobody was told a no, and it may be another group's guest the next moment.
            if refusal.key in TURNED_AWAY and caller and (caller.private or caller.typing):
                answers = self._turnstile.turned_away(caller) and answers
            if answers or unpacked.inline:
                no = no_at_the_gate(refusal, unpacked, again=again)
                return _target(unpacked, unpacked.user.language_code), [no]
            return None
        if caller:
            self._turnstile.let_in(caller)
        turn = self._as_turn(unpacked, person, again=again)
        answer = await (answering.answer_behind_mask if unpacked.continued else answering.answer)(turn)
        return _target(unpacked, await self._language_after(unpacked, person)), answer

    async def _witness(self, seen: Witnessed, *, again: bool) -> Answer:
        return await answering.witness(
            Happening(
                bot_id=self._bot.id,
                update_id=seen.update_id,
                now=self._clock(),
                chat=seen.chat,
                doors=self._doors,
                again=again,
                what=seen.what,
            )
        )

    def _read(self, raw: dict[str, Any]) -> Unpacked | Masked | Witnessed | None:
        """Take an update apart. Raises Unreadable."""
        try:
            return unpack(telegram.Update.de_json(cleaned(raw), self._bot), self._bot.username)
        except Exception as error:  # noqa: BLE001 - whatever a foreign parser raises
            # Without its cause, whose words may quote the update.
            raise Unreadable(error) from None

    async def _language_after(self, unpacked: Unpacked, person: Person) -> str | None:
        """Say which language somebody reads now: the button may have changed it, or erased them."""
        if not unpacked.press:
            return language_of(person)
        async with self._doors.db.begin() as session:
            now = await people.get(session, person.id)
        known = now if now is not None and not people.was_erased(now) else person
        return language_of(known)

    def _as_turn(self, unpacked: Unpacked, person: Person, *, again: bool) -> Turn:
        return Turn(
            bot_id=self._bot.id,
            update_id=unpacked.update_id,
            now=self._clock(),
            person=person,
            chat=unpacked.chat,
            message=unpacked.message,
            doors=self._doors,
            command=unpacked.command,
            argument=unpacked.argument,
            press=unpacked.press,
            inline=unpacked.inline,
            edited=unpacked.edited,
            membership=unpacked.membership,
            again=again,
        )

    async def _say(self, target: Target, answer: Answer) -> None:
        try:
            async with asyncio.timeout(SAYING_S):
                await self._speaker.say(target, answer)
        except TimeoutError:
            raise Unsaid("Telegram is silent", maybe=True) from None
        await self._correct(answer)

    async def _unsaid(self, update_id: int, attempts: int, unsaid: Unsaid) -> Outcome | Held:
        """Owe an answer Telegram did not take; one it may have taken is said again a few times."""
        log.warning("update=%s not answered yet: %s", update_id, unsaid.message)
        async with self._doors.db.begin() as session:
            if not unsaid.maybe and await updates.owe(session, self._bot.id, update_id, self._clock()):
                return Held(unsaid.wait_s)
            if attempts < ATTEMPTS_MAX:
                await updates.release(session, self._bot.id, update_id)
                return Held(SAID_MAYBE_S * 2**attempts)
            await updates.answered(session, self._bot.id, update_id)
        log.error("update=%s counts as answered: it was said %s times perhaps", update_id, attempts)
        return Outcome.DONE

    async def _failed(self, update_id: int, raw: dict[str, Any], attempts: int, error: Exception) -> Outcome:
        """Let a failed update be tried again, or set it aside and say so in one sentence."""
        error_id = secrets.token_hex(4)
        log.error("update=%s attempt=%s error_id=%s", update_id, attempts, error_id, exc_info=error)
        async with self._doors.db.begin() as session:
            if attempts < ATTEMPTS_MAX and not isinstance(error, Unreadable):
                await updates.release(session, self._bot.id, update_id)
                return Outcome.AGAIN
            await updates.set_aside(session, self._bot.id, update_id, error_id=error_id)
        await self._apologise(raw, error_id)
        return Outcome.DONE

    async def _apologise(self, raw: dict[str, Any], error_id: str) -> None:
        user = _first(raw, "from")
        if not user or not isinstance(user.get("id"), int) or user.get("is_bot") or "inline_query" in raw:
            return
        async with self._doors.db.begin() as session:
            person = await people.get(session, user["id"])
        if person is None:
            return
        try:
            await self._notices.say(person.id, [Reply("edge.set_aside", {"error_id": error_id})])
        except telegram.error.TelegramError as lost:
            log.warning("error_id=%s could not be told: %s", error_id, type(lost).__name__)


def _target(unpacked: Unpacked, language: str | None) -> Target:
    user, pressed = unpacked.user, unpacked.continued or (unpacked.message.id if unpacked.press_id else None)
    return Target(
        chat_id=unpacked.chat.id,
        language=language,
        thread_id=unpacked.chat.thread_id,
        press_id=unpacked.press_id,
        query_id=unpacked.inline.query_id if unpacked.inline else None,
        pressed_message_id=pressed,
        said_id=None if unpacked.press or unpacked.chat.private else unpacked.message.id or None,
        presser=(user.id, user.first_name) if unpacked.press and not unpacked.chat.private else None,
    )


def _in_the_group(taken: Masked | Witnessed) -> Target:
    said = taken.message_id if isinstance(taken, Masked) else None
    return Target(taken.chat.id, thread_id=taken.chat.thread_id, said_id=said)


def _first(raw: dict[str, Any], key: str) -> dict[str, Any] | None:
    """Find who caused a raw update that could not be parsed."""
    for value in raw.values():
        if isinstance(value, dict) and isinstance(value.get(key), dict):
            found: dict[str, Any] = value[key]
            return found
    return None
