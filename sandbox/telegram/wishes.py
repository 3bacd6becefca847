"""Reading what the phone page and tests ask for: JSON bodies and the numbers in them.

What is then done is decided elsewhere.
"""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from sandbox.telegram.refusals import Impossible


async def body(request: Request) -> dict[str, Any]:
    """Read the JSON body; raises Impossible when it is no object."""
    try:
        found = json.loads(await request.body() or b"{}")
        # a lone surrogate cannot be written as UTF-8 again, and no real client sends one
        json.dumps(found, ensure_ascii=False).encode()
    except ValueError:
        raise Impossible("the body is not JSON in UTF-8") from None
    if not isinstance(found, dict):
        raise Impossible("the body is not a JSON object")
    return found


def integer(wish: Mapping[str, Any], name: str) -> int:
    """Raise Impossible unless the field is an integer."""
    try:
        return int(wish[name])
    except (KeyError, TypeError, ValueError):
        raise Impossible(f"{name} must be an integer") from None


def integer_or(wish: Mapping[str, Any], name: str, otherwise: int) -> int:
    """Read an integer that may be missing."""
    return integer(wish, name) if wish.get(name) else otherwise


def seconds_or(wish: Mapping[str, Any], name: str, otherwise: float) -> float:
    """Read a length of time, from zero up, that may be missing."""
    if wish.get(name) in (None, ""):
        return otherwise
    try:
        return max(0.0, float(wish[name]))
    except (TypeError, ValueError):
        raise Impossible(f"{name} must be a number of seconds") from None
