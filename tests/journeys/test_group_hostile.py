"""Every button there is, made up by somebody whose it is not; every command, not typed by a person themselves."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot import answering, routes
from bot.edge import Outcome
from bot.turn import Chat, Message, Press, Turn
from bot.unpack import read_press
from storage import people, templates, updates
from storage.tables import Base, TaskState
from tasks.membership import Membership, Standing
from tests import builders
from tests.journeys.test_group_edge import newsroom_of

ALL = "post reply media schedule delete repost read message"
#: What a button of its verb carries behind row and version; `{eve}` is whoever presses.
EXTRAS = {
    "pol_set": "asks.members",
    "pol_ask": "quota",
    "pol_people": "asks",
    "pol_drop": "asks.4711",
    "pol_name": "asks.{eve}",
    "x_reply": "following",
    "p_open": "60",
    "look_page": "a",
    "look_open": "0",
    "cap": "1",
    "p_late": "skip",
    "undo_s": "10",
}
#: What is kept of presses themselves, and links into one's own private chat.
UNMINDED = {"updates", "log_entries", "log_texts", "log_heads", "start_links"}
STATES = (
    *(TaskState.DRAFT, TaskState.WAITING, TaskState.SCHEDULED, TaskState.FAILED),
    *(TaskState.DONE, TaskState.CANCELLED, TaskState.MISSED, TaskState.ASKING),
)
#: Verbs pressed between two looks at the database; and by one test, so that none takes long.
TOGETHER, THIRDS = 10, range(3)


class Scene:
    """Ada's account, drafts and plans; a group that uses it, with what Ben asked for; Eve presses it all."""

    def __init__(self, newsroom, eve, connection_id):
        self.newsroom, self.eve, self.connection_id = newsroom, eve, connection_id
        self.pressed, self.shared, self.tasks = 0, (), []

    async def rows(self, by=4711):
        """Read all that is not Eve's own, nor what is kept of the presser beside what they asked for."""
        found = {}
        async with self.newsroom.db.begin() as session:
            for table in Base.metadata.sorted_tables:
                if table.name not in UNMINDED:
                    read = (await session.execute(select(table))).mappings()
                    mine = [row for row in read if not self._is_own(table.name, row, by)]
                    found[table.name] = sorted(str(dict(row)) for row in mine)
        return found

    def _is_own(self, table, row, by):
        return row["id"] == by if table == "people" else row.get("person_id") == self.eve

    async def press(self, data, chat, membership, by):
        """Press what a client made up; Telegram says what its presser is in the group."""
        self.pressed += 1
        doors = self.newsroom.rig.app.doors

        async def members(_chat_id, person_id):
            return membership if person_id == by else Membership(Standing.CREATOR)

        async with self.newsroom.db.begin() as session:
            now = self.newsroom.rig.clock.now
            await updates.claim(session, self.newsroom.rig.bot.id, 10**6 + self.pressed, by="test", now=now)
            person = await people.get(session, by)
        turn = Turn(
            bot_id=self.newsroom.rig.bot.id,
            update_id=10**6 + self.pressed,
            now=now,
            chat=chat,
            doors=replace(doors, members=members),
            person=person,
            message=Message(id=77),
            press=read_press(data),
        )
        assert isinstance(turn.press, Press)
        return await answering.answer(turn)


@pytest.fixture
async def scene(make_rig):
    newsroom = await newsroom_of(await make_rig())
    db, vault = newsroom.db, newsroom.rig.app.doors.vault
    grant = await newsroom.share()
    ada, ben, chat = newsroom.ada.person, newsroom.ben.person, newsroom.chat
    async with db.begin() as session:
        row = await session.merge(grant)
        row.asks, row.kinds, row.approves, row.links = "members", ALL, "admins", True
        grant = row
        await templates.put(session, ada, "weather", "Rain in {town}", now=newsroom.rig.clock.now)
        kept = await templates.of_name(session, ada, "weather")
    way = await builders.add_authorization(db, vault, person_id=ada)
    scene = Scene(newsroom, 4711, grant.connection_id)
    scene.shared = (grant, kept, way)
    planned = {"due_at": newsroom.rig.clock.now.replace(year=2030), "promised": True}
    for place, owner in ((ada, ada), (chat, ben)):
        for number, state in enumerate(STATES):
            task = await builders.add_task(
                db,
                person_id=owner,
                chat_id=place,
                connection_id=grant.connection_id,
                state=state,
                source_message_id=number + 1,
                content_hash="a" * 64 if state == TaskState.WAITING else None,
                **(planned if state == TaskState.SCHEDULED else {}),
            )
            scene.tasks.append(task)
    await builders.add_person(db, scene.eve, "Eve", zone="UTC")
    return scene


def made_up(scene, verb, chat):
    """Make up what buttons of a verb could carry: each row there is, in its very version."""
    here = [task for task in scene.tasks if task.chat_id == chat.id or (chat.private and task.chat_id > 0)]
    elsewhere = next(task for task in scene.tasks if task not in here)
    rows = [*scene.shared, *here, elsewhere]
    if not chat.private and not routes.BUTTONS[verb].in_groups:
        rows = here[:1]
    data = {f"{row.id}:{getattr(row, 'version', 0)}" for row in rows} | {f"{scene.connection_id}:1"}
    if verb in ("a_yes", "a_no"):
        data = {f"{row.id}:{int('a' * 7, 16)}" for row in rows}
    behind = EXTRAS.get(verb, "").format(eve=scene.eve)
    return [f"{verb}:{each}" + (f":{behind}" if behind else "") for each in sorted(data)]


async def unchanged(scene, chat, membership, by, third=None):
    """Press every button there is, and look that nothing is another than before but what is the presser's."""
    before, verbs = await scene.rows(by), sorted(routes.BUTTONS)[third :: 3 if third is not None else 1]
    for at in range(0, len(verbs), TOGETHER):
        for verb in verbs[at : at + TOGETHER]:
            for data in made_up(scene, verb, chat):
                await scene.press(data, chat, membership, by)
        assert await scene.rows(by) == before, verbs[at : at + TOGETHER]


@pytest.mark.parametrize("third", THIRDS)
async def test_no_button_lets_a_member_of_the_group_touch_what_is_anothers(scene, third):
    member = Membership(Standing.MEMBER)
    await unchanged(scene, Chat(scene.newsroom.chat, private=False), member, scene.eve, third)


@pytest.mark.parametrize("third", THIRDS)
async def test_no_button_lets_anybody_touch_in_private_what_is_anothers(scene, third):
    await unchanged(scene, Chat(scene.eve, private=True), Membership(Standing.ADMIN), scene.eve, third)


@pytest.mark.parametrize("membership", [Membership(Standing.LEFT), None])
async def test_no_button_works_for_an_author_who_is_out_or_of_whom_telegram_does_not_say(scene, membership):
    chat, ben = Chat(scene.newsroom.chat, private=False), scene.newsroom.ben.person
    await unchanged(scene, chat, membership, ben)


@pytest.mark.parametrize("private", [True, False])
async def test_the_same_press_by_whose_it_is_does_something(scene, private):
    by = scene.newsroom.ada.person if private else scene.newsroom.ben.person
    chat = Chat(by if private else scene.newsroom.chat, private=private)
    before = await scene.rows(by)

    for data in made_up(scene, "drop", chat):
        await scene.press(data, chat, Membership(Standing.MEMBER), by)

    assert await scene.rows(by) != before


# commands


def as_it_came(how, bot):
    """Make of a message what it would be if no person had typed it to the bot."""
    channel = {"id": -1009, "type": "channel", "title": "A channel"}
    telegram = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    relay = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
    other = {"id": 4242, "is_bot": True, "first_name": "Other", "username": "other_bot"}
    origin = {"type": "hidden_user", "date": 1_795_000_000, "sender_user_name": "Somebody"}
    return {
        "forwarded": {"forward_origin": origin},
        "through another bot": {"via_bot": other},
        "through this bot": {
            "via_bot": {"id": bot.id, "is_bot": True, "first_name": "Us", "username": bot.username}
        },
        "by a bot": {"from": other},
        "as a channel": {"from": relay, "sender_chat": channel},
        "by the linked channel": {"from": telegram, "sender_chat": channel, "is_automatic_forward": True},
    }[how]


HOW = (
    *("forwarded", "through another bot", "through this bot", "by a bot", "as a channel"),
    *("by the linked channel", "edited"),
)


@pytest.mark.parametrize("how", HOW)
async def test_no_command_of_a_group_is_run_that_no_person_typed(scene, how):
    rig, chat = scene.newsroom.rig, scene.newsroom.chat
    before, said = await scene.rows(), scene.newsroom.said()

    for number, name in enumerate(routes.MENU_GROUP):
        words = f"/{name} Hello"
        # Somebody else each time: nobody's budget is spent, and who is heard would be a guest by it.
        message = {
            "message_id": 900 + number,
            "date": 1_795_000_000,
            "chat": {"id": chat, "type": "supergroup", "title": "G"},
            "from": {"id": 90_000 + number, "is_bot": False, "first_name": "Somebody"},
            "text": words,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(name) + 1}],
        }
        kind = "edited_message" if how == "edited" else "message"
        message |= {"edit_date": 1_795_000_001} if how == "edited" else as_it_came(how, rig.bot)
        assert await rig.give({"update_id": 2 * 10**6 + number, kind: message}) is Outcome.DONE

    assert (await scene.rows(), scene.newsroom.said()) == (before, said)
