"""What comes round every second or minute finds its rows without looking at all others, on both databases."""

import pytest

from storage import pages, personal_data, spending, tasks, unsent
from tests.builders import NOW
from tests.storage.plans import plan_of, whole_tables

CHORES = {
    "whose costs come near a cap": (
        lambda session: spending.take_warnings(session, now=NOW),
        "ix_connections_capped",
    ),
    "bookings of writes that were seen": (
        lambda session: unsent.settle_seen(session, now=NOW),
        "ix_bookings_open",
    ),
    "money that is set aside for nothing": (
        lambda session: unsent.left_behind(session, limit=100),
        "ix_bookings_open",
    ),
    "erased people": (personal_data.finish_erasing, "ix_people_erased"),
    "looks that found nothing new": (
        lambda session: pages.erase_old(session, NOW),
        "ix_tasks_nothing_new",
    ),
    "outcomes nobody was told": (lambda session: tasks.untold(session, NOW), "ix_tasks_untold"),
}


@pytest.mark.parametrize("name", CHORES)
async def test_a_chore_looks_at_no_whole_table(database, name):
    chore, index = CHORES[name]

    steps = await plan_of(database, chore)

    assert any(index in step for step in steps), steps
    assert whole_tables(steps) == []
