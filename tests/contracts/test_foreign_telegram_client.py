"""Other people's Telegram clients, unchanged but for their host, work against the sandbox Telegram."""

import asyncio
import contextlib
import io

import aiogram
import pytest
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)
from aiogram.filters import Command, CommandStart
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputMediaPhoto,
    InputTextMessageContent,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
)
from PIL import Image
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from tests.sandbox.telegram_server import ADA, BEN, CHEN, running_telegram


@pytest.fixture(scope="module")
def server():
    """Give a running sandbox Telegram."""
    with running_telegram() as found:
        yield found


@pytest.fixture
def mine(server):
    """Give a fresh bot of the sandbox."""
    return server.new_bot()


@pytest.fixture
def ada(server, mine):
    """Give Ada's phone at the fresh bot."""
    return server.phone(ADA, mine.id)


def jpeg():
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480)).save(buffer, "JPEG")
    return buffer.getvalue()


async def soon(question, seconds=60):
    """Ask until the answer is true, without holding up the bot."""
    for _ in range(int(seconds / 0.05)):
        found = await asyncio.to_thread(question)
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")


def texts(phone):
    return [message.get("text", message.get("caption")) for message in phone.messages()]


@contextlib.asynccontextmanager
async def aiogram_bot(server, token):
    session = AiohttpSession(api=TelegramAPIServer.from_base(server.origin))
    bot = aiogram.Bot(token, session=session)
    try:
        yield bot
    finally:
        await session.close()


@contextlib.asynccontextmanager
async def polling(dispatcher, bot):
    task = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, polling_timeout=2))
    try:
        yield
    finally:
        await dispatcher.stop_polling()
        await task


def small_bot():
    """Make a bot as aiogram's documentation does it: a command, a button, a photo."""
    router = aiogram.Router()

    @router.message(CommandStart(deep_link=True))
    async def start(message, command):
        await message.answer(
            f"Welcome, <b>{message.from_user.first_name}</b>: {command.args}", parse_mode="HTML"
        )

    @router.message(Command("ask"))
    async def ask(message):
        button = InlineKeyboardButton(text="Yes", callback_data="yes", style="success")
        await message.answer("Sure?", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))

    @router.callback_query()
    async def pressed(query):
        await query.answer("Noted", show_alert=True)
        await query.message.edit_text("You said yes")

    @router.message(aiogram.F.photo)
    async def photo(message, bot):
        downloaded = await bot.download(message.photo[-1])
        await message.reply_photo(BufferedInputFile(downloaded.read(), "back.jpg"), caption="Back to you")

    dispatcher = aiogram.Dispatcher()
    dispatcher.include_router(router)
    return dispatcher


async def test_a_small_aiogram_bot_runs_by_long_polling(server, mine, ada):
    async with aiogram_bot(server, mine.token) as bot, polling(small_bot(), bot):
        await asyncio.to_thread(ada.start, "abc")
        await soon(lambda: "Welcome, Ada: abc" in texts(ada))

        await asyncio.to_thread(ada.send, "/ask")
        await soon(lambda: ada.last()["inline_keyboard"])
        answer = await asyncio.to_thread(ada.press, ada.last()["message_id"], data="yes")
        await soon(lambda: ada.last()["text"] == "You said yes")

        await asyncio.to_thread(ada.send_files, ("a.jpg", jpeg(), "image/jpeg"), **{"as": "photo"})
        await soon(lambda: texts(ada)[-1] == "Back to you")

    assert (answer["text"], answer["show_alert"]) == ("Noted", True)
    assert ada.last()["photo"]
    assert not [call for call in mine.calls() if call["ok"] is False]


async def test_an_aiogram_bot_answers_inline_queries_and_reads_what_came_of_them(server, mine, ada):
    router, came = aiogram.Router(), []

    @router.inline_query()
    async def offer(query):
        content = InputTextMessageContent(message_text=query.query.upper())
        article = InlineQueryResultArticle(id="1", title="Loud", input_message_content=content)
        button = InlineQueryResultsButton(text="Settings", start_parameter="settings")
        await query.answer([article], cache_time=0, is_personal=True, button=button)

    @router.message()
    async def said(message):
        came.append(message)

    dispatcher = aiogram.Dispatcher()
    dispatcher.include_router(router)
    async with aiogram_bot(server, mine.token) as bot, polling(dispatcher, bot):
        await asyncio.to_thread(ada.start)
        seen = await asyncio.to_thread(ada.ask_inline, f"@{mine.username} hello", wait=10)
        await asyncio.to_thread(ada.choose, seen, "1")
        await soon(lambda: len(came) == 2)

    assert seen["results"] == [{"id": "1", "title": "Loud", "description": ""}]
    assert seen["button"] == {"text": "Settings", "start_parameter": "settings"}
    assert (came[1].text, came[1].via_bot.username) == ("HELLO", mine.username)


async def test_aiogram_reads_polls_sent_and_forwarded(server, mine, ada):
    ada.start()
    number = ada.send_poll("Which?", "This", "That", type="quiz", correct_option_ids=[1], open_period=60)
    ada.post("/forward", message_id=number, from_chat=ada.chat)
    async with aiogram_bot(server, mine.token) as bot:
        _, sent, forwarded = (update.message for update in await bot.get_updates())

    assert (sent.poll.question, [o.text for o in sent.poll.options]) == ("Which?", ["This", "That"])
    assert (sent.poll.type, sent.poll.open_period, sent.poll.correct_option_ids) == ("quiz", 60, [1])
    assert forwarded.poll.question == "Which?"
    assert forwarded.forward_origin.sender_user.id == ADA


async def test_aiogram_reads_every_kind_of_answer(server, mine, ada):
    ada.start()
    group = server.new_group(mine)
    async with aiogram_bot(server, mine.token) as bot:
        me = await bot.get_me()
        sent = await bot.send_message(ADA, "x", message_thread_id=None, protect_content=True)
        album = await bot.send_media_group(
            ADA,
            [InputMediaPhoto(media=BufferedInputFile(jpeg(), f"{n}.jpg"), caption=str(n)) for n in range(2)],
        )
        chat, members = await bot.get_chat(group), await bot.get_chat_member_count(group)
        owner, admins = await bot.get_chat_member(group, ADA), await bot.get_chat_administrators(group)
        await bot.set_my_commands([aiogram.types.BotCommand(command="ask", description="Ask me")])
        commands = await bot.get_my_commands()
        updates = await bot.get_updates()

    assert me.username == mine.username
    assert sent.has_protected_content
    assert [message.caption for message in album] == ["0", "1"]
    assert (chat.type, members, owner.status, len(admins)) == ("supergroup", 4, "creator", 1)
    assert commands[0].command == "ask"
    assert {update.event_type for update in updates} == {"message", "my_chat_member"}


async def test_aiogram_lives_through_what_becomes_of_a_group(server, mine):
    group = server.new_group(mine, basic=True)
    async with aiogram_bot(server, mine.token) as bot:
        new = server.migrate(group)
        with pytest.raises(TelegramMigrateToChat) as moved:
            await bot.send_message(group, "x")
        server.set_member(new, CHEN, "restricted", rights={"can_send_messages": True})
        server.set_member(new, BEN, "kicked")
        # no administrator: aiogram wants rights of them that are newer than the Bot API of the sandbox
        roles = [(await bot.get_chat_member(new, person)).status for person in (ADA, BEN, CHEN, mine.id)]
        updates = await bot.get_updates()
        server.delete_group(new)
        with pytest.raises(TelegramForbiddenError, match="bot was kicked"):
            await bot.send_message(new, "x")

    assert moved.value.migrate_to_chat_id == new
    assert roles == ["creator", "kicked", "restricted", "member"]
    messages = [update.message for update in updates if update.message]
    moves = [m.migrate_to_chat_id or m.migrate_from_chat_id for m in messages]
    assert moves == [None, new, group, None]


async def test_aiogram_writes_into_topics_and_reads_who_writes_in_groups(server, mine):
    forum = server.new_group(mine, forum=True)
    server.set_member(forum, BEN, "administrator", anonymous=True)
    topic, channel = server.topic(forum, name="Press"), server.new_channel(CHEN)
    async with aiogram_bot(server, mine.token) as bot:
        seen = await bot.get_updates()
        server.phone(BEN, forum).send("/tweet hidden", thread=topic)
        server.phone(CHEN, forum).send("/tweet channel", as_channel=channel)
        hidden, spoken = [u.message for u in await bot.get_updates(offset=seen[-1].update_id + 1)]
        answered = await hidden.reply("in the topic")
        server.topic(forum, "close", topic=topic)
        with pytest.raises(TelegramBadRequest, match="TOPIC_CLOSED"):
            await bot.send_message(forum, "x", message_thread_id=topic)

    assert (hidden.from_user.username, hidden.sender_chat.id) == ("GroupAnonymousBot", forum)
    assert hidden.reply_to_message.forum_topic_created.name == "Press"
    assert (spoken.sender_chat.type, spoken.is_topic_message) == ("channel", None)
    assert (answered.message_thread_id, answered.is_topic_message) == (topic, True)


async def test_aiogram_asks_for_a_group_and_is_started_in_it(server, mine, ada):
    ada.start()
    group = server.new_group()
    asked = KeyboardButtonRequestChat(request_id=1, chat_is_channel=False, request_title=True)
    keyboard = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Choose", request_chat=asked)]])
    async with aiogram_bot(server, mine.token) as bot:
        await bot.send_message(ADA, "Which?", reply_markup=keyboard)
        ada.share(1, chat_id=group)
        server.phone(BEN, group).start_in_group(mine, "token")
        messages = [update.message for update in await bot.get_updates() if update.message]

    assert messages[1].chat_shared.chat_id == group
    assert messages[1].chat_shared.title
    assert messages[2].new_chat_members[0].id == mine.id
    assert messages[3].text == f"/start@{mine.username} token"


async def test_aiogram_tells_refusals_apart(server, mine, ada):
    async with aiogram_bot(server, mine.token) as bot:
        with pytest.raises(TelegramForbiddenError, match="can't initiate conversation"):
            await bot.send_message(ADA, "x")
        ada.start()
        with pytest.raises(TelegramBadRequest, match="can't parse entities"):
            await bot.send_message(ADA, "<b>x", parse_mode="HTML")
        server.fault("rate_limited", mine, seconds=4)
        with pytest.raises(TelegramRetryAfter) as limited:
            await bot.send_message(ADA, "x")

    assert limited.value.retry_after == 4


def telegram_application(server, token):
    base = f"{server.origin}/bot"
    files = f"{server.origin}/file/bot"
    return Application.builder().token(token).base_url(base).base_file_url(files).build()


async def test_a_small_python_telegram_bot_runs_by_long_polling(server, mine, ada):
    async def start(update, context):
        button = telegram.InlineKeyboardButton("Go", callback_data="go")
        await update.message.reply_text(
            "Hello", reply_markup=telegram.InlineKeyboardMarkup([[button]]), do_quote=True
        )

    async def pressed(update, context):
        await update.callback_query.answer("Gone")
        await update.callback_query.edit_message_text("<i>Went</i>", parse_mode="HTML")

    async def photo(update, context):
        file = await update.message.photo[-1].get_file()
        await update.message.reply_document(bytes(await file.download_as_bytearray()), filename="back.jpg")

    application = telegram_application(server, mine.token)
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(MessageHandler(filters.PHOTO, photo))
    async with application:
        await application.start()
        await application.updater.start_polling(timeout=2)
        await asyncio.to_thread(ada.start)
        await soon(lambda: ada.last().get("text") == "Hello")
        answer = await asyncio.to_thread(ada.press, ada.last()["message_id"], data="go")
        await soon(lambda: ada.last().get("text") == "Went")
        await asyncio.to_thread(ada.send_files, ("a.jpg", jpeg(), "image/jpeg"), **{"as": "photo"})
        await soon(lambda: ada.last()["document"])
        await application.updater.stop()
        await application.stop()

    assert answer["text"] == "Gone"
    assert ada.last()["document"]["name"] == "back.jpg"


async def test_python_telegram_bot_reads_every_role_and_follows_a_group_that_moves(server, mine):
    group = server.new_group(mine, basic=True)
    async with telegram.Bot(mine.token, base_url=f"{server.origin}/bot") as bot:
        server.set_member(group, mine.id, "administrator")
        before = await bot.get_updates(allowed_updates=["message", "chat_member"])
        new = server.migrate(group)
        with pytest.raises(telegram.error.ChatMigrated) as moved:
            await bot.send_message(group, "x")
        server.set_member(new, CHEN, "restricted")
        server.set_member(new, BEN, "administrator", anonymous=True, rights={"can_pin_messages": False})
        ben = await bot.get_chat_member(new, BEN)
        admins = await bot.get_chat_administrators(new)
        updates = await bot.get_updates(offset=before[-1].update_id + 1)

    assert moved.value.new_chat_id == new
    assert (ben.status, ben.is_anonymous, ben.can_pin_messages) == ("administrator", True, False)
    assert {admin.user.id for admin in admins} == {ADA, BEN, mine.id}
    changes = [u.chat_member.new_chat_member for u in updates if u.chat_member]
    assert [(c.user.id, c.status) for c in changes] == [(CHEN, "restricted"), (BEN, "administrator")]


async def test_python_telegram_bot_tells_refusals_apart(server, mine, ada):
    async with telegram.Bot(mine.token, base_url=f"{server.origin}/bot") as bot:
        with pytest.raises(telegram.error.Forbidden):
            await bot.send_message(ADA, "x")
        await asyncio.to_thread(ada.start)
        sent = await bot.send_message(ADA, "x", disable_web_page_preview=True)
        with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
            await bot.edit_message_text("x", ADA, sent.message_id, disable_web_page_preview=True)
        server.fault("server_error", mine)
        with pytest.raises(telegram.error.NetworkError):
            await bot.send_message(ADA, "x")

    with pytest.raises(telegram.error.InvalidToken):
        async with telegram.Bot("5000000001:SANDBOX-wrong", base_url=f"{server.origin}/bot"):
            pass
