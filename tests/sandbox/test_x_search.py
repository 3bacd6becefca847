"""Search on the sandbox X: operators, pages, bounds, and what X says to a query it does not take."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.test_x_media import picture, upload
from tests.sandbox.x_contract import NEWER, OLDER, Spec
from tests.sandbox.x_rules import enterprise

PATH = "/2/tweets/search/recent"


@pytest.fixture(scope="module")
def account(x_server):
    return x_server.new_account()


@pytest.fixture(scope="module")
def session(x_server, account):
    return x_server.session(account["username"])


@pytest.fixture(scope="module")
def word():
    """Give a word that only this module's posts say."""
    return "w" + secrets.token_hex(6)


@pytest.fixture(scope="module")
def other(x_server):
    return x_server.session(x_server.new_account(premium=True)["username"])


@pytest.fixture(scope="module")
def posts(x_server, session, other, word):
    """Give posts of many kinds by a name each: name -> id."""
    made = {}

    def keep(name, text, by=session, **more):
        answer = by.tweet(f"{text} {word}", **more)
        assert answer.status_code == 201, answer.text
        made[name] = answer.json()["data"]["id"]

    keep("plain", "Hello big world")
    keep("tag", "Look at #Sandbox and $ACME")
    keep("link", "See https://example.com/path?x=1 for more")
    keep("mention", f"Hello @{other.username}")
    keep("german", "Guten Morgen, das ist nicht die Welt und")
    keep("japanese", "今日は良い天気ですね")
    keep("emoji", "Good 🎉 party")
    photo, _ = upload(session, picture())
    keep("photo", "With a picture", media={"media_ids": [photo]})
    keep("reply", "An answer", reply={"in_reply_to_tweet_id": made["plain"]})
    with enterprise(x_server):
        keep("quote", "What they said", by=other, quote_tweet_id=made["plain"])
    me = session.get("/2/users/me").json()["data"]["id"]
    made["repost"] = session.post(f"/2/users/{me}/retweets", json={"tweet_id": made["quote"]}).json()["data"][
        "rest_id"
    ]
    return made


@pytest.fixture
def names(session, posts):
    """Give a search that returns the names of the posts found."""
    known = {post_id: name for name, post_id in posts.items()}

    def found(query, **more):
        answer = session.get(PATH, params={"query": query, "max_results": 100, **more})
        assert answer.status_code == 200, answer.text
        return {known.get(post["id"], post["text"]) for post in answer.json().get("data", [])}

    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("world", {"plain"}),
        ("WORLD hello", {"plain"}),
        ('"big world"', {"plain"}),
        ('"world big"', set()),
        ("worl", set()),
        ("picture OR party", {"photo", "emoji"}),
        ("(picture OR party) with", {"photo"}),
        ("good party OR picture", {"emoji", "photo"}),
        ("hello -world", {"mention"}),
        ('hello -"big world"', {"mention"}),
        ("hello -(world OR party)", {"mention"}),
        ("#sandbox", {"tag"}),
        ("#SAND", set()),
        ("$acme", {"tag"}),
        ("url:example.com", {"link"}),
        ('url:"https://example.com/path"', {"link"}),
        ("example", set()),
        ("天気", {"japanese"}),
        ("🎉", {"emoji"}),
    ],
)
def test_words_tags_and_links_find_what_says_them(names, word, query, expected):
    assert names(f"({query}) {word}") == expected


def test_people_and_kinds_narrow_a_search_down(session, other, names, posts, word):
    mine = names(word) - {"quote"}

    assert names(word) == set(posts) - {"repost"}
    assert names(f"{word} from:{session.username.upper()}") == mine
    assert names(f"{word} -from:{session.username}") == {"quote"}
    assert names(f"{word} @{other.username}") == names(f"{word} has:mentions") == {"mention"}
    assert names(f"{word} to:{session.username}") == names(f"{word} is:reply") == {"reply"}
    assert names(f"{word} is:quote") == names(f"{word} is:verified") == {"quote"}
    assert names(f"{word} has:images") == names(f"{word} has:media") == {"photo"}
    assert names(f"{word} has:links") == {"link", "photo", "quote"}
    assert names(f"{word} has:hashtags") == names(f"{word} has:cashtags") == {"tag"}
    assert names(f"{word} lang:de") == {"german"}
    assert names(f"{word} lang:ja") == {"japanese"}
    assert names(f"conversation_id:{posts['plain']}") == {"plain", "reply"}
    assert names(f"{word} -has:links -is:reply -lang:de -lang:ja") == {"plain", "tag", "mention", "emoji"}
    for nothing in ("has:geo", "has:videos", "point_radius:[2.35 48.86 16km]"):
        assert names(f"{word} {nothing}") == set()


def test_reposts_are_found_by_who_made_them_and_never_by_words(session, names, word):
    assert "repost" in names(f"from:{session.username}")
    assert names(f"from:{session.username} is:retweet") == {"repost"}
    assert names(f"{word} is:retweet") == set()


def test_pages_follow_one_another(session, posts, word):
    seen, token = [], {}
    for number in range(12):
        session.tweet(f"{number} of many {word}pages")
    while True:
        query = {"query": f"{word}pages", "max_results": 10, **token}
        body = session.get(PATH, params=query).json()
        seen += [post["id"] for post in body["data"]]
        if "next_token" not in body["meta"]:
            break
        token = {"next_token": body["meta"]["next_token"]}

    assert len(seen) == 12
    assert seen == sorted(seen, key=int, reverse=True)
    newer = session.get(PATH, params={"query": f"{word}pages", "since_id": seen[2]}).json()
    older = session.get(PATH, params={"query": f"{word}pages", "until_id": seen[9]}).json()
    assert [post["id"] for post in newer["data"]] == seen[:2]
    assert [post["id"] for post in older["data"]] == seen[10:]


def test_relevancy_puts_first_what_was_noticed(x_server, session, word):
    ids = [session.tweet(f"{number} of some {word}order").json()["data"]["id"] for number in range(12)]
    reader = x_server.new_account()
    by = x_server.session(reader["username"])
    by.post(f"/2/users/{reader['id']}/retweets", json={"tweet_id": ids[0]})
    query = {"query": f"{word}order", "sort_order": "relevancy", "max_results": 10}

    first = session.get(PATH, params=query).json()
    rest = session.get(PATH, params={**query, "next_token": first["meta"]["next_token"]}).json()

    assert [post["id"] for post in first["data"] + rest["data"]] == [ids[0], *ids[:0:-1]]


def test_an_edited_post_is_found_by_its_newest_words_only(x_server, word):
    session = x_server.session(x_server.new_account(premium=True)["username"])
    first = session.tweet(f"before {word}edit").json()["data"]["id"]
    second = session.tweet(f"after {word}edit", edit_options={"previous_post_id": first}).json()["data"]["id"]

    found = session.get(PATH, params={"query": f"{word}edit"}).json()["data"]

    assert [post["id"] for post in found] == [second]


def test_what_protected_accounts_say_is_found_by_their_followers_only(x_server, session, word):
    hidden = x_server.new_account(protected=True)
    x_server.session(hidden["username"]).tweet(f"hidden {word}hidden")
    query = {"query": f"{word}hidden"}

    assert "data" not in session.get(PATH, params=query).json()
    x_server.control("POST", "/follows", json={"username": session.username, "target": hidden["username"]})
    assert len(session.get(PATH, params=query).json()["data"]) == 1


def stamp(**back):
    return (datetime.now(UTC) - timedelta(**back)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, "The `query` query parameter can not be empty"),
        ({"query": " "}, "The `query` query parameter can not be empty"),
        ({"query": "a" * 513}, "is longer than 512 characters"),
        ({"query": "lang:en"}, "is/has/lang cannot be used as a standalone operator (at position 1)"),
        ({"query": "has:links -is:retweet"}, "is/has/lang cannot be used as a standalone operator"),
        ({"query": "-cat"}, "a query needs a term that is not negated"),
        ({"query": "cat OR is:reply"}, "a query needs a term"),
        ({"query": "cat since:2026-01-01"}, "Reference to invalid operator 'since'."),
        ({"query": "cat is:funny"}, "Reference to invalid operator 'is:funny'."),
        ({"query": "cat AND dog"}, "Ambiguous use of and as a keyword."),
        ({"query": "cat or dog"}, "Ambiguous use of or as a keyword."),
        ({"query": "(cat OR dog"}, "Missing closing parenthesis (at position 12)"),
        ({"query": "cat)"}, "missing EOF at ')' (at position 4)"),
        ({"query": "cat OR"}, "no viable alternative at input '<EOF>'"),
        ({"query": "OR cat"}, "no viable alternative at input 'OR'"),
        ({"query": "()"}, "no viable alternative at input ')'"),
        ({"query": 'cat "dog'}, "no viable alternative at character '\"' (at position 5)"),
        ({"query": '""'}, "no viable alternative"),
        ({"query": "10:30"}, "no viable alternative at character ':' (at position 3)"),
        ({"query": "from:no-name"}, "is not a username"),
        ({"query": "conversation_id:x"}, "is not a conversation id"),
        ({"query": "point_radius:[2.35 48.86 100km]"}, "a radius of at most 25mi"),
        ({"query": "point_radius:paris"}, "point_radius is written"),
        ({"query": "(" * 200 + "cat" + ")" * 200}, "nested too deeply"),
        ({"query": "cat", "max_results": "9"}, "is not between 10 and 100"),
        ({"query": "cat", "max_results": "9" * 5000}, "is not between 10 and 100"),
        ({"query": "cat", "next_token": "x"}, "is not valid"),
        ({"query": "cat", "sort_order": "best"}, "is not one of [recency,relevancy]"),
        ({"query": "cat", "exclude": "replies"}, "The query parameter [exclude] is not one of [query,"),
        ({"query": "cat", "since_id": "x"}, "does not match"),
        ({"query": "cat", "since_id": "1"}, "'since_id' must be a tweet id created after"),
        ({"query": "cat", "start_time": "yesterday"}, "is not a valid date-time"),
        ({"query": "cat", "start_time": stamp(days=8)}, "'start_time' must be on or after"),
        ({"query": "cat", "end_time": stamp(days=-1)}, "must be a minimum of 10 seconds prior"),
        (
            {"query": "cat", "start_time": stamp(days=1), "end_time": stamp(days=2)},
            "'end_time' must be after 'start_time'",
        ),
    ],
)
def test_what_x_does_not_take_is_told_why(session, parameters, words):
    answer = session.get(PATH, params=parameters)

    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")
    assert words in answer.json()["errors"][0]["message"]
    Spec(OLDER).check_problem(answer)


def test_enterprise_queries_may_be_longer(x_server, session):
    with enterprise(x_server):
        assert session.get(PATH, params={"query": "a" * 513}).status_code == 200


@pytest.mark.parametrize("version", [OLDER, NEWER])
def test_the_answers_are_valid(session, posts, word, version):
    name, expansion = (
        ("tweet.fields", "referenced_tweets.id") if version == OLDER else ("post.fields", "referenced_posts")
    )
    fields = "attachments,conversation_id,created_at,edit_controls,entities,lang,public_metrics"
    query = {name: fields, "expansions": f"{expansion},author_id", "max_results": 100}

    found = session.get(PATH, params={"query": f"{word} OR from:{session.username}", **query})
    nothing = session.get(PATH, params={"query": "nobody_says_this", **query})

    Spec(version).check_answer("GET", PATH, found)
    Spec(version).check_answer("GET", PATH, nothing)
    assert nothing.json() == {"meta": {"result_count": 0}}
    kinds = {
        reference["type"]
        for post in found.json()["data"]
        for reference in post.get(expansion.removesuffix(".id"), [])
    }
    assert kinds == {"retweeted", "quoted", "replied_to"}
