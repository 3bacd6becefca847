"""What the sandbox X believes: signatures, nonces, timestamps, and what of a body is signed."""

import time
from urllib.parse import quote

import pytest
import requests
from oauthlib.oauth1 import Client


class Replayable:
    """A signed request that can be sent again, or with a time and nonce of one's own."""

    def __init__(self, server, username):
        self._server = server
        self._keys = server.app()
        self._grant = server.control("POST", "/tokens", json={"username": username, "app": "registered"})

    def headers(self, path, method="GET", body=None, headers=None, **more):
        client = Client(
            self._keys["consumer_key"],
            self._keys["consumer_secret"],
            self._grant["token"],
            self._grant["secret"],
            **more,
        )
        return client.sign(self._server.origin + path, method, body, headers)[1]

    def get(self, path, headers):
        return requests.get(self._server.origin + path, headers=headers, timeout=10)


@pytest.fixture
def signer(x_server):
    return Replayable(x_server, x_server.new_account()["username"])


def test_a_request_sent_twice_is_refused_the_second_time(signer):
    headers = signer.headers("/2/users/me")

    first, second = signer.get("/2/users/me", headers), signer.get("/2/users/me", headers)

    assert (first.status_code, second.status_code) == (200, 401)
    assert second.json()["title"] == "Unauthorized"


def test_a_nonce_may_come_again_with_another_time(signer):
    now = int(time.time())
    first = signer.get("/2/users/me", signer.headers("/2/users/me", nonce="n1", timestamp=str(now)))
    second = signer.get("/2/users/me", signer.headers("/2/users/me", nonce="n1", timestamp=str(now + 1)))

    assert (first.status_code, second.status_code) == (200, 200)


@pytest.mark.parametrize("away", [-3600, -330, 330, 3600])
def test_a_time_too_far_off_is_out_of_bounds(signer, away):
    headers = signer.headers("/2/users/me", timestamp=str(int(time.time()) + away))

    answer = signer.get("/2/users/me", headers)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, 135)


@pytest.mark.parametrize("away", [-200, 200])
def test_a_time_a_little_off_is_taken(signer, away):
    headers = signer.headers("/2/users/me", timestamp=str(int(time.time()) + away))

    assert signer.get("/2/users/me", headers).status_code == 200


def test_a_changed_query_breaks_the_signature(signer):
    headers = signer.headers("/2/users/me?user.fields=created_at")

    answer = signer.get("/2/users/me?user.fields=description", headers)

    assert answer.status_code == 401


def test_a_query_with_odd_signs_is_signed_as_it_was_sent(signer):
    path = f"/2/users/me?user.fields={quote('created_at,description')}&x={quote('ä ~/+*')}"

    answer = signer.get(path, signer.headers(path))

    # The signature was believed: what X refuses is the parameter, which it does not know.
    assert answer.status_code == 400
    assert "[x]" in answer.text


def test_a_wrong_token_secret_is_refused(x_server):
    session = x_server.session("alice_writes")
    session.auth.client.resource_owner_secret = "wrong"

    answer = session.get("/2/users/me")

    assert answer.json() == {
        "title": "Unauthorized",
        "type": "about:blank",
        "status": 401,
        "detail": "Unauthorized",
    }


def test_a_token_belongs_to_its_app(x_server):
    session, other = x_server.session("alice_writes"), x_server.app("own")
    session.auth.client.client_key = other["consumer_key"]
    session.auth.client.client_secret = other["consumer_secret"]

    assert session.get("/2/users/me").status_code == 401


def test_a_json_body_is_not_signed(x_server, signer):
    headers = signer.headers("/2/tweets", "POST", headers={"Content-Type": "application/json"})

    answer = requests.post(
        x_server.origin + "/2/tweets", data=b'{"text": "not in the signature"}', headers=headers, timeout=10
    )

    assert answer.status_code == 201


def test_a_form_body_is_signed(x_server, signer):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    path = "/1.1/oauth/invalidate_token"
    headers = signer.headers(path, "POST", "a=1", form)

    changed = requests.post(x_server.origin + path, data="a=2", headers=headers, timeout=10)

    assert (changed.status_code, changed.json()["errors"][0]["code"]) == (401, 32)


def test_other_signature_methods_are_refused(x_server, signer):
    headers = signer.headers("/2/users/me", signature_method="PLAINTEXT")

    assert signer.get("/2/users/me", headers).status_code == 401


def test_the_date_header_tells_the_server_s_time(x_server, signer):
    answer = signer.get("/2/users/me", signer.headers("/2/users/me"))

    assert answer.headers["date"].endswith("GMT")
