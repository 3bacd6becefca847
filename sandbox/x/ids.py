"""Numbers and keys that look like X's: snowflakes, consumer keys, tokens, t.co paths, PINs. Stores none."""

import hashlib
import secrets
import string

from sandbox.x.clock import Clock

ALPHABET = string.ascii_letters + string.digits
# Snowflake ids count milliseconds from this moment (X's announced epoch, 2010-11-04T01:42:54.657Z).
SNOWFLAKE_EPOCH_MS = 1288834974657


class Snowflakes:
    """Ids that grow with time and never repeat."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """Return a new id, larger than every one before it."""
        milliseconds = int(self._clock.now() * 1000) - SNOWFLAKE_EPOCH_MS
        self._last = max(self._last + 1, milliseconds << 22)
        return str(self._last)


def random_key(length: int) -> str:
    """Return `length` random letters and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def derived_key(seed: str, length: int) -> str:
    """Return `length` letters and digits that are always the same for the same seed."""
    number = int.from_bytes(hashlib.shake_256(seed.encode()).digest(length), "big")
    letters = []
    for _ in range(length):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)


def pin() -> str:
    """Return seven digits; a leading zero is possible, as on X."""
    return f"{secrets.randbelow(10_000_000):07d}"
