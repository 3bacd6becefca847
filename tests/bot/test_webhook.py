"""The webhook lets in who knows the secret, and says 200 only after the work."""

import asyncio
import json
from dataclasses import dataclass

import httpx
import pytest

from bot.http import server
from bot.lanes import Held
from bot.webhook import BODY_MAX, NoSecret, Webhook

SECRET = "a-secret-of-thirty-two-characters"
UPDATE = {"update_id": 7, "message": {"text": "hello"}}
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}


@dataclass(frozen=True)
class Said:
    value: str


class Work:
    """Stands in for the edge: remembers the updates, answers what it is told to."""

    def __init__(self) -> None:
        self.outcome = "done"
        self.held: Held | None = None
        self.updates: list[dict] = []
        self.is_ready = True

    async def handle(self, update):
        self.updates.append(update)
        return self.held or Said(self.outcome)

    async def ready(self):
        return self.is_ready


@pytest.fixture
def work():
    return Work()


@pytest.fixture
def webhook(work):
    return Webhook("https://example.org/hook/7", SECRET, work.handle, ready=work.ready)


@pytest.fixture
async def http(webhook):
    transport = httpx.ASGITransport(webhook.application())
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        yield client


def post(http, content=None, **headers):
    body = json.dumps(UPDATE).encode() if content is None else content
    return http.post("/hook/7", content=body, headers=HEADERS | headers)


async def test_an_update_is_worked_on_and_acknowledged(http, work):
    answer = await post(http)

    assert (answer.status_code, answer.text, work.updates) == (200, "", [UPDATE])


@pytest.mark.parametrize("outcome", ["busy", "again", "lost"])
async def test_an_unfinished_update_is_sent_again_by_telegram(http, work, outcome):
    work.outcome = outcome

    answer = await post(http)

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


async def test_an_answer_that_has_to_wait_is_asked_for_again_when_telegram_takes_it(http, work):
    work.held = Held(41.5)

    answer = await post(http)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "42")


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "ünïcode"])
async def test_without_the_secret_the_body_is_not_even_read(http, work, secret, caplog):
    async def body():
        raise AssertionError("the body was read")
        yield b""

    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret.encode()}

    answer = await http.post("/hook/7", content=body(), headers=headers)

    assert answer.status_code == 401
    assert work.updates == []
    assert SECRET not in caplog.text
    assert not secret or secret not in caplog.text


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"[]", {}, 400),
        (b'"text"', {}, 400),
        (b"{}", {}, 400),
        (b'{"update_id": "7"}', {}, 400),
        (b"[" * 100_000, {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"x" * (BODY_MAX + 1), {}, 413),
        (None, {"Content-Type": "text/plain"}, 415),
    ],
)
async def test_what_is_no_update_is_refused(http, work, content, headers, status):
    answer = await post(http, content, **headers)

    assert (answer.status_code, work.updates) == (status, [])


async def test_a_body_without_a_declared_length_is_limited_too(http, work):
    async def chunks():
        for _ in range(20):
            yield b"x" * 100_000

    answer = await http.post("/hook/7", content=chunks(), headers=HEADERS)

    assert answer.status_code == 413


async def test_life_and_readiness(http, work):
    alive, ready = await http.get("/livez"), await http.get("/readyz")
    work.is_ready = False

    assert (alive.status_code, ready.status_code) == (200, 200)
    assert (await http.get("/readyz")).status_code == 503
    assert (await http.get("/hook/7")).status_code == 405
    assert (await http.get("/")).status_code == 404


def test_it_does_not_exist_without_a_secret(work):
    with pytest.raises(NoSecret):
        Webhook("https://example.org/hook/7", "", work.handle, ready=work.ready)


async def test_registering_tells_telegram_all_and_drops_nothing(
    ada, bot, telegram_bot, work, unused_tcp_port
):
    webhook = Webhook(f"http://127.0.0.1:{unused_tcp_port}/hook/7", SECRET, work.handle, ready=work.ready)
    ada.send("written before")
    http = server(webhook.application(), "127.0.0.1", unused_tcp_port)
    serving = asyncio.create_task(http.serve())

    await webhook.register(bot, ["message"])
    async with asyncio.timeout(60):
        while not work.updates:
            await asyncio.sleep(0.05)
    http.should_exit = True
    await serving

    params = telegram_bot.calls("setWebhook")[0]["params"]
    assert str(params.get("drop_pending_updates", False)).lower() == "false"
    assert work.updates[0]["message"]["text"] == "written before"
