"""/privacy and /forget: what is stored is said, taken away and erased."""

import json
from datetime import timedelta

from sqlalchemy import func, select

from bot import chores
from bot.edge import Outcome
from storage import authorizations, links, people, start_links
from storage.tables import Base

REVOKE = "/1.1/oauth/invalidate_token"
#: Rows that are about updates and keys, not about a person.
OURS = {"updates", "key_check", "leases", "erasures", "groups"}


async def rows_of_people(rig):
    """Count what is stored, by table, but for what holds no person's data."""
    async with rig.app.db.begin() as session:
        counts = {
            table.name: await session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
            if table.name not in OURS
        }
    return {name: count for name, count in counts.items() if count}


async def erase(phone):
    await phone.say("/forget")
    await phone.press("Erase everything")
    return await phone.press("Yes, erase everything")


async def with_a_tweet(rig):
    """Give a phone whose owner has an account, a draft and a posted tweet; and the account."""
    ada = await rig.phone("Ada")
    account = rig.new_account()
    await ada.connect(account)
    await ada.say("/tweet Out in the world")
    await ada.press("Post")
    await rig.posted()
    await ada.say("/tweet Only a draft")
    return ada, account


async def test_what_is_stored_is_said(rig):
    ada = await rig.phone("Ada")

    await ada.say("/privacy")

    assert "What is stored, and for how long" in ada.text
    assert "kept for two days" in ada.text
    assert timedelta(days=2) == chores.UPDATES_KEPT_FOR
    assert ada.buttons == ["Get a copy, or erase it"]


async def test_in_a_group_it_is_said_without_buttons(rig):
    ada = await rig.phone("Ada")
    group = rig.telegram.new_group(rig.bot, owner=ada.person, members=[])

    await ada.in_group(group).say(f"/privacy@{rig.bot.username}")

    assert "What is stored, and for how long" in ada.in_group(group).text
    assert ada.in_group(group).buttons == []


async def test_who_only_talks_in_a_group_is_not_stored(rig):
    ada = await rig.phone("Ada")
    ben = await rig.phone("Ben")
    await erase(ben)
    group = rig.telegram.new_group(rig.bot, owner=ada.person, members=[ben.person])
    rig.telegram.set_member(group, rig.bot.id, "administrator")

    await ben.in_group(group).say("Good morning")

    assert await rows_of_people(rig) == {"people": 1}


async def test_own_apps_are_mentioned_only_where_they_are_allowed(make_rig):
    rig = await make_rig(own_apps=False)
    ada = await rig.phone("Ada")

    await ada.say("/privacy")

    assert "keys of your own app" not in ada.text


async def test_the_export_is_a_file_with_everything_but_secrets(rig):
    ada, account = await with_a_tweet(rig)

    await ada.say("/forget")
    await ada.press("Export")

    sent = ada.last["document"]
    content = rig.telegram.http.get(sent["url"]).text
    exported = json.loads(content)
    assert sent["name"] == "pinfeather.json"
    assert exported["person"]["first_name"] == "Ada"
    assert [row["username"] for row in exported["connections"]] == [account]
    assert {row["text"] for row in exported["tasks"]} == {"Out in the world", "Only a draft"}
    assert not {"access_token", "data_key", "token_fingerprint"} & exported["connections"][0].keys()


async def test_keeping_it_erases_nothing(rig):
    ada, _ = await with_a_tweet(rig)
    before = await rows_of_people(rig)

    await ada.say("/forget")
    await ada.press("Erase everything")
    assert "Your X account is disconnected" in ada.text
    await ada.press("No, keep it")

    assert "Your data" in ada.text
    assert await rows_of_people(rig) == before


async def test_erasing_leaves_nothing_once_x_has_been_told(rig):
    ada, account = await with_a_tweet(rig)

    await erase(ada)
    said = ada.text
    kept = await rows_of_people(rig)
    await rig.chores()

    assert "Everything about you is erased" in said
    assert "X is being told" in said
    assert kept == {"people": 1, "connections": 1}
    assert "an account of yours" in ada.text
    assert [request["username"] for request in rig.x_requests(REVOKE)][-1:] == [account]
    assert await rows_of_people(rig) == {}
    assert [post["text"] for post in rig.posts(account)] == ["Out in the world"]


async def test_while_x_cannot_be_told_only_the_sealed_token_stays(rig):
    ada, _ = await with_a_tweet(rig)
    rig.x_fault("html_502", REVOKE)

    await erase(ada)
    await rig.chores()
    kept = await rows_of_people(rig)
    async with rig.app.db.begin() as session:
        rest = await people.get(session, ada.person)
    rig.clock.advance(minutes=2)
    await rig.chores()

    assert "an account of yours" in ada.text
    assert kept == {"people": 1, "connections": 1}
    assert (rest.first_name, rest.username, rest.telegram_language) == ("", None, None)
    assert await rows_of_people(rig) == {}


async def test_a_token_somebody_else_lives_on_is_not_withdrawn(rig):
    ada, account = await with_a_tweet(rig)
    ben = await rig.phone("Ben")
    await ben.connect(account)

    await erase(ada)
    await rig.chores()
    await ben.say("/tweet Still here")
    await ben.press("Post")
    await rig.posted()

    assert "Still here" in {post["text"] for post in rig.posts(account)}


async def test_what_waits_is_not_posted_after_an_erasure(rig):
    ada, account = await with_a_tweet(rig)
    await ada.say("/tweet Too late")
    await ada.press("Post")

    await erase(ada)
    await rig.posted()

    assert [post["text"] for post in rig.posts(account)] == ["Out in the world"]


async def test_an_authorization_that_waits_for_its_yes_is_revoked_too(rig):
    ada = await rig.phone("Ada")
    await ada.say(rig.pin(await ada.open_link(), rig.new_account()))
    told_before = len(rig.x_requests(REVOKE))

    await erase(ada)
    await rig.chores()

    assert len(rig.x_requests(REVOKE)) == told_before + 1
    assert await rows_of_people(rig) == {}


async def test_an_erasure_that_could_not_be_told_is_told_by_the_redelivery(rig):
    ada, _ = await with_a_tweet(rig)
    await ada.say("/forget")
    await ada.press("Erase everything")
    question = ada.last
    rig.telegram.fault("drop_before", rig.bot, times=3, match={"method": "editMessageText"})
    data = next(each["data"] for row in question["inline_keyboard"] for each in row if "Yes" in each["text"])

    await ada.press_data(data, question)
    update = rig.history[-1]
    outcome = await rig.give(update)
    await rig.chores()

    assert outcome is Outcome.DONE
    assert "Everything about you is erased here" in "".join(ada.texts)
    assert await rows_of_people(rig) == {}


async def test_the_erased_are_let_in_by_no_button_and_by_no_edit(rig):
    ada = await rig.phone("Ada")
    old = await ada.say("/language")
    menu = ada.last
    await erase(ada)

    toast = await ada.press_data("language:en:0", menu)
    rig.telegram.control(
        "POST",
        "/edit",
        json={"person": ada.person, "chat": ada.chat, "message_id": old, "text": "/language!"},
    )
    await rig.deliver()
    rig.telegram.control("POST", "/block", json={"person": ada.person})
    await rig.deliver()

    assert "Send /start to begin" in toast
    assert await rows_of_people(rig) == {}


async def test_the_erased_come_back_as_newcomers_do(make_rig):
    rig = await make_rig(demo=True, open_to_all=False)
    olga, ada = await rig.phone("Olga"), await rig.phone("Ada")
    async with rig.app.db.begin() as session:
        expires_at = rig.clock.now + timedelta(days=7)
        token = await start_links.make(session, "invite", uses=2, expires_at=expires_at, made_by=olga.person)
    await ada.start(token)
    rig.x_fault("html_502", REVOKE)
    await ada.connect(rig.new_account())
    await erase(ada)
    await rig.chores()

    await ada.say("/tweet Am I still in?")
    refused = ada.text
    await ada.start(token)

    assert "not open to everybody" in refused
    assert "Welcome, Ada" in ada.text


async def test_an_old_question_is_asked_anew(rig):
    ada = await rig.phone("Ada")
    await ada.say("/forget")
    await ada.press("Erase everything")
    rig.clock.advance(minutes=12)

    toast = await ada.press("Yes, erase everything")

    assert "asked too long ago" in toast
    assert await rows_of_people(rig) == {"people": 1}


async def test_nobody_erases_somebody_else(rig):
    ada, ben = await rig.phone("Ada"), await rig.phone("Ben")
    await ben.say("/forget")
    minute = int(rig.clock.now.timestamp()) // 60

    await ben.press_data(f"erase_yes:{ada.person}:{minute}", ben.last)

    assert await rows_of_people(rig) == {"people": 2}


async def test_the_operator_is_warned_and_leaves_the_bot_to_the_next_claim(make_rig):
    rig = await make_rig(open_to_all=False)
    olga, ben = await rig.phone("Olga"), await rig.phone("Ben")
    claims = []
    async with rig.app.db.begin() as session:
        for _ in range(2):
            expires_at = rig.clock.now + timedelta(days=1)
            claims.append(await start_links.make(session, "claim", expires_at=expires_at))
    await olga.start(claims[0])
    await ben.start(claims[1])
    too_early = ben.text

    await olga.say("/forget")
    await olga.press("Erase everything")
    warning = olga.text
    await olga.press("Yes, erase everything")
    await ben.start(claims[1])
    await ben.say("/people")

    assert "run out" in too_early
    assert "You run this bot" in warning
    assert "pinfeather claim" in olga.text
    assert "One person uses this bot" in ben.text


async def test_while_x_is_asked_for_a_token_nothing_is_erased(rig):
    ada = await rig.phone("Ada")
    await ada.open_link()
    async with rig.app.db.begin() as session:
        row = await authorizations.current(session, ada.person)
        await links.exchange(session, row, rig.clock.now)

    toast = await erase(ada)
    before = await rows_of_people(rig)
    rig.clock.advance(minutes=1)
    await erase(ada)

    assert "half a minute" in toast
    assert before == {"people": 1, "authorizations": 1}
    assert await rows_of_people(rig) == {}
