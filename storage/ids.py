"""Ids that sort by the time they were made, as tasks need; rows of other tables count by themselves."""

import secrets
import threading
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80

_lock = threading.Lock()
_last = 0


def sortable_id(now: datetime) -> str:
    """Make a ULID: 48 bits of milliseconds since 1970, then 80 random bits, as 26 characters.

    Those of this process and one millisecond sort as they were made. Source: github.com/ulid/spec
    (Crockford's base 32, monotonicity).
    """
    global _last  # noqa: PLW0603 - the order is the process's
    made = (int(now.timestamp() * 1000) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    with _lock:
        if made >> _RANDOM_BITS == _last >> _RANDOM_BITS:
            made = _last + 1
        _last = made
    return "".join(_ALPHABET[(made >> shift) & 31] for shift in range(125, -1, -5))
