"""Shows a task's card when not a person but the runner moved it on: an outcome, a question, an album."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from telegram.error import TelegramError

from bot import routes
from bot.commands import approval_card, card, missed_card
from bot.line import Unsaid
from bot.notices import Notices
from bot.turn import Answer, Doors
from storage import connections, edits, grants, groups, people, tasks
from storage import missed as missed_tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import looks
from texts.reply import Reply

log = logging.getLogger(__name__)

#: A preview that could not be shown, or whose process died over it, is shown again after this.
SHOWN_WITHIN = timedelta(seconds=30)
#: Who tells an outcome has this long; then another process may.
TOLD_IN = timedelta(minutes=1)
#: A task that moves on while it is shown is shown again, but not for ever.
SHOWN_AT_MOST = 5


def _waits_in_silence(task: Task | None) -> bool:
    """Say whether nobody wants to hear how it stands: a watch that waits; whoever can help is told once."""
    if task is None or not task.reads or not looks.watches(task):
        return False
    return task.state in (TaskState.DUE, TaskState.RUNNING)


class Teller:
    """Tells people about their tasks."""

    def __init__(self, doors: Doors, notices: Notices, clock: Callable[[], datetime]) -> None:
        self._doors = doors
        self._notices = notices
        self._clock = clock

    async def tell(self, task_id: str) -> None:
        """Show how a task stands now, unless it was told or somebody else is about to. Commits.

        What Telegram does not take is told later (tasks/runner.py).
        """
        now = self._clock()
        async with self._doors.db.begin() as session:
            task = await tasks.get(session, task_id)
            missed = task is not None and task.state == TaskState.MISSED and task.chat_id == task.person_id
            mine = not (missed or _waits_in_silence(task)) and await tasks.take_telling(
                session, task_id, now=now, until=now + TOLD_IN
            )
        if task is not None and missed:
            await self._tell_missed(task.person_id, task.chat_id)
        elif mine:
            await self._show_as_it_is(task_id)

    async def _tell_missed(self, person_id: int, chat_id: int) -> None:
        """List what somebody missed in one message: a new one if there is anything they were not told of."""
        now = self._clock()
        async with self._doors.db.begin() as session:
            untold = await missed_tasks.take_telling(session, person_id, now=now, until=now + TOLD_IN)
            person = await people.get(session, person_id)
            listed = await missed_card.of(session, person, fresh=True) if untold and person else None
            found = [task for each in untold if (task := await tasks.get(session, each))]
            # Their own cards would go on saying that they are planned.
            stale = [
                await card.of(session, self._doors, task)
                for task in found
                if task.card_message_id is not None
            ]
        if listed is None:
            return
        try:
            await self._notices.say(chat_id, [*stale[: missed_card.SHOWN], listed], to=person_id)
        except TelegramError as error:
            log.warning("person=%s not told yet what was missed: %s", person_id, type(error).__name__)
            wait_s = error.wait_s if isinstance(error, Unsaid) and error.wait_s else 0.0
            async with self._doors.db.begin() as session:
                for each in untold:
                    await tasks.not_told(session, each, again_at=self._clock() + timedelta(seconds=wait_s))
            return
        async with self._doors.db.begin() as session:
            for task in found:
                await tasks.told(session, task.id, version=task.version, now=self._clock())

    async def tell_suspended(self, grant_id: int, thread_id: int | None) -> None:
        """Tell a group that a grant of its has just lost its ground, in the topic of the task that met it.

        Once, whether it is heard or not.
        """
        async with self._doors.db.begin() as session:
            grant = await grants.get(session, grant_id)
            group = await groups.get(session, grant.group_id) if grant else None
            connection = await connections.get(session, grant.connection_id) if grant else None
        if grant is None or group is None or connection is None:
            return
        why = grant.suspended_why or "other"
        said = Reply("group.suspended", {"username": connection.username, "why": why})
        try:
            await self._notices.say(group.chat_id, [said], to=connection.person_id, thread_id=thread_id)
        except TelegramError as error:
            log.warning("grant=%s not told that it is suspended: %s", grant_id, type(error).__name__)

    async def _show_as_it_is(self, task_id: str) -> None:
        for _ in range(SHOWN_AT_MOST):
            version = await self._show(task_id)
            if version is None or not await self._moved_on(task_id, version):
                return

    async def correct(self, answer: Answer) -> None:
        """Show the tasks of an answer again that moved on while it was said, for it may have come last."""
        for each in answer:
            shown = each.card if isinstance(each, Reply) else None
            if shown and shown.noun == "task" and await self._moved_on(str(shown.id), shown.version):
                await self._show_as_it_is(str(shown.id))

    async def _moved_on(self, task_id: str, version: int) -> bool:
        async with self._doors.db.begin() as session:
            now = await tasks.version_of(session, task_id)
        return bool(version) and now not in (None, version)

    async def show_albums(self) -> None:
        """Show the previews of albums that are complete by now; what is not shown comes round again."""
        now = self._clock()
        again_at = now + SHOWN_WITHIN
        async with self._doors.db.begin() as session:
            complete = await tasks.take_gathered(session, now, again_at)
        for task in complete:
            if await self._show(task.id):
                async with self._doors.db.begin() as session:
                    await tasks.gathered(session, task.id, again_at)

    async def _replaced(self, session: Session, task: Task) -> list[Reply]:
        """Show the cards of those tweets anew whose place this one has taken on X."""
        if task.kind != "tweet" or task.state != TaskState.DONE or task.target_post_id is None:
            return []
        older = await edits.replaced(session, task)
        return [await card.of(session, self._doors, each) for each in older if each.card_message_id]

    async def _show(self, task_id: str) -> int | None:
        """Give the version that was shown. None: it was not."""
        async with self._doors.db.begin() as session:
            task = await tasks.get(session, task_id)
            if task is None:
                return None
            reply = await card.of(session, self._doors, task)
            older = await self._replaced(session, task)
            apart = await approval_card.told_apart(session, self._doors, task)
        try:
            said: Answer = [*older, reply]
            if task.chat_id != task.person_id:
                said = [*routes.for_a_group(said), *apart]
            await self._notices.say(task.chat_id, said, to=task.person_id, thread_id=task.thread_id)
        except TelegramError as error:
            log.warning("task=%s not told yet: %s", task_id, type(error).__name__)
            wait_s = error.wait_s if isinstance(error, Unsaid) and error.wait_s else 0.0
            async with self._doors.db.begin() as session:
                await tasks.not_told(session, task_id, again_at=self._clock() + timedelta(seconds=wait_s))
            return None
        if task.state == TaskState.MISSED and task.chat_id == task.person_id:
            # Only the list tells of what was missed.
            return task.version
        async with self._doors.db.begin() as session:
            await tasks.told(session, task_id, version=task.version, now=self._clock())
        return task.version
