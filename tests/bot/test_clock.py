"""The time replicas agree on."""

from datetime import timedelta

from sqlalchemy import text

from bot import clock


async def test_replicas_on_postgres_agree_on_the_time_whatever_their_machines_say(
    postgresql_url, open_database
):
    db = await open_database(postgresql_url)
    one, two = clock.SharedClock(db), clock.SharedClock(db)
    two._at += timedelta(hours=1)
    await one.ask()
    await two.ask()

    async with db.begin() as session:
        theirs = await session.scalar(text("SELECT clock_timestamp()"))

    assert abs(one() - two()) < timedelta(seconds=1)
    assert abs(one() - theirs) < timedelta(seconds=1)
    assert one().utcoffset() == timedelta(0)


async def test_between_two_looks_the_time_goes_on(postgresql_url, open_database):
    shared = clock.SharedClock(await open_database(postgresql_url))
    await shared.ask()

    first = shared()

    assert first < shared() < first + timedelta(seconds=1)
