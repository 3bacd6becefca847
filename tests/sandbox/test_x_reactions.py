"""Reposts and likes on the sandbox X."""

import pytest

from tests.sandbox.x_contract import NEWER, OLDER, Spec
from tests.sandbox.x_rules import enterprise


@pytest.fixture
def account(x_server):
    return x_server.new_account()


@pytest.fixture
def session(x_server, account):
    return x_server.session(account["username"])


@pytest.fixture
def author(x_server):
    return x_server.session(x_server.new_account()["username"])


@pytest.fixture
def post_id(author):
    return made(author, "Worth a repost, see example.com")


def made(session, text, **more):
    answer = session.tweet(text, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["id"]


def repost(session, account, post_id):
    return session.post(f"/2/users/{account['id']}/retweets", json={"tweet_id": post_id})


def unrepost(session, account, post_id):
    return session.delete(f"/2/users/{account['id']}/retweets/{post_id}")


def like(session, account, post_id):
    return session.post(f"/2/users/{account['id']}/likes", json={"tweet_id": post_id})


def counts(session, post_id):
    found = session.get(f"/2/tweets/{post_id}?tweet.fields=public_metrics").json()["data"]["public_metrics"]
    return found["retweet_count"], found["like_count"]


def test_a_repost_is_in_the_timeline_and_names_what_it_reposts(session, account, author, post_id):
    answer = repost(session, account, post_id).json()["data"]

    query = "tweet.fields=referenced_tweets,entities&expansions=referenced_tweets.id"
    timeline = session.get(f"/2/users/{account['id']}/tweets?{query}").json()
    shown = timeline["data"][0]
    assert answer == {"retweeted": True, "rest_id": shown["id"]}
    assert shown["referenced_tweets"] == [{"type": "retweeted", "id": post_id}]
    assert shown["text"].startswith(f"RT @{author.username}: Worth a repost")
    assert [post["id"] for post in timeline["includes"]["tweets"]] == [post_id]
    for entity in shown["entities"]["urls"]:
        assert shown["text"][entity["start"] : entity["end"]] == entity["url"]
    assert counts(session, post_id) == (1, 0)


def test_a_long_post_is_cut_in_its_repost(session, account, author):
    post_id = made(author, "word " * 50 + "example.com")
    shown = repost(session, account, post_id).json()["data"]["rest_id"]

    data = session.get(f"/2/tweets/{shown}?tweet.fields=entities").json()["data"]

    assert (len(data["text"]), data["text"][-1]) == (140, "…")
    assert set(data["entities"]) == {"mentions"}


def test_reposts_can_be_left_out(session, account, post_id):
    made(session, "My own")
    repost(session, account, post_id)

    path = f"/2/users/{account['id']}/tweets?exclude="
    assert [post["text"] for post in session.get(path + "retweets").json()["data"]] == ["My own"]
    assert len(session.get(path + "replies").json()["data"]) == 2
    assert session.get(path + "quotes").status_code == 400


def test_to_repost_twice_is_refused(session, account, post_id):
    repost(session, account, post_id)
    again = repost(session, account, post_id)

    assert (again.status_code, again.json()["detail"]) == (403, "You have already retweeted this Tweet.")
    assert counts(session, post_id) == (1, 0)


def test_a_repost_is_taken_back_and_what_is_not_there_is_no_error(session, account, post_id):
    repost(session, account, post_id)

    for _ in range(2):
        answer = unrepost(session, account, post_id)
        assert (answer.status_code, answer.json()) == (200, {"data": {"retweeted": False}})
    assert unrepost(session, account, "1").json() == {"data": {"retweeted": False}}
    assert "data" not in session.get(f"/2/users/{account['id']}/tweets").json()
    assert repost(session, account, post_id).json()["data"]["retweeted"] is True


def test_reposting_a_repost_reposts_what_it_reposts(x_server, session, account, post_id):
    first = repost(session, account, post_id).json()["data"]["rest_id"]
    other = x_server.new_account()
    repost(x_server.session(other["username"]), other, first)

    assert counts(session, post_id) == (2, 0)


def test_reposts_go_with_the_post_they_repost(session, account, author, post_id):
    shown = repost(session, account, post_id).json()["data"]["rest_id"]
    author.delete(f"/2/tweets/{post_id}")

    assert "data" not in session.get(f"/2/tweets/{shown}").json()
    assert "data" not in session.get(f"/2/users/{account['id']}/tweets").json()


def test_a_deleted_repost_is_a_repost_taken_back(session, account, post_id):
    shown = repost(session, account, post_id).json()["data"]["rest_id"]

    assert session.delete(f"/2/tweets/{shown}").json() == {"data": {"deleted": True}}
    assert counts(session, post_id) == (0, 0)


def test_what_is_not_there_cannot_be_reposted(session, account):
    body = repost(session, account, "1").json()

    assert "data" not in body
    assert body["errors"][0]["type"].endswith("/resource-not-found")


def test_a_protected_account_is_not_reposted(x_server, session, account):
    hidden = x_server.new_account(protected=True)
    post_id = made(x_server.session(hidden["username"]), "Between us")

    assert "data" not in repost(session, account, post_id).json()
    x_server.control("POST", "/follows", json={"username": account["username"], "target": hidden["username"]})
    assert repost(session, account, post_id).status_code == 403


def test_likes_are_refused_to_self_serve_apps(session, account, post_id):
    made_like, taken_back = (
        like(session, account, post_id),
        session.delete(f"/2/users/{account['id']}/likes/{post_id}"),
    )

    for answer in (made_like, taken_back):
        assert (answer.status_code, answer.json()["title"]) == (403, "Forbidden")
    assert counts(session, post_id) == (0, 0)


def test_enterprise_apps_like_and_take_it_back(x_server, session, account, post_id):
    with enterprise(x_server):
        answers = [like(session, account, post_id).json() for _ in range(2)]
        liked = counts(session, post_id)
        undone = [session.delete(f"/2/users/{account['id']}/likes/{post_id}").json() for _ in range(2)]
        missing = like(session, account, "1").json()

    assert answers == [{"data": {"liked": True}}] * 2
    assert (liked, counts(session, post_id)) == ((0, 1), (0, 0))
    assert undone == [{"data": {"liked": False}}] * 2
    assert missing["errors"][0]["value"] == "1"


@pytest.mark.parametrize("kind", ["retweets", "likes"])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "$.tweet_id: is missing but it is required"),
        ({"tweet_id": 5}, "$.tweet_id: integer found, string expected"),
        ({"tweet_id": "x"}, "$.tweet_id: does not match the regex pattern ^[0-9]{1,19}$"),
        ({"tweet_id": "5", "more": 1}, "$.more: is not defined in the schema"),
        ([], "$: object expected"),
    ],
)
def test_a_badly_written_reaction_is_told_why(x_server, session, account, kind, body, words):
    with enterprise(x_server):
        answer = session.post(f"/2/users/{account['id']}/{kind}", json=body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"].startswith(words)


@pytest.mark.parametrize("kind", ["retweets", "likes"])
def test_nobody_reacts_for_somebody_else(x_server, session, post_id, kind):
    with enterprise(x_server):
        answer = session.post(f"/2/users/1/{kind}", json={"tweet_id": post_id})
        no_id = session.delete(f"/2/users/{session.username}/{kind}/x")

    assert (answer.status_code, no_id.status_code) == (400, 400)
    assert "must be the same as the authenticating user" in answer.json()["errors"][0]["message"]


def test_a_read_only_token_reposts_nothing(x_server, account, post_id):
    session = x_server.session(account["username"], app="read_only")

    assert repost(session, account, post_id).json()["type"].endswith("/oauth1-permissions")


def test_prices_are_recorded(x_server, session, account, post_id):
    repost(session, account, post_id)
    assert session.last_entry()["price"] == 0.015
    unrepost(session, account, post_id)
    assert session.last_entry()["price"] == 0.005
    with enterprise(x_server):
        like(session, account, post_id)
    assert session.last_entry()["price"] == 0.015


@pytest.mark.parametrize("version", [OLDER, NEWER])
def test_the_answers_are_valid(x_server, session, account, post_id, version):
    spec = Spec(version)
    with enterprise(x_server):
        spec.check_answer("POST", "/2/users/{id}/likes", like(session, account, post_id))
        unliked = session.delete(f"/2/users/{account['id']}/likes/{post_id}")
        spec.check_answer("DELETE", "/2/users/{id}/likes/{tweet_id}", unliked)
    spec.check_answer("POST", "/2/users/{id}/retweets", repost(session, account, post_id))
    undone = unrepost(session, account, post_id)
    spec.check_answer("DELETE", "/2/users/{id}/retweets/{source_tweet_id}", undone)
