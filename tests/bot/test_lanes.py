"""Chats side by side: what fails, raises or has to wait in one holds up itself only, and nothing is lost."""

import asyncio

import pytest

from bot.lanes import Held, Lanes

ADA, BEN = 101, 102


def said(number, chat=ADA):
    return {"update_id": number, "message": {"chat": {"id": chat}}}


class Work:
    """Finishes updates, but first does what it was told to for one of them."""

    def __init__(self) -> None:
        self.finished: list[int] = []
        self.first: dict[int, list] = {}

    async def __call__(self, update):
        number = update["update_id"]
        if self.first.get(number):
            outcome = self.first[number].pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome
        self.finished.append(number)
        return True

    async def until(self, *numbers: int) -> None:
        async with asyncio.timeout(60):
            while not set(numbers) <= set(self.finished):
                await asyncio.sleep(0.01)


@pytest.fixture
def work():
    return Work()


@pytest.fixture
async def lanes(work):
    lanes = Lanes(work)
    yield lanes
    await lanes.close(within_s=1)


async def test_an_update_whose_work_raises_is_tried_again_in_its_place(lanes, work, caplog):
    work.first[1] = [ZeroDivisionError()]

    for number in (1, 2):
        lanes.put(said(number))
    await work.until(2)

    assert work.finished == [1, 2]
    assert "update=1 failed unexpectedly" in caplog.text


async def test_a_chat_telegram_makes_us_wait_for_rests_as_long_and_the_others_go_on(lanes, work):
    work.first[1] = [Held(1.0)]
    began = asyncio.get_running_loop().time()

    for update in (said(1), said(2), said(3, BEN)):
        lanes.put(update)
    await work.until(3)
    held = lanes.held()
    await work.until(2)

    assert held == {1, 2}
    assert work.finished == [3, 1, 2]
    assert 1.0 <= asyncio.get_running_loop().time() - began < 1.5
    assert lanes.held() == set()


async def test_what_is_typed_inline_waits_for_no_answer_owed_in_the_persons_chat(lanes, work):
    work.first[1] = [Held(60.0)]
    lanes.put(said(1))
    lanes.put(said(2))
    lanes.put({"update_id": 3, "inline_query": {"id": "1", "from": {"id": ADA}, "query": "x"}})

    await work.until(3)

    assert work.finished == [3]
