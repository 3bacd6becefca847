"""Refusals in Telegram's own words, as the Bot API answers them.

When to refuse is decided elsewhere; the words are those of the public tdlib/telegram-bot-api server.
"""

from typing import Any


class Refused(Exception):
    """A Bot API call is answered with an error; `parameters` is the API's ResponseParameters."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(words: str) -> Refused:
    return Refused(400, f"Bad Request: {words}")


def forbidden(words: str) -> Refused:
    return Refused(403, f"Forbidden: {words}")


def conflict(words: str) -> Refused:
    return Refused(409, f"Conflict: {words}")


def too_many_requests(seconds: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


UNAUTHORIZED = (401, "Unauthorized")
NOT_FOUND = (404, "Not Found")


class Impossible(Exception):
    """What a person (or the control page) asked for cannot be done; answered with `status` and words."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.words = words
        self.status = status
