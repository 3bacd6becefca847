"""Whatever the database answers, an update is tried again; it is neither lost nor does it take the bot down."""

import pytest
from sqlalchemy import text

from bot.edge import Outcome


@pytest.mark.parametrize(
    "broken",
    ["BEFORE INSERT ON updates", "BEFORE UPDATE OF state ON updates WHEN NEW.state = 'answered'"],
)
async def test_an_error_nobody_thought_of_is_tried_again_and_then_answered(rig, broken):
    ada = await rig.phone("Ada")
    async with rig.app.db.begin() as session:
        await session.execute(text(f"CREATE TRIGGER broken {broken} BEGIN SELECT RAISE(ABORT, 'no'); END"))
    ada.send("/help")
    (update,) = rig.waiting()

    outcome = await rig.give(update)
    async with rig.app.db.begin() as session:
        await session.execute(text("DROP TRIGGER broken"))
    rig.clock.advance(minutes=1)
    again = await rig.give(update)

    assert (outcome, again) == (Outcome.AGAIN, Outcome.DONE)
    assert "How it works" in ada.text
