"""Credit on the sandbox X: what is billed at which price, to whom, and what happens when it is gone."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.x.app import operations
from sandbox.x.credits import READS, Ledger
from sandbox.x.world import new_world
from tests.sandbox.test_x_media import picture, upload
from tests.sandbox.test_x_recorded import same_body
from tests.sandbox.x_contract import OLDER, Spec, load
from tests.sandbox.x_server import running_x

WITH = "/2/dm_conversations/with"


@pytest.fixture(scope="module")
def x_server():
    """Give a sandbox X of its own: what is billed twice a day, and for whom, holds for all at once."""
    with running_x() as server:
        server.control("PUT", "/limits", json={"factor": 100})
        server.control("POST", "/rules", json={"self_serve": False})
        yield server


@pytest.fixture
def app(x_server):
    return x_server.control("POST", "/apps", json={"name": "app_" + secrets.token_hex(4)})["name"]


@pytest.fixture
def account(x_server):
    return x_server.new_account()


@pytest.fixture
def session(x_server, account, app):
    return x_server.session(account["username"], app)


@pytest.fixture
def billed(x_server, app):
    """Give a function that tells what this app has been billed since it was asked before."""
    seen = 0

    def prices():
        nonlocal seen
        found = [one["dollars"] for one in x_server.control("GET", f"/charges?app={app}")["charges"]]
        new, seen = found[seen:], len(found)
        return new

    return prices


@pytest.fixture
def each_time(x_server):
    """Bill a resource whenever it is read, until the test ends."""
    x_server.control("POST", "/rules", json={"once_a_day": False})
    yield
    x_server.control("POST", "/rules", json={"once_a_day": True})


def credit(x_server, app, **wish):
    return x_server.control("POST", "/credit", json={"app": app, **wish})


def test_writes_have_their_prices(x_server, account, session, billed):
    other = x_server.new_account()
    photo, _ = upload(session, picture())
    post = session.tweet("Plain").json()["data"]["id"]
    session.tweet("See example.com")
    session.post("/2/media/metadata", json={"id": photo, "metadata": {"alt_text": {"text": "Red"}}})
    session.post(f"{WITH}/{other['id']}/messages", json={"text": "Hello"})
    session.post(f"/2/users/{account['id']}/following", json={"target_user_id": other["id"]})
    session.delete(f"/2/users/{account['id']}/following/{other['id']}")
    session.delete(f"/2/tweets/{post}")

    assert billed() == [0.015, 0.2, 0.005, 0.015, 0.015, 0.01, 0.005]


@pytest.mark.usefixtures("each_time")
def test_reads_are_billed_per_resource_returned(x_server, account, session, billed):
    other = x_server.new_account()
    for number in range(3):
        session.tweet(f"Post {number}")
    session.post(f"{WITH}/{other['id']}/messages", json={"text": "Hello"})
    x_server.control("POST", "/follows", json={"username": other["username"], "target": account["username"]})
    billed()

    session.get("/2/users/me")
    session.get(f"/2/users?ids={account['id']},{other['id']},1")
    session.get(f"/2/users/{account['id']}/tweets?max_results=5")
    session.get(f"/2/users/{account['id']}/tweets?max_results=5&expansions=author_id")
    session.get(f"/2/users/{account['id']}/followers")
    session.get("/2/dm_events?expansions=sender_id")

    assert billed() == [0.01, 0.02, 0.015, 0.025, 0.01, 0.02]


@pytest.mark.usefixtures("each_time")
def test_owned_reads_are_cheap_for_the_owner_of_the_app_only(x_server, account, session, app, billed):
    other = x_server.new_account()
    session.tweet(f"@{account['username']}")
    x_server.control("POST", "/follows", json={"username": other["username"], "target": account["username"]})
    credit(x_server, app, owner=account["username"])
    theirs = x_server.session(other["username"], app)
    billed()

    for kind in ("tweets", "mentions", "followers"):
        session.get(f"/2/users/{account['id']}/{kind}")
    theirs.get(f"/2/users/{account['id']}/tweets")
    theirs.get(f"/2/users/{other['id']}/following")
    session.get(f"/2/users/{other['id']}/following")
    session.get(f"/2/users/{account['id']}/tweets?expansions=author_id")

    assert billed() == [0.001, 0.001, 0.001, 0.005, 0.01, 0.01, 0.011]


def test_the_same_resource_is_paid_for_once_a_day():
    world = new_world()
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0) + timedelta(days=1)
    world.clock.offset = midnight.timestamp() - 3600 - datetime.now(UTC).timestamp()
    ledger, app = Ledger(world.clock), world.register.apps["own"]
    account = world.register.account("alice_writes")

    def read():
        return ledger.read(app, account, "GET /2/users/me", "/2/users/me", {"data": {"id": account.id}})

    before = [read(), read()]
    world.clock.offset += 7200

    assert [float(price) for price in (*before, read(), read())] == [0.01, 0, 0.01, 0]
    assert [charge.repeated for charge in ledger.charges] == [0, 1, 0, 1]


def test_what_is_refused_or_finds_nothing_is_free(account, session, billed):
    session.tweet("Twice")
    billed()
    session.tweet("Twice")
    session.get("/2/tweets/1")
    session.get("/2/users/by/username/nobody_here")
    session.get("/2/dm_events")
    session.get("/2/users/x")
    session.post(f"/2/users/{account['id']}/following", json={"target_user_id": "1"})

    assert billed() == []
    assert session.last_entry()["price"] is None


def test_a_call_lowers_the_balance_and_the_last_one_may_go_below_nothing(x_server, session, app):
    credit(x_server, app, balance=0.02)
    session.tweet("One")
    between = x_server.control("GET", f"/credit?app={app}")
    last, refused, read = session.tweet("See example.com"), session.tweet("Three"), session.get("/2/users/me")

    assert (between["balance"], between["spent"]) == (0.005, 0.015)
    assert (last.status_code, refused.status_code, read.status_code) == (201, 402, 402)
    assert x_server.control("GET", f"/credit?app={app}")["balance"] == -0.195
    assert session.posted() == ["See example.com", "One"]
    assert {"x-rate-limit-limit", "x-rate-limit-reset", "x-access-level"} <= set(read.headers)
    assert "x-user-limit-24hour-remaining" in refused.headers

    credit(x_server, app, balance=1)
    assert session.tweet("Three").status_code == 201


def test_gone_credit_is_told_in_the_words_of_both_times(x_server, session, app):
    recorded = {entry["name"]: entry for entry in load("x-responses.json")}
    credit(x_server, app, balance=0)

    older, newer = session.tweet("hello"), session.get("/2/users/me?post.fields=id")

    same_body(older, recorded["err_402_credits"])
    Spec(OLDER).check_problem(older)
    assert newer.json()["title"] == "Payment Required"
    assert newer.json()["type"].endswith("/credits-depleted")


def test_an_app_has_credit_without_end_unless_told_otherwise(x_server, app):
    told = x_server.control("GET", f"/credit?app={app}")

    assert told == {"app": app, "owner": None, "balance": None, "spent": 0}


def test_credit_is_of_the_app_and_charges_are_told_per_account(x_server, account, session, app):
    other = x_server.session(x_server.new_account()["username"], app)
    elsewhere = x_server.session(account["username"])
    credit(x_server, app, balance=0.02)
    session.tweet("Mine")
    other.tweet("Theirs")

    mine = x_server.control("GET", f"/charges?app={app}&username={account['username']}")

    assert (other.tweet("More").status_code, elsewhere.tweet("More").status_code) == (402, 201)
    assert (mine["dollars"], [one["path"] for one in mine["charges"]]) == (0.015, ["/2/tweets"])


def test_an_answer_that_never_came_is_billed_all_the_same(x_server, account, session, billed):
    x_server.fault("html_502", {"username": account["username"]}, accepted=True)

    assert (session.tweet("Did it?").status_code, billed()) == (502, [0.015])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/credit", {"app": "nothing_like_it"}),
        ("/credit", {"app": "own", "balance": "much"}),
        ("/credit", {"app": "own", "balance": True}),
        ("/credit", {"app": "own", "owner": "nobody_here"}),
        ("/rules", {"once_a_day": 1}),
        ("/rules", {"nonsense": True}),
    ],
)
def test_the_control_calls_tell_what_they_do_not_understand(x_server, path, body):
    with pytest.raises(AssertionError, match="error"):
        x_server.control("POST", path, json=body)


def test_every_reading_endpoint_has_its_place_on_the_price_list():
    reading = {one.name for one in operations() if one.method == "GET"}

    assert reading <= set(READS)
