"""Updates come in by polling in order, are confirmed only when finished, and nothing is lost or done twice."""

import asyncio
from dataclasses import dataclass

import pytest

from bot.intake import Poller, TokenRefused
from bot.lanes import Held, lane_of
from tests.sandbox.telegram_server import BEN


@dataclass(frozen=True)
class Said:
    value: str


DONE, BUSY = Said("done"), Said("busy")


class Handler:
    """Takes updates as the edge would: remembers them, and answers what it is told to."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.texts: list[str] = []
        self.hold: dict[str, asyncio.Event] = {}
        self.answers: dict[str, list[Said | Held]] = {}

    async def __call__(self, update) -> Said | Held:
        text = update["message"]["text"]
        self.given.append(text)
        if text in self.hold:
            await self.hold[text].wait()
        answers = self.answers.get(text)
        if answers:
            return answers.pop(0)
        self.texts.append(text)
        return DONE

    async def until(self, *texts: str) -> None:
        async with asyncio.timeout(60):
            while not set(texts) <= set(self.texts):
                await asyncio.sleep(0.02)


@pytest.fixture
def handler():
    return Handler()


@pytest.fixture
async def poller(telegram_server, telegram_bot, handler):
    poller = Poller(f"{telegram_bot.server.origin}/bot{telegram_bot.token}/getUpdates", handler, ["message"])
    running = asyncio.create_task(poller.run())
    yield poller
    poller.stop()
    for event in handler.hold.values():
        event.set()
    await running


@pytest.fixture
def ben(telegram_server, telegram_bot):
    phone = telegram_server.phone(BEN, telegram_bot.id)
    phone.start()
    telegram_bot.updates()
    return phone


def pending(telegram_bot):
    return telegram_bot.server.control("GET", f"/pending?bot={telegram_bot.id}")["updates"]


async def until(seen):
    async with asyncio.timeout(60):
        while not seen():
            await asyncio.sleep(0.02)


async def until_confirmed(telegram_bot):
    async with asyncio.timeout(60):
        while await asyncio.to_thread(pending, telegram_bot):
            await asyncio.sleep(0.05)


async def test_updates_are_handled_once_in_order_and_confirmed(ada, poller, handler, telegram_bot):
    for number in range(20):
        ada.send(f"m{number}")

    await handler.until("m19")
    await until_confirmed(telegram_bot)

    assert handler.texts == [f"m{number}" for number in range(20)]


async def test_a_slow_chat_holds_up_itself_only_and_is_not_confirmed_before_it_is_finished(
    ada, ben, poller, handler, telegram_bot
):
    handler.hold["slow"] = asyncio.Event()
    ada.send("slow")
    ada.send("after it")
    await asyncio.sleep(0.3)
    ben.send("hello")

    await handler.until("hello")
    still_pending = pending(telegram_bot)
    handler.hold["slow"].set()
    await handler.until("after it")
    await until_confirmed(telegram_bot)

    assert len(still_pending) == 3
    assert handler.texts == ["hello", "slow", "after it"]


async def test_what_could_not_be_finished_is_tried_again_in_its_place(ada, poller, handler):
    handler.answers["first"] = [BUSY, BUSY]
    ada.send("first")
    ada.send("second")

    await handler.until("second")

    assert handler.texts == ["first", "second"]


async def test_an_update_nobody_can_read_does_not_hold_up_the_others(ada, poller, handler, telegram_bot):
    wish = {"update": {"message": {"text": "odd", "chat": "?"}}, "bot": telegram_bot.id}
    telegram_bot.server.control("POST", "/inject", json=wish)
    ada.send("hello")

    await handler.until("odd", "hello")


async def test_a_chat_that_has_to_wait_never_keeps_the_updates_of_the_others_from_coming(
    ada, ben, poller, handler
):
    handler.answers["held"] = [Held(60)]
    ada.send("held")
    await asyncio.sleep(0.3)
    for number in range(105):
        ben.send(f"m{number}")

    await handler.until("m104")

    assert "held" not in handler.texts


async def test_a_redelivered_batch_and_a_server_error_lose_nothing(ada, poller, handler, telegram_bot):
    telegram_bot.server.fault("server_error", telegram_bot, match={"method": "getUpdates"})
    telegram_bot.server.fault("drop_after", telegram_bot, match={"method": "getUpdates"})

    ada.send("hello")

    await handler.until("hello")
    await until_confirmed(telegram_bot)


async def test_stopping_finishes_what_is_in_hand_and_leaves_the_rest(ada, handler, telegram_bot):
    poller = Poller(f"{telegram_bot.server.origin}/bot{telegram_bot.token}/getUpdates", handler, ["message"])
    running = asyncio.create_task(poller.run())
    handler.hold["begun"] = asyncio.Event()
    ada.send("begun")
    ada.send("not begun")
    await until(lambda: handler.given)

    poller.stop()
    await asyncio.sleep(0.1)
    handler.hold["begun"].set()
    await running

    assert handler.texts == ["begun"]
    assert len(pending(telegram_bot)) == 1


async def test_a_token_telegram_does_not_know_ends_polling_in_words_without_the_token(telegram_server):
    token = "5999999999:SANDBOX-nobody-knows-this-one-at-all"

    with pytest.raises(TokenRefused) as refused:
        await Poller(f"{telegram_server.origin}/bot{token}/getUpdates", Handler(), []).run()

    assert "BotFather" in str(refused.value)
    assert token not in str(refused.value)


async def test_without_the_lease_nothing_is_asked(ada, handler, telegram_bot):
    async def no() -> bool:
        return False

    url = f"{telegram_bot.server.origin}/bot{telegram_bot.token}/getUpdates"
    poller = Poller(url, handler, ["message"], may_poll=no)
    running = asyncio.create_task(poller.run())
    asked = len(telegram_bot.calls("getUpdates"))
    ada.send("hello")
    await asyncio.sleep(0.3)
    poller.stop()
    await running

    assert len(telegram_bot.calls("getUpdates")) == asked
    assert handler.texts == []


async def test_two_pollers_on_one_token_say_so_and_lose_nothing(ada, poller, handler, telegram_bot, caplog):
    rival = Poller(f"{telegram_bot.server.origin}/bot{telegram_bot.token}/getUpdates", handler, ["message"])
    running = asyncio.create_task(rival.run())
    await until(lambda: "another process polls" in caplog.text)
    rival.stop()
    await running

    ada.send("hello")
    await handler.until("hello")

    assert telegram_bot.token not in caplog.text


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        ({"update_id": 1, "message": {"chat": {"id": 5}, "from": {"id": 7}}}, 5),
        ({"update_id": 1, "edited_message": {"chat": {"id": -5}}}, -5),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -5}}}}, -5),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}}}, 7),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 5}, "from": {"id": 7}}}, 5),
        ({"update_id": 1, "new_kind": {"x": 1}}, ("update", 1)),
        ({"update_id": 1, "message": "garbage"}, ("update", 1)),
    ],
)
def test_the_lane_of_an_update_is_its_chat(update, lane):
    assert lane_of(update) == lane


async def test_it_tells_how_long_telegram_has_said_nothing(handler, telegram_server, telegram_bot, ada):
    poller = Poller(f"{telegram_bot.server.origin}/bot{telegram_bot.token}/getUpdates", handler, ["message"])
    before = poller.silence_s()
    running = asyncio.create_task(poller.run())
    ada.send("hello")
    await handler.until("hello")
    heard = poller.silence_s()
    poller.stop()
    await running

    assert before is None
    assert 0 <= heard < 10
