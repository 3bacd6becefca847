"""The command `pinfeather`: reads the command line, says mistakes in words; what it starts is elsewhere."""

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from telegram.error import InvalidToken

from bot import logs
from bot import settings as settings_
from bot.intake import TokenRefused
from bot.process import CannotStart, NotAlone
from bot.settings import BadSettings, Settings
from storage.backups import BadBackup
from storage.db import Unavailable
from storage.keyring import BadKeys
from storage.schema import TooNew
from texts.catalogue import BadCatalogue

app = typer.Typer(
    help="A Telegram bot with which you connect X accounts and run Twitter tasks from a phone.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

keys = typer.Typer(help="The keys of the key file, and the rows under them.", no_args_is_help=True)
app.add_typer(keys, name="keys")

#: What is said as it is, without a traceback: the operator can do something about it.
_SAID = (BadBackup, BadSettings, BadKeys, BadCatalogue, CannotStart, NotAlone, TooNew, TokenRefused)


@app.command()
def run(
    webhook: Annotated[bool, typer.Option(help="Take updates by webhook instead of polling.")] = False,
) -> None:
    """Run the bot: everything in one process, on SQLite or Postgres."""
    from bot import process

    settings = _settings(webhook=webhook)
    _until_done(process.serve(settings, working=True) if webhook else process.run(settings))


@app.command()
def serve() -> None:
    """Take updates by webhook as one of several processes on Postgres; `work` carries tasks out."""
    from bot import process

    _until_done(process.serve(_settings(webhook=True, replicas=True), working=False))


@app.command()
def work() -> None:
    """Carry tasks out as one of several processes on Postgres, beside `serve`."""
    from bot import process

    _until_done(process.work(_settings(replicas=True)))


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date; `run`, `serve` and `work` do so themselves."""
    from bot import process

    _until_done(process.migrate(_settings()))
    print("The database is up to date.")


@app.command()
def init() -> None:
    """Set the bot up: asks for the bot token and perhaps an X app, checks them, writes the settings."""
    from bot import setting_up

    _check_machine()
    _until_done(setting_up.init(settings_.environment()))


@app.command()
def claim() -> None:
    """Make a new link that names the operator, when the one `init` printed was lost."""
    from bot import setting_up

    _until_done(setting_up.claim(_settings()))


@app.command()
def check() -> None:
    """Check the settings, the database, the key, Telegram and X; changes nothing but the schema."""
    from bot import setting_up

    _until_done(setting_up.check(_settings()))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="What to write; the key file is not in it.")],
    force: Annotated[bool, typer.Option(help="Replace the file if it is there.")] = False,
) -> None:
    """Write everything but the keys into one file; the bot may be running."""
    from bot import backing_up

    here = backing_up.Here(_settings(), settings_.environment())
    _until_done(backing_up.backup(here, file, force=force))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.")],
    replace: Annotated[
        bool, typer.Option(help="Also if there are people in the database; it is kept.")
    ] = False,
) -> None:
    """Put a backup in the place of the database; no bot may be running."""
    from bot import backing_up

    here = backing_up.Here(_settings(), settings_.environment())
    _until_done(backing_up.restore(here, file, replace=replace))


@app.command()
def doctor(
    tasks: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TASK_ID]...", help="With --mend: only these, failed ones too."),
    ] = None,
    mend: Annotated[
        bool,
        typer.Option(help="Have what is stuck, unknown or orphaned tried again; nothing is sent blindly."),
    ] = False,
) -> None:
    """Say which tasks are stuck, unknown, held, failed or orphaned, and which groups' logs were changed."""
    from bot import doctoring

    if tasks and not mend:
        raise typer.BadParameter("tasks are named for --mend; without it all are looked at")
    _until_done(doctoring.examine(_settings(), mend=mend, named=tasks or ()))


@keys.command("list")
def list_keys() -> None:
    """List the keys: which is primary, and how many rows are under each."""
    from bot import rotating

    _until_done(rotating.show(_settings()))


@keys.command("add")
def add_key() -> None:
    """Add a key that is not used yet, to be copied to every machine before `rotate`."""
    from bot import rotating

    _until_done(rotating.add(_settings()))


@keys.command("rotate")
def rotate_keys() -> None:
    """Wrap every stored secret's key anew, under the newest key; beside the bot, again after a stop."""
    from bot import rotating

    _until_done(rotating.rotate(_settings()))


@keys.command("retire")
def retire_key(name: Annotated[str, typer.Argument(help="As `pinfeather keys list` names it.")]) -> None:
    """Take a key out of the key file that no row is under any more."""
    from bot import rotating

    _until_done(rotating.retire(_settings(), name))


@app.command()
def sandbox(
    bot: Annotated[bool, typer.Option(help="Start the bot too, not only the two servers.")] = True,
    port: Annotated[int, typer.Option(help="Of the sandbox Telegram, the page you open; 0: any.")] = 8100,
    x_port: Annotated[int, typer.Option(help="Of the sandbox X; 0: any.")] = 8101,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser, if there is one.")] = True,
    log_level: Annotated[str, typer.Option(help="Of the bot: DEBUG, INFO, WARNING or ERROR.")] = "WARNING",
) -> None:
    """Try everything on this machine: a made-up Telegram, a made-up X, and the bot between them."""
    from bot import rehearsal

    _check_machine()
    wishes = rehearsal.Wishes(bot=bot, port=port, x_port=x_port, browser=browser, log_level=log_level)
    _until_done(rehearsal.play(wishes, settings_.environment()))


def main() -> None:
    """Run the command line."""
    app(prog_name="pinfeather")


def _settings(*, webhook: bool = False, replicas: bool = False) -> Settings:
    _check_machine()
    try:
        settings = settings_.load(settings_.environment(), webhook=webhook, replicas=replicas)
    except BadSettings as bad:
        _give_up(f"The settings cannot be used:\n{bad}")
    logs.set_up(settings.log_level, settings.secrets)
    return settings


def _check_machine() -> None:
    if faults := settings_.machine_faults():
        _give_up("\n".join(faults))


def _until_done(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except _SAID as bad:
        _give_up(str(bad))
    except InvalidToken:
        _give_up("Telegram does not know this bot token; BotFather shows the right one (/mybots).")
    except Unavailable:
        _give_up("The database cannot be reached. Is its address right (database_url), and does it run?")
    except KeyboardInterrupt:
        sys.exit(130)


def _give_up(why: str) -> Any:
    print(f"pinfeather: {why}", file=sys.stderr)
    sys.exit(1)
