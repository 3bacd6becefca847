"""The one check of a pressed button: whose row, which state, which version; and how a button says so."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.turn import Answer, Command, Turn
from storage.db import Session
from storage.tables import Authorization, Connection, Grant, Task
from texts.reply import Button, Facts, Refusal, Style, Toast

Row = TypeVar("Row")
Handler = Callable[[Turn, Row], Awaitable[Answer]]
Worker = Callable[[Turn, Session, Row], Awaitable[Answer]]

MOVED_ON = Toast("button.moved_on")


@dataclass(frozen=True, slots=True)
class Guard(Generic[Row]):
    """Lets a press through only if its row is as the button says; anything else is shown how it stands.

    A button grants nothing (design, rule 5): a stale one changes nothing, a redelivered one only answers.
    """

    find: Callable[[Session, Turn, str], Awaitable[Row | None]]
    """Find the row a button names, if the presser may touch it."""
    stands: Callable[[Row], tuple[str, int]]
    """State and version."""
    show: Callable[[Turn, Row], Awaitable[Answer]]
    """Show how the row stands now; it is read anew."""
    unknown: str = "button.stale"
    """The refusal when there is no such row."""

    def button(self, *states: str) -> Callable[[Handler[Row]], Command]:
        """Make a command of a handler that opens its own transactions and names state and version there."""

        def guarded(handler: Handler[Row]) -> Command:
            async def command(turn: Turn) -> Answer:
                row = await self.row(turn)
                if self._is_good(turn, row, states):
                    return await handler(turn, row)
                return await self._stale(turn, row)

            return command

        return guarded

    def work(self, *states: str) -> Callable[[Worker[Row]], Command]:
        """Make a command of a handler that does the turn's work in the transaction that looked at the row."""

        def guarded(handler: Worker[Row]) -> Command:
            async def command(turn: Turn) -> Answer:
                async with turn.work() as session:
                    row = await self._found(session, turn)
                    if self._is_good(turn, row, states):
                        return await handler(turn, session, row)
                return await self._stale(turn, row)

            return command

        return guarded

    async def row(self, turn: Turn) -> Row:
        """Find the row a button names, however it stands. Raises Refusal."""
        async with turn.begin() as session:
            return await self._found(session, turn)

    async def _found(self, session: Session, turn: Turn) -> Row:
        row = await self.find(session, turn, turn.press.row if turn.press else "")
        if row is None:
            raise Refusal(self.unknown)
        return row

    def _is_good(self, turn: Turn, row: Row, states: tuple[str, ...]) -> bool:
        state, version = self.stands(row)
        is_fresh = turn.press is not None and version == turn.press.version
        return is_fresh and state in states and not turn.again

    async def _stale(self, turn: Turn, row: Row) -> Answer:
        shown = await self.show(turn, row)
        return shown if turn.again else [MOVED_ON, *shown]


def button(
    key: str,
    verb: str,
    row: Authorization | Connection | Grant | Task,
    *,
    style: Style = Style.PLAIN,
    extra: str = "",
    facts: Facts | None = None,
) -> Button:
    """Make a button that is good for this version of the row only."""
    return Button(key, data(verb, row.id, row.version, extra), facts=facts or {}, style=style)


def data(verb: str, row_id: int | str, version: int, extra: str = "") -> str:
    """Write what a button carries (Bot API: callback_data, at most 64 bytes); bot/unpack.py reads it."""
    return f"{verb}:{row_id}:{version}" + (f":{extra}" if extra else "")


def number(row: str) -> int | None:
    """Read a row's number from a button's data, which anybody may make up. None: it is none."""
    return int(row) if row.isascii() and row.isdigit() and len(row) <= 18 else None
