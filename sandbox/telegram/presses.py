"""Pressed buttons that wait for the bot's answer.

Whether the button may be pressed is asked elsewhere.
"""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.clock import Clock
from sandbox.telegram.messages import Message
from sandbox.telegram.people import Bot, User
from sandbox.telegram.updates import CALLBACK_LIFE


@dataclass(eq=False)
class Press:
    """One press, until the bot answers it."""

    id: str
    bot: Bot
    person: User
    message: Message
    at: float
    done: asyncio.Event = field(default_factory=asyncio.Event)
    answer: dict[str, Any] = field(default_factory=dict)


class Presses:
    """All presses, by callback query id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Press] = {}

    def begin(self, bot: Bot, person: User, message: Message) -> Press:
        """Open a press with a fresh id."""
        press = Press(str(secrets.randbits(62)), bot, person, message, self._clock.now())
        self._open[press.id] = press
        return press

    def find(self, bot: Bot, query_id: str) -> Press | None:
        """None for another bot's query, an unknown one, or one older than Telegram keeps."""
        press = self._open.get(query_id)
        if press is None or press.bot is not bot or self._clock.now() - press.at > CALLBACK_LIFE:
            return None
        return press
