"""Replies, quotes, polls, labels and edits on the sandbox X: what may be posted, and what is refused how."""

import time

import pytest

from tests.sandbox.test_x_media import picture, upload
from tests.sandbox.x_contract import NEWER, OLDER, Spec
from tests.sandbox.x_rules import enterprise
from tests.sandbox.x_server import running_x

NOT_PERMITTED = "You are not permitted to perform this action."
POLL = {"options": ["Yes", "No", "م"], "duration_minutes": 60}


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
def premium(x_server):
    return x_server.session(x_server.new_account(premium=True)["username"])


def made(session, text, **more):
    answer = session.tweet(text, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["id"]


def read(session, post_id, query=""):
    return session.get(f"/2/tweets/{post_id}?{query}").json()


def refusal(answer):
    return answer.status_code, answer.json()["detail"]


def later(server, session, seconds):
    """Let X's clock be so far ahead, and the session sign by that clock."""
    server.control("PUT", "/clock", json={"offset": seconds})
    session.auth.client.timestamp = str(int(time.time()) + seconds)


def to(post_id):
    return {"reply": {"in_reply_to_tweet_id": post_id}}


def edit(post_id):
    return {"edit_options": {"previous_post_id": post_id}}


def test_self_serve_apps_answer_only_where_they_were_invited(session, author):
    aloud, invited = made(author, "To nobody"), made(author, f"What do you say, @{session.username}?")

    refused = session.tweet("Me too", **to(aloud))
    answered = session.tweet("Well", **to(invited))

    assert refused.status_code == 403
    assert refused.json()["detail"].startswith(
        "Reply to this conversation is not allowed because you have not"
    )
    assert answered.status_code == 201
    assert session.last_entry()["price"] == 0.010


def test_who_quotes_a_post_may_be_answered_by_its_author(x_server, session, author):
    with enterprise(x_server):
        quote = made(author, "Look", quote_tweet_id=made(session, "Mine"))

    assert session.tweet("Thanks", **to(quote)).status_code == 201


def test_own_posts_are_answered_at_any_time_and_at_the_full_price(session):
    first = made(session, "1 of 2")
    made(session, "2 of 2", **to(first))

    assert session.last_entry()["price"] == 0.015


def test_enterprise_apps_answer_anybody_who_lets_them(x_server, session, author):
    open_post = made(author, "To everybody")
    followed = made(author, "To those I follow", reply_settings="following")
    named = made(author, "To those I name", reply_settings="mentionedUsers")
    verified = made(author, "To those with a badge", reply_settings="verified")

    with enterprise(x_server):
        assert session.tweet("a", **to(open_post)).status_code == 201
        for post_id in (followed, named, verified):
            assert refusal(session.tweet("b", **to(post_id))) == (403, NOT_PERMITTED)
        wish = {"username": author.username, "target": session.username}
        x_server.control("POST", "/follows", json=wish)
        assert session.tweet("c", **to(followed)).status_code == 201


def test_to_answer_a_repost_is_to_answer_what_it_reposts(x_server, session, author):
    post_id = made(author, f"Hello @{session.username}")
    me = session.get("/2/users/me").json()["data"]["id"]
    shown = session.post(f"/2/users/{me}/retweets", json={"tweet_id": post_id}).json()["data"]["rest_id"]

    answer = made(session, "Hello", **to(shown))

    found = read(session, answer, "tweet.fields=referenced_tweets,conversation_id")["data"]
    assert found["referenced_tweets"] == [{"type": "replied_to", "id": post_id}]
    assert found["conversation_id"] == post_id


def test_quotes_are_refused_to_self_serve_apps_even_of_own_posts(session):
    status, words = refusal(session.tweet("Look", quote_tweet_id=made(session, "Mine")))

    assert (status, words.startswith("Quoting this post is not allowed because")) == (403, True)


def test_enterprise_apps_quote(x_server, session, author):
    post_id = made(author, "Quotable")
    with enterprise(x_server):
        quote = made(session, "Look at this", quote_tweet_id=post_id)
        gone = session.tweet("Look at nothing", quote_tweet_id="1")
    query = "tweet.fields=referenced_tweets,entities,public_metrics&expansions=referenced_tweets.id"

    body = read(session, quote, query + ",referenced_tweets.id.author_id,author_id&user.fields=name")

    assert gone.status_code == 403
    assert body["data"]["referenced_tweets"] == [{"type": "quoted", "id": post_id}]
    link = body["data"]["entities"]["urls"][0]
    assert link["expanded_url"] == f"https://x.com/{author.username}/status/{post_id}"
    assert body["data"]["text"] == f"Look at this {link['url']}"
    assert body["includes"]["tweets"][0]["public_metrics"]["quote_count"] == 1
    assert {user["username"] for user in body["includes"]["users"]} == {session.username, author.username}


def test_what_a_post_refers_to_and_is_gone_is_a_partial_error(x_server, session, author):
    post_id = made(author, f"Soon gone, @{session.username}")
    answer = made(session, "Answer", **to(post_id))
    author.delete(f"/2/tweets/{post_id}")

    body = read(session, answer, "expansions=referenced_tweets.id")

    assert body["data"]["referenced_tweets"] == [{"type": "replied_to", "id": post_id}]
    assert (body["errors"][0]["parameter"], body["errors"][0]["value"]) == ("referenced_tweets.id", post_id)


def test_a_poll_is_shown_with_its_options_and_its_end(x_server, session):
    post_id = made(session, "Is it?", poll=POLL)
    fields = "poll.fields=duration_minutes,end_datetime,voting_status"

    body = read(session, post_id, f"tweet.fields=attachments&expansions=attachments.poll_ids&{fields}")

    poll = body["includes"]["polls"][0]
    assert body["data"]["attachments"] == {"poll_ids": [poll["id"]]}
    assert [(one["position"], one["label"]) for one in poll["options"]] == [(1, "Yes"), (2, "No"), (3, "م")]
    assert (poll["duration_minutes"], poll["voting_status"]) == (60, "open")
    truth = x_server.control("GET", f"/posts?username={session.username}")[0]["poll"]
    assert truth == {"options": ["Yes", "No", "م"], "minutes": 60}


@pytest.mark.parametrize(
    ("poll", "words"),
    [
        ({}, "$.poll.duration_minutes: is missing but it is required"),
        ({"duration_minutes": 5}, "$.poll.options: is missing but it is required"),
        ({"options": ["a"]}, "$.poll.options: there must be a minimum of 2 items in the array"),
        ({"options": list("abcde")}, "$.poll.options: there must be a maximum of 4 items in the array"),
        ({"options": ["a", ""]}, "$.poll.options[1]: must be at least 1 characters long"),
        ({"options": ["a", "b" * 26]}, "$.poll.options[1]: may only be 25 characters long"),
        ({"options": ["a", 2]}, "$.poll.options[1]: integer found, string expected"),
        (
            {"options": ["a", "b"], "duration_minutes": 4},
            "$.poll.duration_minutes: must have a minimum value of 5",
        ),
        ({"options": ["a", "b"], "duration_minutes": 10_081}, "must have a maximum value of 10080"),
        ({"options": ["a", "b"], "duration_minutes": "5"}, "$.poll.duration_minutes: string found"),
        ({"options": ["a", "b"], "duration_minutes": 5, "x": 1}, "$.poll.x: is not defined in the schema"),
        ({"options": ["a", "b"], "reply_settings": "all"}, "$.poll.reply_settings: does not have a value"),
    ],
)
def test_a_poll_that_is_none_is_told_why(session, poll, words):
    wanted = poll if len(poll) < 1 or "options" not in poll else {"duration_minutes": 5, **poll}
    answer = session.tweet("Is it?", poll=wanted)

    assert answer.status_code == 400
    assert words in answer.json()["errors"][0]["message"]


def test_pictures_polls_and_quotes_exclude_one_another(x_server, session):
    media_id, _ = upload(session, picture())
    media, quote = {"media_ids": [media_id]}, made(session, "Quotable")

    for two in (
        {"media": media, "poll": POLL},
        {"media": media, "quote_tweet_id": quote},
        {"poll": POLL, "quote_tweet_id": quote},
        {"poll": POLL, "card_uri": "card://1"},
    ):
        answer = session.tweet("Both", **two)
        assert answer.status_code == 400
        assert "mutually exclusive" in answer.json()["errors"][0]["message"]


def test_labels_are_kept(x_server, session):
    post_id = made(session, "Bought", paid_partnership=True, made_with_ai=True)

    assert read(session, post_id, "tweet.fields=paid_partnership")["data"]["paid_partnership"] is True
    truth = x_server.control("GET", f"/posts?username={session.username}")[0]
    assert truth["labels"] == {"paid_partnership": True, "made_with_ai": True}


@pytest.mark.parametrize(
    "more", [{"card_uri": "card://1"}, {"community_id": "1"}, {"geo": {"place_id": "x"}}, {"nullcast": True}]
)
def test_what_no_account_here_may_do_is_refused(session, more):
    assert refusal(session.tweet("Special", **more)) == (
        403,
        "Your account is not permitted to access this feature.",
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"edit_options": {}}, "$.edit_options.previous_post_id: is missing but it is required"),
        ({"edit_options": {"previous_post_id": 1}}, "integer found, string expected"),
        ({"edit_options": {"previous_post_id": "x"}}, "does not match the regex pattern"),
        ({"quote_tweet_id": "x"}, "$.quote_tweet_id: does not match the regex pattern"),
        ({"quote_tweet_id": None}, "$.quote_tweet_id: null found, string expected"),
        ({"geo": {"lat": 1}}, "$.geo.lat: is not defined in the schema"),
        ({"paid_partnership": "yes"}, "$.paid_partnership: string found, boolean expected"),
        ({"reply": {"in_reply_to_tweet_id": "1", "exclude_reply_user_ids": [1]}}, "integer found"),
        ({"reply": {"in_reply_to_tweet_id": "1", "quote": "1"}}, "$.reply.quote: is not defined"),
    ],
)
def test_a_badly_written_body_is_told_why(session, more, words):
    answer = session.tweet("x", **more)

    assert answer.status_code == 400
    assert words in answer.json()["errors"][0]["message"]


def test_an_edit_is_a_new_post_that_takes_the_place_of_the_old(premium):
    first = made(premium, "Teh news")
    answer = premium.tweet("The news", **edit(first)).json()["data"]
    second = answer["id"]

    me = premium.get("/2/users/me").json()["data"]["id"]
    old, new = read(premium, first)["data"], read(premium, second, "tweet.fields=edit_controls")["data"]
    timeline = premium.get(f"/2/users/{me}/tweets").json()["data"]

    assert answer["edit_history_tweet_ids"] == [first, second]
    assert [(old["text"], new["text"])] == [("Teh news", "The news")]
    assert old["edit_history_tweet_ids"] == new["edit_history_tweet_ids"] == [first, second]
    assert (new["edit_controls"]["edits_remaining"], new["edit_controls"]["is_edit_eligible"]) == (4, True)
    assert [post["id"] for post in timeline] == [second]


def test_the_history_comes_with_its_expansion(premium):
    first = made(premium, "One")
    second = made(premium, "Two", **edit(first))

    older = read(premium, second, "expansions=edit_history_tweet_ids")["includes"]["tweets"]
    newer = read(premium, second, "expansions=edit_history_post_ids")["includes"]["posts"]

    assert [post["text"] for post in older] == [post["text"] for post in newer] == ["One"]


def test_five_edits_are_the_last(premium):
    newest = made(premium, "Version 0")
    for number in range(1, 6):
        newest = made(premium, f"Version {number}", **edit(newest))

    assert refusal(premium.tweet("Version 6", **edit(newest))) == (403, NOT_PERMITTED)
    controls = read(premium, newest, "tweet.fields=edit_controls")["data"]["edit_controls"]
    assert controls["edits_remaining"] == 0


def test_deleting_one_version_deletes_them_all(premium):
    first = made(premium, "One")
    second = made(premium, "Two", **edit(first))

    assert premium.delete(f"/2/tweets/{first}").json() == {"data": {"deleted": True}}
    assert "data" not in read(premium, first)
    assert "data" not in read(premium, second)
    assert made(premium, "Two")


def test_an_edit_keeps_answers_and_reposts(x_server, premium, session, account):
    first = made(premium, f"Ask me, @{session.username}")
    made(session, "Why?", **to(first))
    session.post(f"/2/users/{account['id']}/retweets", json={"tweet_id": first})
    second = made(premium, "Ask me", **edit(first))

    counts = read(premium, second, "tweet.fields=public_metrics")["data"]["public_metrics"]

    assert (counts["reply_count"], counts["retweet_count"]) == (1, 1)
    assert "data" not in session.get(f"/2/users/{account['id']}/mentions").json()


def test_what_may_not_be_edited_is_refused(x_server, premium, session, author):
    poll = made(premium, "Is it?", poll=POLL)
    answer = made(premium, "Hello", **to(made(author, f"Hello @{premium.username}")))
    own = made(premium, "Edit me")

    for post_id in (poll, answer, "1", made(author, "Not yours")):
        assert refusal(premium.tweet("New words", **edit(post_id))) == (403, NOT_PERMITTED)
    assert refusal(premium.tweet("New words", **edit(own), poll=POLL)) == (403, NOT_PERMITTED)
    plain = made(session, "No Premium")
    assert refusal(session.tweet("New words", **edit(plain)))[0] == 403


def test_a_refused_edit_changes_nothing(premium):
    first = made(premium, "Same words")

    assert premium.tweet("Same words", **edit(first)).status_code == 403
    assert read(premium, first)["data"]["edit_history_tweet_ids"] == [first]


def test_the_time_for_edits_runs_out():
    with running_x() as server:
        session = server.session(server.new_account(premium=True)["username"])
        first = made(session, "Early")
        later(server, session, 50 * 60)
        second = session.tweet("In time", **edit(first))
        later(server, session, 61 * 60)
        third = session.tweet("Too late", **edit(second.json()["data"]["id"]))

    assert second.status_code == 201
    assert refusal(third) == (403, NOT_PERMITTED)


def test_a_poll_closes_at_its_end():
    with running_x() as server:
        session = server.session(server.new_account()["username"])
        post_id = made(session, "Is it?", poll={**POLL, "duration_minutes": 5})
        later(server, session, 301)
        query = "expansions=attachments.poll_ids&poll.fields=voting_status"
        poll = read(session, post_id, query)["includes"]["polls"][0]

    assert poll["voting_status"] == "closed"


@pytest.mark.parametrize("version", [OLDER, NEWER])
def test_posts_with_all_of_it_are_valid(x_server, premium, version):
    spec = Spec(version)
    first = made(premium, "First")
    second = made(premium, "Second", **edit(first))
    poll = made(premium, "Is it?", poll=POLL, paid_partnership=True)
    with enterprise(x_server):
        quote = made(premium, "Quote", quote_tweet_id=second)
    name = "tweet.fields" if version == OLDER else "post.fields"
    history = "edit_history_tweet_ids" if version == OLDER else "edit_history_post_ids"
    reference = "referenced_tweets.id" if version == OLDER else "referenced_posts"
    query = (
        f"ids={first},{second},{poll},{quote},1&{name}=attachments,edit_controls,paid_partnership,lang,text"
        f"&expansions=attachments.poll_ids,{history},{reference},author_id"
        "&poll.fields=duration_minutes,end_datetime,id,options,voting_status"
    )

    answer = premium.get(f"/2/tweets?{query}")

    spec.check_answer("GET", "/2/tweets", answer)
    assert [post["id"] for post in answer.json()["data"]] == [first, second, poll, quote]
    assert set(answer.json()["data"][2]) <= spec.known_keys("Tweet" if version == OLDER else "Post")


def test_an_unknown_parameter_is_refused_and_both_dialects_are_answered_in_the_older(session):
    post_id = made(session, "Asked twice")

    unknown = session.get(f"/2/tweets/{post_id}?tweet_fields=text")
    both = read(session, post_id, "tweet.fields=author_id&post.fields=text&expansions=referenced_posts")

    assert unknown.status_code == 400
    assert "The query parameter [tweet_fields] is not one of [" in unknown.json()["errors"][0]["message"]
    assert set(both["data"]) == {"id", "text", "edit_history_tweet_ids", "author_id"}


def test_posts_of_protected_accounts_are_told_apart_from_missing_ones(x_server, session):
    hidden = x_server.new_account(protected=True)
    post_id = made(x_server.session(hidden["username"]), "Between us")

    body = read(session, post_id)
    timeline = session.get(f"/2/users/{hidden['id']}/tweets").json()

    assert "data" not in body
    for error in (*body["errors"], *timeline["errors"]):
        assert error["type"].endswith("/not-authorized-for-resource")
    Spec(OLDER).check_answer("GET", "/2/tweets/{id}", session.get(f"/2/tweets/{post_id}"))


def test_the_author_of_what_is_quoted_comes_with_an_expansion_of_its_own(x_server, session, author):
    with enterprise(x_server):
        quote = made(session, "Look at that", quote_tweet_id=made(author, "Quote me"))
    query = "expansions=author_id,referenced_tweets.id"

    first = read(session, quote, query)["includes"]["users"]
    both = read(session, quote, query + ",referenced_tweets.id.author_id")["includes"]["users"]
    newer = read(session, quote, "expansions=author_id,referenced_posts")["includes"]["users"]

    assert [user["username"] for user in first] == [session.username]
    for users in (both, newer):
        assert {user["username"] for user in users} == {session.username, author.username}


@pytest.mark.parametrize(
    "body",
    [b'{"text":"\\ud800 half"}', b"[" * 100_000, b"\xff\xfe", b"[1]", b'{"text":null}', b'{"poll":null}'],
)
def test_a_body_that_cannot_be_read_is_a_bad_request(session, body):
    answer = session.post("/2/tweets", data=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")
    assert session.posted() == []


def test_a_whole_surrogate_pair_is_a_character(session):
    answer = session.post(
        "/2/tweets", data=b'{"text":"\\ud83c\\udf89"}', headers={"Content-Type": "application/json"}
    )

    assert answer.json()["data"]["text"] == "🎉"
