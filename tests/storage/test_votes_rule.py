"""The fence counts votes in SQL, the rest of us by tasks/permissions.py: both say the same, on both databases."""

import random

from sqlalchemy import delete, insert

from storage import grants, votes
from storage.tables import Grant, GrantPerson, Verdict, Vote
from tasks import approval, permissions
from tasks.policy import Approves
from tests.builders import NOW, add_connection, add_grant, add_group, add_person, add_task

CHAT, AUTHOR = -500, 102
ASKED, BEFORE = "a" * 64, "b" * 64
#: Who may be named and may vote; the author is one of them.
PEOPLE = (1, 2, 3, 4, AUTHOR)
CASES = 200


async def test_sql_and_the_pure_rule_agree_on_any_policy_and_any_voters(database, a_person, vault):
    await add_person(database, AUTHOR, "Ben")
    connection = await add_connection(database, vault)
    grant = await add_grant(database, await add_group(database, CHAT), connection)
    task = await add_task(
        database, person_id=AUTHOR, chat_id=CHAT, connection_id=connection.id, content_hash=ASKED
    )
    chance, said = random.Random(17), set()

    for _ in range(CASES):
        async with database.begin() as session:
            row = await _any_policy(session, grant.id, chance)
            given = await _any_votes(session, task.id, chance)
            named = await grants.people(session, grant.id, "approves")
            yes = [who for who, (content, verdict) in given.items() if (content, verdict) == (ASKED, "yes")]
            policy = approval.policy_of(row)
            counted = permissions.counting(policy, named, author=AUTHOR, yes=yes)
            enough = policy.approves is Approves.NOBODY or len(counted) >= policy.votes_needed
            case = (policy.approves, policy.in_order, policy.votes_needed, named, given)
            assert await votes.has_enough(session, task.id) is enough, case
        said.add((policy.approves, policy.in_order, enough))

    # Each way of approving was met with enough votes and, but where nobody approves, with too few.
    assert len(said) == 10


async def _any_policy(session, grant_id, chance):
    row = await session.get(Grant, grant_id)
    row.approves = chance.choice([*Approves]).value
    row.in_order, row.votes_needed = chance.random() < 0.5, chance.randint(1, 3)
    await session.execute(delete(GrantPerson))
    named = chance.sample(PEOPLE, chance.randint(0, len(PEOPLE)))
    for role, people in (("approves", named), ("asks", PEOPLE)):
        for position, person_id in enumerate(people):
            values = {"grant_id": grant_id, "role": role, "person_id": person_id, "position": position}
            await session.execute(insert(GrantPerson).values(**values))
    return row


async def _any_votes(session, task_id, chance):
    """Let some people say yes or no, some of them to what it said before; gives who said what to which."""
    await session.execute(delete(Vote))
    given = {
        person_id: (chance.choice([ASKED, ASKED, ASKED, BEFORE]), chance.choice(["yes", "yes", "yes", "no"]))
        for person_id in chance.sample(PEOPLE, chance.randint(0, len(PEOPLE)))
    }
    for person_id, (content, verdict) in given.items():
        values = {"task_id": task_id, "person_id": person_id, "content_hash": content, "voted_at": NOW}
        await session.execute(insert(Vote).values(verdict=Verdict(verdict), **values))
    return given
