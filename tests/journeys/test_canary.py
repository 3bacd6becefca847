"""After journeys through every door for secrets, with X, Telegram and the database failing: no secret anywhere."""

import io
import json
import logging
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import inspect, select, text

from bot import logs, process
from bot.commands import signing
from storage import authorizations, connections
from storage.tables import Connection
from storage.vault import Locked
from tests.journeys.test_connect_by_pin import wrong

OPEN = "Open X and get the PIN"
YES = "Yes, this is mine"
WEBHOOK_SECRET = "canary-webhook-secret-0123456789"
TYPED_FOR_NOTHING = "Zz9" + "canaryNobodyAskedFor" + "0123456789" * 3
TWEETS = ("canary tweet of the yellow bird", "canary tweet that failed", "canary alt text")


class Secrets(dict):
    """What must not be found, by its name."""

    def found_in(self, place: str | bytes) -> set[str]:
        if isinstance(place, bytes):
            place = place.decode("latin-1")
        return {name for name, secret in self.items() if self._is_in(secret, place)}

    @staticmethod
    def _is_in(secret: str, place: str) -> bool:
        if secret.isdigit():
            # A PIN is short enough to be part of a longer number by chance.
            return re.search(rf"(?<![0-9a-f]){secret}(?![0-9a-f])", place) is not None
        return secret in place


@pytest.fixture
def written():
    """Log everything at DEBUG as the bot's own set-up does; gives what was written."""
    root, stream = logging.getLogger(), io.StringIO()
    ours = logging.StreamHandler(stream)
    ours.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    before = root.level
    levels = {name: logging.getLogger(name).level for name in logs.PINNED}
    root.addHandler(ours)
    yield stream
    root.removeHandler(ours)
    root.setLevel(before)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    for handler in list(root.handlers):
        handler.filters.clear()
        if getattr(handler, "is_ours", False):
            root.removeHandler(handler)


@pytest.fixture
async def rig(make_rig, database_url, written):
    """Give a bot whose log is at DEBUG from its start."""
    secret = SecretStr(WEBHOOK_SECRET)
    rig = await make_rig(database_url, webhook_secret=secret, webhook_url="https://bot.example/hook")
    logs.set_up("DEBUG", rig.settings.secrets)
    return rig


async def by_pin(rig, phone, account, secrets, who):
    """Go from an open link to the connection, with a wrong PIN on the way."""
    url = phone.url(OPEN)
    (secrets[f"{who} request token"],) = parse_qs(urlsplit(url).query)["oauth_token"]
    async with rig.app.db.begin() as session:
        row = await authorizations.current(session, phone.person)
    secrets[f"{who} request secret"] = signing.request_of(rig.app.doors, row).secret
    secrets[f"{who} PIN"] = rig.pin(url, account)
    secrets[f"{who} wrong PIN"] = wrong(secrets[f"{who} PIN"])
    await phone.say(secrets[f"{who} wrong PIN"])
    await phone.say(f"PIN {secrets[f'{who} PIN']}")
    await phone.press(YES)
    assert "is connected" in phone.text


async def three_people_connect(rig, secrets):
    """Connect by the registered app, by an own app with PIN, by an own app with ready-made tokens."""
    ada, ben, chen = [await rig.phone(name) for name in ("Ada", "Ben", "Chen")]
    account = rig.new_account()
    await ada.open_link()
    await by_pin(rig, ada, account, secrets, "registered")

    own = rig.new_app()
    secrets |= {"own key": own["consumer_key"], "own secret": own["consumer_secret"]}
    await ben.say("/connect")
    await ben.press("Use my own X app")
    await ben.say(own["consumer_key"])
    await ben.say(own["consumer_secret"])
    await by_pin(rig, ben, rig.new_account(), secrets, "own")

    ready, third = rig.new_app(), rig.new_account()
    token = rig.access_token(ready, third)
    secrets |= {"ready key": ready["consumer_key"], "ready secret": ready["consumer_secret"]}
    secrets |= {"ready token": token["token"], "ready token secret": token["secret"]}
    await chen.say("/connect")
    await chen.press("Use my own X app")
    await chen.say(f"{ready['consumer_key']} {ready['consumer_secret']}")
    await chen.press("I have access tokens")
    await chen.say(token["token"])
    await chen.say(token["secret"])
    await chen.press(YES)
    assert "is connected" in chen.text
    return ada, ben, chen, account


async def keep_tokens(rig, secrets):
    """Open what is sealed in the connections, to know what to look for."""
    async with rig.app.db.begin() as session:
        rows = (await session.scalars(select(Connection))).all()
    for row in rows:
        keys = connections.open_keys(rig.app.doors.vault, row)
        secrets[f"token of {row.id}"] = keys.access_token.reveal()
        secrets[f"token secret of {row.id}"] = keys.access_secret.reveal()
    assert len(rows) == 3


async def everything_fails(rig, ada, ben, chen, account):
    """Tweet, and let X, Telegram and the database fail in every way that is logged."""
    await ada.say(f"/tweet {TWEETS[0]}")
    await ada.press("Post")
    await rig.posted()
    for fault in ("status_5xx", "garbage_body", "timeout_before", "html_502", "forbidden_bare", "revoked"):
        rig.x_fault(fault, "/2/tweets$")
        await ben.say(f"/tweet {TWEETS[1]} {fault}")
        await ben.press("Post")
        await rig.posted()
    await chen.say("/connect")
    rig.x_fault("html_502", "request_token")
    await chen.press("Use this bot's app")
    await chen.say("/cancel")
    await chen.say(TYPED_FOR_NOTHING)
    for fault in ("drop_before", "server_error", "rate_limited"):
        rig.telegram.fault(fault, rig.bot, 3, {"method": "sendMessage"}, seconds=1)
        chen.send("/connections")
        for update in rig.waiting():
            await rig.give(update)
            await rig.give(update)


async def a_command_breaks(rig, ada):
    """Let a command raise what nobody foresaw, so that a traceback is written."""
    async with rig.app.db.begin() as session:
        await session.execute(text("ALTER TABLE task_media RENAME TO lost"))
    ada.send(f"/tweet {TWEETS[2]}")
    for update in rig.waiting():
        for _ in range(5):
            await rig.give(update)
    async with rig.app.db.begin() as session:
        await session.execute(text("ALTER TABLE lost RENAME TO task_media"))
    assert "Something went wrong" in ada.text


async def strangers_knock(rig):
    """Call the webhook with a wrong secret, the right one, and a body that is none."""
    webhook = process.make_webhook(rig.app).application()
    transport = httpx.ASGITransport(webhook)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as http:
        for secret in ("wrong", WEBHOOK_SECRET):
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret, "Content-Type": "application/json"}
            await http.post("/hook", content=b'{"update_id": "none"}', headers=headers)


async def dump(rig) -> str:
    """Write out every value of every table."""
    async with rig.app.db.engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        rows = [row for name in names for row in await connection.execute(text(f'SELECT * FROM "{name}"'))]
    assert len(names) > 8
    return "\n".join(
        bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
        for row in rows
        for value in row
    )


def without_link_buttons(told) -> str:
    """Write out calls or messages without the addresses of buttons, the one place for an authorize link."""

    def bare(value):
        if isinstance(value, str) and value.startswith(("{", "[")):
            try:
                value = json.loads(value)
            except ValueError:
                return value
        if isinstance(value, dict):
            is_button = "url" in value and "text" in value
            return {key: bare(each) for key, each in value.items() if not (is_button and key == "url")}
        return [bare(each) for each in value] if isinstance(value, list) else value

    return json.dumps(bare(told), ensure_ascii=False)


async def test_no_secret_is_left_anywhere(make_rig, rig, written, tmp_path):
    settings = rig.settings
    secrets = Secrets(
        {
            "bot token": settings.bot_token.get_secret_value(),
            "bot token's secret part": settings.bot_token.get_secret_value().partition(":")[2],
            "registered key": settings.consumer_key.get_secret_value(),
            "registered secret": settings.consumer_secret.get_secret_value(),
            "webhook secret": WEBHOOK_SECRET,
            "typed for nothing": TYPED_FOR_NOTHING,
        }
    )

    *people, account = await three_people_connect(rig, secrets)
    await keep_tokens(rig, secrets)
    await everything_fails(rig, *people, account)
    await a_command_breaks(rig, people[0])
    await strangers_knock(rig)
    rig.clock.advance(minutes=20)
    await rig.chores()

    logging.getLogger("somebody").debug("said at debug")
    log = written.getvalue()
    assert "Traceback" in log
    assert "said at debug" in log
    assert secrets.found_in(log) == set()
    assert [words for words in TWEETS if words in log] == []
    dumped = await dump(rig)
    assert TWEETS[0] in dumped, "the dump is a dump"
    assert secrets.found_in(dumped) == set()
    for file in tmp_path.rglob("*"):
        if file.is_file() and file.name != "keys":
            assert secrets.found_in(file.read_bytes()) == set(), file.name
    assert secrets.found_in(json.dumps(rig.bot.calls())) == {
        "registered request token",
        "own request token",
    }, "only in the buttons"
    assert secrets.found_in(without_link_buttons(rig.bot.calls())) == set()
    for phone in people:
        assert secrets.found_in(without_link_buttons(phone.messages())) == set()


async def test_an_error_about_secrets_says_nothing_of_them(rig, written):
    secrets = Secrets()
    await three_people_connect(rig, secrets)
    await keep_tokens(rig, secrets)
    async with rig.app.db.begin() as session:
        first, second, _ = (await session.scalars(select(Connection).order_by(Connection.id))).all()
        first.access_token, second.access_token = second.access_token, first.access_token

    with pytest.raises(Locked) as locked:
        connections.open_keys(rig.app.doors.vault, first)

    said = f"{locked.value!r} {locked.value} {first!r} {rig.settings!r} {rig.app.doors!r} {rig.app!r}"
    assert secrets.found_in(said) == set()
    assert Secrets(dict(enumerate(rig.settings.secrets))).found_in(said) == set()
