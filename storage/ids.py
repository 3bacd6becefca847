"""Ids that sort by the time they were made, as tasks need; rows of other tables count by themselves."""

import secrets
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def sortable_id(now: datetime) -> str:
    """Make a ULID: 48 bits of milliseconds since 1970, then 80 random bits, as 26 characters.

    Source: github.com/ulid/spec (Crockford's base 32).
    """
    number = (int(now.timestamp() * 1000) << 80) | secrets.randbits(80)
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
