"""Lists of X come in pages: what one holds, how many items it may hold, how the next is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from twitter.answers import Answer
from twitter.client import App, Token, X
from twitter.errors import Unavailable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, newest first where X sorts by time."""

    items: tuple[T, ...]
    next_token: str | None
    """What the next page is asked with; None on the last."""
    newest_id: str | None = None
    """The highest id on this page, from which the next look asks for what is new; None on an empty one."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many items X takes a request for (OpenAPI, max_results); every item that comes is billed."""

    least: int
    most: int

    def fit(self, wanted: int) -> int:
        """Return how many to ask for: where X's least is more than wanted, that many may come."""
        return min(max(wanted, self.least), self.most)


def ask(
    x: X,
    app: App,
    token: Token,
    path: str,
    params: dict[str, str],
    *,
    item: Callable[[dict[str, Any], Answer], T],
) -> Page[T]:
    """Fetch one page; `item` reads one item of it. Raises Unavailable garbled where there is no list."""
    answer = x.call("GET", path, app=app, token=token, params=params, changes=False)
    listed = items(answer)
    newest = max((str(raw.get("id", "")) for raw in listed), key=_by_number, default=None)
    return Page(tuple(item(raw, answer) for raw in listed), answer.next_page, newest)


def items(answer: Answer) -> list[dict[str, Any]]:
    """Return the listed items: none where `data` is missing, for X leaves it out of an empty list.

    Raises Unavailable garbled where there is no list and no `meta` either: it would pass for an empty one.
    """
    is_empty = answer.data is None and answer.meta is not None
    is_list = isinstance(answer.data, list) and len(answer.items) == len(answer.data)
    if not is_empty and not is_list:
        raise Unavailable("garbled", status=answer.status)
    return answer.items


def _by_number(item_id: str) -> tuple[int, str]:
    """Order ids as numbers without making numbers of them."""
    return len(item_id), item_id
