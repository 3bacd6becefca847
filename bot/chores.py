"""The chores of bot/housekeeping.py: what time alone brings about, and telling people of it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.commands import connect_clock
from bot.erase import Eraser
from bot.housekeeping import Chore
from bot.speak import Speaker, Target
from bot.telling import Teller
from bot.turn import Doors
from storage import people, tasks, updates

#: Telegram redelivers nothing older than 24 hours (Bot API: getting updates); twice that is kept.
UPDATES_KEPT_FOR = timedelta(hours=48)


class Chores:
    """What has to be done now and then, for one bot."""

    def __init__(
        self, doors: Doors, speaker: Speaker, teller: Teller, eraser: Eraser, clock: Callable[[], datetime]
    ) -> None:
        self._doors = doors
        self._speaker = speaker
        self._teller = teller
        self._eraser = eraser
        self._clock = clock

    def all(self) -> Sequence[Chore]:
        """List the chores in the order in which they are done."""
        return (self.show_albums, self._eraser.sweep, self.watch_links, self.tell_x, self.forget_updates)

    async def show_albums(self) -> None:
        """Show the preview of albums that are complete by now."""
        async with self._doors.db.begin() as session:
            complete = await tasks.gathered(session, self._clock())
        for task in complete:
            await self._teller.tell(task.id)

    async def watch_links(self) -> None:
        """Count down authorize links and end those that ran out."""
        await self._say(await connect_clock.tick(self._doors, self._clock()))

    async def tell_x(self) -> None:
        """Tell X of tokens that are not wanted any more."""
        await self._say(await connect_clock.sweep(self._doors, self._clock()))

    async def forget_updates(self) -> None:
        """Forget updates that Telegram cannot send again."""
        async with self._doors.db.begin() as session:
            await updates.clean(session, self._clock() - UPDATES_KEPT_FOR)

    async def _say(self, notices: Sequence[connect_clock.Notice]) -> None:
        for notice in notices:
            async with self._doors.db.begin() as session:
                person = await people.get(session, notice.person_id)
            if person is not None:
                language = person.language or person.telegram_language
                await self._speaker.say(Target(person.id, language), notice.answer)
