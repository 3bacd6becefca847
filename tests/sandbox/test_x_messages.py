"""Direct messages on the sandbox X: sending, reading, who may, and answers as X describes and gave them."""

import time

import pytest

from sandbox.x.messages import KEPT_SECONDS
from sandbox.x.world import new_world
from tests.sandbox.test_x_media import picture, upload
from tests.sandbox.test_x_recorded import same_shape
from tests.sandbox.x_contract import NEWER, OLDER, Spec, load
from tests.sandbox.x_server import XSession

WITH = "/2/dm_conversations/with"
FIELDS = "attachments,created_at,dm_conversation_id,entities,event_type,id,sender_id,text"


@pytest.fixture
def account(x_server):
    return x_server.new_account()


@pytest.fixture
def session(x_server, account) -> XSession:
    return x_server.session(account["username"])


@pytest.fixture
def other(x_server):
    return x_server.new_account()


def send(session, other, text="Hello", **more):
    return session.post(f"{WITH}/{other['id']}/messages", json={"text": text, **more})


def read(session, other, query=""):
    return session.get(f"{WITH}/{other['id']}/dm_events{query}")


def texts(answer):
    return [event["text"] for event in answer.json().get("data", [])]


def truth(x_server, account):
    return [one["text"] for one in x_server.control("GET", f"/messages?username={account['username']}")]


def test_a_message_is_in_the_conversation_of_both_and_in_nobody_else_s(x_server, account, session, other):
    sent = send(session, other)
    theirs = x_server.session(other["username"])
    stranger = x_server.session(x_server.new_account()["username"])

    both = sorted((account["id"], other["id"]), key=int)
    assert (sent.status_code, sent.json()["data"]["dm_conversation_id"]) == (201, "-".join(both))
    assert texts(read(session, other)) == texts(read(theirs, account)) == ["Hello"]
    assert texts(theirs.get("/2/dm_events")) == ["Hello"]
    assert texts(read(stranger, other)) == texts(stranger.get("/2/dm_events")) == []


def test_what_was_sent_is_told_truthfully(x_server, account, session, other):
    event_id = send(session, other, "See example.com & more").json()["data"]["dm_event_id"]

    told = x_server.control("GET", f"/messages?username={account['username']}")

    assert [(one["id"], one["text"], one["to"]) for one in told] == [
        (event_id, "See example.com & more", other["username"])
    ]
    assert session.last_entry()["price"] == 0.015


def test_an_event_has_its_default_fields_and_more_when_asked(account, session, other):
    send(session, other, "See example.com")

    bare = read(session, other).json()["data"][0]
    full = read(session, other, f"?dm_event.fields={FIELDS},nonsense").json()["data"][0]
    newer = read(session, other, f"?dm_event.fields={FIELDS}&post.fields=id&expansions=sender_id").json()

    assert set(bare) == {"id", "event_type", "text"}
    assert set(full) == {*bare, "created_at", "dm_conversation_id", "sender_id", "urls"}
    assert full["urls"][0]["url"] == full["text"].removeprefix("See ")
    assert newer["data"][0]["entities"]["urls"] == full["urls"]
    assert newer["data"][0]["sender_id"] == account["id"]
    assert [user["id"] for user in newer["includes"]["users"]] == [account["id"]]


def test_in_the_newer_dialect_the_sender_is_no_field(session, other):
    send(session, other)

    event = read(session, other, "?dm_event.fields=sender_id&post.fields=id").json()["data"][0]

    assert "sender_id" not in event


def test_pages_follow_one_another_newest_first(session, other):
    for number in range(7):
        send(session, other, f"Number {number}")

    first = read(session, other, "?max_results=4")
    second = read(session, other, f"?max_results=4&pagination_token={first.json()['meta']['next_token']}")

    assert texts(first) + texts(second) == [f"Number {number}" for number in range(6, -1, -1)]
    assert first.json()["meta"]["result_count"] == 4
    assert "next_token" not in second.json()["meta"]


def test_a_conversation_is_also_read_by_its_id_by_those_in_it(x_server, account, session, other):
    conversation = send(session, other).json()["data"]["dm_conversation_id"]
    theirs = x_server.session(other["username"])
    stranger = x_server.session(x_server.new_account()["username"])
    path = f"/2/dm_conversations/{conversation}/dm_events"

    assert texts(session.get(path)) == texts(theirs.get(path)) == ["Hello"]
    assert stranger.get(path).json() == {"meta": {"result_count": 0}}


def test_one_event_is_read_by_those_in_its_conversation(x_server, session, other):
    event_id = send(session, other).json()["data"]["dm_event_id"]
    stranger = x_server.session(x_server.new_account()["username"])
    path = f"/2/dm_events/{event_id}?dm_event.fields=created_at"

    hidden, unknown = stranger.get(path).json(), session.get("/2/dm_events/1").json()

    assert session.get(path).json()["data"]["text"] == "Hello"
    for body in (hidden, unknown):
        assert (set(body), body["errors"][0]["title"]) == ({"errors"}, "Not Found Error")


def test_events_are_kept_for_30_days():
    world = new_world()
    one, other = list(world.register.accounts.values())[:2]
    message = world.messages.send(one, other, "Old", [])

    world.clock.offset = KEPT_SECONDS - 60
    kept = (world.messages.of(other), world.messages.one(other, message.id))
    world.clock.offset = KEPT_SECONDS + 60

    assert kept == ([message], message)
    assert world.messages.of(other) == world.messages.between(one, other) == []
    assert world.messages.conversation(one, message.conversation_id) == []
    assert world.messages.one(other, message.id) is None


@pytest.mark.parametrize(
    "query", ["since_id=1", "until_id=1", "start_time=2026-01-01T00:00:00Z", "event_types=Wink"]
)
def test_events_are_walked_by_page_only(session, other, query):
    for answer in (read(session, other, "?" + query), session.get("/2/dm_events?" + query)):
        assert answer.status_code == 400
        Spec(OLDER).check_problem(answer)


@pytest.mark.parametrize(
    "path", ["/2/dm_events/x", "/2/dm_conversations/x/dm_events", "/2/dm_conversations/1-2-3/dm_events"]
)
def test_an_id_that_is_none_is_refused(session, path):
    assert session.get(path).status_code == 400


def test_other_kinds_of_events_are_none(session, other):
    send(session, other)

    assert read(session, other, "?event_types=ParticipantsJoin").json() == {"meta": {"result_count": 0}}


def test_a_lagging_conversation_hides_what_is_new(x_server, account, session, other):
    send(session, other, "Too new")
    x_server.fault("lagging_timeline", {"username": account["username"]}, times=1, seconds=60)

    hidden, shown = texts(read(session, other)), texts(read(session, other))

    assert (hidden, shown, truth(x_server, account)) == ([], ["Too new"], ["Too new"])


@pytest.mark.parametrize("query", ["?max_results=0", "?max_results=101", "?pagination_token=mine"])
def test_a_bad_page_is_refused(session, other, query):
    assert read(session, other, query).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "   "},
        {"text": 1},
        {"text": "x", "nonsense": 1},
        {"attachments": [{}]},
        {"attachments": ["1"]},
        {"attachments": [{"media_id": "1"}, {"media_id": "2"}]},
        {"attachments": [{"media_id": "1"}]},
    ],
)
def test_a_badly_written_message_is_refused_as_x_describes(x_server, account, session, other, body):
    answer = session.post(f"{WITH}/{other['id']}/messages", json=body)

    assert answer.status_code == 400
    Spec(OLDER).check_problem(answer)
    assert truth(x_server, account) == []


def test_a_picture_goes_along(session, other):
    photo, _ = upload(session, picture())

    sent = send(session, other, "Look", attachments=[{"media_id": photo}])
    event = read(session, other, f"?dm_event.fields={FIELDS}&expansions=attachments.media_keys").json()

    assert sent.status_code == 201
    assert event["data"][0]["attachments"]["media_keys"] == [event["includes"]["media"][0]["media_key"]]
    assert event["data"][0]["text"].startswith("Look https://t.co/")


@pytest.mark.parametrize("more", [{"takes_messages": False}, {"suspended": True}])
def test_who_takes_no_messages_gets_none(x_server, account, session, more):
    answer = send(session, x_server.new_account(**more))

    assert answer.status_code == 403
    assert answer.json()["detail"] == "You do not have permission to DM one or more participants."
    Spec(OLDER).check_problem(answer)
    assert truth(x_server, account) == []


def test_who_is_followed_or_was_written_to_is_listened_to_all_the_same(x_server, account, session):
    follower, writer = (x_server.new_account(takes_messages=False) for _ in range(2))
    x_server.control(
        "POST", "/follows", json={"username": follower["username"], "target": account["username"]}
    )
    send(x_server.session(writer["username"]), account, "You first")

    assert [send(session, one).status_code for one in (follower, writer)] == [201, 201]


@pytest.mark.parametrize(
    ("code", "word"), [(93, "not allowed to access"), (150, "not following you"), (349, "this user")]
)
def test_messages_are_refused_in_the_older_words_on_request(x_server, account, session, other, code, word):
    x_server.fault("message_refused", {"username": account["username"]}, code=code)

    answer = send(session, other)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, code)
    assert word in answer.json()["errors"][0]["message"]
    Spec(OLDER).check_problem(answer)


def test_nobody_gets_no_message(session):
    assert send(session, {"id": "1"}).status_code == 403


def test_a_message_has_10000_characters_at_most(session, other):
    assert send(session, other, "é" * 10_000).status_code == 201
    assert send(session, other, "é" * 10_001).json()["errors"][0]["code"] == 354


@pytest.mark.parametrize("level", ["read", "read-write"])
def test_an_app_without_messages_may_neither_send_nor_read(x_server, account, other, level):
    x_server.control("POST", "/apps", json={"name": f"app_{level}", "access_level": level})
    session = x_server.session(account["username"], f"app_{level}")

    for answer in (send(session, other), read(session, other), session.get("/2/dm_events")):
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (403, "oauth1-permissions")
        assert answer.headers["x-access-level"] == level


def test_a_revoked_token_sends_nothing(x_server, account, session, other):
    x_server.control("POST", "/revoke", json={"username": account["username"], "app": "registered"})

    assert send(session, other).status_code == 401


def test_messages_have_a_window_of_their_own(x_server, account, session, other):
    x_server.fault("rate_limited", {"username": account["username"]}, seconds=90)

    answer = send(session, other)

    left = int(answer.headers["x-rate-limit-reset"]) - time.time()
    assert (answer.status_code, 80 < left <= 91) == (429, True)
    assert read(session, other).headers["x-rate-limit-limit"] == "1500"


@pytest.mark.parametrize("version", [OLDER, NEWER])
def test_events_are_valid_in_both_descriptions(version, session, other):
    spec = Spec(version)
    photo, _ = upload(session, picture())
    send(session, other, "Look at example.com, @alice_writes #tag $TAG", attachments=[{"media_id": photo}])
    dialect = "tweet.fields=id" if version == OLDER else "post.fields=id"
    query = f"?dm_event.fields={FIELDS}&expansions=sender_id,attachments.media_keys&{dialect}"

    spec.check_answer("GET", WITH + "/{participant_id}/dm_events", read(session, other, query))
    spec.check_answer("GET", "/2/dm_events", session.get("/2/dm_events" + query))
    sent = read(session, other, "?dm_event.fields=dm_conversation_id").json()["data"][0]
    by_id = session.get(f"/2/dm_conversations/{sent['dm_conversation_id']}/dm_events{query}")
    spec.check_answer("GET", "/2/dm_conversations/{id}/dm_events", by_id)
    for event_id in (sent["id"], "1"):
        spec.check_answer("GET", "/2/dm_events/{event_id}", session.get(f"/2/dm_events/{event_id}{query}"))
    assert set(read(session, other, query).json()["data"][0]) <= spec.known_keys("DmEvent")


@pytest.mark.parametrize("version", [OLDER, NEWER])
def test_what_is_sent_is_answered_as_described(version, session, other):
    spec = Spec(version)

    spec.check_answer("POST", WITH + "/{participant_id}/messages", send(session, other), status="201")


def test_answers_have_the_recorded_shape(session, other):
    recorded = {entry["name"]: entry for entry in load("x-responses.json")}

    same_shape(session.get("/2/dm_events"), recorded["dm_events_empty"])
    same_shape(send(session, other), recorded["dm_send_to_user"])
