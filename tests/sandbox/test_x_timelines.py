"""Timelines, mentions and users on the sandbox X."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.x_contract import NEWER, OLDER, Spec


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


@pytest.mark.parametrize(
    "query",
    [
        "/2/users/me?user_fields=created_at",
        "/2/users?ids=1&max_results=5",
        "/2/users?ids=",
        "/2/users",
        "/2/users?ids=" + "1," * 100 + "1",
        "/2/users/by?usernames=far_too_long_a_name",
        "/2/users/by/username/%00",
        "/2/users/99999999999999999999",
        "/2/dm_events/1?since_id=1",
    ],
)
def test_what_x_does_not_know_is_refused_as_x_describes(session, query):
    answer = session.get(query)

    assert answer.status_code == 400
    Spec(OLDER).check_problem(answer)


@pytest.mark.parametrize(("premium", "told"), [(True, ("blue", "Premium")), (False, ("none", "None"))])
def test_premium_is_told_where_asked(x_server, premium, told):
    account = x_server.new_account()
    x_server.control("POST", "/accounts", json={"username": account["username"], "premium": premium})
    session = x_server.session(account["username"])

    data = session.get("/2/users/me?user.fields=verified_type,subscription_type").json()["data"]

    assert (data["verified_type"], data["subscription_type"]) == told
    assert set(session.get("/2/users/me").json()["data"]) == {"id", "name", "username"}


def test_a_suspended_user_is_a_partial_error(x_server, session):
    gone = x_server.new_account(suspended=True)["username"]

    body = session.get(f"/2/users/by/username/{gone}").json()

    assert body["errors"][0]["detail"] == f"User has been suspended: [{gone}]."


def home(session, account, query=""):
    return session.get(f"/2/users/{account['id']}/timelines/reverse_chronological{query}")


@pytest.fixture
def followed(x_server, account):
    """Give a session of somebody the account follows."""
    other = x_server.session(x_server.new_account()["username"])
    wish = {"username": account["username"], "target": other.username}
    x_server.control("POST", "/follows", json=wish)
    return other


def test_home_shows_own_posts_and_those_of_whom_one_follows(x_server, account, session, followed):
    stranger = x_server.session(x_server.new_account()["username"])
    stranger.tweet("Not at home")
    first = followed.tweet("By whom I follow").json()["data"]["id"]
    session.tweet("My own")
    followed.tweet("Answer", reply={"in_reply_to_tweet_id": first})
    session.post(f"/2/users/{account['id']}/retweets", json={"tweet_id": first})

    everything = texts(home(session, account))
    assert everything[1:] == ["Answer", "My own", "By whom I follow"]
    assert everything[0].startswith(f"RT @{followed.username}: By whom")
    assert texts(home(session, account, "?exclude=replies,retweets")) == ["My own", "By whom I follow"]
    assert texts(home(session, account, f"?since_id={first}&exclude=retweets")) == ["Answer", "My own"]


def test_home_goes_page_by_page(account, session, followed):
    ids = [
        (session, followed)[number % 2].tweet(f"Number {number}").json()["data"]["id"] for number in range(5)
    ]
    first = home(session, account, "?max_results=3").json()
    token = first["meta"]["next_token"]
    second = home(session, account, f"?max_results=3&pagination_token={token}").json()

    assert [post["id"] for page in (first, second) for post in page["data"]] == ids[::-1]
    assert "next_token" not in second["meta"]
    assert home(session, account, "?max_results=1").json()["meta"]["result_count"] == 1
    assert home(session, account, "?max_results=0").status_code == 400


def test_nobody_reads_the_home_of_others(x_server, session):
    answer = home(session, x_server.new_account())

    assert answer.status_code == 400
    assert "must be the same as the authenticating user" in answer.json()["errors"][0]["message"]


def test_who_is_no_longer_followed_or_suspended_is_not_at_home(x_server, account, session, followed):
    followed.tweet("Here")
    x_server.control("POST", "/accounts", json={"username": followed.username, "suspended": True})
    assert home(session, account).json() == {"meta": {"result_count": 0}}

    x_server.control("POST", "/accounts", json={"username": followed.username, "suspended": False})
    assert texts(home(session, account)) == ["Here"]
    wish = {"username": account["username"], "target": followed.username, "following": False}
    x_server.control("POST", "/follows", json=wish)
    assert texts(home(session, account)) == []


def test_mentions_go_page_by_page_between_bounds(x_server, account, session):
    other = x_server.session(x_server.new_account()["username"])
    ids = [other.tweet(f"@{account['username']} number {number}").json()["data"]["id"] for number in range(7)]
    path = f"/2/users/{account['id']}/mentions?max_results=5"
    first = session.get(path).json()
    second = session.get(f"{path}&pagination_token={first['meta']['next_token']}").json()
    between = session.get(f"{path}&since_id={ids[1]}&until_id={ids[4]}").json()

    assert [post["id"] for page in (first, second) for post in page["data"]] == ids[::-1]
    assert [post["id"] for post in between["data"]] == [ids[3], ids[2]]
    assert session.get(f"{path}&exclude=replies").status_code == 400
    assert session.get(f"{path}&max_results=101").status_code == 400


def test_a_repost_is_no_mention(x_server, account, session):
    other = x_server.new_account()
    reposter = x_server.session(other["username"])
    post_id = session.tweet("Repost me").json()["data"]["id"]
    reposter.post(f"/2/users/{other['id']}/retweets", json={"tweet_id": post_id})

    assert texts(session.get(f"/2/users/{account['id']}/mentions")) == []


@pytest.mark.parametrize("path", ["tweets", "mentions", "timelines/reverse_chronological"])
@pytest.mark.parametrize(
    "query", ["colour=blue", "since_id=x", "until_id=" + "9" * 20, "start_time=now", "pagination_token=1"]
)
def test_bounds_that_are_none_are_refused(account, session, path, query):
    answer = session.get(f"/2/users/{account['id']}/{path}?{query}")

    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")


@pytest.mark.parametrize("version", [OLDER, NEWER])
def test_home_and_mentions_are_valid(account, session, followed, version):
    first = followed.tweet(f"@{account['username']} hello").json()["data"]["id"]
    session.tweet("Hello", reply={"in_reply_to_tweet_id": first})
    session.post(f"/2/users/{account['id']}/retweets", json={"tweet_id": first})
    fields, reference = (
        ("tweet.fields", "referenced_tweets.id") if version == OLDER else ("post.fields", "referenced_posts")
    )
    query = f"?{fields}=created_at,entities,public_metrics&expansions={reference},author_id"

    spec = Spec(version)
    shown = home(session, account, query)
    spec.check_answer("GET", "/2/users/{id}/timelines/reverse_chronological", shown)
    mentions = session.get(f"/2/users/{account['id']}/mentions{query}")
    spec.check_answer("GET", "/2/users/{id}/mentions", mentions)
    assert len(shown.json()["data"]) == 3
    assert [post["id"] for post in mentions.json()["data"]] == [first]


def test_what_is_left_out_leaves_its_place_in_the_page_empty(account, session):
    first = session.tweet("The oldest").json()["data"]["id"]
    for number in range(6):
        session.tweet(f"Answer {number}", reply={"in_reply_to_tweet_id": first})
    path = f"/2/users/{account['id']}/tweets?max_results=5&exclude=replies"
    empty = session.get(path).json()
    token = empty["meta"]["next_token"]

    assert (empty.get("data"), empty["meta"]["result_count"]) == (None, 0)
    assert texts(session.get(f"{path}&pagination_token={token}")) == ["The oldest"]
