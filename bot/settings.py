"""The settings: the one reader of the environment, of `..._FILE` variables and of the settings file.

A setting `bot_token` comes from PINFEATHER_BOT_TOKEN, else from the file PINFEATHER_BOT_TOKEN_FILE names,
else from `bot_token` in settings.toml. All mistakes are reported together. What they mean for the process
is decided in build.py.
"""

import os
import re
import sqlite3
import stat
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

PREFIX = "PINFEATHER_"
TELEGRAM_API = "https://api.telegram.org"
X_API = "https://api.x.com"
#: Variables of ours that are no settings: where the settings file lies, and what our tests read.
_NOT_SETTINGS = frozenset(("PINFEATHER_HOME", "PINFEATHER_TEST_POSTGRES"))
#: A token's secret part that begins so belongs to the sandbox and to nothing else.
SANDBOX_SECRET = "SANDBOX"  # noqa: S105 - a mark, no secret
_LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
_TOKEN = re.compile(r"\d{5,12}:[A-Za-z0-9_-]{20,}")
#: With the real X; the sandbox shows every tweet at once.
SETTLE_AFTER_LEAST_S = 60
#: Bot API, setWebhook: secret_token.
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class BadSettings(Exception):  # noqa: N818 - said to the operator
    """The settings cannot be used; every mistake on its own line, no value shown."""


def _a_token(token: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError("is not a bot token: BotFather gives it as 123456789:AbC...")
    return token


def _an_origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("must be a scheme, a host and perhaps a port, like https://example.org")
    return url.rstrip("/")


def _a_webhook_secret(secret: SecretStr) -> SecretStr:
    if not _WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError("must be 16 to 256 characters of A-Z a-z 0-9 _ -")
    return secret


Origin = Annotated[str, AfterValidator(_an_origin)]


class Settings(BaseModel):
    """Everything the operator decides."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    bot_token: Annotated[SecretStr, AfterValidator(_a_token)]
    """From BotFather."""
    consumer_key: SecretStr | None = None
    """The registered app's, for everybody to connect with; None: people bring their own app."""
    consumer_secret: SecretStr | None = None
    own_apps: bool = True
    """May people type in keys of their own app?"""
    open_to_all: bool = False
    """False: people need an invite from the operator."""
    data_dir: Path
    database_url: SecretStr
    """sqlite:///path or postgresql://...; by default pinfeather.db in the data directory."""
    key_file: Path
    """The key ring; by default `keys` beside the settings file."""
    languages_dir: Path | None = None
    """More language files (<tag>.ftl) than the program brings."""
    webhook_url: str | None = None
    """The public https address of the webhook, path included."""
    webhook_secret: Annotated[SecretStr, AfterValidator(_a_webhook_secret)] | None = None
    listen_host: str = "127.0.0.1"
    listen_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """0: any free port."""
    settle_after_s: Annotated[float, Field(gt=0, le=3600)] = 120
    """Seconds after which a tweet X did not answer about, and that is not to be seen, is sent once more."""
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
    faults: list[str] = []
    values = _from_toml(where.settings_file, faults) | _from_environment(environ, faults)
    data_dir = Path(str(values.get("data_dir", where.data_dir)))
    defaults = {
        "data_dir": str(data_dir),
        "database_url": f"sqlite:///{data_dir / 'pinfeather.db'}",
        "key_file": str(where.home / "keys"),
    }
    try:
        settings = Settings.model_validate(defaults | values)
    except ValidationError as error:
        faults += [_in_words(one["loc"], one["type"], one["msg"]) for one in error.errors()]
        raise BadSettings("\n".join(faults)) from None
    faults += [*_contradictions(settings), *(_webhook_faults(settings) if webhook else ())]
    if replicas and settings.database_url.get_secret_value().startswith("sqlite"):
        faults.append("database_url: this needs Postgres; with SQLite there is one process, `pinfeather run`")
    if faults:
        raise BadSettings("\n".join(faults))
    return settings


def is_sandbox_token(token: str) -> bool:
    """Tell a sandbox's bot token from a real one."""
    return token.partition(":")[2].startswith(SANDBOX_SECRET)


def is_loopback(url: str) -> bool:
    """Tell whether an address never leaves this machine."""
    return urlsplit(url).hostname in _LOOPBACK


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


def write(path: Path, values: Mapping[str, str | int | bool]) -> None:
    """Write the settings file, readable by its owner only. Raises FileExistsError rather than overwrite."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = [f"{name} = {_as_toml(value)}" for name, value in values.items()]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("# Written by `pinfeather init`. Holds secrets: keep it to yourself.\n")
        file.write("\n".join(lines) + "\n")


def _as_toml(value: str | int | bool) -> str:  # noqa: FBT001
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda char: f"\\u{ord(char.group()):04x}", escaped) + '"'


def _from_environment(environ: Mapping[str, str], faults: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    known = {PREFIX + name.upper(): name for name in Settings.model_fields}
    for variable in sorted(environ):
        if not variable.startswith(PREFIX) or variable in _NOT_SETTINGS:
            continue
        name = known.get(variable)
        named_file = known.get(variable.removesuffix("_FILE")) if variable.endswith("_FILE") else None
        if name:
            values[name] = environ[variable]
        elif named_file:
            _take_file(values, named_file, variable, environ, faults)
        else:
            faults.append(f"{variable}: there is no such setting")
    return {name: value for name, value in values.items() if value != ""}


def _take_file(
    values: dict[str, Any], name: str, variable: str, environ: Mapping[str, str], faults: list[str]
) -> None:
    if PREFIX + name.upper() in environ:
        faults.append(f"{variable}: give either this or {PREFIX}{name.upper()}, not both")
        return
    try:
        values[name] = Path(environ[variable]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{variable}: the file cannot be read ({type(error).__name__})")


def _from_toml(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                faults.append(f"{path}: others may read it (mode {mode:04o}); run chmod 600 on it")
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{path}: cannot be read ({type(error).__name__})")
        return {}


def _in_words(place: tuple[int | str, ...], kind: str, message: str) -> str:
    name = str(place[0]) if place else "settings"
    if kind == "missing":
        return (
            f"{PREFIX}{name.upper()} ({name} in the settings file): is missing; `pinfeather init` asks for it"
        )
    if kind == "extra_forbidden":
        return f"{name} in the settings file: there is no such setting"
    return f"{PREFIX}{name.upper()} ({name} in the settings file): {message.removeprefix('Value error, ')}"


def _contradictions(settings: Settings) -> Iterator[str]:
    if bool(settings.consumer_key) != bool(settings.consumer_secret):
        yield "consumer_key and consumer_secret belong together: give both, or neither"
    if not settings.consumer_key and not settings.own_apps:
        yield "own_apps is off and there is no consumer_key: nobody could connect anything"
    if settings.is_sandbox:
        for name, url in (("telegram_api", settings.telegram_api), ("x_api", settings.x_api)):
            if not is_loopback(url):
                yield f"{name}: a sandbox's bot token is for this machine only"
    else:
        if settings.telegram_api != TELEGRAM_API:
            yield f"telegram_api: a real bot token goes to {TELEGRAM_API} only"
        if settings.x_api != X_API:
            yield f"x_api: with a real bot token X is {X_API}"
        if settings.settle_after_s < SETTLE_AFTER_LEAST_S:
            yield f"settle_after_s: at least {SETTLE_AFTER_LEAST_S}: X may show a tweet late"
        if settings.demo:
            yield "demo: only in the sandbox may the first person who writes be the operator"


def _webhook_faults(settings: Settings) -> Iterator[str]:
    if not settings.webhook_url:
        yield "webhook_url: the public https address Telegram shall call is missing"
    elif urlsplit(settings.webhook_url).scheme != "https" and not (
        settings.is_sandbox and is_loopback(settings.webhook_url)
    ):
        yield "webhook_url: must be https"
    elif len(urlsplit(settings.webhook_url).path) < 2:
        yield "webhook_url: needs a path, best a random one"
    if not settings.webhook_secret:
        yield "webhook_secret: no webhook without one; any 32 random letters and digits will do"
