"""Logging: one line format, loggers that print secrets kept quiet, and a filter that blacks out the rest.

The filter sits on the root's handlers, so that it sees every record of every library: message, arguments
and traceback. It knows the shapes of the secrets that can come by, and the very secrets of the settings.
"""

import logging
import re
import sys
from collections.abc import Iterable

BLACK = "[secret]"

#: They log addresses with the token (httpx, httpcore, urllib3), tokens with their secrets (requests_oauthlib,
#: oauthlib) or whole updates (telegram) at INFO or DEBUG; asyncio shows arguments of slow callbacks at DEBUG.
PINNED = (
    "requests_oauthlib", "oauthlib", "httpx", "httpcore", "telegram", "urllib3", "asyncio",
    "aiosqlite", "alembic", "sqlalchemy", "dbos", "hpack", "multipart", "python_multipart",
)  # fmt: skip

_OAUTH_FIELDS = (
    "oauth_token", "oauth_token_secret", "oauth_verifier", "oauth_signature", "oauth_consumer_key",
    "oauth_nonce", "consumer_key", "consumer_secret", "access_token", "access_secret", "client_secret",
    "secret_token", "x-telegram-bot-api-secret-token", "authorization", "pin",
)  # fmt: skip

_SHAPES = (
    # a bot token: id, colon, 35 characters (Bot API, "Authorizing your bot"); sandbox ones are longer
    (re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{20,}"), BLACK),
    (re.compile(r"(?i)\b(bearer|oauth)\s+[A-Za-z0-9%._~+/=\"-][^\r\n]{7,}"), rf"\1 {BLACK}"),
    # a field and its value in a query, a header, JSON or a repr
    (
        re.compile(rf"(?i)\b({'|'.join(_OAUTH_FIELDS)})(['\"]?\s*(?:[=:]|%3D)\s*b?['\"]?)[^\s'\",&;)}}]+"),
        rf"\1\2{BLACK}",
    ),
    # an X access token: user id, dash, 40 characters (facts: docs.x.com, "OAuth 1.0a")
    (re.compile(r"(?<!\d)\d{2,20}-[A-Za-z0-9]{30,}"), BLACK),
    # keys and secrets of X: 25, 27, 45 or 50 letters and digits in one word, both cases and digits among them
    (re.compile(r"(?<![\w-])(?=\w*[a-z])(?=\w*[A-Z])(?=\w*\d)[A-Za-z0-9_-]{24,100}(?![\w-])"), BLACK),
)


class Redaction(logging.Filter):
    """Blacks out secrets in a record before any handler writes it."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = sorted({secret for secret in secrets if len(secret) >= 6}, key=len, reverse=True)

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record: message with its arguments, traceback and stack. Never holds one back."""
        record.msg = self.redacted(_message(record))
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_info = None
        if record.exc_text:
            record.exc_text = self.redacted(record.exc_text)
        if record.stack_info:
            record.stack_info = self.redacted(record.stack_info)
        return True

    def redacted(self, text: str) -> str:
        """Black out what is or looks like a secret."""
        for secret in self._secrets:
            text = text.replace(secret, BLACK)
        for shape, replacement in _SHAPES:
            text = shape.sub(replacement, text)
        return text


def set_up(level: str, secrets: Iterable[str] = ()) -> None:
    """Log to standard error from `level` on, every handler of the root behind the filter.

    Call it again when more handlers or secrets have come: it starts afresh.
    """
    root = logging.getLogger()
    if not any(getattr(handler, "is_ours", False) for handler in root.handlers):
        root.addHandler(_stderr())
    for handler in root.handlers:
        for old in [known for known in handler.filters if isinstance(known, Redaction)]:
            handler.removeFilter(old)
        handler.addFilter(Redaction(secrets))
    root.setLevel(level.upper())
    for name in PINNED:
        logging.getLogger(name).setLevel(logging.WARNING)


def _stderr() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.is_ours = True  # type: ignore[attr-defined]
    return handler


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        # A foreign logger's mistake must not end in logging's own report, which passes no filter.
        return str(record.msg)
