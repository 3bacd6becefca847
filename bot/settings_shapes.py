"""What each setting may be by itself: its shape, and the words said when it is anything else.

What there is to set, and what goes together, stands in settings.py.
"""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, PlainValidator, SecretStr

from tasks import price

#: A token's secret part that begins so belongs to the sandbox and to nothing else.
SANDBOX_SECRET = "SANDBOX"  # noqa: S105 - a mark, no secret
_LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
_TOKEN = re.compile(r"[0-9]{5,12}:[A-Za-z0-9_-]{20,}")
_DATABASE = re.compile(r"sqlite(\+\w+)?:///(?!:memory:).|postgres(ql)?(\+\w+)?://.")
#: Bot API, setWebhook: secret_token.
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")

_SWITCH, _PATH = "must be true or false", "must be a path, as text"
_ORIGIN = "must be https:// or http://, a host, perhaps a port, and nothing behind them"
#: What is said when a setting is anything else.
MUST = {
    "bot_token": "must be a bot token as BotFather gives it: 123456789:AbC...",
    "consumer_key": "must be the app's consumer key, as text",
    "consumer_secret": "must be the app's consumer secret, as text",
    "own_apps": _SWITCH,
    "x_enterprise": _SWITCH,
    "open_to_all": _SWITCH,
    "data_dir": _PATH,
    "database_url": "must be sqlite:/// and a path, or postgresql://user:password@host/database",
    "key_file": _PATH,
    "languages_dir": _PATH,
    "webhook_url": "must be a public https address with a path: https://bot.example.org/a-long-random-path",
    "webhook_secret": "must be 16 to 256 characters of A-Z a-z 0-9 _ -",
    "listen_host": "must be an address or a name of this machine, as text",
    "listen_port": "must be a whole number from 0 to 65535",
    "health_host": "must be an address or a name of this machine, as text",
    "health_port": "must be a whole number from 0 to 65535",
    "settle_after_s": "must be a number of seconds, more than 0 and at most 3600",
    "prices": f"must be names and US dollars, as in post=0.02; the names: {', '.join(price.NAMES)}",
    "log_level": "must be DEBUG, INFO, WARNING or ERROR",
    "telegram_api": _ORIGIN,
    "x_api": _ORIGIN,
    "demo": _SWITCH,
}


def is_bot_token(text: str) -> bool:
    """Tell whether a text has the shape of a bot token; Telegram alone knows whether it is one."""
    return _TOKEN.fullmatch(text) is not None


def is_sandbox_token(token: str) -> bool:
    """Tell a sandbox's bot token from a real one."""
    return token.partition(":")[2].startswith(SANDBOX_SECRET)


def is_loopback(url: str) -> bool:
    """Tell whether an address never leaves this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def _a_token(token: SecretStr) -> SecretStr:
    if not is_bot_token(token.get_secret_value()):
        raise ValueError
    return token


def _an_address(url: str) -> str:
    parts = urlsplit(url)  # it raises ValueError, as does a port that is none
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError
    return url


def _an_origin(url: str) -> str:
    parts = urlsplit(_an_address(url))
    if parts.path.strip("/") or parts.query:
        raise ValueError
    return url.rstrip("/")


def _a_database(url: SecretStr) -> SecretStr:
    urlsplit(url.get_secret_value())  # it raises ValueError
    if not _DATABASE.match(url.get_secret_value()):
        raise ValueError
    return url


def _prices(said: object) -> price.Prices:
    if isinstance(said, price.Prices):
        return said
    return price.read(str(said))


def _a_webhook_secret(secret: SecretStr) -> SecretStr:
    if not _WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError
    return secret


BotToken = Annotated[SecretStr, AfterValidator(_a_token)]
Address = Annotated[str, AfterValidator(_an_address)]
Origin = Annotated[str, AfterValidator(_an_origin)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_a_database)]
ListedPrices = Annotated[price.Prices, PlainValidator(_prices)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_a_webhook_secret)]
