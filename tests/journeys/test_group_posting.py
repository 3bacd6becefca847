"""Posting in a group: who may ask, how it goes out through what is shared there, and where it is told."""


import pytest
from sqlalchemy import select

from storage import groups
from storage.tables import Connection, Grant, Task
from tests import builders


class Group:
    """A group of Ada's, who owns the account, with Ben and Cleo, members whom the bot does not know."""

    def __init__(self, rig, chat, ada, ben, cleo):
        self.rig, self.chat, self.ada = rig, chat, ada
        self.owner, self.ben, self.cleo = (each.in_group(chat) for each in (ada, ben, cleo))

    @property
    def db(self):
        return self.rig.app.db

    async def share(self, account=None, **policy):
        """Let the group use an account of Ada's: with everybody asking and nobody approving, if not said else."""
        async with self.db.begin() as session:
            group = await groups.find(session, self.chat)
            found = await session.scalars(select(Connection).order_by(Connection.id))
            connection = next(each for each in found if account in (None, each.username))
        columns = {"asks": "members", "approves": "nobody", "kinds": "post reply media"} | policy
        return await builders.add_grant(self.db, group, connection, **columns)

    async def change(self, grant, **columns):
        async with self.db.begin() as session:
            row = await session.get(Grant, grant.id)
            for name, value in columns.items():
                setattr(row, name, value)

    async def tasks(self):
        async with self.db.begin() as session:
            return list(await session.scalars(select(Task).order_by(Task.id)))

    async def post(self, member):
        await member.press("Post")
        await self.rig.posted()

    def posts(self):
        return [post["text"] for post in self.rig.posts(self.ada.account)]


async def group_of(rig, **kind):
    ada, ben, cleo = await rig.phone("Ada"), await rig.phone("Ben"), await rig.phone("Cleo")
    ada.account = rig.new_account()
    await ada.connect(ada.account)
    members = (ben.person, cleo.person)
    chat = rig.telegram.new_group(rig.bot, owner=ada.person, members=members, **kind)
    await rig.deliver()
    return Group(rig, chat, ada, ben, cleo)


@pytest.fixture
async def group(make_rig):
    """Give a group at a bot that lets everybody in."""
    return await group_of(await make_rig())


async def test_a_member_posts_through_what_is_shared_and_the_group_is_told(group):
    await group.share()

    await group.ben.say("/tweet Hello from the group")
    assert f"Tweet as @{group.ada.account}" in group.ben.text
    assert "Asked for by Ben" in group.ben.text
    await group.post(group.ben)

    assert group.posts() == ["Hello from the group"]
    assert "Posted" in group.cleo.text
    assert "Asked for by Ben" in group.cleo.text
