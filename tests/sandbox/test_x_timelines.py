"""Timelines, mentions and users on the sandbox X."""

from datetime import UTC, datetime, timedelta

import pytest


@pytest.fixture
def account(x_server):
    return x_server.new_account()


@pytest.fixture
def session(x_server, account):
    return x_server.session(account["username"])


@pytest.fixture
def ids(session):
    return [session.tweet(f"Number {number}").json()["data"]["id"] for number in range(12)]


def texts(answer):
    return [post["text"] for post in answer.json().get("data", [])]


def test_an_empty_timeline_has_no_data_key(account, session):
    answer = session.get(f"/2/users/{account['id']}/tweets")

    assert answer.json() == {"meta": {"result_count": 0}}


def test_pages_follow_one_another_newest_first(account, session, ids):
    path = f"/2/users/{account['id']}/tweets?max_results=5"
    first = session.get(path).json()
    second = session.get(f"{path}&pagination_token={first['meta']['next_token']}").json()
    third = session.get(f"{path}&pagination_token={second['meta']['next_token']}").json()

    assert [post["id"] for page in (first, second, third) for post in page["data"]] == ids[::-1]
    assert first["meta"]["newest_id"] == ids[-1]
    assert first["meta"]["oldest_id"] == ids[-5]
    assert "next_token" not in third["meta"]


@pytest.mark.parametrize("value", ["4", "101", "x"])
def test_max_results_has_a_range(account, session, value):
    answer = session.get(f"/2/users/{account['id']}/tweets?max_results={value}")

    assert (answer.status_code, answer.json()["errors"][0]["parameters"]) == (400, {"max_results": [value]})


def test_since_and_until_id_bound_the_timeline(account, session, ids):
    answer = session.get(f"/2/users/{account['id']}/tweets?since_id={ids[3]}&until_id={ids[6]}")

    assert [post["id"] for post in answer.json()["data"]] == [ids[5], ids[4]]


def test_times_bound_the_timeline(account, session, ids):
    later = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")

    assert texts(session.get(f"/2/users/{account['id']}/tweets?start_time={later}")) == []
    assert len(texts(session.get(f"/2/users/{account['id']}/tweets?end_time={later}"))) == 10


def test_replies_can_be_left_out(account, session):
    first = session.tweet("Post").json()["data"]["id"]
    session.tweet("Reply", reply={"in_reply_to_tweet_id": first})

    assert texts(session.get(f"/2/users/{account['id']}/tweets?exclude=replies")) == ["Post"]


def test_mentions_are_found(x_server, account, session):
    other = x_server.session(x_server.new_account()["username"])
    other.tweet(f"Hello @{account['username']}!")
    other.tweet("Hello nobody")

    assert texts(session.get(f"/2/users/{account['id']}/mentions")) == [f"Hello @{account['username']}!"]


def test_an_unknown_user_s_timeline_is_a_partial_error(session):
    body = session.get("/2/users/1/tweets").json()

    assert body["errors"][0]["resource_type"] == "user"


def test_a_lagging_timeline_hides_what_is_new(x_server, account, session):
    session.tweet("Too new")
    x_server.fault("lagging_timeline", {"username": account["username"]}, times=1, seconds=60)

    hidden = texts(session.get(f"/2/users/{account['id']}/tweets"))
    shown = texts(session.get(f"/2/users/{account['id']}/tweets"))
    truth = x_server.control("GET", f"/posts?username={account['username']}")

    assert (hidden, shown, truth[0]["text"]) == ([], ["Too new"], "Too new")


def test_me_and_lookups_tell_the_same(x_server, account, session):
    me = session.get("/2/users/me").json()["data"]
    by_id = session.get(f"/2/users/{account['id']}").json()["data"]
    by_name = session.get(f"/2/users/by/username/{account['username'].upper()}").json()["data"]
    several = session.get(f"/2/users/by?usernames={account['username']},nobody_here").json()
    by_ids = session.get(f"/2/users?ids={account['id']},1").json()

    assert me == by_id == by_name == several["data"][0] == by_ids["data"][0]
    assert me == {"id": account["id"], "name": account["name"], "username": account["username"]}
    assert several["errors"][0]["value"] == "nobody_here"
    assert by_ids["errors"][0]["value"] == "1"


def test_user_fields_come_when_asked(x_server, account, session):
    fields = "created_at,profile_image_url,public_metrics,subscription_type,nonsense"
    data = session.get(f"/2/users/me?user.fields={fields}").json()["data"]

    assert set(data) == {"id", "name", "username", *fields.split(",")[:4]}
    assert data["profile_image_url"] == f"{x_server.origin}/avatars/{account['username']}.png"


def test_a_suspended_user_is_a_partial_error(x_server, session):
    gone = x_server.new_account(suspended=True)["username"]

    body = session.get(f"/2/users/by/username/{gone}").json()

    assert body["errors"][0]["detail"] == f"User has been suspended: [{gone}]."
