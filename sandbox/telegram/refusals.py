"""Refusals in Telegram's own words, as the Bot API answers them.

When to refuse is decided elsewhere; the words are those of the public tdlib/telegram-bot-api server.
"""

from typing import Any


class Refused(Exception):  # noqa: N818 - what happened to the call
    """A Bot API call is answered with an error; `parameters` is the API's ResponseParameters."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """Return the Bot API's error answer."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(words: str) -> Refused:
    """Make a 400."""
    return Refused(400, f"Bad Request: {words}")


def forbidden(words: str) -> Refused:
    """Make a 403."""
    return Refused(403, f"Forbidden: {words}")


def conflict(words: str) -> Refused:
    """Make a 409."""
    return Refused(409, f"Conflict: {words}")


def too_many_requests(seconds: int) -> Refused:
    """Make a 429 that tells how many seconds to wait."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


UNAUTHORIZED = (401, "Unauthorized")
NOT_FOUND = (404, "Not Found")


class Impossible(Exception):  # noqa: N818 - what the person is told
    """What a person (or the control page) asked for cannot be done; answered with `status` and words."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.words = words
        self.status = status
