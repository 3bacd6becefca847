"""What an answer of X means for the caller: over recorded and reported bodies, and over nonsense."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitter import answers, errors, translate
from twitter.errors import NotAuthorized, OutOfCredit, Refused, SlowDown, Unavailable, Unknown, XError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "x-responses.json"

MEANINGS = {
    "err_400_invalid_request": (Refused, "invalid_request"),
    "err_400_media_ids": (Refused, "media_invalid"),
    "err_401_unauthorized": (NotAuthorized, "revoked"),
    "err_401_oauth_32": (NotAuthorized, "keys_wrong"),
    "err_401_oauth_89": (NotAuthorized, "revoked"),
    "err_401_pin_wrong": (NotAuthorized, "wrong_pin"),
    "err_401_request_token_dead": (NotAuthorized, "link_dead"),
    "err_403_callback_415": (NotAuthorized, "callback_missing"),
    "err_402_credits": (OutOfCredit, "out_of_credit"),
    "err_403_duplicate": (Refused, "duplicate"),
    "err_403_not_permitted": (Refused, "forbidden"),
    "err_403_oauth1_permissions": (Refused, "read_only"),
    "err_403_client_forbidden": (NotAuthorized, "no_api_access"),
    "err_403_reply_gate": (Refused, "reply_not_allowed"),
    "err_429_rate": (SlowDown, "rate_limited"),
}


def _said(
    status, body, *, path="/2/tweets", has_token=True, changes=True, offset=timedelta(0), **headers
) -> XError:
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = answers.read(status, named, raw)
    return translate.error_of(answer, path=path, has_token=has_token, changes=changes, now=NOW, offset=offset)


def _meaning(*args, **kwargs):
    error = _said(*args, **kwargs)
    return type(error), error.code


def _recorded():
    if not RECORDED.exists():
        pytest.skip("the recorded answers of X are not beside this project")
    return {entry["name"]: entry for entry in json.loads(RECORDED.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", MEANINGS)
def test_each_recorded_refusal_has_its_meaning(name):
    entry = _recorded()[name]

    meaning = _meaning(
        entry["status"],
        entry["body"],
        path=entry["path"],
        has_token="request_token" not in entry["path"],
        **entry["headers"],
    )

    assert meaning == MEANINGS[name]


def test_every_recorded_refusal_is_in_the_table():
    refusals = {name for name, entry in _recorded().items() if entry["status"] >= 400}

    assert refusals == set(MEANINGS)


def test_the_dates_of_all_recorded_answers_are_read_in_either_zone_name():
    entries = [entry for entry in _recorded().values() if "date" in entry["headers"]]

    moments = [answers.read(200, entry["headers"], b"{}").date for entry in entries]

    assert all(moment is not None and moment.utcoffset() == timedelta(0) for moment in moments)
    assert len(moments) > 20


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (
            403,
            {
                "errors": [
                    {"code": 326, "message": "To protect our users, this account is temporarily locked."}
                ]
            },
            (Refused, "locked"),
        ),
        (
            403,
            {"errors": [{"code": 64, "message": "Your account is suspended."}]},
            (Refused, "suspended_account"),
        ),
        (
            403,
            {"errors": [{"code": 186, "message": "Tweet needs to be a bit shorter."}]},
            (Refused, "too_long"),
        ),
        (403, {"errors": [{"code": 187, "message": "Status is a duplicate."}]}, (Refused, "duplicate")),
        (
            403,
            {"errors": [{"code": 185, "message": "User is over daily status update limit."}]},
            (Refused, "daily_limit"),
        ),
        (
            403,
            {"errors": [{"code": 226, "message": "This request looks like it might be automated."}]},
            (Refused, "looks_automated"),
        ),
        (
            403,
            {"errors": [{"code": 416, "message": "Invalid / suspended application"}]},
            (NotAuthorized, "app_suspended"),
        ),
        (
            403,
            {
                "errors": [
                    {"code": 453, "message": "You currently have access to a subset of X API V2 endpoints"}
                ]
            },
            (Refused, "not_in_plan"),
        ),
        (
            401,
            {"errors": [{"code": 135, "message": "Timestamp out of bounds."}]},
            (NotAuthorized, "clock_skew"),
        ),
        (
            403,
            {"detail": "You attempted to reply to a Tweet that is deleted or not visible to you."},
            (Refused, "gone"),
        ),
        (
            403,
            {"detail": "You can only reply to or quote posts where you are mentioned or are the author."},
            (Refused, "reply_not_allowed"),
        ),
        (
            403,
            {"detail": "Quoting this post is not allowed because you have not been mentioned."},
            (Refused, "quote_not_allowed"),
        ),
        (
            403,
            {"detail": "Your account is not permitted to access this feature."},
            (Refused, "feature_not_allowed"),
        ),
        (403, {"detail": "The Tweet contains an invalid URL."}, (Refused, "invalid_url")),
        (
            403,
            {"detail": "This user is not allowed to post a video longer than 2 minutes"},
            (Refused, "media_too_long"),
        ),
        (403, {"detail": "You may use only one cashtag."}, (Refused, "too_many_cashtags")),
        (
            403,
            {
                "title": "Unsupported Authentication",
                "type": "https://api.x.com/2/problems/unsupported-authentication",
            },
            (Refused, "oauth2_only"),
        ),
        (403, "Forbidden", (Refused, "forbidden")),
        (
            402,
            {"title": "Payment Required", "type": "https://api.x.com/2/problems/credits-depleted"},
            (OutOfCredit, "out_of_credit"),
        ),
        (402, "", (OutOfCredit, "out_of_credit")),
        (
            429,
            {"title": "UsageCapExceeded", "type": "https://api.twitter.com/2/problems/usage-capped"},
            (OutOfCredit, "usage_cap"),
        ),
        (429, "", (SlowDown, "rate_limited")),
        (400, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, (SlowDown, "rate_limited")),
        (404, "<html><body>Not here</body></html>", (Refused, "not_found")),
        (413, "", (Refused, "media_too_big")),
        (431, "", (Refused, "media_too_big")),
        (408, "", (Unavailable, "server_error")),
        (
            200,
            {"errors": [{"type": "https://api.x.com/2/problems/resource-not-found", "detail": "gone"}]},
            (Refused, "not_found"),
        ),
        (
            200,
            {"errors": [{"type": "https://api.twitter.com/2/problems/not-authorized-for-resource"}]},
            (Refused, "not_visible"),
        ),
        (200, "<html>captive portal</html>", (Unknown, "garbled")),
        (503, "Service Unavailable", (Unknown, "server_error")),
        (403, {"errors": [{"code": 130, "message": "Over capacity"}]}, (Unknown, "server_error")),
        (403, {"errors": [{"code": 131, "message": "Internal error"}]}, (Unknown, "server_error")),
        (
            200,
            {"errors": [{"type": "https://api.x.com/2/problems/field-hydration-failure"}]},
            (Unknown, "garbled"),
        ),
        (
            403,
            {"errors": [{"code": 417, "message": "Desktop applications only support the oauth_callback"}]},
            (NotAuthorized, "pin_not_allowed"),
        ),
        (
            401,
            "Desktop applications only support the oauth_callback value 'oob'",
            (NotAuthorized, "pin_not_allowed"),
        ),
        (401, "Failed to validate oauth signature and token", (NotAuthorized, "keys_wrong")),
        (
            400,
            {"errors": [{"code": 215, "message": "Bad Authentication data."}]},
            (NotAuthorized, "keys_wrong"),
        ),
        (
            403,
            {"errors": [{"code": 63, "message": "User has been suspended."}]},
            (Refused, "person_suspended"),
        ),
        (403, {"errors": [{"code": 433, "message": "The original author"}]}, (Refused, "reply_not_allowed")),
        (403, {"detail": "You have already retweeted this Tweet."}, (Refused, "already")),
        (403, {"detail": "You can't follow yourself."}, (Refused, "yourself")),
        (403, {"detail": "You have been blocked from following this account."}, (Refused, "blocked")),
        (403, {"detail": "You are not authorized to delete this Tweet."}, (Refused, "not_yours")),
        (409, {"title": "ConnectionException"}, (Refused, "conflict")),
        (403, {"detail": "You are not permitted to perform this action."}, (Refused, "forbidden")),
        (403, {"title": "Forbidden", "detail": "Forbidden."}, (Refused, "forbidden")),
        (418, "", (Refused, "unknown_error")),
        (403, {"detail": "The moon is in the wrong house."}, (Refused, "unknown_error")),
        (
            403,
            '<?xml version="1.0"?><errors><error code="99999">No.</error></errors>',
            (Refused, "unknown_error"),
        ),
    ],
)
def test_each_reported_answer_to_a_change_has_its_meaning(status, body, expected):
    assert _meaning(status, body) == expected


def test_what_x_says_that_nobody_knows_is_kept_in_its_own_words_without_secrets():
    error = _said(403, {"detail": "The moon is wrong for oauth_token=783214-ABCDEFGHIJKLMNOPQRSTUVWX1 now"})

    assert (error.code, error.detail) == ("unknown_error", "The moon is wrong for … now")


def test_an_app_without_a_plan_is_told_at_the_first_step_of_the_pin_walk():
    body = {"errors": [{"code": 453, "message": "You currently have access to a subset of X API V2"}]}

    assert _meaning(403, body, path="/oauth/request_token", has_token=False) == (
        NotAuthorized,
        "no_api_access",
    )


@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0"?><errors><error code="415">Callback URL not approved for this client application.</error></errors>',
        "Callback URL not approved for this client application",
        '{"errors":[{"code":415}]}',
    ],
)
def test_the_same_mistake_is_found_in_xml_text_and_json(body):
    assert _meaning(403, body, path="/oauth/request_token", has_token=False) == (
        NotAuthorized,
        "callback_missing",
    )


def test_the_words_of_xml_and_text_are_passed_on_and_those_of_a_page_are_not():
    assert _said(403, '<errors><error code="415">Not approved</error></errors>').detail == "Not approved"
    assert _said(403, "Forbidden").detail == "Forbidden"
    assert _said(502, "<!DOCTYPE html><html><title>Over capacity</title></html>").detail == ""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("Error processing your OAuth request: Invalid oauth_verifier parameter", "wrong_pin"),
        ("Request token missing", "link_dead"),
        ("Invalid request token", "link_dead"),
        ({"errors": [{"code": 32, "message": "Could not authenticate you."}]}, "link_dead"),
        ({"errors": [{"code": 89, "message": "Invalid or expired token."}]}, "link_dead"),
        ({"errors": [{"code": 135, "message": "Timestamp out of bounds."}]}, "clock_skew"),
    ],
)
def test_at_the_pin_step_a_401_is_the_pin_or_the_link(body, code):
    assert _meaning(401, body, path="/oauth/access_token") == (NotAuthorized, code)


def test_a_bare_401_is_the_token_where_there_is_one_and_else_the_keys():
    bare = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}

    assert _meaning(401, bare) == (NotAuthorized, "revoked")
    assert _meaning(401, bare, path="/oauth/request_token", has_token=False) == (NotAuthorized, "keys_wrong")


def test_a_bare_403_is_read_only_when_x_says_that_the_token_may_only_read():
    assert _meaning(403, "Forbidden", x_access_level="read") == (Refused, "read_only")


def test_messages_have_refusals_of_their_own():
    path = "/2/dm_conversations/with/1/messages"
    permissions = {"type": "https://api.twitter.com/2/problems/oauth1-permissions"}

    assert _meaning(403, "Forbidden", path=path) == (Refused, "dm_not_allowed")
    assert _meaning(403, permissions, path=path) == (Refused, "no_dm_permission")
    assert _meaning(403, "Forbidden", path=path, x_access_level="read-write") == (Refused, "no_dm_permission")
    words = "You do not have permission to DM one or more participants."
    assert _meaning(403, {"detail": words, "title": "Forbidden"}, path=path) == (Refused, "dm_not_allowed")


def test_without_a_clear_answer_a_read_is_unavailable():
    assert _meaning(503, "", changes=False) == (Unavailable, "server_error")
    assert _meaning(200, "what?", changes=False) == (Unavailable, "garbled")


def test_a_limit_lasts_until_the_last_of_the_windows_that_are_used_up():
    used_up = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": _epoch(minutes=9)}
    a_day = {"x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": _epoch(hours=20)}
    app_day = {"x-app-limit-24hour-remaining": "12", "x-app-limit-24hour-reset": _epoch(hours=23)}

    short = _said(429, "", **used_up, **app_day)
    long = _said(429, "", **used_up, **a_day, **app_day)

    assert (short.until, short.scope) == (NOW + timedelta(minutes=9), "15min")
    assert (long.until, long.scope) == (NOW + timedelta(hours=20), "24h_user")


def test_a_limit_without_headers_waits_a_quarter_of_an_hour():
    bare = _said(429, "")
    not_used_up = _said(429, "", x_rate_limit_remaining="3", x_rate_limit_reset=_epoch(minutes=2))

    assert (bare.until, bare.scope) == (NOW + timedelta(minutes=15), "unknown")
    assert (not_used_up.until, not_used_up.scope) == (NOW + timedelta(minutes=15), "unknown")


def test_the_end_of_a_limit_is_told_by_our_clock():
    """X's clock is an hour ahead: its reset at 01:05 is our 00:05."""
    slow = _said(
        429, "", x_rate_limit_remaining="0", x_rate_limit_reset=_epoch(minutes=65), offset=timedelta(hours=1)
    )

    assert slow.until == NOW + timedelta(minutes=5)


@pytest.mark.parametrize("reset", ["-1", "0", "99999999999", "9" * 40, "soon", ""])
def test_a_reset_nobody_can_believe_is_not_believed(reset):
    slow = _said(429, "", x_rate_limit_remaining="0", x_rate_limit_reset=reset)

    assert (slow.until, slow.scope) == (NOW + timedelta(minutes=15), "unknown")


def test_retry_after_is_obeyed_where_no_window_is_named():
    assert _said(429, "", retry_after="90").until == NOW + timedelta(seconds=90)
    assert _said(429, "", retry_after="9999999999").until == NOW + timedelta(minutes=15)


def test_words_are_cut_cleaned_and_without_what_looks_like_a_secret():
    words = "bad\x00\x1b[31m  token 783214-ABCDEFGHIJKLMNOPQRSTUVWX1 key xvz1evFS4wEEPTGEFPHBogkLM9 oauth_signature=tnnArxj06cWHq44gCs1OSKk "

    cleaned = translate.scrub(words + "long " * 200)

    assert cleaned.startswith("bad [31m token … key … … long long")
    assert len(cleaned) == 300


def test_an_ordinary_sentence_and_its_ids_stay():
    words = "Could not find tweet with ids: [1293593516040269825]."

    assert translate.scrub(words) == words


def test_long_hostile_words_take_no_time():
    translate.scrub("a-" * 100_000)
    translate.scrub("1" * 100_000)
    _said(403, "<" * 100_000)


@settings(deadline=None)
@given(st.integers(200, 599), st.binary(max_size=300), st.booleans())
def test_no_answer_makes_translation_fail(status, raw, changes):
    answer = answers.read(status, {}, raw)

    error = translate.error_of(answer, path="/2/tweets", has_token=True, changes=changes, now=NOW)

    assert isinstance(error, XError)
    assert len(error.detail) <= 300


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["errors", "code", "message", "detail", "type", "title", "data"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=9,
)


@settings(deadline=None)
@given(st.integers(200, 599), _JSON)
def test_no_json_makes_translation_fail(status, body):
    answer = answers.read(status, {"Date": "yesterday"}, json.dumps(body).encode())

    error = translate.error_of(answer, path="/oauth/access_token", has_token=True, changes=True, now=NOW)

    assert isinstance(error, XError)
    assert (answer.date, isinstance(answer.item, dict), isinstance(answer.items, list)) == (None, True, True)


def test_the_list_of_codes_is_the_codes_there_are():
    """The texts catalogue is held to this list."""
    tables = (translate._NUMBERS, translate._KINDS, translate._STATUSES, dict(translate._PHRASES))
    found = {(family.__name__, code) for table in tables for family, code in table.values()}
    for source in Path(translate.__file__).parent.glob("*.py"):
        text = source.read_text(encoding="utf-8")
        found |= set(
            re.findall(r"\b(Refused|NotAuthorized|OutOfCredit|SlowDown|Unavailable)(?:\(|, )\"(\w+)\"", text)
        )
        found |= {("Refused", code) for code in re.findall(r"return \"(media_\w+)\"", text)}
        outcomes = re.findall(r"\b(?:no_outcome|NoAnswerError)\(\"(\w+)\"", text)
        found |= {(family, code) for code in outcomes for family in ("Unknown", "Unavailable")}
    found |= {("Refused", "media_dimensions"), ("Unavailable", "unreachable"), ("OutOfCredit", "usage_cap")}

    listed = {(family, code) for family, codes in errors.CODES.items() for code in codes}

    assert listed == found


def _epoch(**later) -> str:
    return str(int((NOW + timedelta(**later)).timestamp()))
