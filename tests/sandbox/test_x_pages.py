"""What the public pages of the sandbox X show of reposts, quotes, polls and edits."""

import pytest
import requests

from tests.sandbox.x_rules import enterprise

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def account(x_server):
    return x_server.new_account(premium=True)


@pytest.fixture
def session(x_server, account):
    return x_server.session(account["username"])


@pytest.fixture
def author(x_server):
    return x_server.session(x_server.new_account()["username"])


def page(x_server, path):
    answer = requests.get(x_server.origin + path, timeout=10)
    assert answer.status_code == 200
    return answer.text


def made(session, text, **more):
    return session.tweet(text, **more).json()["data"]["id"]


def test_an_account_s_page_shows_what_it_reposts_and_quotes(x_server, account, session, author):
    post_id = made(author, f"Original {HOSTILE}")
    session.post(f"/2/users/{account['id']}/retweets", json={"tweet_id": post_id})
    with enterprise(x_server):
        made(session, "Look at that", quote_tweet_id=post_id)

    shown = page(x_server, f"/{account['username']}")
    original = page(x_server, f"/{author.username}/status/{post_id}")

    assert f"{account['name']} reposted" in shown
    assert shown.count(f"/{author.username}/status/{post_id}") >= 3
    assert "<blockquote class='quote'" in shown
    assert "reposts: 1 · quotes: 1" in original
    assert HOSTILE not in shown + original


def test_polls_labels_and_edits_are_seen(x_server, account, session):
    poll = {"options": [HOSTILE[:25], "No"], "duration_minutes": 60}
    made(session, "Is it?", poll=poll, paid_partnership=True)
    first = made(session, "Teh news")
    made(session, "The news", edit_options={"previous_post_id": first})

    shown = page(x_server, f"/{account['username']}")

    assert "<li dir='auto'>No</li>" in shown
    assert HOSTILE[:25] not in shown
    assert "paid partnership" in shown
    assert "The news" in shown
    assert "edited" in shown
    assert "Teh news" not in shown
    assert page(x_server, f"/{account['username']}/status/{first}").count("Teh news") == 1
