"""A SQLite database has one process; what may run beside it, and mistakes in its address, are said in words."""

import pytest
from sqlalchemy import text

from storage import schema
from tests.bot.test_process import environ, running, said  # noqa: F401
from tests.sandbox.conftest import x_server  # noqa: F401


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_second_process_on_the_same_database_is_refused_wherever_its_own_data_lies(
    running,  # noqa: F811
    environ,  # noqa: F811
    tmp_path,
    command,
):
    link = tmp_path / "by another name.db"
    link.symlink_to(tmp_path / "data" / "pinfeather.db")
    elsewhere = {
        "PINFEATHER_DATA_DIR": str(tmp_path / "elsewhere"),
        "PINFEATHER_DATABASE_URL": f"sqlite:///{link}",
    }

    code, words = said(environ | elsewhere, command)

    assert (code, "another pinfeather already works with" in words, "Traceback" in words) == (1, True, False)


def test_a_bot_on_another_database_may_share_the_data_directory(running, environ, tmp_path):  # noqa: F811
    other = {"PINFEATHER_DATABASE_URL": f"sqlite:///{tmp_path}/data/other.db"}

    assert said(environ | other, "migrate")[0] == 0


@pytest.mark.parametrize("command", ["claim", "check"])
def test_a_claim_link_and_a_check_are_to_be_had_beside_the_running_bot(running, environ, command):  # noqa: F811
    code, words = said(environ, command)

    assert (code, "Traceback" in words) == (0, False), words


@pytest.mark.parametrize("command", ["run", "migrate", "claim", "check"])
@pytest.mark.parametrize("address", ["mysql://user:pass-word@db/x", "not an address", "sqlite://"])
def test_an_address_of_no_database_is_said_without_showing_it(environ, command, address):  # noqa: F811
    code, words = said(environ | {"PINFEATHER_DATABASE_URL": address}, command)

    assert (code, "Traceback" in words, "pass-word" in words) == (1, False, False), words
    assert "PINFEATHER_DATABASE_URL" in words


def test_a_directory_that_cannot_be_made_is_said_in_words(environ, tmp_path):  # noqa: F811
    (tmp_path / "file").touch()

    code, words = said(environ | {"PINFEATHER_DATA_DIR": str(tmp_path / "file" / "data")}, "run")

    assert (code, "Traceback" in words) == (1, False), words
    assert str(tmp_path / "file") in words


async def test_whether_a_schema_is_up_to_date_is_seen_without_changing_it(database):
    before = await schema.up_to_date(database)
    async with database.begin() as session:
        await session.execute(text("DELETE FROM alembic_version"))
    without = await schema.up_to_date(database)
    async with database.begin() as session:
        await session.execute(text("INSERT INTO alembic_version VALUES ('9999')"))

    assert (before, without) == (True, False)
    with pytest.raises(schema.TooNew):
        await schema.up_to_date(database)
