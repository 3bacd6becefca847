"""The sandbox X's answers are valid against X's own OpenAPI descriptions, in both dialects."""

import pytest

from tests.sandbox.test_x_media import MP4, picture, start, upload
from tests.sandbox.x_contract import NEWER, OLDER, Spec

ALL_POST_FIELDS = {
    OLDER: "attachments,author_id,conversation_id,created_at,display_text_range,edit_controls,entities,"
    "edit_history_tweet_ids,in_reply_to_user_id,lang,non_public_metrics,note_tweet,organic_metrics,"
    "possibly_sensitive,public_metrics,referenced_tweets,reply_settings,text",
    NEWER: "attachments,conversation_id,created_at,display_text_range,edit_controls,entities,lang,"
    "non_public_metrics,note_post,organic_metrics,possibly_sensitive,public_metrics,reply_settings,text",
}
ALL_EXPANSIONS = {
    OLDER: "attachments.media_keys,author_id,entities.mentions.username,in_reply_to_user_id,referenced_tweets.id",
    NEWER: "attachments.media_keys,author_id,entities.mentions.username,in_reply_to_user_id,referenced_posts",
}
USER_FIELDS = "created_at,description,profile_image_url,protected,public_metrics,subscription_type,verified,verified_type"
MEDIA_FIELDS = "alt_text,duration_ms,height,media_key,preview_image_url,type,url,variants,width"
POST_SCHEMA = {OLDER: "Tweet", NEWER: "Post"}


@pytest.fixture(params=[OLDER, NEWER])
def version(request):
    return request.param


@pytest.fixture
def spec(version):
    return Spec(version)


@pytest.fixture
def query(version):
    name = "tweet.fields" if version == OLDER else "post.fields"
    return (
        f"{name}={ALL_POST_FIELDS[version]}&expansions={ALL_EXPANSIONS[version]}"
        f"&user.fields={USER_FIELDS}&media.fields={MEDIA_FIELDS}"
    )


@pytest.fixture(scope="module")
def rich(x_server):
    """Give an account with a long post, a reply with a link and mention, a picture and a video."""
    account = x_server.new_account(premium=True)
    session = x_server.session(account["username"])
    first = session.tweet("Long " * 100 + "@alice_writes example.com #tag $TAG").json()["data"]["id"]
    photo, _ = upload(session, picture())
    about = {"id": photo, "metadata": {"alt_text": {"text": "A red square"}}}
    session.post("/2/media/metadata", json=about)
    session.tweet("Reply @alice_writes", reply={"in_reply_to_tweet_id": first}, media={"media_ids": [photo]})
    x_server.fault("media_slow", {"username": account["username"]}, seconds=0)
    video, _ = upload(session, MP4, "tweet_video", "video/mp4")
    session.tweet("Film", media={"media_ids": [video]})
    return account, session


def test_a_timeline_with_everything_is_valid(spec, version, query, rich):
    account, session = rich

    answer = session.get(f"/2/users/{account['id']}/tweets?max_results=5&{query}")

    spec.check_answer("GET", "/2/users/{id}/tweets", answer)
    body = answer.json()
    assert len(body["data"]) == 3
    for post in body["data"]:
        assert set(post) <= spec.known_keys(POST_SCHEMA[version])
    assert {media["type"] for media in body["includes"]["media"]} == {"photo", "video"}
    assert {user["username"] for user in body["includes"]["users"]} == {account["username"], "alice_writes"}


def test_included_users_and_media_have_known_keys_only(spec, version, query, rich):
    account, session = rich
    includes = session.get(f"/2/users/{account['id']}/tweets?{query}").json()["includes"]
    media_schemas = ["Media", "Photo", "Video", "AnimatedGif"] if version == OLDER else ["Media"]

    for user in includes["users"]:
        assert set(user) <= spec.known_keys("User")
    for media in includes["media"]:
        assert set(media) <= spec.known_keys(*media_schemas)


def test_single_posts_lists_and_mentions_are_valid(spec, query, rich):
    account, session = rich
    post_id = session.get(f"/2/users/{account['id']}/tweets").json()["data"][0]["id"]
    alice = session.get("/2/users/by/username/alice_writes").json()["data"]["id"]

    spec.check_answer("GET", "/2/tweets/{id}", session.get(f"/2/tweets/{post_id}?{query}"))
    spec.check_answer("GET", "/2/tweets", session.get(f"/2/tweets?ids={post_id},1&{query}"))
    spec.check_answer("GET", "/2/users/{id}/mentions", session.get(f"/2/users/{alice}/mentions?{query}"))


def test_users_are_valid(spec, version, rich):
    account, session = rich
    latest = "most_recent_tweet_id" if version == OLDER else "most_recent_post_id"
    query = f"user.fields={USER_FIELDS}&expansions={latest}"

    for path, called in {
        "/2/users/me": "/2/users/me",
        "/2/users/{id}": f"/2/users/{account['id']}",
        "/2/users": f"/2/users?ids={account['id']},1",
        "/2/users/by": f"/2/users/by?usernames={account['username']},nobody",
        "/2/users/by/username/{username}": f"/2/users/by/username/{account['username']}",
    }.items():
        answer = session.get(called + ("&" if "?" in called else "?") + query)
        spec.check_answer("GET", path, answer)


def test_partial_errors_are_valid(spec, version, rich, x_server):
    _, session = rich
    name = "tweet.fields" if version == OLDER else "post.fields"
    other = x_server.session(x_server.new_account()["username"])
    post_id = session.tweet(f"Partial {version}").json()["data"]["id"]

    spec.check_answer("GET", "/2/tweets/{id}", session.get(f"/2/tweets/1?{name}=text"))
    spec.check_answer("GET", "/2/tweets/{id}", other.get(f"/2/tweets/{post_id}?{name}=non_public_metrics"))
    spec.check_answer("GET", "/2/users/{id}/tweets", session.get(f"/2/users/1/tweets?{name}=text"))


def test_an_empty_list_is_valid(spec, x_server):
    account = x_server.new_account()
    answer = x_server.session(account["username"]).get(f"/2/users/{account['id']}/tweets")

    spec.check_answer("GET", "/2/users/{id}/tweets", answer)


def test_writes_are_valid(spec, rich):
    _, session = rich
    made = session.tweet("Valid " + str(id(spec)))
    deleted = session.delete(f"/2/tweets/{made.json()['data']['id']}")

    schema = spec._spec["paths"]["/2/tweets"]["post"]["responses"]["201"]["content"]["application/json"][
        "schema"
    ]
    spec.check(schema, made.json())
    spec.check_answer("DELETE", "/2/tweets/{id}", deleted)


def test_media_answers_are_valid_in_the_newer_description(rich):
    """2.166 requires a `meta` that no published example of an upload has, so only 2.167 is held."""
    _, session = rich
    spec, content = Spec(NEWER), picture("green")
    begun = start(session, content)
    media_id = begun.json()["data"]["id"]
    part = {"media": ("blob", content)}
    appended = session.post(f"/2/media/upload/{media_id}/append", data={"segment_index": 0}, files=part)
    finished = session.post(f"/2/media/upload/{media_id}/finalize")
    _, video = upload(session, MP4, "tweet_video", "video/mp4")
    status = session.get(f"/2/media/upload?command=STATUS&media_id={media_id}")
    about = session.post(
        "/2/media/metadata", json={"id": media_id, "metadata": {"alt_text": {"text": "Green"}}}
    )
    whole = session.post("/2/media/upload", data={"media_category": "tweet_image"}, files=part)

    spec.check_answer("POST", "/2/media/upload/initialize", begun)
    spec.check_answer("POST", "/2/media/upload/{id}/append", appended)
    spec.check_answer("POST", "/2/media/upload/{id}/finalize", finished)
    spec.check_answer("POST", "/2/media/upload/{id}/finalize", video)
    spec.check_answer("GET", "/2/media/upload", status)
    spec.check_answer("POST", "/2/media/metadata", about)
    spec.check_answer("POST", "/2/media/upload", whole)


FAULTS = [
    "rate_limited",
    "rate_limited_day",
    "rate_limited_app_day",
    "out_of_credit",
    "revoked",
    "locked",
    "suspended_account",
    "duplicate",
    "forbidden_bare",
    "read_only",
    "too_long_video",
    "unauthorized_32",
    "clock_skew",
]


@pytest.mark.parametrize("name", FAULTS)
def test_refusals_are_valid_in_the_older_description(x_server, name):
    """The bodies on record carry the older host in their type, so 2.166 describes them."""
    spec, account = Spec(OLDER), x_server.new_account()
    session = x_server.session(account["username"])
    x_server.fault(name, {"username": account["username"]})

    answer = session.tweet("Refused")
    x_server.control("DELETE", "/faults")

    assert answer.status_code >= 400
    spec.check_problem(answer)


def test_bad_requests_are_valid_in_the_older_description(x_server):
    spec, session = Spec(OLDER), x_server.session("alice_writes")

    for answer in (
        session.post("/2/tweets", json={"nonsense": 1}),
        session.get("/2/tweets/x"),
        session.get("/2/x"),
    ):
        spec.check_problem(answer)
