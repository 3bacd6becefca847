"""Shows a task's card when not a person but the runner moved it on: an outcome, a question, an album."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import telegram

from bot.commands import card
from bot.speak import Speaker, Target
from bot.turn import Doors
from storage import people, tasks

log = logging.getLogger(__name__)

#: A preview that could not be shown, or whose process died over it, is shown again after this.
SHOWN_WITHIN = timedelta(seconds=30)


class Teller:
    """Tells people about their tasks."""

    def __init__(self, doors: Doors, speaker: Speaker, clock: Callable[[], datetime]) -> None:
        self._doors = doors
        self._speaker = speaker
        self._clock = clock

    async def tell(self, task_id: str) -> None:
        """Show how a task stands now; what Telegram does not take is told later. Commits."""
        await self._show(task_id)

    async def show_albums(self) -> None:
        """Show the previews of albums that are complete by now; what is not shown comes round again."""
        now = self._clock()
        async with self._doors.db.begin() as session:
            complete = await tasks.take_gathered(session, now, now + SHOWN_WITHIN)
        for task in complete:
            if await self._show(task.id):
                async with self._doors.db.begin() as session:
                    await tasks.gathered(session, task.id)

    async def _show(self, task_id: str) -> bool:
        async with self._doors.db.begin() as session:
            task = await tasks.get(session, task_id)
            if task is None:
                return True
            person = await people.get(session, task.person_id)
            reply = await card.of(session, self._doors, task)
        language = (person.language or person.telegram_language) if person else None
        try:
            await self._speaker.say(Target(chat_id=task.chat_id, language=language), [reply])
        except telegram.error.TelegramError as error:
            log.warning("task=%s not told yet: %s", task_id, type(error).__name__)
            return False
        async with self._doors.db.begin() as session:
            await tasks.told(session, task_id, version=task.version, now=self._clock())
        return True
