"""What is known of a change when no answer comes: nothing was sent, or nobody can tell."""

import socket
import time

import pytest

from tests.unit import scripted_x
from twitter.client import App, Token, X
from twitter.errors import Refused, Unavailable, Unknown, XError

APP = App("k" * 25, "s" * 50)
TOKEN = Token("1-token", "secret")


def _post(origin, *, changes=True, read_timeout_s=5.0, once=False):
    x = X(origin, read_timeout_s=read_timeout_s, connect_timeout_s=1)
    try:
        return x.call(
            "POST", "/2/tweets", app=APP, token=TOKEN, json={"text": "hi"}, changes=changes, once=once
        )
    except XError as error:
        return error
    finally:
        x.close()


def _closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_refused_connection_means_that_nothing_was_sent():
    outcome = _post(_closed_port())

    assert (type(outcome), outcome.code, outcome.status) == (Unavailable, "unreachable", None)


def test_a_name_that_does_not_resolve_means_that_nothing_was_sent():
    x = X("https://api.x.invalid")

    with pytest.raises(Unavailable) as caught:
        x.call("POST", "/2/tweets", app=APP, json={}, changes=True)

    assert caught.value.code == "unreachable"


def test_a_failed_tls_handshake_means_that_nothing_was_sent():
    with scripted_x.serving(scripted_x.answering(400)) as server:
        outcome = _post(server.origin.replace("http:", "https:"), read_timeout_s=1)

    assert (type(outcome), outcome.code) == (Unavailable, "unreachable")


@pytest.mark.parametrize("act", [scripted_x.hanging_up, scripted_x.resetting])
def test_a_connection_lost_after_the_body_went_out_is_unknown_for_a_change(act):
    with scripted_x.serving(act) as server:
        outcome = _post(server.origin)

    assert (type(outcome), outcome.code) == (Unknown, "connection_lost")


def test_a_lost_connection_changes_nothing_on_a_read():
    with scripted_x.serving(scripted_x.hanging_up) as server:
        outcome = _post(server.origin, changes=False)

    assert (type(outcome), outcome.code) == (Unavailable, "connection_lost")


def test_a_silent_server_is_a_time_out_and_unknown_for_a_change():
    with scripted_x.serving(scripted_x.silent) as server:
        outcome = _post(server.origin, read_timeout_s=0.3)

    assert (type(outcome), outcome.code) == (Unknown, "timed_out")


def test_a_trickle_ends_and_is_unknown():
    started = time.monotonic()

    with scripted_x.serving(scripted_x.trickling) as server:
        outcome = _post(server.origin, read_timeout_s=0.5)

    assert isinstance(outcome, Unknown)
    assert time.monotonic() - started < 3


def test_an_answer_that_breaks_off_is_unknown():
    with scripted_x.serving(scripted_x.saying(b"HTTP/1.1 201 -\r\nContent-Length: 90\r\n\r\n{")) as server:
        outcome = _post(server.origin)

    assert (type(outcome), outcome.code) == (Unknown, "connection_lost")


def test_a_refusal_whose_text_breaks_off_is_still_a_refusal():
    with scripted_x.serving(scripted_x.saying(b"HTTP/1.1 403 -\r\nContent-Length: 90\r\n\r\n{")) as server:
        outcome = _post(server.origin)

    assert (type(outcome), outcome.code, outcome.status) == (Refused, "forbidden", 403)


def test_an_endless_answer_is_not_read():
    head = b"HTTP/1.1 200 -\r\nContent-Length: 99999999\r\n\r\n"

    with scripted_x.serving(scripted_x.saying(head + b"x" * (9 * 1024 * 1024))) as server:
        outcome = _post(server.origin, changes=False)

    assert (type(outcome), outcome.code) == (Unavailable, "answer_too_big")


def test_no_http_at_all_is_unknown():
    with scripted_x.serving(scripted_x.saying(b"I am no HTTP server\r\n\r\n")) as server:
        outcome = _post(server.origin)

    assert isinstance(outcome, Unknown)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_5xx_on_a_change_is_unknown_and_on_a_read_unavailable(status):
    page = scripted_x.answering(status, "<html><body>Bad gateway</body></html>")

    with scripted_x.serving(page, page) as server:
        change = _post(server.origin)
        read = _post(server.origin, changes=False)

    assert (type(change), change.code, change.status) == (Unknown, "server_error", status)
    assert (type(read), read.code, read.status) == (Unavailable, "server_error", status)


def test_redirects_are_not_followed():
    away = scripted_x.answering(302, "", location="http://127.0.0.1:1/elsewhere")

    with scripted_x.serving(away) as server:
        outcome = _post(server.origin)

    assert (type(outcome), outcome.code, outcome.status) == (Unknown, "garbled", 302)


def test_a_proxy_named_in_the_environment_is_not_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")

    with scripted_x.serving(scripted_x.answering(201, {"data": {"id": "1"}})) as server:
        outcome = _post(server.origin)

    assert outcome.item == {"id": "1"}


def test_connections_are_kept_and_a_closed_one_is_noticed():
    """A connection the server has closed meanwhile is opened anew: no change becomes Unknown for that."""
    keep = b"HTTP/1.1 200 -\r\nContent-Length: 2\r\n\r\n{}"

    with scripted_x.serving(scripted_x.saying(keep), scripted_x.saying(keep)) as server:
        x = X(server.origin)
        for _ in range(2):
            x.call("POST", "/2/tweets", app=APP, json={}, changes=True)
            time.sleep(0.1)
        x.close()

    assert len(server.requests) == 2


def test_no_cookie_is_sent_back():
    answer = scripted_x.answering(200, {"data": {}}, set_cookie="guest_id=1; Path=/")

    with scripted_x.serving(answer, answer) as server:
        x = X(server.origin)
        for _ in range(2):
            x.call("GET", "/2/users/me", app=APP, changes=False)
        x.close()

    assert b"cookie" not in server.requests[1].lower()
