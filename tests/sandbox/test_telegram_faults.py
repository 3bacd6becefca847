"""Faults on request, redelivery, injected updates: what a bot must survive."""

import time

import httpx
import pytest

from tests.sandbox.telegram_server import ADA, Refusal


def texts(updates):
    return [update["message"]["text"] for update in updates]


def test_rate_limited_tells_how_long_to_wait_and_then_is_over(telegram_server, telegram_bot, ada):
    telegram_server.fault("rate_limited", telegram_bot, seconds=7, match={"method": "sendMessage"})

    refused = telegram_bot.raw("sendMessage", {"chat_id": ADA, "text": "x"})

    assert refused.status_code == 429
    assert refused.json()["parameters"] == {"retry_after": 7}
    assert telegram_bot.call("sendMessage", chat_id=ADA, text="x")


def test_a_broken_proxy_answers_with_html_and_nothing_is_done(telegram_server, telegram_bot, ada):
    telegram_server.fault("server_error", telegram_bot)

    answer = telegram_bot.raw("sendMessage", {"chat_id": ADA, "text": "lost"})

    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert ada.last()["text"] != "lost"


@pytest.mark.parametrize(("name", "done"), [("drop_before", False), ("drop_after", True)])
def test_a_dropped_connection_leaves_the_message_sent_or_not(telegram_server, telegram_bot, ada, name, done):
    telegram_server.fault(name, telegram_bot)

    with pytest.raises(httpx.TransportError):
        telegram_bot.raw("sendMessage", {"chat_id": ADA, "text": "perhaps"})

    assert (ada.last()["text"] == "perhaps") is done
    assert telegram_bot.calls("sendMessage")[-1]["fault"] == name


def test_a_hanging_call_ends_without_an_answer(telegram_server, telegram_bot, ada):
    telegram_server.fault("hang", telegram_bot, seconds=0.3)
    began = time.monotonic()

    with pytest.raises(httpx.TransportError):
        telegram_bot.raw("sendMessage", {"chat_id": ADA, "text": "x"})

    assert time.monotonic() - began >= 0.3


def test_a_slow_call_is_done_late(telegram_server, telegram_bot, ada):
    telegram_server.fault("slow", telegram_bot, seconds=0.3)
    began = time.monotonic()

    telegram_bot.call("sendMessage", chat_id=ADA, text="late")

    assert time.monotonic() - began >= 0.3
    assert ada.last()["text"] == "late"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("forbidden_blocked", "Forbidden: bot was blocked by the user"),
        ("not_found_chat", "Bad Request: chat not found"),
    ],
)
def test_a_chat_can_be_out_of_reach(telegram_server, telegram_bot, ada, name, words):
    telegram_server.fault(name, telegram_bot, match={"chat": ADA})
    telegram_bot.call("getMe")

    with pytest.raises(Refusal) as refused:
        telegram_bot.call("sendMessage", chat_id=ADA, text="x")

    assert refused.value.description == words


def test_a_missing_file_is_told_by_getfile_or_at_the_download(telegram_server, telegram_bot, ada):
    sent = telegram_bot.upload("sendDocument", {"document": ("a.txt", b"hello")}, chat_id=ADA)
    file_id = sent["document"]["file_id"]
    telegram_server.fault("file_missing", telegram_bot, match={"method": "download"})
    missing = telegram_bot.download(file_id)
    telegram_server.fault("file_missing", telegram_bot)

    with pytest.raises(Refusal, match="temporarily unavailable"):
        telegram_bot.call("getFile", file_id=file_id)

    assert missing.status_code == 404


def test_duplicated_updates_come_once_more_after_they_were_confirmed(telegram_server, telegram_bot, ada):
    telegram_server.fault("duplicate_updates", telegram_bot)
    ada.send("once")
    first = telegram_bot.call("getUpdates")

    again = telegram_bot.call("getUpdates", offset=first[0]["update_id"] + 1)

    assert texts(again) == texts(first) == ["once"]
    assert telegram_bot.updates() == []


def test_chats_can_arrive_in_another_order(telegram_server, telegram_bot, ada):
    other = telegram_server.phone(telegram_server.new_person(), telegram_bot.id)
    ada.send("a1")
    ada.send("a2")
    other.send("b1")
    telegram_server.fault("reorder", telegram_bot)

    assert texts(telegram_bot.call("getUpdates")) == ["b1", "a1", "a2"]


def test_a_confirmed_update_is_delivered_again_on_request(telegram_server, telegram_bot, ada):
    ada.send("once")
    number = telegram_bot.updates()[0]["update_id"]

    telegram_server.control("POST", "/redeliver", json={"update_id": number})

    assert [update["update_id"] for update in telegram_bot.updates()] == [number]
    with pytest.raises(Refusal, match="there was no update"):
        telegram_server.control("POST", "/redeliver", json={"update_id": 1})


def test_an_injected_update_comes_as_it_is(telegram_server, telegram_bot):
    odd = {"message": {"message_id": "seven"}, "stopped_message_generation": {}}

    number = telegram_server.control("POST", "/inject", json={"bot": telegram_bot.id, "update": odd})[
        "update_id"
    ]

    assert telegram_bot.raw("getUpdates").json()["result"] == [{"update_id": number, **odd}]


def test_getupdates_is_hit_only_by_a_fault_that_names_it(telegram_server, telegram_bot):
    telegram_server.fault("server_error", telegram_bot, times=None)
    reached = telegram_bot.raw("getUpdates").status_code
    telegram_server.fault("rate_limited", telegram_bot, match={"method": "getUpdates"})

    assert (reached, telegram_bot.raw("getUpdates").status_code) == (200, 429)


def test_faults_are_listed_and_cleared(telegram_server, telegram_bot):
    number = telegram_server.fault("server_error", telegram_bot, times=None)
    listed = telegram_server.control("GET", "/faults")

    telegram_server.control("DELETE", f"/faults?id={number}")

    assert [fault["fault"] for fault in listed if fault["id"] == number] == ["server_error"]
    assert telegram_bot.call("getMe")
    with pytest.raises(Refusal, match="no such fault"):
        telegram_server.fault("earthquake", telegram_bot)
