"""Direct messages against the sandbox X: sending, looking, recognising, and what can go wrong on the way."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.twitter.conftest import a_somebody, app_of
from twitter import messages, people
from twitter.errors import NotAuthorized, OutOfCredit, Refused, SlowDown, Unavailable, Unknown, XError

SENDING = "^/2/dm_conversations/with/[0-9]+/messages$"
LONG_AGO = timedelta(minutes=5)


@pytest.fixture
def friend(sandbox):
    return a_somebody(sandbox)


@pytest.fixture
def since():
    return datetime.now(UTC) - LONG_AGO


def _truth(sandbox, somebody):
    return [one["text"] for one in sandbox.control("GET", f"/messages?username={somebody.username}")]


def _outcome(x, app, somebody, to, text="hello") -> XError:
    with pytest.raises(XError) as caught:
        messages.send(x, app, somebody.token, to.user_id, text)
    return caught.value


def _fault(sandbox, somebody, name, **more):
    sandbox.fault(name, {"username": somebody.username, "path": SENDING}, **more)


def test_a_message_arrives_and_is_read_by_both_sides(sandbox, x, app, somebody, friend, since):
    event_id = messages.send(x, app, somebody.token, friend.user_id, "Hello, friend")

    mine = messages.recent(x, app, somebody.token, friend.user_id, since=since)
    theirs = messages.recent(x, app, friend.token, somebody.user_id, since=since)

    assert mine == theirs
    assert [(one.id, one.text, one.sender_id) for one in mine] == [
        (event_id, "Hello, friend", somebody.user_id)
    ]
    assert abs(mine[0].created_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert _truth(sandbox, somebody) == ["Hello, friend"]


def test_a_conversation_with_nobody_in_it_is_empty(x, app, somebody, friend, since):
    assert messages.recent(x, app, somebody.token, friend.user_id, since=since) == []


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "Fish & chips <b>for</b> two &amp; three",
        "see https://example.com/a?b=1&c=2#d and example.com, too.",
        "https://example.com",
        "@alice_writes look #here $X é cafe\u0301",
        "two\n\nlines 👩‍👩‍👧 and 🇨🇭",
        "  spaces around  ",
        "A long text, https://example.com/x & more. " * 200,
    ],
)
def test_what_was_sent_is_recognised_in_the_conversation(x, app, somebody, friend, since, text):
    messages.send(x, app, somebody.token, friend.user_id, "another one")
    event_id = messages.send(x, app, somebody.token, friend.user_id, text)
    messages.send(x, app, friend.token, somebody.user_id, text)

    found = messages.recent(x, app, somebody.token, friend.user_id, since=since)

    assert [one.id for one in found if messages.same(text, somebody.user_id, one)] == [event_id]


def _message(text, *, sender_id="1", media_count=0, links=()):
    return messages.Message("9", text, datetime.now(UTC), sender_id, media_count, links)


def test_a_link_that_x_does_not_explain_is_compared_by_its_place():
    shortened = _message("see https://t.co/abc and more &amp; more")

    assert messages.same("see https://example.com/x?a=1 and more & more", "1", shortened)
    assert not messages.same("see https://example.com/x and less", "1", shortened)
    assert not messages.same("see nothing and more & more", "1", shortened)


def test_a_text_is_recognised_whether_x_escaped_it_or_not():
    assert messages.same("1 < 2 & 3", "1", _message("1 &lt; 2 &amp; 3"))
    assert messages.same("1 < 2 & 3", "1", _message("1 < 2 & 3"))
    assert messages.same("say &amp; twice", "1", _message("say &amp; twice"))


def test_only_the_sender_s_own_words_without_files_are_recognised():
    assert not messages.same("hello", "1", _message("hello", sender_id="2"))
    assert not messages.same("hello", "1", _message("hello", media_count=1))
    assert messages.same("hello", "1", _message("hello", sender_id=None))


def test_looking_goes_back_as_far_as_asked_page_by_page(x, app, somebody, friend, since):
    for number in range(25):
        messages.send(x, app, somebody.token, friend.user_id, f"Number {number}")
    everything = messages.recent(x, app, somebody.token, friend.user_id, since=since)

    newest = messages.recent(x, app, somebody.token, friend.user_id, since=everything[2].created_at)

    assert [one.text for one in everything] == [f"Number {number}" for number in range(24, -1, -1)]
    assert newest == [one for one in everything if one.created_at >= everything[2].created_at]


def test_a_look_that_does_not_reach_back_far_enough_is_no_answer(x, app, somebody, friend, since):
    for number in range(101):
        messages.send(x, app, somebody.token, friend.user_id, f"Number {number}")

    with pytest.raises(Unavailable):
        messages.recent(x, app, somebody.token, friend.user_id, since=since)


def test_a_lagging_conversation_does_not_show_yet_what_was_sent(sandbox, x, app, somebody, friend, since):
    messages.send(x, app, somebody.token, friend.user_id, "too new")
    sandbox.fault("lagging_timeline", {"username": somebody.username}, times=1, seconds=60)

    lagging = messages.recent(x, app, somebody.token, friend.user_id, since=since)
    caught_up = messages.recent(x, app, somebody.token, friend.user_id, since=since)

    assert (lagging, [one.text for one in caught_up]) == ([], ["too new"])


@pytest.mark.parametrize("more", [{"takes_messages": False}, {"suspended": True}])
def test_somebody_who_takes_no_messages_gets_none(sandbox, x, app, somebody, more):
    outcome = _outcome(x, app, somebody, a_somebody(sandbox, **more))

    assert (type(outcome), outcome.code) == (Refused, "dm_not_allowed")
    assert _truth(sandbox, somebody) == []


def test_a_text_longer_than_x_takes_is_refused(x, app, somebody, friend):
    assert _outcome(x, app, somebody, friend, "a" * 10_001).code == "too_long"


def test_an_app_without_the_level_for_messages_may_neither_send_nor_read(sandbox, x, friend, since):
    sandbox.control("POST", "/apps", json={"name": "no_messages", "access_level": "read-write"})
    app, writer = app_of(sandbox, "no_messages"), a_somebody(sandbox, app="no_messages")

    with pytest.raises(Refused) as reading:
        messages.recent(x, app, writer.token, friend.user_id, since=since)

    assert _outcome(x, app, writer, friend).code == "no_dm_permission"
    assert reading.value.code == "no_dm_permission"


@pytest.mark.parametrize(
    "case",
    [
        ("revoked", {}, NotAuthorized, "revoked"),
        ("out_of_credit", {}, OutOfCredit, "out_of_credit"),
        ("rate_limited", {"seconds": 60}, SlowDown, "rate_limited"),
        ("locked", {}, Refused, "locked"),
        ("timeout_before", {}, Unknown, "connection_lost"),
        ("html_502", {}, Unknown, "server_error"),
        ("status_5xx", {"status": 503}, Unknown, "server_error"),
    ],
)
def test_each_fault_before_acceptance_has_its_meaning_and_nothing_is_sent(
    sandbox, x, app, somebody, friend, case
):
    fault, more, kind, code = case
    _fault(sandbox, somebody, fault, **more)

    outcome = _outcome(x, app, somebody, friend)

    assert (type(outcome), outcome.code) == (kind, code)
    assert _truth(sandbox, somebody) == []


@pytest.mark.parametrize(
    "case", [("timeout_after", {}), ("status_5xx", {"accepted": True}), ("garbage_body", {})]
)
def test_after_each_fault_behind_acceptance_the_message_is_found_by_looking(
    sandbox, x, app, somebody, friend, since, case
):
    fault, more = case
    _fault(sandbox, somebody, fault, **more)

    outcome = _outcome(x, app, somebody, friend)

    found = messages.recent(x, app, somebody.token, friend.user_id, since=since)
    assert isinstance(outcome, Unknown)
    assert [messages.same("hello", somebody.user_id, one) for one in found] == [True]


def test_a_look_through_the_same_faults_is_unavailable(sandbox, x, app, somebody, friend, since):
    for fault in ("timeout_before", "html_502", "garbage_body"):
        sandbox.fault(fault, {"username": somebody.username})

        with pytest.raises(Unavailable):
            messages.recent(x, app, somebody.token, friend.user_id, since=since)


def test_somebody_is_found_by_name_in_any_case(x, app, somebody, friend):
    found = people.find(x, app, somebody.token, friend.username.upper())

    assert (found.id, found.username) == (friend.user_id, friend.username)


def test_nobody_is_found_by_a_name_that_is_free_suspended_or_none_at_all(sandbox, x, app, somebody):
    gone = a_somebody(sandbox, suspended=True)

    for name in ("nobody_here", gone.username, "no name/../x", ""):
        assert people.find(x, app, somebody.token, name) is None


def test_a_search_through_an_outage_is_unavailable(sandbox, x, app, somebody, friend):
    sandbox.fault("html_502", {"username": somebody.username})

    with pytest.raises(Unavailable):
        people.find(x, app, somebody.token, friend.username)
