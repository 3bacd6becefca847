"""`pinfeather keys` at the command line, beside the running bot, and killed at random."""

import asyncio
import random
import re
import subprocess
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select

from storage import connections, keyring, rotation
from storage import db as databases
from storage.tables import Authorization, Connection
from storage.vault import Vault, key_named_in
from tests.bot.test_process import ROOT, command, environ, press, running, said, until  # noqa: F401
from tests.builders import add_connection, add_person
from tests.sandbox.conftest import x_server  # noqa: F401
from tests.sandbox.telegram_server import ADA

ROWS = 30
#: Every command is a process of its own.
pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def keys(tmp_path):
    """Give the key file of the program's settings."""
    return tmp_path / "keys"


@pytest.fixture
def database_url(environ, tmp_path):  # noqa: F811
    """Give the address of the program's database; it is made first."""
    code, words = said(environ, "migrate")
    assert code == 0, words
    return f"sqlite:///{tmp_path}/data/pinfeather.db"


@asynccontextmanager
async def _opened(url):
    db = await databases.open_database(url)
    try:
        yield db
    finally:
        await db.close()


async def _fill(url, keys):
    vault = Vault(keyring.read_key_file(keys))
    async with _opened(url) as db:
        await add_person(db)
        for number in range(ROWS):
            await add_connection(db, vault, x_user_id=str(7000 + number), secret=f"secret {number}")


async def _counted(url):
    async with _opened(url) as db:
        return await rotation.counted(db)


async def _secrets(url, keys):
    vault = Vault(keyring.read_key_file(keys))
    async with _opened(url) as db, db.begin() as session:
        rows = await session.scalars(select(Connection).order_by(Connection.id))
        return [connections.open_keys(vault, row).access_secret.reveal() for row in rows]


async def _last_authorization_s_key(url):
    async with _opened(url) as db, db.begin() as session:
        row = await session.scalar(select(Authorization).order_by(Authorization.id.desc()).limit(1))
        return row and key_named_in(row.data_key)


def test_killed_again_and_again_a_rotation_comes_to_its_end(environ, database_url, keys):  # noqa: F811
    asyncio.run(_fill(database_url, keys))
    old = keyring.read_key_file(keys).active_id
    seed = random.randrange(10**6)
    chance = random.Random(seed)

    done = kills = 0
    while done < ROWS * 3 // 4:
        upto = done + chance.randint(1, ROWS // 3)
        rotating = subprocess.Popen(
            command("keys", "rotate"), cwd=ROOT, env=environ, stdout=subprocess.DEVNULL
        )
        while rotating.poll() is None and ROWS + 1 - asyncio.run(_counted(database_url))[old] < upto:
            pass
        rotating.kill()
        rotating.wait(30)
        kills += 1
        done = ROWS + 1 - asyncio.run(_counted(database_url))[old]
        assert asyncio.run(_secrets(database_url, keys)) == [f"secret {n}" for n in range(ROWS)], seed
    code, words = said(environ, "keys", "rotate")

    new = keyring.read_key_file(keys).active_id
    assert code == 0, words
    assert asyncio.run(_counted(database_url)) == {new: ROWS + 1}, (seed, kills)
    assert asyncio.run(_secrets(database_url, keys)) == [f"secret {n}" for n in range(ROWS)]


def test_the_running_bot_connects_on_with_the_new_key_and_without_the_old(
    running,  # noqa: F811
    environ,  # noqa: F811
    telegram_server,
    telegram_bot,
    tmp_path,
    keys,
):
    url = f"sqlite:///{tmp_path}/data/pinfeather.db"
    old = keyring.read_key_file(keys).active_id
    phone = telegram_server.phone(ADA, telegram_bot.id)
    phone.start(re.search(r"start=([\w-]+)", said(environ, "claim")[1])[1])
    press(phone, "connect")
    assert until(lambda: asyncio.run(_last_authorization_s_key(url))) == old

    code, words = said(environ, "keys", "rotate")
    new = keyring.read_key_file(keys).active_id
    assert (code, new in words, "anew: 2 rows" in words) == (0, True, True), words
    assert said(environ, "keys", "retire", old)[0] == 0
    # The link of an authorization that began under the old key is sealed into it.
    press(phone, "connect_registered")
    until(lambda: any(button.get("url") for button in _buttons(phone)))
    phone.send("/connect")
    until(lambda: asyncio.run(_counted(url))[new] == 3)

    listed = said(environ, "keys", "list")[1]
    assert re.findall(r"^(\S+) +(.+?) +(\d+) rows$", listed, re.MULTILINE) == [(new, "primary", "3")]


def _buttons(phone):
    return [button for m in phone.messages() for row in m["inline_keyboard"] or [] for button in row]


def test_a_key_waits_until_it_is_rotated_to_and_one_in_use_is_not_retired(environ, database_url, keys):  # noqa: F811
    asyncio.run(_fill(database_url, keys))
    old = keyring.read_key_file(keys).active_id

    code, words = said(environ, "keys", "add")
    again = said(environ, "keys", "add")
    waiting = list(keyring.read_key_file(keys).keys)[-1]
    listed = said(environ, "keys", "list")[1]
    retired = said(environ, "keys", "retire", old)
    rotated = said(environ, "keys", "rotate")

    assert (code, f"{waiting} waits" in words, f"{old} is still" in words) == (0, True, True)
    assert (again[0], f"{waiting} waits" in again[1]) == (0, True)
    assert re.findall(r"^(\S+) +(.+?) +(\d+) rows$", listed, re.MULTILINE) == [
        (old, "primary", str(ROWS + 1)),
        (waiting, "waiting", "0"),
    ]
    assert (retired[0], "Traceback" in retired[1]) == (1, False)
    assert f"{ROWS + 1} rows are still wrapped under {old}" in retired[1]
    assert (rotated[0], f"{waiting} is the primary key" in rotated[1]) == (0, True)
    assert list(keyring.read_key_file(keys).keys) == [old, waiting]
    values = [line.partition(":")[2] for line in keys.read_text().splitlines() if ":" in line]
    shown = words + again[1] + listed + retired[1] + rotated[1]
    assert (len(values), [value for value in values if value in shown]) == (3, [])


async def test_on_postgres_a_key_is_added_before_it_is_rotated_to(environ, postgresql_url, keys):  # noqa: F811
    keyring.make_key_file(keys)
    on_postgres = environ | {"PINFEATHER_DATABASE_URL": postgresql_url}
    await _fill(postgresql_url, keys)

    idle = said(on_postgres, "keys", "rotate")
    said(on_postgres, "keys", "add")
    done = said(on_postgres, "keys", "rotate")
    once_more = said(on_postgres, "keys", "rotate")

    new = keyring.read_key_file(keys).active_id
    assert (idle[0], "pinfeather keys add" in idle[1]) == (0, True)
    assert (done[0], f"anew: {ROWS + 1} rows" in done[1]) == (0, True)
    assert (once_more[0], "anew: 0 rows" in once_more[1]) == (0, True)
    assert await _counted(postgresql_url) == {new: ROWS + 1}
