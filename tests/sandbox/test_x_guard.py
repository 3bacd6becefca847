"""Who may talk to the sandbox X, and that what people type stays text."""

import pytest
import requests

from tests.sandbox.x_server import running_x

TELEGRAM = "http://127.0.0.1:8100"


def test_it_is_ready_without_a_token(x_server):
    assert requests.get(x_server.origin + "/sandbox/ready", timeout=10).json() == {"ready": True}


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_control_calls_need_the_token(x_server, token):
    headers = {} if token is None else {"X-Sandbox-Token": token}

    answer = requests.get(x_server.origin + "/sandbox/api/apps", headers=headers, timeout=10)

    assert answer.status_code == 403
    assert "secret" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8101", "127.0.0.1.evil.example"])
def test_foreign_host_names_are_refused(x_server, host):
    answer = requests.get(x_server.origin + "/", headers={"Host": host}, timeout=10)

    assert answer.status_code == 421


def test_a_form_from_elsewhere_is_refused(x_server):
    answer = requests.post(
        x_server.origin + "/oauth/authorize", headers={"Origin": "http://evil.example"}, timeout=10
    )

    assert answer.status_code == 403


def test_the_sandbox_telegram_may_call_the_control_api_but_not_post_the_pages(x_server):
    headers = {"Origin": TELEGRAM, "X-Sandbox-Token": x_server.token}

    control = requests.get(x_server.origin + "/sandbox/api/apps", headers=headers, timeout=10)
    asked_first = requests.options(
        x_server.origin + "/sandbox/api/apps", headers={"Origin": TELEGRAM}, timeout=10
    )
    page = requests.post(x_server.origin + "/oauth/authorize", headers={"Origin": TELEGRAM}, timeout=10)

    assert control.headers["access-control-allow-origin"] == TELEGRAM
    assert (
        asked_first.status_code,
        "x-sandbox-token" in asked_first.headers["access-control-allow-headers"],
    ) == (204, True)
    assert page.status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/alice_writes", "/sandbox", "/nobody_at_all", "/oauth/authorize?oauth_token=x"]
)
def test_every_page_says_sandbox_and_allows_no_inline_script(x_server, path):
    answer = requests.get(x_server.origin + path, timeout=10)

    assert "Sandbox: made-up accounts" in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "type='password'" not in answer.text
    assert "<script>" not in answer.text


def test_what_is_typed_stays_text(x_server):
    name = "<img src=x onerror=alert(1)>"
    account = x_server.new_account(name=name)
    session = x_server.session(account["username"])
    session.tweet("</p><script>alert(1)</script> javascript:alert(1) https://example.com/'onclick='alert(1)")

    page = requests.get(f"{x_server.origin}/{account['username']}", timeout=10).text

    assert "<script>" not in page
    assert "<img src=x" not in page
    assert "'onclick='" not in page


def test_a_post_has_a_page_of_its_own_until_it_is_deleted(x_server):
    account = x_server.new_account()
    session = x_server.session(account["username"])
    post_id = session.tweet("My page").json()["data"]["id"]
    url = f"{x_server.origin}/{account['username']}/status/{post_id}"

    there = requests.get(url, timeout=10)
    session.delete(f"/2/tweets/{post_id}")
    gone = requests.get(url, timeout=10)

    assert (there.status_code, "My page" in there.text) == (200, True)
    assert gone.status_code == 404


def test_avatars_are_pictures(x_server):
    answer = requests.get(x_server.origin + "/avatars/alice_writes.png", timeout=10)

    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/app.py"])
def test_only_known_files_are_served(x_server, path):
    assert requests.get(x_server.origin + path, timeout=10).status_code == 404


def test_app_keys_are_the_same_in_every_sandbox(x_server):
    with running_x() as other:
        assert other.control("GET", "/apps")[0] == x_server.app("registered")

    assert (len(x_server.app()["consumer_key"]), len(x_server.app()["consumer_secret"])) == (25, 50)


def test_apps_can_be_made_and_changed(x_server):
    wish = {"name": "made_here", "title": "Made Here", "access_level": "read-write-dm", "callback": None}

    made = x_server.control("POST", "/apps", json=wish)
    changed = x_server.control("POST", "/apps", json={"name": "made_here", "consumer_secret": "n" * 50})

    assert made["access_level"] == "read-write-directmessages"
    assert (changed["callback"], changed["consumer_secret"]) == (None, "n" * 50)
