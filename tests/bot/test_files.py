"""A file is fetched within its limit, or it is said why not."""

import io

import pytest
from PIL import Image

from bot.files import Files
from storage.db import refuse_in_transaction
from tasks.doors import NoFile
from twitter import authorize
from twitter.client import App, X, in_thread
from twitter.errors import Unavailable


def a_picture() -> bytes:
    picture = io.BytesIO()
    Image.effect_noise((200, 200), 50).convert("RGB").save(picture, "PNG")
    return picture.getvalue()


@pytest.fixture
def sent(ada, telegram_bot):
    """Give a picture Ada sent as a file, and its file id."""
    content = a_picture()
    ada.send_files(("a.png", content, "image/png"), **{"as": "document"})
    message = telegram_bot.updates()[-1]["message"]
    return content, message["document"]["file_id"]


@pytest.fixture
async def files(bot):
    files = Files(bot)
    yield files
    await files.close()


async def test_a_file_is_fetched_whole(files, sent):
    content, file_id = sent

    assert await files.fetch(file_id) == content


async def test_a_file_over_the_limit_is_refused(bot, sent):
    content, file_id = sent
    small = Files(bot, limit=len(content) - 1)

    with pytest.raises(NoFile, match="file_too_big"):
        await small.fetch(file_id)
    await small.close()


async def test_a_file_id_telegram_does_not_know_is_gone(files):
    with pytest.raises(NoFile, match="file_gone"):
        await files.fetch("nonsense")


async def test_a_file_that_vanished_is_gone(files, sent, telegram_bot):
    telegram_bot.server.fault("file_missing", telegram_bot, times=None)

    with pytest.raises(NoFile, match="file_gone"):
        await files.fetch(sent[1])


async def test_a_telegram_that_fails_may_give_it_later_and_no_error_holds_the_token(
    files, sent, telegram_bot
):
    telegram_bot.server.fault("server_error", telegram_bot, match={"method": "getFile"})

    with pytest.raises(Unavailable) as later:
        await files.fetch(sent[1])

    assert telegram_bot.token not in repr(later.value)
    assert later.value.__cause__ is None


async def test_no_file_is_fetched_and_x_not_called_inside_a_transaction(sqlite_database, files):
    x = X("http://127.0.0.1:1", guard=refuse_in_transaction)

    async with sqlite_database.begin():
        with pytest.raises(RuntimeError, match="inside a transaction"):
            await files.fetch("any")
        with pytest.raises(RuntimeError, match="inside a transaction"):
            await in_thread(authorize.begin, x, App("k" * 25, "s" * 50))
