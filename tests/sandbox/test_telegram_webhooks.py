"""Webhooks: delivery to a bot's own server, order within a chat, repetition until taken."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.sandbox.telegram_server import ADA, Refusal


class Receiver:
    """A bot's server; `answers` are statuses (with headers) to give first, then 200."""

    def __init__(self):
        self.got, self.answers, self.body = [], [], b""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def handler(self):
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.got.append((time.monotonic(), body, dict(self.headers)))
                status, headers = receiver.answers.pop(0) if receiver.answers else (200, {})
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(receiver.body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(receiver.body)

            def log_message(self, *args):
                pass

        return Handler

    def wait(self, count, seconds=60):
        until = time.monotonic() + seconds
        while len(self.got) < count:
            assert time.monotonic() < until, f"{len(self.got)} of {count} updates came"
            time.sleep(0.02)
        return [body for _, body, _ in self.got[:count]]


@pytest.fixture
def receiver():
    """Give a running server for webhooks."""
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


def texts(updates):
    return [update["message"]["text"] for update in updates]


def test_updates_are_posted_with_the_secret(telegram_bot, ada, receiver):
    telegram_bot.call("setWebhook", url=receiver.url, secret_token="s3cret-token")

    number = ada.send("hello")

    update = receiver.wait(1)[0]
    assert update["message"]["message_id"] == number
    assert receiver.got[0][2]["X-Telegram-Bot-Api-Secret-Token"] == "s3cret-token"
    assert receiver.got[0][2]["Content-Type"] == "application/json"


def test_what_waited_before_the_webhook_is_posted_too_and_then_gone(telegram_bot, ada, receiver):
    ada.send("early")

    telegram_bot.call("setWebhook", url=receiver.url)

    assert texts(receiver.wait(1)) == ["early"]
    assert_soon(lambda: telegram_bot.call("getWebhookInfo")["pending_update_count"] == 0)


def test_a_refused_update_is_repeated_and_holds_up_only_its_own_chat(
    telegram_server, telegram_bot, ada, receiver
):
    other = telegram_server.phone(telegram_server.new_person(), telegram_bot.id)
    receiver.answers = [(500, {}), (503, {"Retry-After": "1"})]
    telegram_bot.call("setWebhook", url=receiver.url)

    ada.send("a1")
    ada.send("a2")
    receiver.wait(2)
    other.send("b1")

    assert texts(receiver.wait(5)) == ["a1", "a1", "b1", "a1", "a2"]


def test_retry_after_is_kept_to(telegram_bot, ada, receiver):
    receiver.answers = [(429, {"Retry-After": "1"})]
    telegram_bot.call("setWebhook", url=receiver.url)

    ada.send("a1")

    receiver.wait(2)
    assert receiver.got[1][0] - receiver.got[0][0] >= 0.95
    info = telegram_bot.call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 429 Too Many Requests"


def test_polling_is_refused_while_a_webhook_is_set(telegram_bot, receiver):
    telegram_bot.call("setWebhook", url=receiver.url)

    with pytest.raises(Refusal) as refused:
        telegram_bot.call("getUpdates")
    telegram_bot.call("deleteWebhook")

    assert refused.value.status == 409
    assert "can't use getUpdates method while webhook is active" in refused.value.description
    assert telegram_bot.call("getUpdates") == []


def test_a_deleted_webhook_gets_nothing_more_and_nothing_is_lost(telegram_bot, ada, receiver):
    receiver.answers = [(500, {})] * 50
    telegram_bot.call("setWebhook", url=receiver.url)
    ada.send("kept")
    receiver.wait(1)

    telegram_bot.call("deleteWebhook")
    posted = len(receiver.got)
    time.sleep(0.5)

    assert len(receiver.got) <= posted + 1
    assert texts(telegram_bot.call("getUpdates")) == ["kept"]


def test_pending_updates_are_dropped_on_request(telegram_bot, ada, receiver):
    ada.send("unwanted")

    telegram_bot.call("deleteWebhook", drop_pending_updates=True)

    assert telegram_bot.call("getUpdates") == []


def test_an_update_is_posted_twice_on_request(telegram_server, telegram_bot, ada, receiver):
    telegram_bot.call("setWebhook", url=receiver.url)
    telegram_server.fault("duplicate_updates", telegram_bot)
    ada.send("once")
    first, second = receiver.wait(2)

    telegram_server.control("POST", "/redeliver", json={"update_id": first["update_id"]})

    assert first == second == receiver.wait(3)[2]


def test_the_answer_to_a_webhook_may_carry_a_call(telegram_bot, ada, receiver):
    receiver.body = json.dumps({"method": "sendMessage", "chat_id": ADA, "text": "by answer"}).encode()
    telegram_bot.call("setWebhook", url=receiver.url)

    ada.send("hello")

    assert_soon(lambda: ada.last()["text"] == "by answer")


def assert_soon(condition, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)
