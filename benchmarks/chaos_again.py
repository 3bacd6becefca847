"""Schedules that come again each minute, for a run of chaos.py; what they have to post is computed here."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from benchmarks.chaos_wish import PAUSE_S, Wanted
from storage import schedules
from storage.db import Database, Session, Unavailable
from storage.ids import sortable_id
from storage.tables import Schedule, ScheduleState, ScheduleText, Task, TaskState
from tasks.schedule import Rule

ZONE = ZoneInfo("UTC")
#: A run lasts fewer minutes: each text comes once.
TEXTS = 120
#: A schedule is ended so long before its next moment, that nobody can be about to take it up.
APART = timedelta(seconds=5)


class Again:
    """One schedule for each of some accounts."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._running: dict[str, int] = {}
        self._rules: dict[str, tuple[Rule, datetime]] = {}

    async def start(self, db: Database, owners: dict[str, tuple[int, int]]) -> None:
        """Put schedules in force, as a confirmed one is; `owners`: person and connection by username."""
        async with db.begin() as session:
            for username, (person, connection) in owners.items():
                await self._start(session, username, person, connection)

    async def _start(self, session: Session, username: str, person: int, connection: int) -> None:
        now = self._clock()
        rule = f"every 1 minutes from {now:%Y-%m-%dT%H:%M}Z"
        self._rules[username] = Rule.read(rule), now
        whose = {"person_id": person, "chat_id": person, "source_message_id": 1, "connection_id": connection}
        schedule = Schedule(
            **whose,
            state=ScheduleState.ACTIVE,
            version=1,
            rule=rule,
            zone=ZONE.key,
            missed="late:1",
            turn=1,
            created_at=now,
        )
        session.add(schedule)
        await session.flush()
        self._running[username] = schedule.id
        texts = [_text(username, turn) for turn in range(TEXTS)]
        session.add_all(
            ScheduleText(schedule_id=schedule.id, position=position, text=text)
            for position, text in enumerate(texts)
        )
        first = next(iter(self._rules[username][0].after(now, ZONE))).at
        task = Task(
            **whose,
            id=sortable_id(now),
            kind="tweet",
            state=TaskState.SCHEDULED,
            text=texts[0],
            version=1,
            run=0,
            attempts=0,
            created_at=now,
            promised=True,
            due_at=first,
            wake_at=first,
            schedule_id=schedule.id,
            occurrence_at=first,
        )
        session.add(task)
        await session.flush()

    async def end(self, db: Database) -> list[Wanted]:
        """End all, each at a moment when its next one is still ahead; gives what they had to post."""
        wanted: list[Wanted] = []
        for username, schedule_id in self._running.items():
            while True:
                try:
                    async with db.begin() as session:
                        ended_at = await self._try_to_end(session, schedule_id)
                except Unavailable:
                    ended_at = None
                if ended_at is not None:
                    break
                await asyncio.sleep(PAUSE_S)
            async with db.begin() as session:
                wanted += await self._wanted(session, username, ended_at)
        return wanted

    async def _try_to_end(self, session: Session, schedule_id: int) -> datetime | None:
        now = self._clock()
        newest = await schedules.last_occurrence(session, schedule_id)
        # Ending a schedule cancels also what is due and only waits for its turn.
        waiting = await session.scalar(
            select(func.count()).where(
                Task.schedule_id == schedule_id,
                Task.state.in_((TaskState.SCHEDULED, TaskState.DUE, TaskState.RUNNING)),
                Task.due_at <= now,
            )
        )
        if newest is None or newest - now < APART or waiting:
            return None
        await schedules.end(session, schedule_id)
        return now

    async def _wanted(self, session: Session, username: str, ended_at: datetime) -> Sequence[Wanted]:
        rule, begun = self._rules[username]
        made = select(Task.occurrence_at, Task.id).where(Task.schedule_id == self._running[username])
        ids = {row.occurrence_at: row.id for row in await session.execute(made)}
        moments = (one.at for one in rule.after(begun, ZONE))
        return [
            Wanted(username, (_text(username, turn),), None, ids.get(at, ""), at)
            for turn, at in enumerate(takewhile(lambda at: at <= ended_at, moments))
        ]


def _text(username: str, turn: int) -> str:
    return f"Again {turn} of {username}"
