"""The question for somebody's time zone: guesses, parts of the world, or a typed city. Changes nothing."""

from bot.commands import planning
from storage.tables import Person
from tasks import zones
from texts.reply import Button, Reply, Rows, Say


def question(person: Person, why: Say) -> Reply:
    """Ask for the zone: what is likely first."""
    guessed = tuple(_one(zone) for zone in zones.guesses(planning.language_of(person)))
    regions = [Button(f"zone.region_{name}", f"zone_in:{name}:0") for name in zones.REGIONS]
    rows: Rows = (guessed, *(tuple(regions[n : n + 2]) for n in range(0, len(regions), 2)))
    return Reply("zone.ask", {"why": why}, rows)


def of_region(region: str) -> Reply:
    """Show the zones of one part of the world."""
    return choice("zone.in_region", zones.in_region(region))


def choice(key: str, found: tuple[str, ...]) -> Reply:
    """Let somebody pick one of these zones."""
    buttons = [_one(zone) for zone in found]
    rows = tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))
    return Reply(key, buttons=(*rows, (Button("tweet.button_back", "zone_ask:0:0"),)))


def _one(zone: str) -> Button:
    return Button("zone.button_one", f"zone:{zone}:0", facts={"city_name": zones.city(zone)})
