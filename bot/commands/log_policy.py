"""How a changed policy is said in the log: one short line for each column, by its new value."""

from decimal import Decimal

from storage import grants, people
from storage.db import Session
from texts.reply import Fact, Say

#: Facts that name people by their ids.
_PEOPLE = ("asks_people", "approves_people")
_SUMS = ("cap_cents_100", "person_cap_cents_100")
#: Hundredths of a cent in a dollar.
_DOLLAR = 10_000


async def changes(session: Session, facts: dict[str, int | str]) -> tuple[Say, ...]:
    """Say what was changed; `facts` as they were written down, with "none" for what is not set."""
    known = [name for name in facts if name in (*grants.POLICY, *_PEOPLE)]
    return tuple([Say(f"log.changed_{name}", await _told(session, name, str(facts[name]))) for name in known])


async def _told(session: Session, name: str, value: str) -> dict[str, Fact]:
    if name in _PEOPLE:
        found = [await people.get(session, int(each)) for each in value.split() if each.isdigit()]
        names = ", ".join(one.first_name for one in found if one)
        return {"value": "some" if found else "none", "names": names}
    if name in _SUMS:
        is_sum = value.isdigit()
        return {"value": "some" if is_sum else "none", "sum": Decimal(value if is_sum else 0) / _DOLLAR}
    if value in ("True", "False"):
        return {"value": "yes" if value == "True" else "no"}
    return {"value": value if value != "" else "none", "words": ", ".join(value.split())}
