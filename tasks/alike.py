"""When two texts count as the same: X forbids nearly identical ones over several accounts. Pure.

Source: X, "Developer guidelines", read 2026-08.
"""

import unicodedata
from datetime import timedelta

#: What another account has posted counts for so long.
WITHIN = timedelta(hours=24)


def is_same(one: str, other: str) -> bool:
    """Say whether two texts differ in nothing but letters' case and form, spaces and invisible marks."""
    return bool(_bare(one)) and _bare(one) == _bare(other)


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(char for char in folded if unicodedata.category(char) != "Cf").split())
