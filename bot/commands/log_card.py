"""How entries of a log are said: one sentence each, with names, words, links and costs. Changes nothing."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bot.commands import deed_card, log_policy, way_out
from bot.commands.way_out import Trouble
from bot.turn import Turn
from storage import connections, groups, log, people
from storage.db import Session
from storage.tables import LogEntry
from tasks.acts import Act
from texts.reply import Fact, Say

#: So much of an entry's words is shown.
WORDS_MAX = 80
#: Hundredths of a cent in a dollar.
_DOLLAR = 10_000
#: Facts that are somebody's id: the new owner's, a voter's.
_PEOPLE = ("to", "voter")
#: What authors do with what they asked for: by it they would be known.
_BY_AUTHORS = frozenset({Act.ASKED, Act.EDITED, Act.CANCELLED, Act.REFUSED, Act.SENT})


@dataclass
class Names:
    """Looks up, once each, whose and what the numbers in a log are."""

    session: Session
    nameless: Collection[int] = ()
    _people: dict[int, Fact] = field(default_factory=dict)
    _accounts: dict[int, Fact] = field(default_factory=dict)

    async def of(self, entry: LogEntry) -> Fact:
        """Name who did it; not where the group is not to know who asked."""
        if entry.actor_id is None:
            return Say("log.bot_itself")
        if entry.connection_id in self.nameless and entry.act in _BY_AUTHORS:
            return Say("log.a_member")
        return await self.person(entry.actor_id)

    async def person(self, person_id: int) -> Fact:
        """Name somebody; who is not known any more has no name."""
        if person_id not in self._people:
            found = await people.get(self.session, person_id)
            self._people[person_id] = found.first_name if found else Say("log.somebody_gone")
        return self._people[person_id]

    async def account(self, connection_id: int | None) -> Fact:
        """Name an X account; the log keeps its number when it is gone."""
        if connection_id is None:
            return ""
        if connection_id not in self._accounts:
            found = await connections.get(self.session, connection_id)
            said = Say("log.account", {"username": found.username}) if found else Say("log.account_gone")
            self._accounts[connection_id] = said
        return self._accounts[connection_id]


async def lines(
    session: Session,
    turn: Turn,
    entries: Sequence[LogEntry],
    *,
    nameless: Collection[int] = (),
    groups_too: bool = False,
) -> tuple[Say, ...]:
    """Say entries one per line, with their words below. `groups_too`: name the group of each."""
    names = Names(session, nameless)
    said: list[Say] = []
    for entry in entries:
        line = Say("log.line", {"at": entry.at, "what": await _what(turn, names, entry)})
        if groups_too:
            group = await groups.get(session, entry.group_id)
            line = Say("log.line_of_group", {"line": line, "group": group.title if group else ""})
        said.append(line)
        words = await log.text_of(session, entry.group_id, entry.seq)
        said += [Say("log.words", {"words": _short(words)})] if words else []
    return tuple(said)


async def _what(turn: Turn, names: Names, entry: LogEntry) -> Say:
    facts = json.loads(entry.facts)
    if entry.act not in set(Act):
        return Say("log.unknown_act", {"act": entry.act})
    told: dict[str, Fact] = {
        "name": await names.of(entry),
        "account": await names.account(entry.connection_id),
    }
    if entry.act == Act.POLICY_CHANGED:
        told["changes"] = await log_policy.changes(names.session, facts)
    people_meant = {word: await names.person(int(facts[word])) for word in _PEOPLE if word in facts}
    return Say(f"act.{entry.act}", told | people_meant | _plainly(turn, entry, facts))


def _plainly(turn: Turn, entry: LogEntry, facts: dict[str, int | str]) -> dict[str, Fact]:
    """Say what an entry's facts tell by themselves."""
    told: dict[str, Fact] = {}
    match Act(entry.act):
        case Act.ASKED:
            told = {"kind": str(facts.get("kind", "other"))}
        case Act.APPROVED:
            told = {"why": str(facts.get("why", "votes"))}
        case Act.EXPIRED:
            told = {"count": int(facts.get("count", 0)), "needed": int(facts.get("needed", 0))}
        case Act.SENT:
            told = {"kind": _kind(facts), "url": _url(turn, facts), "cost": _cost(facts)}
        case Act.DELETED:
            told = {"url": _url(turn, facts), "cost": _cost(facts)}
        case Act.LOOKED_UP:
            told = {"cost": _cost(facts)}
        case Act.FAILED:
            told = {"why": way_out.sentence(_trouble(facts, entry))}
        case Act.SUSPENDED | Act.REFUSED | Act.VOTES_ANEW:
            told = {"why": str(facts.get("why", "other"))}
    return told


def _kind(facts: dict[str, int | str]) -> str:
    return str(facts.get("kind", "tweet"))


def _url(turn: Turn, facts: dict[str, int | str]) -> str:
    return deed_card.post_url(turn.doors.x, str(facts.get("post", "")))


def _cost(facts: dict[str, int | str]) -> Fact:
    """Say what it cost; nothing where it was free, or nobody knows."""
    cost = int(facts.get("cents_100", 0))
    return Say("log.cost", {"price": Decimal(cost) / _DOLLAR}) if cost else ""


def _trouble(facts: dict[str, int | str], entry: LogEntry) -> Trouble:
    return Trouble(str(facts.get("code", "internal")), None, error_id=(entry.task_id or "")[-8:])


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= WORDS_MAX else words[: WORDS_MAX - 1].rstrip() + "…"
