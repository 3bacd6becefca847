"""The settings: what there are, and what goes together. All mistakes are said at once.

A setting `bot_token` comes from PINFEATHER_BOT_TOKEN, else from the file PINFEATHER_BOT_TOKEN_FILE names,
else from `bot_token` in settings.toml (settings_sources.py). What each may be by itself
stands in settings_shapes.py.
"""

import os
import sqlite3
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot import settings_sources
from bot.settings_shapes import (
    MUST,
    Address,
    BotToken,
    DatabaseUrl,
    ListedPrices,
    Origin,
    WebhookSecret,
    is_loopback,
    is_sandbox_token,
)

TELEGRAM_API = "https://api.telegram.org"
X_API = "https://api.x.com"
#: Stands in for a wrong one while the other settings are checked; no bot has it.
_SOME_TOKEN = "00000:" + 20 * "-"
#: With the real X; the sandbox shows every tweet at once.
SETTLE_AFTER_LEAST_S = 60


class BadSettings(Exception):  # noqa: N818 - said to the operator
    """The settings cannot be used; every mistake on its own line, no value shown."""


class Settings(BaseModel):
    """Everything the operator decides."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    bot_token: BotToken
    """From BotFather."""
    consumer_key: SecretStr | None = None
    """The registered app's, for everybody to connect with; None: people bring their own app."""
    consumer_secret: SecretStr | None = None
    own_apps: bool = True
    """May people type in keys of their own app?"""
    open_to_all: bool = False
    """False: people need an invite from the operator."""
    data_dir: Path
    database_url: DatabaseUrl
    """sqlite:///path or postgresql://...; by default pinfeather.db in the data directory."""
    key_file: Path
    """The key ring; by default `keys` beside the settings file."""
    languages_dir: Path | None = None
    """More language files (<tag>.ftl) than the program brings."""
    webhook_url: Address | None = None
    """The public https address of the webhook, path included."""
    webhook_secret: WebhookSecret | None = None
    listen_host: str = "127.0.0.1"
    listen_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """0: any free port."""
    health_host: str = "127.0.0.1"
    health_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """Of /livez, /readyz and /metrics; None: not served. 0: any free port."""
    settle_after_s: Annotated[float, Field(gt=0, le=3600)] = 120
    """Seconds after which a tweet X did not answer about, and that is not to be seen, is sent once more."""
    x_enterprise: bool = False
    """The apps are on X's Enterprise plan: likes, follows and quotes go by API, not by the X app."""
    prices: ListedPrices | None = None
    """What X charges, where it is not what the table in tasks/price.py says. None: it is."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    telegram_api: Origin = TELEGRAM_API
    x_api: Origin = X_API
    demo: bool = False
    """The first person who writes is the operator; for the sandbox only."""

    @property
    def is_sandbox(self) -> bool:
        """Tell whether the token belongs to the sandbox."""
        return is_sandbox_token(self.bot_token.get_secret_value())

    @property
    def secrets(self) -> list[str]:
        """List every secret in here, for the log to black out."""
        fields = (self.bot_token, self.consumer_key, self.consumer_secret, self.webhook_secret)
        values = [field.get_secret_value() for field in fields if field]
        password = urlsplit(self.database_url.get_secret_value()).password
        return [
            *values,
            self.bot_token.get_secret_value().partition(":")[2],
            *([password] if password else []),
        ]


@dataclass(frozen=True, slots=True)
class Places:
    """Where things lie on this machine unless a setting says otherwise."""

    home: Path
    data_dir: Path

    @property
    def settings_file(self) -> Path:
        """What `init` writes."""
        return self.home / "settings.toml"


def environment() -> dict[str, str]:
    """Copy the process's environment."""
    return dict(os.environ)  # noqa: TID251 - here is its home


def places(environ: Mapping[str, str]) -> Places:
    """Find the directories: PINFEATHER_HOME for both, else as the XDG base directory specification says."""
    if own := environ.get("PINFEATHER_HOME"):
        return Places(Path(own), Path(own) / "data")
    user = Path(environ.get("HOME") or Path.home())
    config = Path(environ.get("XDG_CONFIG_HOME") or user / ".config")
    data = Path(environ.get("XDG_DATA_HOME") or user / ".local" / "share")
    return Places(config / "pinfeather", data / "pinfeather")


def load(environ: Mapping[str, str], *, webhook: bool = False, replicas: bool = False) -> Settings:
    """Read and check the settings; `replicas`: as one of several. Raises BadSettings with every mistake."""
    where = places(environ)
    try:
        found = settings_sources.read(where.settings_file, environ, Settings.model_fields)
    except settings_sources.Unreadable as unreadable:
        raise BadSettings(str(unreadable)) from None
    settings, wrong = _checked(found, where)
    faults = [*found.faults, *_contradictions(settings, wrong)]
    faults += _webhook_faults(settings, wrong) if webhook else ()
    if replicas and settings.database_url.get_secret_value().startswith("sqlite"):
        faults.append("database_url: this needs Postgres; with SQLite there is one process, `pinfeather run`")
    if faults:
        raise BadSettings("\n".join(faults))
    return settings


def machine_faults(
    python: tuple[int, ...] = sys.version_info[:3], sqlite: tuple[int, ...] = sqlite3.sqlite_version_info
) -> list[str]:
    """Say what this machine's Python or SQLite is too old for."""
    if python < (3, 11):
        return [f"Python 3.11 or newer is needed, this is {'.'.join(map(str, python))}"]
    if python >= (3, 12) and sqlite < (3, 42):
        return [
            f"With Python 3.12 or newer SQLite must be 3.42 or newer, this is {'.'.join(map(str, sqlite))}"
        ]
    return []


def _checked(found: settings_sources.Found, where: Places) -> tuple[Settings, set[str]]:
    """Check each setting by itself, and add to the faults what is wrong with some.

    Gives the settings, with something that does no harm for each wrong one, and which are wrong.
    """
    data_dir = Path(str(found.values.get("data_dir", where.data_dir)))
    values = {
        "data_dir": str(data_dir),
        "database_url": f"sqlite:///{data_dir / 'pinfeather.db'}",
        "key_file": str(where.home / "keys"),
    }
    wrong = found.faulty - found.values.keys()
    try:
        return Settings.model_validate(values | found.values), wrong
    except ValidationError as error:
        kinds = {str(one["loc"][0]): one["type"] for one in error.errors()}
    found.faults += [_in_words(name, kind) for name, kind in kinds.items() if name not in found.faulty]
    values |= {"bot_token": _SOME_TOKEN, "data_dir": str(where.data_dir)}
    right = {name: value for name, value in found.values.items() if name not in kinds}
    return Settings.model_validate(values | right), wrong | kinds.keys()


def _in_words(name: str, kind: str) -> str:
    if kind == "extra_forbidden":
        return f"{name} in the settings file: there is no such setting"
    fault = "is missing; `pinfeather init` asks for it" if kind == "missing" else MUST[name]
    return f"{settings_sources.PREFIX}{name.upper()} ({name} in the settings file): {fault}"


def _contradictions(settings: Settings, wrong: Collection[str]) -> Iterator[str]:
    """Say what does not go together; what depends on a wrong setting is not judged."""
    key = "consumer_key" in wrong or bool(settings.consumer_key)
    secret = "consumer_secret" in wrong or bool(settings.consumer_secret)
    if key != secret:
        yield "consumer_key and consumer_secret belong together: give both, or neither"
    if not key and not settings.own_apps:
        yield "own_apps is off and there is no consumer_key: nobody could connect anything"
    for name, host in (("telegram_api", TELEGRAM_API), ("x_api", X_API)):
        if name not in wrong and (fault := _host_fault(settings, getattr(settings, name), host, wrong)):
            yield f"{name}: {fault}"
    if settings.is_sandbox or "bot_token" in wrong:
        return
    if settings.settle_after_s < SETTLE_AFTER_LEAST_S:
        yield f"settle_after_s: at least {SETTLE_AFTER_LEAST_S}: X may show a tweet late"
    if settings.demo:
        yield "demo: only in the sandbox may the first person who writes be the operator"


def _host_fault(settings: Settings, url: str, host: str, wrong: Collection[str]) -> str | None:
    if "bot_token" in wrong:
        return (
            None if url == host or is_loopback(url) else f"must be {host}, or the sandbox's on this machine"
        )
    if settings.is_sandbox:
        return None if is_loopback(url) else "a sandbox's bot token is for this machine only"
    return None if url == host else f"a real bot token goes with {host} only"


def _webhook_faults(settings: Settings, wrong: Collection[str]) -> Iterator[str]:
    if "webhook_url" not in wrong:
        yield from (f"webhook_url: {fault}" for fault in _webhook_url_faults(settings, wrong))
    if not settings.webhook_secret and "webhook_secret" not in wrong:
        yield "webhook_secret: no webhook without one; any 32 random letters and digits will do"


def _webhook_url_faults(settings: Settings, wrong: Collection[str]) -> Iterator[str]:
    if not settings.webhook_url:
        yield "the public https address Telegram shall call is missing"
        return
    parts = urlsplit(settings.webhook_url)
    in_sandbox = settings.is_sandbox or "bot_token" in wrong
    if parts.scheme != "https" and not (in_sandbox and is_loopback(settings.webhook_url)):
        yield "must be https"
    if len(parts.path) < 2:
        yield "needs a path, best a random one"
