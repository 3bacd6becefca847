"""/people: who uses the bot, and banning; routes let only the operator in. Inviting: invites.py."""

from collections.abc import Sequence

from bot.commands import invites, press
from bot.turn import Answer, Command, Turn
from storage import bans
from storage import people as stored
from storage.db import Session
from storage.tables import Person, PersonState
from texts.reply import Button, Fact, Refusal, Reply, Say, Style, Toast

#: People on one page of the list: one button each, below Telegram's limit of 100 and in sight on a phone.
PER_PAGE = 8
NOT_BANNED = (PersonState.ACTIVE, PersonState.LEFT)


async def people(turn: Turn) -> Answer:
    """Answer /people and the buttons that lead to a page of the list (their row is the page's number)."""
    async with turn.begin() as session:
        return [await _list(session, turn, _page_asked_for(turn))]


async def _list(session: Session, turn: Turn, page: int) -> Reply:
    count = await stored.count(session)
    pages = max(1, -(-count // PER_PAGE))
    page = min(page, pages - 1)
    shown = await stored.page(session, skip=page * PER_PAGE, most=PER_PAGE)
    invited = len(await invites.open_ones(session, turn))
    facts: dict[str, Fact] = {
        "count": count,
        "page": page + 1,
        "pages": pages,
        "invites": invited,
        "open": "yes" if turn.doors.rules.open_to_all else "no",
        "lines": tuple(Say("people.line", _facts(person, held)) for person, held in shown),
    }
    rows = (*_people_buttons(shown), _turning(page, pages), *invites.buttons(invited))
    return Reply("people.list", facts, rows)


def _page_asked_for(turn: Turn) -> int:
    row = turn.press.row if turn.press else "0"
    return int(row) if row.isascii() and row.isdigit() and len(row) < 7 else 0


def _people_buttons(shown: Sequence[tuple[Person, int]]) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        Button("people.button_person", f"person:{person.id}:0", facts={"name": _name(person)})
        for person, _ in shown
    ]
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))


def _turning(page: int, pages: int) -> tuple[Button, ...]:
    earlier = Button("people.button_earlier", f"people:{page - 1}:0")
    later = Button("people.button_later", f"people:{page + 1}:0")
    return (*((earlier,) if page > 0 else ()), *((later,) if page + 1 < pages else ()))


async def _find(session: Session, _turn: Turn, row: str) -> Person | None:
    person_id = press.number(row)
    return await stored.get(session, person_id) if person_id is not None else None


async def _as_it_is(turn: Turn, row: Person) -> Answer:
    async with turn.begin() as session:
        return [await _page_of(session, await stored.get(session, row.id) or row)]


_guard = press.Guard(
    find=_find,
    stands=lambda row: (row.state, _version(row)),
    show=_as_it_is,
    unknown="people.nobody",
)


async def person(turn: Turn) -> Answer:
    """Show one person, and what can be done."""
    return await _as_it_is(turn, await _guard.row(turn))


@_guard.button(*NOT_BANNED)
async def ask_to_ban(_turn: Turn, somebody: Person) -> Answer:
    """Ask before somebody is shut out."""
    _not_the_operator(somebody)
    surely = _button("people.button_ban_surely", "ban_yes", somebody, style=Style.DANGER)
    return [
        Reply(
            "people.ask_ban",
            {"name": _name(somebody)},
            ((surely,), (_button("people.button_keep", "person", somebody),)),
        )
    ]


@_guard.work(*NOT_BANNED)
async def ban(turn: Turn, session: Session, somebody: Person) -> Answer:
    """Shut somebody out: nothing of theirs goes out any more."""
    _not_the_operator(somebody)
    await stored.ban(session, somebody.id)
    await bans.stop(session, somebody.id, turn.now)
    return [
        Toast("people.banned"),
        await _page_of(session, await stored.get(session, somebody.id) or somebody),
    ]


@_guard.work(PersonState.BANNED)
async def lift(_turn: Turn, session: Session, somebody: Person) -> Answer:
    """Let a banned person use the bot again."""
    await stored.unban(session, somebody.id)
    return [
        Toast("people.lifted"),
        await _page_of(session, await stored.get(session, somebody.id) or somebody),
    ]


def _not_the_operator(somebody: Person) -> None:
    if somebody.is_operator:
        raise Refusal("people.cannot_ban_operator")


async def _page_of(session: Session, somebody: Person) -> Reply:
    held = await stored.connections_held(session, somebody.id)
    facts = {**_facts(somebody, held), "since": somebody.created_at, "id": str(somebody.id)}
    back = Button("people.button_list", "people:0:0")
    return Reply("people.page", facts, (_what_to_do(somebody), (back,)))


def _what_to_do(somebody: Person) -> tuple[Button, ...]:
    if somebody.is_operator:
        return ()
    if somebody.state == PersonState.BANNED:
        return (_button("people.button_lift", "unban", somebody),)
    return (_button("people.button_ban", "ban", somebody, style=Style.DANGER),)


def _button(key: str, verb: str, somebody: Person, *, style: Style = Style.PLAIN) -> Button:
    return Button(key, press.data(verb, somebody.id, _version(somebody)), style=style)


def _version(somebody: Person) -> int:
    """Say how the person stands, as a number: a button made when they stood otherwise is stale."""
    return list(PersonState).index(PersonState(somebody.state))


def _facts(somebody: Person, connections: int) -> dict[str, Fact]:
    return {
        "name": _name(somebody),
        "telegram_name": somebody.username or "",
        "has_username": "yes" if somebody.username else "no",
        "state": somebody.state,
        "role": "operator" if somebody.is_operator else "person",
        "connections": connections,
    }


def _name(somebody: Person) -> str:
    """Say the name; who was erased, or deleted their Telegram account, has none."""
    return somebody.first_name or str(somebody.id)


VERBS: dict[str, Command] = {
    "people": people,
    "person": person,
    "ban": ask_to_ban,
    "ban_yes": ban,
    "unban": lift,
    **invites.VERBS,
}
