"""The table of task kinds: how an unknown outcome is settled (rule 9). Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Settle(StrEnum):
    """How to find out what became of a write whose outcome is unknown."""

    LOOK_IN_OWN_TIMELINE = "look in own timeline"
    REPEAT = "repeat, and read 'already so' or 'not found' as success"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of task."""

    name: str
    settle: Settle


TWEET = Kind("tweet", Settle.LOOK_IN_OWN_TIMELINE)
DELETION = Kind("delete", Settle.REPEAT)

KINDS = {kind.name: kind for kind in (TWEET, DELETION)}
