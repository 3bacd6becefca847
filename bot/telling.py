"""Shows a task's card when not a person but the runner moved it on: an outcome, a question, an album."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import telegram

from bot.commands import card
from bot.speak import Speaker, Target
from bot.turn import Answer, Doors
from storage import people, tasks
from texts.reply import Reply

log = logging.getLogger(__name__)

#: A preview that could not be shown, or whose process died over it, is shown again after this.
SHOWN_WITHIN = timedelta(seconds=30)
#: A task that moves on while it is shown is shown again, but not for ever.
SHOWN_AT_MOST = 5


class Teller:
    """Tells people about their tasks."""

    def __init__(self, doors: Doors, speaker: Speaker, clock: Callable[[], datetime]) -> None:
        self._doors = doors
        self._speaker = speaker
        self._clock = clock

    async def tell(self, task_id: str) -> None:
        """Show how a task stands now; what Telegram does not take is told later. Commits."""
        for _ in range(SHOWN_AT_MOST):
            version = await self._show(task_id)
            if version is None or not await self._moved_on(task_id, version):
                return

    async def correct(self, answer: Answer) -> None:
        """Show the tasks of an answer again that moved on while it was said, for it may have come last."""
        for each in answer:
            shown = each.card if isinstance(each, Reply) else None
            if shown and shown.noun == "task" and await self._moved_on(str(shown.id), shown.version):
                await self.tell(str(shown.id))

    async def _moved_on(self, task_id: str, version: int) -> bool:
        async with self._doors.db.begin() as session:
            task = await tasks.get(session, task_id)
        return bool(version) and task is not None and task.version != version

    async def show_albums(self) -> None:
        """Show the previews of albums that are complete by now; what is not shown comes round again."""
        now = self._clock()
        async with self._doors.db.begin() as session:
            complete = await tasks.take_gathered(session, now, now + SHOWN_WITHIN)
        for task in complete:
            if await self._show(task.id):
                async with self._doors.db.begin() as session:
                    await tasks.gathered(session, task.id)

    async def _show(self, task_id: str) -> int | None:
        """Give the version that was shown. None: it was not."""
        async with self._doors.db.begin() as session:
            task = await tasks.get(session, task_id)
            if task is None:
                return None
            person = await people.get(session, task.person_id)
            reply = await card.of(session, self._doors, task)
        language = (person.language or person.telegram_language) if person else None
        try:
            await self._speaker.say(Target(chat_id=task.chat_id, language=language), [reply])
        except telegram.error.TelegramError as error:
            log.warning("task=%s not told yet: %s", task_id, type(error).__name__)
            return None
        async with self._doors.db.begin() as session:
            await tasks.told(session, task_id, version=task.version, now=self._clock())
        return task.version
