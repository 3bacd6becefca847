"""`pinfeather init`, `claim` and `check`: asks the operator, tries every door, writes the settings file."""

from collections.abc import Mapping
from datetime import timedelta

import telegram
import typer
from telegram.error import InvalidToken, TelegramError

from bot import asking, clock, process, settings_shapes, settings_sources
from bot import settings as settings_
from bot.build import load_catalogue
from bot.line import make_bot
from bot.settings import BadSettings, Settings
from storage import people, start_links
from storage.db import Database
from texts import catalogue as catalogues
from texts.catalogue import FALLBACK, fluent_id
from twitter import authorize
from twitter.client import App, X, in_thread
from twitter.errors import XError

#: The claim link names the operator; who set the bot up opens it soon.
CLAIM_FOR = timedelta(days=1)
#: Bot API, User.supports_inline_queries: it is off until the bot's owner switches it on.
SWITCH_INLINE_ON = "switch it on at BotFather with /setinline"


async def init(environ: Mapping[str, str]) -> None:
    """Ask, check, write the settings file, make the key file, print the claim link. Raises BadSettings."""
    where = settings_.places(environ)
    if where.settings_file.exists():
        raise BadSettings(f"{where.settings_file} is there already; edit it, or move it away and start again")
    typer.echo("Setting Pinfeather up. What you type in here is not shown.\n")
    token, username = await _ask_token()
    values: dict[str, str | int | bool] = {"bot_token": token, **await _ask_app()}
    values["open_to_all"] = asking.whether("\nMay everybody use the bot? (No: only who you invite)")
    settings_sources.write(where.settings_file, values)
    typer.echo(f"\nWritten: {where.settings_file} (readable by you only)")
    settings = settings_.load(environ)
    async with process.beside_the_bot(settings) as db:
        typer.echo(
            f"Made: {settings.data_dir}\nMade: {settings.key_file} — keep a copy: without it no secret opens"
        )
        await _print_claim(db, username)
    typer.echo("\nStart the bot with: pinfeather run")


async def claim(settings: Settings) -> None:
    """Print a new claim link, unless there is an operator."""
    username = await bot_named_by(settings.bot_token.get_secret_value(), settings.telegram_api)
    async with process.beside_the_bot(settings) as db:
        async with db.begin() as session:
            taken = await people.operator_exists(session)
        if taken:
            raise BadSettings("the bot has its operator already")
        await _print_claim(db, username)


async def check(settings: Settings) -> None:
    """Try every door and say what was found. Raises what the doors raise."""
    typer.echo("settings: fine")
    load_catalogue(settings)
    typer.echo("texts: fine")
    async with process.beside_the_bot(settings) as db:
        typer.echo(f"database ({db.kind}) and key: fine")
    me = await bot_behind(settings.bot_token.get_secret_value(), settings.telegram_api)
    typer.echo(f"Telegram: fine, the bot is @{me.username}")
    if not me.supports_inline_queries:
        typer.echo(f"inline mode: off, nobody can type @{me.username} in other chats; {SWITCH_INLINE_ON}")
    if settings.consumer_key and settings.consumer_secret:
        app = App(settings.consumer_key.get_secret_value(), settings.consumer_secret.get_secret_value())
        fault = await app_fault(app, settings.x_api)
        if fault:
            raise BadSettings(f"the registered app: {fault}")
        typer.echo("X: fine, the registered app can connect accounts")


async def app_fault(app: App, x_api: str) -> str | None:
    """Ask X for a link with the app, and say in words why it gave none. None: it gave one."""
    x = X(x_api)
    try:
        await in_thread(authorize.begin, x, app)
    except XError as error:
        if error.code == "keys_wrong":
            return "X does not know these keys; copy the consumer key and its secret anew, in this order."
        texts, key = catalogues.load(), f"x.{error.code}"
        known = fluent_id(key) in texts.keys
        return texts.label(FALLBACK, key, {"detail": error.detail}) if known else error.code
    finally:
        x.close()
    return None


async def bot_named_by(token: str, telegram_api: str = settings_.TELEGRAM_API) -> str:
    """Ask Telegram for the username behind a token. Raises BadSettings in words, never with the token."""
    return (await bot_behind(token, telegram_api)).username or ""


async def bot_behind(token: str, telegram_api: str = settings_.TELEGRAM_API) -> telegram.User:
    """Ask Telegram which bot a token is for. Raises BadSettings in words, never with the token."""
    try:
        async with make_bot(token, telegram_api) as bot:
            return bot.bot
    except (InvalidToken, telegram.error.Forbidden):
        raise BadSettings("Telegram does not know this bot token; copy it anew from BotFather") from None
    except TelegramError as error:
        raise BadSettings(f"Telegram could not be asked ({type(error).__name__})") from None


async def _ask_token() -> tuple[str, str]:
    """Ask until Telegram knows the token; gives it and the bot's username."""
    typer.echo(
        "1. Make a bot at https://t.me/BotFather (/newbot); it answers with a token like 123456:ABC..."
    )
    while True:
        token = asking.secret("Bot token")
        if fault := _token_fault(token):
            asking.again(fault)
            continue
        try:
            username = await bot_named_by(token)
        except BadSettings as bad:
            asking.again(f"{bad}.")
            continue
        typer.echo(f"   It is @{username}.")
        return token, username


def _token_fault(token: str) -> str | None:
    """Say what is wrong with a token before anything is sent. None: it has the shape of a real one."""
    if settings_shapes.is_sandbox_token(token):
        return "That is the sandbox's token: it works with `pinfeather sandbox` only."
    if not settings_shapes.is_bot_token(token):
        return "That is no bot token: BotFather gives it as 123456789:AbC..."
    return None


async def _ask_app() -> dict[str, str]:
    """Ask for the registered app, as long as X refuses it; an empty answer goes without."""
    typer.echo(
        "\n2. An X app of yours with which everybody connects (https://console.x.com: keys and tokens;\n"
        "   a callback URL must be saved there even for PINs). Leave it empty: people bring their own app."
    )
    while True:
        key = asking.secret("Consumer key (API key)", empty=True)
        if not key:
            return {}
        app = App(key, asking.secret("Consumer secret (API key secret)"))
        fault = await app_fault(app, settings_.X_API)
        if fault is None:
            typer.echo("   X accepts it.")
            return {"consumer_key": app.consumer_key, "consumer_secret": app.consumer_secret}
        asking.again(fault)


async def _print_claim(db: Database, username: str) -> None:
    async with db.begin() as session:
        token = await start_links.make(session, start_links.CLAIM, expires_at=clock.now() + CLAIM_FOR)
    typer.echo(
        "\nOpen this link in Telegram to become the operator (it works once, for a day; show it to nobody):\n"
        f"  https://t.me/{username}?start={token}"
    )
