"""Lets through as many updates of each person as bot/budget.py allows; who may come at all: gate.py."""

import logging
import time
from collections import OrderedDict
from typing import Any

from telegram.error import TelegramError

from bot.budget import Budget, Caller, Verdict
from bot.notices import Notices
from bot.speak import Speaker, Target
from texts.reply import Reply, Toast

log = logging.getLogger(__name__)

#: Updates let through and not finished that are remembered.
PASSED_MAX = 10_000


class Turnstile:
    """One bot's, in this process."""

    def __init__(self, speaker: Speaker, notices: Notices) -> None:
        self._speaker = speaker
        self._notices = notices
        self._budget = Budget()
        self._passed: OrderedDict[int, None] = OrderedDict()

    async def passes(self, update_id: int, caller: Caller, raw: dict[str, Any]) -> bool:
        """Tell whether an update is looked at; one that was is again, until it is `finished`."""
        if update_id in self._passed:
            return True
        verdict = self._budget.spend(caller, _steady_s())
        if verdict is Verdict.WELCOME:
            self._passed[update_id] = None
            while len(self._passed) > PASSED_MAX:
                self._passed.popitem(last=False)
            return True
        log.info("update=%s person=%s dropped: %s", update_id, caller.person_id, verdict.name.lower())
        if verdict is Verdict.TOO_FAST:
            await self._say_too_fast(caller, raw)
        return False

    def finished(self, update_id: int) -> None:
        """Forget an update."""
        self._passed.pop(update_id, None)

    def turned_away(self, caller: Caller) -> bool:
        """Note that the gate let somebody not in. False: they were told so just now."""
        return self._budget.turned_away(caller, _steady_s())

    def let_in(self, caller: Caller) -> None:
        """Note that the gate let somebody in."""
        self._budget.let_in(caller)

    async def _say_too_fast(self, caller: Caller, raw: dict[str, Any]) -> None:
        press = raw.get("callback_query")
        try:
            if isinstance(press, dict) and isinstance(press.get("id"), str):
                target = Target(caller.person_id, press_id=press["id"])
                await self._speaker.say(target, [Toast("gate.too_fast", alert=True)])
            else:
                await self._notices.say(caller.person_id, [Reply("gate.too_fast")])
        except TelegramError as lost:
            log.warning("person=%s could not be told to slow down: %s", caller.person_id, type(lost).__name__)


def _steady_s() -> float:
    return time.monotonic()
