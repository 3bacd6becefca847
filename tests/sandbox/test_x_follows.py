"""Follows on the sandbox X: who may, who is asked, lists page by page, answers as X describes and gave them."""

import pytest

from tests.sandbox.test_x_recorded import same_body, same_shape
from tests.sandbox.x_contract import NEWER, OLDER, Spec, load
from tests.sandbox.x_server import running_x

NO_FEATURE = "Your account is not permitted to access this feature."


@pytest.fixture(scope="module")
def x_server():
    """Give a sandbox X of its own: the rules of self-serve apps hold for all accounts at once."""
    with running_x() as server:
        server.control("PUT", "/limits", json={"factor": 100})
        yield server


@pytest.fixture
def enterprise(x_server):
    """Let apps follow, until the test ends."""
    x_server.control("POST", "/rules", json={"self_serve": False})
    yield
    x_server.control("POST", "/rules", json={"self_serve": True})


@pytest.fixture
def account(x_server):
    return x_server.new_account()


@pytest.fixture
def session(x_server, account):
    return x_server.session(account["username"])


@pytest.fixture
def other(x_server):
    return x_server.new_account()


def follow(session, account, other):
    return session.post(f"/2/users/{account['id']}/following", json={"target_user_id": other["id"]})


def unfollow(session, account, other):
    return session.delete(f"/2/users/{account['id']}/following/{other['id']}")


def told(x_server, account):
    return x_server.control("GET", f"/follows?username={account['username']}")


def names(answer):
    return [user["username"] for user in answer.json().get("data", [])]


def test_a_self_serve_app_may_not_follow(x_server, account, session, other):
    assert x_server.control("GET", "/rules")["self_serve"] is True
    for answer in (follow(session, account, other), unfollow(session, account, other)):
        assert (answer.status_code, answer.json()["detail"]) == (403, NO_FEATURE)
        Spec(OLDER).check_problem(answer)
    assert told(x_server, account)["following"] == []


@pytest.mark.usefixtures("enterprise")
def test_who_is_followed_is_on_both_lists_until_unfollowed(x_server, account, session, other):
    followed, again = follow(session, account, other), follow(session, account, other)
    mine = session.get(f"/2/users/{account['id']}/following")
    theirs = session.get(f"/2/users/{other['id']}/followers?user.fields=public_metrics")
    unfollowed = unfollow(session, account, other)

    assert followed.json() == again.json() == {"data": {"following": True, "pending_follow": False}}
    assert (names(mine), names(theirs)) == ([other["username"]], [account["username"]])
    assert theirs.json()["data"][0]["public_metrics"]["following_count"] == 1
    assert unfollowed.json() == unfollow(session, account, other).json() == {"data": {"following": False}}
    assert session.get(f"/2/users/{account['id']}/following").json() == {"meta": {"result_count": 0}}


@pytest.mark.usefixtures("enterprise")
def test_a_protected_account_is_asked_and_shows_its_lists_to_followers_only(x_server, account, session):
    shy = x_server.new_account(protected=True)

    asked = follow(session, account, shy)
    hidden = session.get(f"/2/users/{shy['id']}/followers")
    requests = told(x_server, shy)["requests"]
    x_server.control("POST", "/follows", json={"username": account["username"], "target": shy["username"]})

    assert asked.json() == {"data": {"following": False, "pending_follow": True}}
    assert requests == [account["username"]]
    assert "data" not in hidden.json()
    assert hidden.json()["errors"][0]["type"].endswith("/not-authorized-for-resource")
    assert names(session.get(f"/2/users/{shy['id']}/followers")) == [account["username"]]
    assert told(x_server, shy)["requests"] == []
    assert follow(session, account, shy).json()["data"]["following"] is True


@pytest.mark.usefixtures("enterprise")
def test_a_request_can_be_taken_back(x_server, account, session):
    shy = x_server.new_account(protected=True)
    follow(session, account, shy)

    assert unfollow(session, account, shy).json() == {"data": {"following": False}}
    assert told(x_server, shy)["requests"] == []


@pytest.mark.usefixtures("enterprise")
def test_nobody_follows_himself_or_somebody_who_is_not_there(x_server, account, session):
    gone = x_server.new_account(suspended=True)

    assert follow(session, account, account).status_code == 403
    for answer in (follow(session, account, {"id": "1"}), follow(session, account, gone)):
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (200, "target_user_id")
    assert unfollow(session, account, {"id": "1"}).json()["errors"][0]["title"] == "Not Found Error"
    assert told(x_server, account)["following"] == []


@pytest.mark.usefixtures("enterprise")
def test_nobody_follows_for_somebody_else(account, session, other):
    for answer in (follow(session, other, account), unfollow(session, other, account)):
        assert answer.status_code == 400
        assert "must be the same as the authenticating user" in answer.json()["errors"][0]["message"]
        Spec(OLDER).check_problem(answer)


@pytest.mark.usefixtures("enterprise")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"target_user_id": 1},
        {"target_user_id": "x"},
        {"target_user_id": None},
        {"target_user_id": "1", "x": 1},
    ],
)
def test_a_badly_written_wish_is_refused_as_x_describes(account, session, body):
    answer = session.post(f"/2/users/{account['id']}/following", json=body)

    assert answer.status_code == 400
    Spec(OLDER).check_problem(answer)


def test_pages_follow_one_another_newest_first(x_server, account, session):
    fans = [x_server.new_account()["username"] for _ in range(5)]
    for fan in fans:
        x_server.control("POST", "/follows", json={"username": fan, "target": account["username"]})
    x_server.control("POST", "/accounts", json={"username": fans[1], "suspended": True})
    path = f"/2/users/{account['id']}/followers?max_results=3"

    first = session.get(path)
    second = session.get(f"{path}&pagination_token={first.json()['meta']['next_token']}")

    assert names(first) == [fans[4], fans[3], fans[2]]
    assert (names(second), second.json()["meta"]) == ([fans[0]], {"result_count": 1})


@pytest.mark.parametrize("kind", ["following", "followers"])
@pytest.mark.parametrize(
    "query",
    ["?max_results=0", "?max_results=1001", "?max_results=x", "?pagination_token=mine", "?since_id=1"],
)
def test_a_bad_page_is_refused(account, session, kind, query):
    answer = session.get(f"/2/users/{account['id']}/{kind}{query}")

    assert answer.status_code == 400
    Spec(OLDER).check_problem(answer)


def test_a_read_only_app_reads_lists_and_follows_nobody(x_server, account, other):
    session = x_server.session(account["username"], "read_only")

    assert session.get(f"/2/users/{account['id']}/followers").status_code == 200
    assert follow(session, account, other).json()["type"].endswith("/oauth1-permissions")


@pytest.mark.usefixtures("enterprise")
@pytest.mark.parametrize("version", [OLDER, NEWER])
def test_answers_are_valid_in_both_descriptions(x_server, version, account, session, other):
    spec, one = Spec(version), "/2/users/{source_user_id}/following/{target_user_id}"
    dialect = "tweet.fields=id" if version == OLDER else "post.fields=id"
    query = f"?user.fields=created_at,protected,public_metrics,verified_type&{dialect}"
    shy = x_server.new_account(protected=True)

    spec.check_answer("POST", "/2/users/{id}/following", follow(session, account, other))
    for kind in ("following", "followers"):
        for who in (account["id"], other["id"], shy["id"], "1"):
            spec.check_answer("GET", f"/2/users/{{id}}/{kind}", session.get(f"/2/users/{who}/{kind}{query}"))
    spec.check_answer("DELETE", one, unfollow(session, account, other))


@pytest.mark.usefixtures("enterprise")
def test_answers_are_the_recorded_ones(account, session, other):
    recorded = {entry["name"]: entry for entry in load("x-responses.json")}

    same_body(follow(session, account, other), recorded["follow"])
    same_shape(session.get(f"/2/users/{account['id']}/following"), recorded["following"])
    same_body(unfollow(session, account, other), recorded["unfollow"])


def test_the_control_calls_tell_what_they_do_not_understand(x_server):
    for path, body in (
        ("/rules", {"self_serve": "no"}),
        ("/rules", {}),
        ("/follows", {"username": "nobody_here"}),
    ):
        with pytest.raises(AssertionError, match="error"):
            x_server.control("POST", path, json=body)
