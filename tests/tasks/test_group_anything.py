"""Whatever people do in a group, in any order: nothing goes out without the rights and votes it needs then.

Hypothesis makes up joins, leaves, promotions, shares, policies, votes, edits, freezes and sends. The oracle
here keeps its own books and knows nothing of ours; what it is compared with is what stands on X.
"""

import itertools
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from storage import grants, log, runs, tasks, votes
from storage.tables import Booking, GrantState, Task, TaskState, Verdict
from tasks import approval, run
from tasks.membership import Membership, Standing
from tests.builders import add_group, add_person, add_task

OWNER, BEN, CHI, DAN = 101, 102, 103, 104
EVERYBODY = (OWNER, BEN, CHI, DAN)
_STANDING = {
    "admin": Standing.ADMIN,
    "member": Standing.MEMBER,
    "left": Standing.LEFT,
    "out": Standing.BANNED,
}
_chats = itertools.count(-90_000, -1)
_words = itertools.count(1)

people = st.sampled_from(EVERYBODY)
which = st.sampled_from([0, 0, 0, 1, 2])
policies = st.fixed_dictionaries(
    {
        "asks": st.sampled_from(["members", "members", "members", "listed", "admins"]),
        "approves": st.sampled_from(["admins", "admins", "named", "nobody"]),
        "votes_needed": st.integers(1, 2),
        "unapproved": st.sampled_from(["", "owner", "admins"]),
        "kinds": st.sampled_from(["post", "post", "post", "post reply", "read"]),
        "cap_cents_100": st.sampled_from([None, None, None, 150, 300]),
        "person_cap_cents_100": st.sampled_from([None, None, None, 150]),
        "in_order": st.booleans(),
        "links": st.booleans(),
        "quiet": st.sampled_from([False, False, True]),
    }
)
#: To begin with, a group may post: what would stop all comes later.
first_policies = policies.map(lambda policy: policy | {"asks": "members", "kinds": "post"})
#: What is done, how often, and with what. What stops everything is seldom, or nothing would ever go out.
STEPS = {
    "ask": (10, people, st.sampled_from([False, False, True]), st.sampled_from(["", " example.com"])),
    "all_vote": (9, st.sets(people, min_size=2), which),
    "vote": (5, people, which),
    "send": (10,),
    "edit": (3, which),
    "stands": (3, people, st.sampled_from(["admin", "member", "left", "out", None])),
    "policy": (2, policies),
    "named": (2, st.sampled_from(["asks", "approves"]), st.lists(people, unique=True)),
    "freeze": (1, people),
    "thaw": (2,),
    "end": (1,),
    "share": (1,),
    "resume": (2,),
}
_weighted = [name for name, (times, *_) in STEPS.items() for _ in range(times)]


def step(name):
    """Make up what one step is done with."""
    return st.tuples(st.just(name), *STEPS[name][1:])


steps = st.sampled_from(_weighted).flatmap(step)


@st.composite
def rounds(draw):
    """Make up one post and all that happens to it: without an order that can lead to X, next to none did."""
    votes = ("all_vote", draw(st.sets(people, min_size=3)), 0)
    between = st.lists(steps, max_size=2)
    return [draw(step("ask")), *draw(between), votes, *draw(between), ("send",)]


def _begins(post):
    """Give the first words of a post: by them it is known, whatever X makes of a link."""
    return " ".join(post["text"].split()[:2])


@dataclass
class Anything:
    """A group to which anything is done, and the oracle's own books about it."""

    rig: object
    chat: int
    group: object = None
    stands: dict = field(default_factory=lambda: {OWNER: "admin", BEN: "member", CHI: "admin", DAN: "admin"})
    policy: dict = field(default_factory=dict)
    named: dict = field(default_factory=lambda: {"asks": [], "approves": []})
    shared: bool = False
    frozen_by: int | None = None
    words: dict = field(default_factory=dict)
    """By task: what it says now, and who asked for it."""
    yes: dict = field(default_factory=dict)
    """By words: who said yes to these very words."""
    quiet: tuple | None = None
    """From when until when nothing may go out."""
    minutes: int = 0
    posted: list = field(default_factory=list)

    @property
    def db(self):
        return self.rig.db

    @property
    def now(self):
        return datetime.now(UTC) + timedelta(minutes=self.minutes)

    async def member(self, chat_id, person_id):
        stands = self.stands[person_id] if chat_id == self.chat else None
        return Membership(_STANDING[stands]) if stands else None

    async def grant(self, session):
        return await grants.of_chat(session, self.chat, self.rig.connection.id)

    async def do(self, step):
        self.minutes += 2
        await getattr(self, f"do_{step[0]}")(*step[1:])

    async def do_stands(self, person, standing):
        self.stands[person] = standing

    async def do_share(self):
        async with self.db.begin() as session:
            made = await grants.share(
                session,
                group_id=self.group.id,
                connection_id=self.rig.connection.id,
                by=OWNER,
                now=self.now,
                asks="members",
                approves="nobody",
            )
        if made is not None:
            self.shared, self.frozen_by = True, None
            self.named = {"asks": [], "approves": []}
            self.quiet = None
            self.policy = {
                "asks": "members",
                "approves": "nobody",
                "votes_needed": 1,
                "unapproved": "",
                "kinds": "post reply media",
                "cap_cents_100": None,
                "person_cap_cents_100": None,
                "in_order": False,
                "links": False,
            }

    async def do_policy(self, policy):
        begins = self.now.replace(second=0, microsecond=0)
        quiet = (begins, begins + timedelta(minutes=30)) if policy["quiet"] else None
        hours = "-".join(f"{each:%H:%M}" for each in quiet) if quiet else None
        async with self.db.begin() as session:
            grant = await self.grant(session)
            if grant is not None and await grants.change_policy(session, grant, **policy | {"quiet": hours}):
                self.policy, self.quiet = policy, quiet

    async def do_named(self, role, listed):
        async with self.db.begin() as session:
            grant = await self.grant(session)
            if grant is not None and await grants.put_people(session, grant, role, listed):
                self.named[role] = listed

    async def do_freeze(self, person):
        async with self.db.begin() as session:
            grant = await self.grant(session)
            if grant is not None and await grants.freeze(session, grant, by=person, now=self.now):
                self.frozen_by = person

    async def do_thaw(self):
        async with self.db.begin() as session:
            grant = await self.grant(session)
            if grant is not None and await grants.thaw(session, grant, by=OWNER, now=self.now):
                self.frozen_by = None

    async def do_end(self):
        async with self.db.begin() as session:
            grant = await self.grant(session)
            if grant is not None and await grants.end(session, grant.id, now=self.now):
                self.shared = False

    async def do_resume(self):
        async with self.db.begin() as session:
            grant = await self.grant(session)
            if grant is not None and grant.state == GrantState.SUSPENDED:
                await grants.resume(session, grant, now=self.now)

    async def do_ask(self, person, at_once, link):
        """Ask for a post; `at_once`: as under a policy that wanted no votes then."""
        number = next(_words)
        text = f"words {number}{link}"
        values = {"id": f"{number:026d}", "chat_id": self.chat, "source_message_id": number, "text": text}
        state = {"state": TaskState.DUE, "due_at": self.now, "run": 1} if at_once else {}
        task = await add_task(
            self.db, person_id=person, connection_id=self.rig.connection.id, **values | state
        )
        self.words[task.id] = (text, person)
        if not at_once:
            await self._ask_for_votes(task.id)

    async def _ask_for_votes(self, task_id):
        async with self.db.begin() as session:
            task = await tasks.get(session, task_id)
            await votes.ask(
                session,
                task_id,
                version=task.version,
                content_hash=approval.content_hash(task, [task.text], []),
                expires_at=self.now + timedelta(days=9),
            )

    def _one(self, number):
        """Name a task, the newest first."""
        return list(reversed(self.words))[number % len(self.words)] if self.words else None

    async def do_vote(self, person, number):
        """Say yes, whoever it is: what a press would have been refused for is looked at when it is sent."""
        task_id = self._one(number)
        if task_id is None:
            return
        async with self.db.begin() as session:
            task = await tasks.get(session, task_id)
            content = task.content_hash or ""
            if await votes.cast(
                session, task_id, person_id=person, content_hash=content, verdict=Verdict.YES, now=self.now
            ):
                self.yes.setdefault(self.words[task_id][0], set()).add(person)
            await votes.approve(session, task_id, content_hash=content, now=self.now)

    async def do_all_vote(self, everybody, number):
        for person in sorted(everybody):
            await self.do_vote(person, number)

    async def do_edit(self, number):
        task_id = self._one(number)
        if task_id is None:
            return
        text = f"words {next(_words)}"
        async with self.db.begin() as session:
            task = await tasks.get(session, task_id)
            if await votes.take_back(session, task_id, version=task.version) is None:
                return
            await session.execute(update(Task).where(Task.id == task_id).values(text=text))
        self.words[task_id] = (text, self.words[task_id][1])
        await self._ask_for_votes(task_id)

    async def do_send(self):
        """Send what is due, and compare what is new on X with the books."""
        clock = self.now
        doors = replace(self.rig.doors, members=self.member, clock=lambda: clock)
        async with self.db.begin() as session:
            grant = await self.grant(session)
            suspended = grant is not None and grant.state == GrantState.SUSPENDED
            due = await session.scalars(
                select(Task)
                .where(Task.chat_id == self.chat, Task.state.in_((TaskState.DUE, TaskState.RUNNING)))
                .order_by(Task.due_at, Task.id)
            )
            names = [runs.name_of(task) for task in due.all()]
        for name in names:
            await run.run(doors, name)
        there = [each for each in map(_begins, self.rig.posts()) if each not in self.rig.seen]
        for text in there:
            self.rig.seen.add(text)
            self.posted.append(text)
            assert not suspended, "it went out through a grant without ground"
            self._may_be_out(text)
        await self._is_within_budget(there)

    def _may_be_out(self, text):
        """Say of what went out that it might: by the books as they are now, in words of this test alone."""
        ((words, author),) = (each for each in self.words.values() if _begins({"text": each[0]}) == text)
        assert self.policy["links"] or "example.com" not in words
        assert self.quiet is None or not self.quiet[0] <= self.now < self.quiet[1]
        owner, asker = self.stands[OWNER], self.stands[author]
        assert self.shared
        assert self.frozen_by is None
        assert owner == "admin"
        assert asker in ("admin", "member")
        assert "post" in self.policy["kinds"].split()
        if self.policy["asks"] == "admins":
            assert asker == "admin"
        if self.policy["asks"] == "listed":
            assert asker == "admin" or author in self.named["asks"]
        assert self._has_votes(words, author, asker)

    def _has_votes(self, text, author, asker):
        free = self.policy["unapproved"]
        is_free = asker == "admin" and (free == "admins" or (free == "owner" and author == OWNER))
        if self.policy["approves"] == "nobody" or is_free:
            return True
        voters = self.yes.get(text, set()) - {author}
        if self.policy["approves"] == "admins":
            counted = {each for each in voters if self.stands[each] == "admin"}
        else:
            counted = self._of_the_named(voters, author)
        return len(counted) >= self.policy["votes_needed"]

    def _of_the_named(self, voters, author):
        """Give those of the named whose yes counts; in order, none behind one who has not said it."""
        counted = set()
        for each in self.named["approves"]:
            if each in voters and self.stands[each] in ("admin", "member"):
                counted.add(each)
            elif each != author and self.policy["in_order"]:
                break
        return counted

    async def _is_within_budget(self, there):
        cap, persons = self.policy.get("cap_cents_100"), self.policy.get("person_cap_cents_100")
        authors = {person for words, person in self.words.values() if _begins({"text": words}) in there}
        if not there:
            return
        async with self.db.begin() as session:
            grant = await self.grant(session)
            spent = select(func.sum(Booking.cents_100)).where(Booking.grant_id == grant.id)
            assert cap is None or await session.scalar(spent) <= cap
            for author in authors:
                theirs = await session.scalar(spent.where(Booking.person_id == author))
                assert persons is None or theirs <= persons

    async def is_complete(self):
        """Say that the log is whole, and has each post once."""
        async with self.db.begin() as session:
            assert await log.check(session, self.rig.vault, self.group.id) is None
            entries = await log.entries_of(session, self.group.id)
        sent = [json.loads(entry.facts)["post"] for entry in entries if entry.act == "sent"]
        on_x = {post["id"] for post in self.rig.posts() if _begins(post) in self.posted}
        assert sorted(sent) == sorted(on_x)

    async def over(self):
        """Leave nothing behind that the next example could run into."""
        await self.do_end()
        async with self.db.begin() as session:
            await session.execute(
                update(Task).where(Task.chat_id == self.chat).values(state=TaskState.CANCELLED)
            )


@pytest.fixture
async def many(rig):
    """Give a rig at which example after example is tried."""
    for person_id, name in ((BEN, "Ben"), (CHI, "Chi"), (DAN, "Dan")):
        await add_person(rig.db, person_id, name)
    rig.seen = set()
    return rig


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    policy=first_policies,
    named=st.permutations(EVERYBODY),
    done=st.lists(rounds(), min_size=2, max_size=6),
)
async def test_nothing_goes_out_without_the_rights_and_votes_it_needs_at_that_moment(
    many, policy, named, done
):
    anything = Anything(many, next(_chats))
    anything.group = await add_group(many.db, anything.chat)
    await anything.do_share()
    try:
        await anything.do_policy(policy)
        await anything.do_named("approves", named)
        for each in itertools.chain.from_iterable(done):
            await anything.do(each)
        await anything.is_complete()
    finally:
        await anything.over()
