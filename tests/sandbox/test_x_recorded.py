"""Answers recorded or reported of the real X, compared with what the sandbox says in the same situation."""

import pytest

from tests.sandbox.test_x_media import MP4, picture, start, upload
from tests.sandbox.x_contract import load, shape
from tests.sandbox.x_server import form


@pytest.fixture(scope="module")
def recorded():
    return {entry["name"]: entry for entry in load("x-responses.json")}


@pytest.fixture
def account(x_server):
    return x_server.new_account()


@pytest.fixture
def session(x_server, account):
    return x_server.session(account["username"])


def same_kind(answer, entry):
    assert answer.status_code == entry["status"], answer.text
    assert answer.headers["content-type"] == entry["headers"]["content-type"]
    assert set(entry["headers"]) <= set(answer.headers)


def same_shape(answer, entry):
    same_kind(answer, entry)
    assert shape(answer.json()) == shape(entry["body"])


def same_body(answer, entry):
    same_kind(answer, entry)
    if isinstance(entry["body"], str):
        assert answer.text == entry["body"]
    else:
        assert answer.json() == entry["body"]


def test_reads_have_the_recorded_shape(session, account, recorded):
    for number in range(6):
        session.tweet(f"Post {number}")
    timeline = session.get(f"/2/users/{account['id']}/tweets?max_results=5")
    ids = [post["id"] for post in timeline.json()["data"][:2]]

    same_shape(timeline, recorded["user_timeline"])
    same_shape(session.get("/2/users/me"), recorded["users_me"])
    same_shape(session.get(f"/2/tweets/{ids[0]}"), recorded["get_post"])
    same_shape(session.get(f"/2/tweets?ids={','.join(ids)}"), recorded["get_posts"])
    same_shape(session.get("/2/users/by/username/alice_writes"), recorded["user_by_username"])
    same_shape(
        session.get("/2/users/by?usernames=alice_writes,newsroom_demo"), recorded["users_by_usernames"]
    )


def test_writes_have_the_recorded_shape(session, recorded):
    made = session.tweet("hello")

    same_shape(made, recorded["create_post_live_2026"])
    same_body(session.delete(f"/2/tweets/{made.json()['data']['id']}"), recorded["delete_post"])


def test_uploads_have_the_documented_shape(session, recorded):
    begun = start(session, MP4, "tweet_video", "video/mp4")
    media_id = begun.json()["data"]["id"]
    appended = session.post(
        f"/2/media/upload/{media_id}/append", data={"segment_index": 0}, files={"media": MP4}
    )
    finished = session.post(f"/2/media/upload/{media_id}/finalize")

    same_shape(begun, recorded["media_initialize"])
    assert (
        begun.json()["data"]["expires_after_secs"]
        == recorded["media_initialize"]["body"]["data"]["expires_after_secs"]
    )
    assert begun.json()["data"]["media_key"] == f"13_{media_id}"
    same_shape(appended, recorded["media_append"])
    same_shape(finished, recorded["media_finalize_pending"])


def test_an_unready_media_id_is_refused_in_the_reported_words(session, recorded):
    entry = recorded["err_400_media_ids"]

    same_body(session.post("/2/tweets", json=entry["request_body"]), entry)


@pytest.mark.parametrize("name", ["err_400_invalid_request", "err_403_duplicate", "err_403_reply_gate"])
def test_refused_posts_are_refused_in_the_reported_words(x_server, session, recorded, name):
    entry, body = recorded[name], dict(recorded[name]["request_body"])
    if name == "err_403_duplicate":
        session.post("/2/tweets", json=body)
    if "reply" in body:
        stranger = x_server.session(x_server.new_account()["username"])
        body["reply"] = {"in_reply_to_tweet_id": stranger.tweet("Nobody named").json()["data"]["id"]}

    same_body(session.post("/2/tweets", json=body), entry)


def test_a_text_too_long_is_refused_without_a_reason(session, recorded):
    same_body(session.tweet("x" * 300), recorded["err_403_not_permitted"])


def test_a_read_only_token_is_told_of_permissions(x_server, recorded):
    session = x_server.session("alice_writes", app="read_only")

    same_body(session.tweet("hello"), recorded["err_403_oauth1_permissions"])


def test_an_app_without_a_plan_is_told_so(x_server, recorded):
    session = x_server.session("alice_writes", app="no_access")

    same_body(session.get("/2/users/me"), recorded["err_403_client_forbidden"])


def test_a_wrong_signature_is_unauthorized(session, recorded):
    session.auth.client.resource_owner_secret = "wrong"

    same_body(session.get("/2/users/me"), recorded["err_401_unauthorized"])


def test_a_dead_token_is_code_89(session, recorded):
    session.post("/1.1/oauth/invalidate_token")

    same_body(session.post("/1.1/oauth/invalidate_token"), recorded["err_401_oauth_89"])


def test_the_refusals_of_the_pin_walk_are_the_reported_ones(x_server, recorded):
    asked = form(x_server.request_token())
    x_server.approve(asked["oauth_token"], "alice_writes")
    dead = {"oauth_token": "never_issued_by_anybody_000", "oauth_token_secret": "x"}

    same_body(x_server.request_token(secret="wrong"), recorded["err_401_oauth_32"])
    same_body(x_server.request_token("no_callback"), recorded["err_403_callback_415"])
    same_body(x_server.exchange(asked, "no PIN"), recorded["err_401_pin_wrong"])
    same_body(x_server.exchange(dead, "1234567"), recorded["err_401_request_token_dead"])


@pytest.mark.parametrize(
    ("name", "fault"), [("err_402_credits", "out_of_credit"), ("err_429_rate", "rate_limited")]
)
def test_refusals_on_request_are_the_reported_ones(session, recorded, name, fault):
    session.server.fault(fault, {"username": session.username})

    same_body(session.tweet("hello"), recorded[name])


def test_a_post_with_a_picture_keeps_the_recorded_shape(session, recorded):
    media_id, _ = upload(session, picture("yellow"))
    post_id = session.tweet("Picture", media={"media_ids": [media_id]}).json()["data"]["id"]

    same_shape(session.get(f"/2/tweets/{post_id}"), recorded["get_post"])
