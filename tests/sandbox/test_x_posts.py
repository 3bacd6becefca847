"""Creating, reading and deleting posts on the sandbox X."""

import pytest

from tests.sandbox.x_server import XSession


@pytest.fixture
def account(x_server):
    return x_server.new_account()


@pytest.fixture
def session(x_server, account) -> XSession:
    return x_server.session(account["username"])


def detail(answer):
    return answer.status_code, answer.json().get("detail")


def test_a_post_is_created_read_and_deleted(session):
    made = session.tweet("Hello")
    post_id = made.json()["data"]["id"]

    read = session.get(f"/2/tweets/{post_id}")
    deleted = session.delete(f"/2/tweets/{post_id}")
    gone = session.get(f"/2/tweets/{post_id}")

    assert (made.status_code, made.json()["data"]["edit_history_tweet_ids"]) == (201, [post_id])
    assert read.json()["data"] == {"id": post_id, "text": "Hello", "edit_history_tweet_ids": [post_id]}
    assert deleted.json() == {"data": {"deleted": True}}
    assert (gone.status_code, gone.json()["errors"][0]["title"]) == (200, "Not Found Error")
    assert "data" not in gone.json()


def test_the_same_text_again_is_a_duplicate(session):
    session.tweet("Once")

    assert detail(session.tweet(" Once ")) == (
        403,
        "You are not allowed to create a Tweet with duplicate content.",
    )


def test_the_same_text_after_deleting_is_no_duplicate(session):
    post_id = session.tweet("Again").json()["data"]["id"]
    session.delete(f"/2/tweets/{post_id}")

    assert session.tweet("Again").status_code == 201


def test_another_account_may_say_the_same(x_server, session):
    session.tweet("Common words")

    other = x_server.session(x_server.new_account()["username"])

    assert other.tweet("Common words").status_code == 201


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("a" * 280, 201),
        ("a" * 281, 403),
        ("文" * 140, 201),
        ("文" * 141, 403),
        ("👨‍👩‍👧‍👦" * 140, 201),
        ("👨‍👩‍👧‍👦" * 141, 403),
        ("https://example.com/" + "x" * 300, 201),
        ("example.com " * 11 + "a" * 17, 403),
        ("example.com " * 11 + "a" * 16, 201),
        ("\N{LATIN SMALL LETTER E}\N{COMBINING ACUTE ACCENT}" * 280, 201),
        ("with a \ufeff in it", 403),
    ],
)
def test_length_is_weighed(session, text, status):
    answer = session.tweet(text)

    assert answer.status_code == status
    if status == 403:
        assert answer.json()["detail"] == "You are not permitted to perform this action."


def test_premium_accounts_may_write_long_and_the_text_is_cut(x_server):
    session = x_server.session(x_server.new_account(premium=True)["username"])
    text = "word " * 200

    post_id = session.tweet(text).json()["data"]["id"]
    older = session.get(f"/2/tweets/{post_id}?tweet.fields=note_tweet").json()["data"]
    newer = session.get(f"/2/tweets/{post_id}?post.fields=note_post").json()["data"]

    assert len(older["text"]) <= 280
    assert "… https://t.co/" in older["text"]
    assert older["note_tweet"]["text"] == newer["note_post"]["text"] == text.strip()


def test_premium_ends_at_25000(x_server):
    session = x_server.session(x_server.new_account(premium=True)["username"])

    assert session.tweet("a" * 25_000).status_code == 201
    assert session.tweet("b" * 25_001).status_code == 403


def test_links_become_t_co_and_signs_become_entities(session):
    post_id = session.tweet("a < b & see https://example.com/x?y=1, @alice_writes #tag").json()["data"]["id"]

    data = session.get(f"/2/tweets/{post_id}?tweet.fields=entities").json()["data"]

    url = data["entities"]["urls"][0]
    assert data["text"].startswith("a &lt; b &amp; see https://t.co/")
    assert data["text"][url["start"] : url["end"]] == url["url"]
    assert url["expanded_url"] == "https://example.com/x?y=1"
    assert data["entities"]["mentions"][0]["username"] == "alice_writes"
    assert data["entities"]["hashtags"][0]["tag"] == "tag"


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("no link", 0.015),
        ("see example.com", 0.20),
        ("https://example.com", 0.20),
        ("mail a@example.com", 0.015),
    ],
)
def test_the_price_is_recorded(x_server, account, session, text, price):
    session.tweet(text)

    post = x_server.control("GET", f"/posts?username={account['username']}")[0]
    entry = [one for one in x_server.control("GET", "/requests") if one["username"] == account["username"]][
        -1
    ]

    assert (post["price"], entry["price"]) == (price, price)


def test_only_the_author_may_delete(x_server, session):
    post_id = session.tweet("Mine").json()["data"]["id"]
    other = x_server.session(x_server.new_account()["username"])

    assert other.delete(f"/2/tweets/{post_id}").status_code == 403
    assert session.get(f"/2/tweets/{post_id}").json()["data"]["id"] == post_id


def test_a_thread_by_oneself_is_allowed(session):
    first = session.tweet("One").json()["data"]["id"]
    second = session.tweet("Two", reply={"in_reply_to_tweet_id": first}).json()["data"]["id"]

    data = session.get(f"/2/tweets/{second}?tweet.fields=conversation_id,referenced_tweets").json()["data"]

    assert data["conversation_id"] == first
    assert data["referenced_tweets"] == [{"type": "replied_to", "id": first}]


def test_replying_to_strangers_is_refused(x_server, session):
    stranger = x_server.session(x_server.new_account()["username"])
    post_id = stranger.tweet("Nobody named").json()["data"]["id"]

    status, words = detail(session.tweet("Hi", reply={"in_reply_to_tweet_id": post_id}))

    assert (status, words.startswith("Reply to this conversation is not allowed")) == (403, True)


def test_replying_to_somebody_who_named_us_adds_their_name(x_server, account, session):
    stranger_name = x_server.new_account()["username"]
    stranger = x_server.session(stranger_name)
    post_id = stranger.tweet(f"What do you think, @{account['username']}?").json()["data"]["id"]

    answer = session.tweet("Good", reply={"in_reply_to_tweet_id": post_id})

    assert answer.json()["data"]["text"] == f"@{stranger_name} Good"


def test_replying_to_nothing_is_told(session):
    answer = detail(session.tweet("Hi", reply={"in_reply_to_tweet_id": "1"}))

    assert answer == (403, "You attempted to reply to a Tweet that is deleted or not visible to you.")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"text": "x", "media": {"media_ids": "1"}}, "$.media.media_ids: string found, array expected"),
        ({"text": 5}, "$.text: integer found, string expected"),
        (
            {"text": "x", "nonsense": 1},
            "$.nonsense: is not defined in the schema and the schema does not allow additional properties",
        ),
        ({"text": "x", "reply": {}}, "$.reply.in_reply_to_tweet_id: is missing but it is required"),
        (
            {"text": "x", "media": {"media_ids": ["1"] * 5}},
            "$.media.media_ids: there must be a maximum of 4 items in the array",
        ),
        ({}, "$.text: Tweet text or media is required"),
    ],
)
def test_a_badly_written_post_is_told_why(session, body, message):
    answer = session.post("/2/tweets", json=body)

    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, message)


def test_quoting_is_refused_as_on_self_serve(session):
    status, words = detail(session.tweet("x", quote_tweet_id="1"))

    assert (status, words.startswith("Quoting this post is not allowed")) == (403, True)


def test_a_read_only_token_cannot_post(x_server):
    session = x_server.session("alice_writes", app="read_only")

    answer = session.tweet("Never")

    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (403, "oauth1-permissions")
    assert answer.headers["x-access-level"] == "read"


@pytest.mark.parametrize(("flag", "code"), [("locked", 326), ("suspended", 64)])
def test_a_locked_or_suspended_account_can_do_nothing(x_server, flag, code):
    session = x_server.session(x_server.new_account(**{flag: True})["username"])

    answer = session.get("/2/users/me")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, code)


def test_two_cashtags_are_one_too_many(session):
    assert session.tweet("$ABC only").status_code == 201
    assert session.tweet("$ABC and $DEF").status_code == 403


def test_fields_come_only_when_asked_and_unknown_ones_are_dropped(session):
    post_id = session.tweet("Fields").json()["data"]["id"]

    plain = session.get(f"/2/tweets/{post_id}").json()["data"]
    asked = session.get(f"/2/tweets/{post_id}?tweet.fields=created_at,creatd_at,note_post").json()

    assert set(plain) == {"id", "text", "edit_history_tweet_ids"}
    assert set(asked["data"]) == {"id", "text", "edit_history_tweet_ids", "created_at"}
    assert "errors" not in asked


def test_the_newer_dialect_answers_with_its_own_keys(session):
    first = session.tweet("One").json()["data"]["id"]
    second = session.tweet("Two", reply={"in_reply_to_tweet_id": first}).json()["data"]["id"]

    body = session.get(
        f"/2/tweets/{second}?post.fields=public_metrics,author_id&expansions=referenced_posts,author_id"
    ).json()

    assert set(body["data"]) == {
        "id",
        "text",
        "edit_history_post_ids",
        "public_metrics",
        "referenced_posts",
        "author_id",
    }
    assert "repost_count" in body["data"]["public_metrics"]
    assert [post["id"] for post in body["includes"]["posts"]] == [first]


def test_author_id_is_no_field_of_the_newer_dialect(session):
    post_id = session.tweet("Author").json()["data"]["id"]

    data = session.get(f"/2/tweets/{post_id}?post.fields=author_id,referenced_posts").json()["data"]

    assert set(data) == {"id", "text", "edit_history_post_ids"}


def test_private_metrics_of_others_are_a_partial_error(x_server, session):
    post_id = session.tweet("Numbers").json()["data"]["id"]
    other = x_server.session(x_server.new_account()["username"])

    body = other.get(f"/2/tweets/{post_id}?tweet.fields=non_public_metrics").json()

    assert "non_public_metrics" not in body["data"]
    assert body["errors"][0]["title"] == "Field Authorization Error"


def test_missing_ids_are_partial_errors(session):
    post_id = session.tweet("There").json()["data"]["id"]

    body = session.get(f"/2/tweets?ids={post_id},1").json()

    assert [post["id"] for post in body["data"]] == [post_id]
    assert body["errors"][0]["resource_id"] == "1"


def test_an_id_that_is_no_number_is_refused(session):
    answer = session.get("/2/tweets/abc")

    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")


def test_an_unknown_path_is_a_plain_404(session):
    answer = session.get("/2/nothing/here")

    assert (answer.status_code, answer.json()["type"]) == (404, "about:blank")
