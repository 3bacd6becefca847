"""No secret gets through the log, whoever logs it and however."""

import logging

import pytest

from bot import logs

BOT_TOKEN = "5000000001:SANDBOX-demo-token-0000000000000000"
ACCESS_TOKEN = "1234567890-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCd"
CONSUMER_KEY = "Ab3dEfGhIjKlMnOpQrStUvWxY"
CONSUMER_SECRET = "Zz9dEfGhIjKlMnOpQrStUvWxYAb3dEfGhIjKlMnOpQrStUvWxY"
NAPPED = "correct horse"


def written(record: logging.LogRecord) -> str:
    redaction = logs.Redaction([NAPPED])
    redaction.filter(record)
    return logging.Formatter().format(record)


def a_record(message, *args, exc_info=None) -> logging.LogRecord:
    return logging.LogRecord("any", logging.INFO, "file", 1, message, args, exc_info)


@pytest.mark.parametrize(
    "secret",
    [BOT_TOKEN, ACCESS_TOKEN, CONSUMER_KEY, CONSUMER_SECRET, NAPPED],
)
def test_secrets_are_blacked_out_in_message_arguments_and_traceback(secret):
    try:
        raise ValueError(f"https://api.example/bot{secret}/getMe")  # noqa: TRY301
    except ValueError as error:
        in_traceback = written(a_record("failed", exc_info=(type(error), error, error.__traceback__)))

    assert secret not in written(a_record(f"message {secret} end"))
    assert secret not in written(a_record("argument %s", secret))
    assert secret not in written(a_record("repr %r", {"key": [secret]}))
    assert secret not in in_traceback
    assert "Traceback" in in_traceback


@pytest.mark.parametrize(
    "text",
    [
        "oauth_token=abc123&oauth_verifier=0123456",
        'Authorization: OAuth oauth_consumer_key="abc123", oauth_signature="0123456"',
        "Authorization: Bearer abc123-0123456",
        "{'oauth_token_secret': 'abc123', 'oauth_verifier': '0123456'}",
        "body oauth_token%3Dabc123 pin=0123456",
        "X-Telegram-Bot-Api-Secret-Token: abc123",
    ],
)
def test_fields_that_hold_secrets_are_blacked_out_whatever_they_hold(text):
    said = written(a_record(text))

    assert "abc123" not in said
    assert "0123456" not in said
    assert logs.BLACK in said


def test_ordinary_lines_stay_readable():
    line = "turn task=01JDABCDEFGHJKMNPQRSTVWXYZ update=123456789 person=4242424242 command=connect outcome=done ms=12.5 chat=-1001000000001"

    assert written(a_record(line)) == line


def test_a_logging_mistake_of_others_is_written_too():
    assert "bad %d" in written(a_record("bad %d", "x"))


def test_the_loggers_that_print_secrets_are_pinned_even_at_debug():
    logs.set_up("debug")
    try:
        assert all(not logging.getLogger(name).isEnabledFor(logging.INFO) for name in logs.PINNED)
        filters = [f for handler in logging.getLogger().handlers for f in handler.filters]
        assert any(isinstance(f, logs.Redaction) for f in filters)
    finally:
        root = logging.getLogger()
        root.setLevel(logging.WARNING)
        for handler in [h for h in root.handlers if getattr(h, "is_ours", False)]:
            root.removeHandler(handler)
        for handler in root.handlers:
            handler.filters.clear()


def test_redaction_takes_linear_time_on_hostile_lines():
    hostile = ("oauth_token" * 2000) + ("a-" * 20_000) + "Bearer " * 2000

    assert len(written(a_record(hostile))) > 0
