"""One call to X: signed by X's clock, repeated once at most, and silent about secrets."""

import asyncio
import concurrent.futures
import logging
import pickle
import re
import threading
import time
import traceback
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit import scripted_x
from twitter import authorize, people, posts
from twitter.client import App, Token, X, behind, in_thread
from twitter.errors import NotAuthorized, Refused, SlowDown, Unavailable, Unknown

APP = App("consumerkey1consumerkey1", "consumersecret1consumersecret1")
TOKEN = Token("42-accesstoken1accesstoken1", "accesssecret1accesssecret1")
SECRETS = (APP.consumer_key, APP.consumer_secret, TOKEN.token, TOKEN.secret)
CLOCK_OFF = {"errors": [{"code": 135, "message": "Timestamp out of bounds."}]}
NOW = 1_790_000_000.0
X_TIME = "Wed, 23 Sep 2026 11:33:20 UTC"
"""Two days after NOW."""


def _timestamps(server: scripted_x.Script) -> list[int]:
    return [int(re.search(rb'oauth_timestamp="(\d+)"', request)[1]) for request in server.requests]


@pytest.mark.parametrize(
    "origin", ["http://api.x.com", "ftp://api.x.com", "https://u:p@api.x.com", "https://x/2", ""]
)
def test_x_is_called_by_https_or_on_this_machine_only(origin):
    with pytest.raises(ValueError):
        X(origin)


def test_people_look_at_posts_on_x_com_and_in_a_sandbox_where_it_is():
    assert X().web_origin == "https://x.com"
    assert X("http://127.0.0.1:8101/").web_origin == "http://127.0.0.1:8101"


def test_a_wrong_clock_is_put_right_by_x_s_own_and_the_call_made_again():
    refused = scripted_x.answering(401, CLOCK_OFF, date=X_TIME)
    done = scripted_x.answering(201, {"data": {"id": "7"}}, date=X_TIME)

    with scripted_x.serving(refused, done, done) as server:
        x = X(server.origin, clock=lambda: NOW)
        first = posts.create(x, APP, TOKEN, "hi")
        second = posts.create(x, APP, TOKEN, "hello")

    x_time = int(datetime(2026, 9, 23, 11, 33, 20, tzinfo=UTC).timestamp())
    assert (first, second) == ("7", "7")
    assert _timestamps(server) == [int(NOW), x_time, x_time]


def test_a_clock_that_stays_wrong_is_told_after_one_more_try():
    refused = scripted_x.answering(401, CLOCK_OFF, date=X_TIME)

    with scripted_x.serving(refused, refused, refused) as server, pytest.raises(NotAuthorized) as caught:
        people.who_am_i(X(server.origin, clock=lambda: NOW), APP, TOKEN)

    assert (caught.value.code, len(server.requests)) == ("clock_skew", 2)


def test_wrong_keys_with_a_right_clock_are_not_tried_again():
    refused = scripted_x.answering(401, {"errors": [{"code": 32, "message": "Could not authenticate you."}]})

    with scripted_x.serving(refused, refused) as server, pytest.raises(NotAuthorized) as caught:
        authorize.begin(X(server.origin), APP)

    assert (caught.value.code, len(server.requests)) == ("keys_wrong", 1)


def test_an_exchange_is_never_repeated_not_even_for_the_clock():
    refused = scripted_x.answering(401, CLOCK_OFF, date=X_TIME)

    with scripted_x.serving(refused, refused) as server, pytest.raises(NotAuthorized) as caught:
        authorize.exchange(X(server.origin, clock=lambda: NOW), APP, TOKEN, "0123456")

    assert (caught.value.code, len(server.requests)) == ("clock_skew", 1)


def test_a_pin_that_is_none_is_not_sent():
    with pytest.raises(NotAuthorized) as caught:
        authorize.exchange(X("http://127.0.0.1:1"), APP, TOKEN, "12 34")

    assert caught.value.code == "wrong_pin"


def test_a_link_without_confirmed_callback_is_refused():
    body = "oauth_token=abc&oauth_token_secret=def&oauth_callback_confirmed=false"

    with scripted_x.serving(scripted_x.answering(200, body)) as server, pytest.raises(Unavailable) as caught:
        authorize.begin(X(server.origin), APP)

    assert (caught.value.code, caught.value.status) == ("garbled", 200)


def test_a_link_is_asked_for_without_a_callback():
    body = "oauth_token=abc&oauth_token_secret=def&oauth_callback_confirmed=true"

    with scripted_x.serving(scripted_x.answering(200, body, content_type="text/html")) as server:
        x = X(server.origin)
        request = authorize.begin(x, APP)

    assert request == Token("abc", "def")
    assert authorize.address(x, request) == f"{server.origin}/oauth/authorize?oauth_token=abc"
    assert b'oauth_callback="oob"' in server.requests[0]


def test_an_exchange_answered_with_nonsense_is_unknown():
    body = "oauth_token=1-a&oauth_token_secret=b"

    with scripted_x.serving(scripted_x.answering(200, body)) as server, pytest.raises(Unknown) as caught:
        authorize.exchange(X(server.origin), APP, TOKEN, "1234567")

    assert caught.value.code == "garbled"


def test_a_dead_token_counts_as_revoked():
    dead = scripted_x.answering(401, {"errors": [{"code": 89, "message": "Invalid or expired token."}]})

    with scripted_x.serving(dead) as server:
        authorize.revoke(X(server.origin), APP, TOKEN)

    assert server.requests[0].startswith(b"POST /1.1/oauth/invalidate_token ")


def test_an_accepted_post_without_an_id_is_unknown():
    with scripted_x.serving(
        scripted_x.answering(201, "certainly"), scripted_x.answering(201, {"data": {}})
    ) as server:
        x = X(server.origin)
        for _ in range(2):
            with pytest.raises(Unknown):
                posts.create(x, APP, TOKEN, "hi")


def test_only_ids_of_x_get_into_a_path():
    with pytest.raises(Refused) as caught:
        posts.delete(X("http://127.0.0.1:1"), APP, TOKEN, "1/../../users/me")

    assert caught.value.code == "invalid_request"


def test_secrets_are_in_no_error_no_log_and_no_repr(caplog):
    """Ours stand at INFO; the foreign loggers that show secrets at DEBUG are pinned by the process."""
    caplog.set_level(logging.INFO)
    words = f"Bad oauth_token={TOKEN.token} {APP.consumer_key} {TOKEN.secret} signed {APP.consumer_secret}"
    acts = (scripted_x.answering(403, {"detail": words}), scripted_x.hanging_up, scripted_x.silent)
    told = []

    with scripted_x.serving(*acts) as server:
        x = X(server.origin, read_timeout_s=0.3)
        for _ in acts:
            try:
                posts.create(x, APP, TOKEN, "hi")
            except (Refused, Unknown) as error:
                told += [str(error), repr(error), error.detail, *traceback.format_exception(error)]

    shown = "\n".join([*told, caplog.text, repr((APP, TOKEN))])
    assert "Bad" in shown
    assert [secret for secret in SECRETS if secret in shown] == []


def test_a_key_that_cannot_be_signed_is_a_wrong_key():
    app = App("\ud800key", "secret")

    with pytest.raises(NotAuthorized) as caught:
        authorize.begin(X("http://127.0.0.1:1"), app)

    assert (caught.value.code, caught.value.__cause__) == ("keys_wrong", None)
    assert "ud800" not in "".join(traceback.format_exception(caught.value))


def test_each_thread_signs_for_itself():
    """Forty calls of four people at once over one door: every signature carries its own token."""
    people_s = [Token(f"{number}-token{number}", "s") for number in range(4)] * 10
    acts = [scripted_x.answering(200, {"data": {}})] * len(people_s)

    with scripted_x.serving(*acts) as server, concurrent.futures.ThreadPoolExecutor(8) as threads:
        x = X(server.origin)
        list(
            threads.map(
                lambda token: x.call(
                    "GET", f"/2/users/{token.token[0]}", app=APP, token=token, changes=False
                ),
                people_s,
            )
        )

    pairs = [
        re.search(rb'/2/users/(\d).*oauth_token="(\d)-token\2"', request, re.DOTALL)
        for request in server.requests
    ]
    assert [pair[1] == pair[2] for pair in pairs] == [True] * 40
    nonces = {re.search(rb'oauth_nonce="(\d+)"', request)[1] for request in server.requests}
    assert len(nonces) == 40


def test_errors_survive_pickling():
    until = datetime(2026, 11, 23, tzinfo=UTC)
    slow = pickle.loads(pickle.dumps(SlowDown("rate_limited", "words", 429, until=until, scope="24h_user")))
    refused = pickle.loads(pickle.dumps(Refused("duplicate", "words", 403)))

    assert (slow.code, slow.detail, slow.status, slow.until, slow.scope) == (
        "rate_limited",
        "words",
        429,
        until,
        "24h_user",
    )
    assert (type(refused), refused.code, refused.detail, str(refused)) == (
        Refused,
        "duplicate",
        "words",
        "duplicate (403)",
    )


async def test_a_call_in_a_thread_leaves_the_loop_free():
    all_here = threading.Barrier(4)

    await asyncio.gather(*(in_thread(all_here.wait, 60) for _ in range(4)))

    assert not all_here.broken


async def test_a_call_that_waits_for_a_thread_is_withdrawn_and_one_that_runs_goes_on():
    gate, begun, ran = threading.Event(), [], []
    running = [
        asyncio.ensure_future(in_thread(lambda: (begun.append(1), gate.wait(60), ran.append("running"))))
        for _ in range(16)
    ]
    async with asyncio.timeout(60):
        while len(begun) < 16:
            await asyncio.sleep(0.01)
    waiting = asyncio.ensure_future(in_thread(ran.append, "waiting"))
    await asyncio.sleep(0.05)

    for call in (*running, waiting):
        call.cancel()
    await asyncio.sleep(0.05)
    gate.set()
    await asyncio.gather(*running, waiting, return_exceptions=True)
    await in_thread(time.sleep, timedelta(seconds=0.1).total_seconds())

    assert ran == ["running"] * 16


def test_a_process_that_is_not_surely_alive_sends_nothing():
    with scripted_x.serving() as server, pytest.raises(Unavailable) as caught:
        posts.create(X(server.origin, alive=lambda: False), APP, TOKEN, "hi")

    assert (caught.value.code, server.requests) == ("unreachable", [])


def test_a_process_that_slept_behind_its_fence_sends_nothing():
    awake = threading.Event()
    awake.set()

    with scripted_x.serving(scripted_x.hanging_up) as server:
        x = X(server.origin, alive=awake.is_set)
        with pytest.raises(Unavailable):
            behind(awake.clear, lambda: posts.create(x, APP, TOKEN, "hi"))
        x.close()

    assert b"".join(server.requests) == b""


def test_a_process_that_slept_in_the_middle_of_a_request_does_not_finish_it():
    answers = iter([True, False])
    hung_up = threading.Event()

    with scripted_x.serving(lambda _connection: hung_up.set()) as server:
        x = X(server.origin, alive=lambda: next(answers))
        with pytest.raises(Unknown):
            posts.create(x, APP, TOKEN, "hi")
        x.close()
        assert hung_up.wait(60)

    (request,) = server.requests
    assert request.endswith(b"\r\n\r\n")
