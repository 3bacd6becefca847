"""Inline mode: the bot's name and a text, typed in any chat, become a draft in the private chat."""

import asyncio
import re

import pytest
from sqlalchemy import func, select
from sqlalchemy import update as sql_update

from bot.budget import TYPING
from bot.edge import Outcome
from storage import connections, people
from storage.tables import InlineText, PersonState, StartLink, Task, TaskState, Update, UpdateState
from tests.journeys.rig import Phone
from tests.sandbox.telegram_server import Refusal


async def typing(phone, words, chat=None):
    """Type the bot's name and words; give what is offered, once the bot has answered."""
    rig = phone.rig
    raw = phone.raw if chat is None else rig.telegram.phone(phone.person, chat)
    asking = asyncio.create_task(asyncio.to_thread(raw.ask_inline, f"@{rig.bot.username} {words}", wait=30))
    while not (waiting := rig.waiting()) and not asking.done():
        await asyncio.sleep(0.01)
    for update in waiting:
        assert await rig.give(update) is Outcome.DONE
    return await asking


def way_in(phone, chat=None):
    """Give what the button under the newest message starts the bot with."""
    raw = phone.raw if chat is None else phone.rig.telegram.phone(phone.person, chat)
    (row,) = raw.last()["inline_keyboard"]
    return re.fullmatch(rf"https://t\.me/{phone.rig.bot.username}\?start=(\S+)", row[0]["url"])[1]


def stranger_to(rig):
    """Give the phone of somebody who never wrote to the bot."""
    return Phone(rig, rig.telegram.new_person(), rig.bot.id)


async def rows(rig, table, *conditions):
    async with rig.app.db.begin() as session:
        return await session.scalar(select(func.count()).select_from(table).where(*conditions))


async def drafts(rig):
    async with rig.app.db.begin() as session:
        return list(await session.scalars(select(Task).where(Task.state == TaskState.DRAFT)))


@pytest.fixture
async def ada(rig):
    """Give Ada's phone, with one account connected."""
    ada = await rig.phone("Ada")
    await ada.connect(rig.new_account())
    return ada


@pytest.fixture
def group(rig, ada):
    """Give a group of Ada and others in which the bot is not."""
    return rig.telegram.new_group(owner=ada.person)


async def test_what_is_typed_in_any_chat_becomes_a_draft_in_the_private_chat(rig, ada, group):
    seen = await typing(ada, "hello 🐦 world", group)
    (offer,) = seen["results"]
    rig.telegram.phone(ada.person, group).choose(seen, offer["id"])
    await rig.deliver()

    await ada.start(way_in(ada, group))

    (draft,) = await drafts(rig)
    assert (draft.text, draft.chat_id) == ("hello 🐦 world", ada.person)
    assert "hello 🐦 world" in ada.text
    await ada.press("Post")
    await rig.chores()


async def test_an_offer_says_account_text_length_and_price(rig, ada):
    seen = await typing(ada, "hello")

    (offer,) = seen["results"]
    (connection,) = await connected(rig, ada)
    assert offer["title"] == f"Tweet as @{connection.username}: hello"
    assert offer["description"] == "5 of 280 characters · $0.015"
    assert seen["button"]["text"] == "Open this tweet in our private chat"


async def connected(rig, phone):
    async with rig.app.db.begin() as session:
        return await connections.usable(session, phone.person)


async def test_what_is_sent_is_what_was_typed_and_nothing_else(rig, ada, group):
    seen = await typing(ada, "<b>5 > 3</b> *x* & y", group)
    here = rig.telegram.phone(ada.person, group)
    here.choose(seen, seen["results"][0]["id"])

    sent = here.last()
    assert sent["text"] == "<b>5 > 3</b> *x* & y"
    assert sent["from"]["id"] == ada.person
    assert [button["text"] for row in sent["inline_keyboard"] for button in row] == [
        "Go on in the private chat"
    ]


async def test_the_answer_is_personal_and_kept_by_nobody(rig, ada):
    await typing(ada, "hello")
    await typing(ada, "hello")

    answers = rig.bot_calls("answerInlineQuery")
    assert len(answers) == 2
    assert all(answer["is_personal"] and answer["cache_time"] == 0 for answer in answers)


async def test_the_button_above_the_offers_opens_the_draft_too(rig, ada):
    seen = await typing(ada, "hello")

    await ada.start(seen["button"]["start_parameter"])

    assert [draft.text for draft in await drafts(rig)] == ["hello"]


async def test_the_default_account_is_offered_first_and_the_chosen_one_tweets(rig, ada):
    second = rig.new_account()
    await ada.connect(second)
    first, other = await connected(rig, ada)

    seen = await typing(ada, "hello")
    ada.raw.choose(seen, str(other.id))
    await ada.start(way_in(ada))

    assert [offer["id"] for offer in seen["results"]] == [str(first.id), str(other.id)]
    (draft,) = await drafts(rig)
    assert draft.connection_id == other.id


async def test_at_most_five_accounts_are_offered(rig, ada):
    for _ in range(5):
        await ada.connect(rig.new_account())

    assert len((await typing(ada, "hello"))["results"]) == 5


async def test_two_people_who_type_the_same_see_their_own_accounts(rig, ada):
    ben = await rig.phone("Ben")
    await ben.connect(rig.new_account())

    for_ada, for_ben = await typing(ada, "the same"), await typing(ben, "the same")
    (hers,), (his,) = for_ada["results"], for_ben["results"]
    await ben.start(for_ada["button"]["start_parameter"])

    assert hers["title"] != his["title"]
    assert "has been used or has run out" in ben.text
    assert await drafts(rig) == []
    await ada.start(for_ada["button"]["start_parameter"])
    await ben.start(for_ben["button"]["start_parameter"])
    assert {draft.person_id for draft in await drafts(rig)} == {ada.person, ben.person}


async def test_typing_keeps_one_text_and_the_newest_link_however_fast(rig, ada):
    seen = [await typing(ada, "hello world"[:length]) for length in range(1, 12)]

    assert await rows(rig, InlineText) == 1
    assert await rows(rig, StartLink, StartLink.purpose.startswith("inline:")) == 1
    await ada.start(seen[3]["button"]["start_parameter"])
    assert "has been used or has run out" in ada.text
    await ada.start(seen[-1]["button"]["start_parameter"])
    assert [draft.text for draft in await drafts(rig)] == ["hello world"]


async def test_typing_takes_nothing_of_what_somebody_may_say(rig, ada):
    for number in range(35):
        ada.raw.ask_inline(f"@{rig.bot.username} {number}", wait=0)
    await rig.deliver()

    assert len(rig.bot_calls("answerInlineQuery")) >= TYPING.burst
    await ada.say("/help")
    assert "How it works" in ada.text


async def test_a_query_delivered_again_is_answered_no_more(rig, ada):
    await typing(ada, "hello")

    assert await rig.give(rig.history[-1]) is Outcome.DONE

    assert len(rig.bot_calls("answerInlineQuery")) == 1


async def test_a_query_that_was_worked_on_and_not_answered_gets_a_way_that_works(rig, ada):
    await typing(ada, "hello")
    update = rig.history[-1]
    async with rig.app.db.begin() as session:
        values = {"state": UpdateState.WORKED, "claimed_until": Update.received_at}
        await session.execute(
            sql_update(Update).where(Update.update_id == update["update_id"]).values(values)
        )

    assert await rig.give(update) is Outcome.DONE

    first, second = (answer["button"]["start_parameter"] for answer in rig.bot_calls("answerInlineQuery"))
    assert first != second
    assert await rows(rig, StartLink, StartLink.purpose.startswith("inline:")) == 1
    await ada.start(second)
    assert [draft.text for draft in await drafts(rig)] == ["hello"]


async def test_an_answer_lost_on_the_way_is_not_owed(rig, ada):
    rig.telegram.fault("drop_before", rig.bot, times=1, match={"method": "answerInlineQuery"})
    ada.raw.ask_inline(f"@{rig.bot.username} hello", wait=0)
    await rig.deliver()

    assert (await typing(ada, "hello"))["results"]


async def test_a_query_telegram_no_longer_takes_an_answer_to_is_done_with(rig, ada):
    rig.telegram.fault("rate_limited", rig.bot, times=1, match={"method": "answerInlineQuery"}, seconds=60)
    ada.raw.ask_inline(f"@{rig.bot.username} hello", wait=0)
    (update,) = rig.waiting()

    assert await rig.give(update) is Outcome.DONE
    await ada.say("/help")
    assert "How it works" in ada.text


async def test_a_way_in_works_once_and_delivered_again_shows_the_same_draft(rig, ada):
    seen = await typing(ada, "hello")
    token = seen["button"]["start_parameter"]
    await ada.start(token)
    start = rig.history[-1]

    await rig.give(start)
    rig.clock.advance(seconds=1)
    await ada.start(token)

    assert len(await drafts(rig)) == 1
    assert "has been used or has run out" in ada.text


async def test_of_two_ways_to_one_text_only_the_first_opens_it(rig, ada):
    await ada.connect(rig.new_account())
    first, second = await connected(rig, ada)
    seen = await typing(ada, "hello")
    ways = []
    for connection in (first, second):
        ada.raw.choose(seen, str(connection.id))
        ways.append(way_in(ada))

    for way in ways:
        await ada.start(way)

    assert len(await drafts(rig)) == 1
    assert "opened once" in ada.text


async def test_after_ten_minutes_the_text_is_erased_and_the_link_dead(rig, ada):
    seen = await typing(ada, "hello")
    rig.clock.advance(minutes=10, seconds=1)
    await rig.chores()

    await ada.start(seen["button"]["start_parameter"])

    assert await rows(rig, InlineText) == 0
    assert "has been used or has run out" in ada.text
    assert await drafts(rig) == []


@pytest.mark.parametrize("words", ["", "   ", "\u200b"])
async def test_without_a_text_nothing_is_offered_and_nothing_kept(rig, ada, words):
    seen = await typing(ada, words)

    assert seen["results"] == []
    assert seen["button"]["text"] == "Type the text of your tweet"
    assert await rows(rig, InlineText) == 0


async def test_a_text_as_long_as_telegram_passes_on_says_so(rig, ada):
    seen = await typing(ada, "語" * 300)

    (offer,) = seen["results"]
    assert "512 of 280 characters" in offer["description"]
    assert "256 characters; add the rest in the private chat" in offer["description"]
    await ada.start(seen["button"]["start_parameter"])
    assert [draft.text for draft in await drafts(rig)] == ["語" * 256]


@pytest.mark.parametrize("words", ["1234567", "my PIN: 123 4567", "AAAAbbbbCCCC1111dddd2222E"])
async def test_what_looks_like_a_key_or_a_pin_is_neither_offered_nor_kept(rig, ada, words):
    seen = await typing(ada, words)

    assert seen["results"] == []
    assert "never type it here" in seen["button"]["text"]
    assert await rows(rig, InlineText) == 0


async def test_who_has_no_account_is_led_to_connect_one(rig):
    ben = await rig.phone("Ben")

    seen = await typing(ben, "hello")
    await ben.start(seen["button"]["start_parameter"])

    assert seen["results"] == []
    assert "Connect an X account" in ben.buttons
    assert await rows(rig, InlineText) == 0


# who is not let in


async def test_a_stranger_gets_a_button_that_grants_nothing_and_is_not_remembered(rig):
    stranger = stranger_to(rig)

    seen = await typing(stranger, "hello")

    assert (seen["results"], seen["button"]["text"]) == ([], "Open our private chat")
    async with rig.app.db.begin() as session:
        assert await people.get(session, stranger.person) is None


async def test_to_a_closed_bot_the_button_leads_to_the_closed_door(make_rig):
    rig = await make_rig(demo=True, open_to_all=False)
    await rig.phone("Olga")
    stranger = stranger_to(rig)

    seen = await typing(stranger, "hello")
    await stranger.start(seen["button"]["start_parameter"])

    assert seen["results"] == []
    assert "not open to everybody" in stranger.text


async def test_typing_makes_nobody_the_operator(make_rig):
    rig = await make_rig(demo=True, open_to_all=False)
    seen = await typing(stranger_to(rig), "hello")

    assert seen["results"] == []
    async with rig.app.db.begin() as session:
        assert not await people.operator_exists(session)


async def test_a_banned_person_is_offered_nothing(rig, ada):
    async with rig.app.db.begin() as session:
        await people.ban(session, ada.person)

    seen = await typing(ada, "hello")
    await ada.start(seen["button"]["start_parameter"])

    assert (seen["results"], seen["button"]["text"]) == ([], "Open our private chat")
    assert await rows(rig, InlineText) == 0
    assert await drafts(rig) == []


async def test_who_blocked_the_bot_is_offered_nothing_and_stays_away(rig, ada):
    ada.raw.post("/block", bot=rig.bot.id)
    await rig.deliver()

    seen = await typing(ada, "hello")

    assert seen["results"] == []
    async with rig.app.db.begin() as session:
        assert (await people.get(session, ada.person)).state == PersonState.LEFT


async def test_an_offer_of_somebody_banned_meanwhile_opens_nothing(rig, ada):
    seen = await typing(ada, "hello")
    async with rig.app.db.begin() as session:
        await people.ban(session, ada.person)

    await ada.start(seen["button"]["start_parameter"])

    assert await drafts(rig) == []


# what comes through an inline bot is nobody's own words


@pytest.mark.parametrize(
    "words", ["/tweet bought", "/forget", "1234567", "AAAAbbbbCCCC1111dddd2222E", "hello"]
)
async def test_nothing_that_came_through_an_inline_bot_has_an_effect(rig, ada, words):
    await ada.open_link()
    hostile, before = rig.telegram.new_bot(), ada.messages()
    asked = ada.raw.ask_inline(f"@{hostile.username} x", wait=0)
    content = {"type": "article", "id": "1", "title": "x", "input_message_content": {"message_text": words}}
    hostile.call("answerInlineQuery", inline_query_id=asked["query_id"], results=[content])
    number = ada.raw.choose(asked, "1")
    await rig.deliver()
    ada.raw.post("/edit", message_id=number, text="/tweet edited")
    await rig.deliver()

    assert len(ada.messages()) == len(before) + 1
    assert ada.sees(number)
    assert await drafts(rig) == []


async def test_the_first_to_send_something_by_way_of_a_bot_is_let_in_by_it_nowhere(make_rig):
    rig = await make_rig(demo=True, open_to_all=False)
    stranger = stranger_to(rig)
    hostile = rig.telegram.new_bot()
    asked = stranger.raw.ask_inline(f"@{hostile.username} x", wait=0)
    content = {
        "type": "article",
        "id": "1",
        "title": "x",
        "input_message_content": {"message_text": "/start"},
    }
    hostile.call("answerInlineQuery", inline_query_id=asked["query_id"], results=[content])
    stranger.raw.choose(asked, "1")
    await rig.deliver()

    async with rig.app.db.begin() as session:
        assert await people.get(session, stranger.person) is None


async def test_an_own_offer_chosen_in_the_private_chat_makes_no_draft_by_itself(rig, ada):
    seen = await typing(ada, "/tweet hello")
    before = len(ada.messages())
    ada.raw.choose(seen, seen["results"][0]["id"])
    await rig.deliver()

    assert len(ada.messages()) == before + 1
    assert await drafts(rig) == []
    with pytest.raises(Refusal):
        ada.raw.choose(seen, "0")


# at once


async def test_of_one_way_pressed_twice_at_once_one_opens_the_draft(rig_on_each):
    rig = rig_on_each
    ada = await rig.phone("Ada")
    await ada.connect(rig.new_account())
    other = await rig.replica()
    seen = await typing(ada, "hello")
    for _ in range(2):
        ada.raw.start(seen["button"]["start_parameter"])

    first, second = rig.waiting()
    await asyncio.gather(rig.give(first), rig.give(second, other))

    assert [draft.text for draft in await drafts(rig)] == ["hello"]


async def test_two_queries_worked_on_at_once_leave_one_text_and_its_own_links(rig_on_each):
    rig = rig_on_each
    ada = await rig.phone("Ada")
    await ada.connect(rig.new_account())
    other = await rig.replica()
    for words in ("hello", "hello world"):
        ada.raw.ask_inline(f"@{rig.bot.username} {words}", wait=0)

    first, second = rig.waiting()
    await asyncio.gather(rig.give(first), rig.give(second, other))

    assert await rows(rig, InlineText) == 1
    assert await rows(rig, StartLink, StartLink.purpose.startswith("inline:")) == 1
