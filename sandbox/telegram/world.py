"""Everything that exists in one sandbox: people, bots, groups, private chats, files, and how to find them.

It is kept in memory only, and starts with the same made-up accounts every time.
"""

import secrets

from sandbox.telegram.calls import Calls
from sandbox.telegram.chats import ADMIN_RIGHTS, Channel, Chat, Group, Member, PrivateChat
from sandbox.telegram.clock import Clock
from sandbox.telegram.events import Events
from sandbox.telegram.faults import Faults
from sandbox.telegram.files import FileStore
from sandbox.telegram.flood import Flood
from sandbox.telegram.people import SANDBOX_SECRET, Bot, User
from sandbox.telegram.polling import Polls
from sandbox.telegram.presses import Presses
from sandbox.telegram.queries import Queries
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.updates import UpdateQueue
from sandbox.telegram.webhooks import Webhooks

DEMO_BOT = 5000000001
DEMO_TOKEN = f"{DEMO_BOT}:{SANDBOX_SECRET}-demo-token-0000000000000000"
NEWSROOM = -1001000000001
FESTIVAL = -1001000000002
FIRST_MADE_BOT = 5000000100
FIRST_MADE_PERSON = 1001
FIRST_MADE_GROUP = -1001000001001
# basic groups have shorter ids, and none that looks like a supergroup's
FIRST_MADE_BASIC = -4500000001
FIRST_MADE_CHANNEL = -1009000000001
# far enough apart that an update id says by itself whose it is
UPDATE_IDS_PER_BOT = 100_000
# numbers go on after a restart, as at Telegram, so that a bot that remembers earlier ones is not confused;
# both stay below 2**31 until 2030
UPDATES_SINCE, UPDATES_PER_SECOND = 1_700_000_000, 10
MESSAGES_SINCE = 1_790_000_000


class World:
    """One sandbox."""

    presses: Presses
    queries: Queries
    polls: Polls
    webhooks: Webhooks

    def __init__(self, flood: Flood) -> None:
        self.clock = Clock()
        self.files = FileStore()
        self.events = Events()
        self.calls = Calls()
        self.faults = Faults()
        self.flood = flood
        self.people: dict[int, User] = {}
        self.bots: dict[int, Bot] = {}
        self.groups: dict[int, Group] = {}
        self.channels: dict[int, Channel] = {}
        self.private: dict[tuple[int, int], PrivateChat] = {}
        self._private_ids: dict[int, int] = {}
        self._first_update = (self.clock.seconds() - UPDATES_SINCE) * UPDATES_PER_SECOND
        self._first_message = self.clock.seconds() - MESSAGES_SINCE

    # making

    def add_person(
        self, first_name: str, username: str | None, language: str | None, number: int = 0
    ) -> User:
        """Make a person; `number` 0 gives the next free id."""
        number = number or max([FIRST_MADE_PERSON - 1, *self.people]) + 1
        person = User(number, first_name, username=username, language_code=language)
        self.people[number] = person
        return person

    def add_bot(self, username: str, name: str, token: str | None = None) -> Bot:
        """Make a bot; raises Impossible when its username is taken."""
        if any(bot.username.lower() == username.lower() for bot in self.bots.values()):
            raise Impossible(f"there is a bot @{username} already", 409)
        number = int(token.split(":")[0]) if token else max([FIRST_MADE_BOT - 1, *self.bots]) + 1
        token = token or f"{number}:{SANDBOX_SECRET}{secrets.token_hex(14)}"
        updates = UpdateQueue(self.clock, self._first_update + UPDATE_IDS_PER_BOT * len(self.bots))
        bot = Bot(User(number, name, username=username, is_bot=True), token, updates)
        self.bots[number] = bot
        return bot

    def add_group(
        self, title: str, owner: User, members: list[User], bots: list[Bot], number: int = 0
    ) -> Group:
        """Make a supergroup without telling anybody."""
        number = number or min([FIRST_MADE_GROUP + 1, *self.groups]) - 1
        group = self.register(Group(number, title))
        group.members[owner.id] = Member(owner, "creator")
        for user in [*members, *(bot.user for bot in bots)]:
            group.members.setdefault(user.id, Member(user))
        group.bots = {bot.id: bot for bot in bots}
        return group

    def register(self, group: Group) -> Group:
        """Let a group be found."""
        group.last_message_id = self._first_message
        self.groups[group.id] = group
        return group

    def next_basic(self) -> int:
        """Return a free id for a basic group."""
        return min([FIRST_MADE_BASIC + 1, *(g.id for g in self.groups.values() if g.basic)]) - 1

    def add_channel(self, title: str, owner: User, username: str | None) -> Channel:
        """Make a channel, for its owner to write as."""
        channel = Channel(min([FIRST_MADE_CHANNEL + 1, *self.channels]) - 1, title, owner, username)
        self.channels[channel.id] = channel
        return channel

    def open_private(self, bot: Bot, person: User) -> PrivateChat:
        """Return the chat of a person and a bot, made if need be."""
        return self.private.setdefault((bot.id, person.id), PrivateChat(bot, person))

    def next_message_id(self, chat: Chat) -> int:
        """Count on; a bot's private chats share one row of numbers, a supergroup has its own."""
        if isinstance(chat, Group):
            chat.last_message_id += 1
            return chat.last_message_id
        self._private_ids[chat.bot.id] = self._private_ids.get(chat.bot.id, self._first_message) + 1
        return self._private_ids[chat.bot.id]

    # finding

    def person(self, number: int) -> User:
        """Raise Impossible when there is nobody with that id."""
        if number not in self.people:
            raise Impossible(f"there is no person {number}", 404)
        return self.people[number]

    def bot(self, number: int) -> Bot:
        """Raise Impossible when there is no such bot."""
        if number not in self.bots:
            raise Impossible(f"there is no bot {number}", 404)
        return self.bots[number]

    def user(self, number: int) -> User | None:
        """Find a person or a bot's face."""
        if number in self.bots:
            return self.bots[number].user
        return self.people.get(number)

    def bot_by_token(self, token: str) -> Bot | None:
        """Find a bot; None for a token that is not one's."""
        found = self.bots.get(
            int(token.split(":", maxsplit=1)[0]) if token.split(":", maxsplit=1)[0].isdecimal() else 0
        )
        return found if found and secrets.compare_digest(found.token.encode(), token.encode()) else None

    def chat_of(self, person: User, address: int) -> Chat:
        """Find the chat as the person's phone addresses it: a bot's id, or a group's negative id."""
        if address in self.bots:
            return self.open_private(self.bots[address], person)
        group = self.groups.get(address)
        if group is None or person.id not in group.members:
            raise Impossible(f"{person.first_name} has no chat {address}", 404)
        return group


def make_world(flood: Flood) -> World:
    """Make the world every sandbox starts with."""
    world = World(flood)
    ada = world.add_person("Ada", "ada", "en", 101)
    ben = world.add_person("Ben", "ben", "en", 102)
    chen = world.add_person("Chen", "chen", "en", 103)
    nour = world.add_person("نور", "nour", "ar", 104)
    demo = world.add_bot("pinfeather_demo_bot", "Pinfeather", DEMO_TOKEN)
    demo.inline = True
    dita = world.add_person("Dita", "dita", "de", 105)
    newsroom = world.add_group("Newsroom", ada, [ben, chen, nour], [demo], NEWSROOM)
    promote(newsroom.members[ben.id])
    festival = world.add_group("Festival", dita, [ada, chen], [], FESTIVAL)
    promote(festival.members[ada.id])
    festival.make_forum()
    world.add_group("Old friends", ben, [ada, chen], [], world.next_basic()).basic = True
    return world


def promote(member: Member) -> None:
    """Make an administrator with every right but that of making others so."""
    member.status = "administrator"
    member.rights = {right: right != "can_promote_members" for right in ADMIN_RIGHTS}
