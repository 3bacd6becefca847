"""`/log`: what happened in a group, or with a connection, page by page; its check; the file to keep."""

import json

from bot.commands import log_card, log_view, press
from bot.commands.log_view import View
from bot.commands.logged import note
from bot.turn import Answer, Command, Turn
from storage import connections, groups, log, log_reading, start_links
from storage.db import Session
from storage.log_reading import Part
from storage.tables import Connection, Group
from tasks.acts import Act
from tasks.permissions import Action
from texts.reply import Button, Fact, Refusal, Reply, Rows, Toast

#: Entries on a page.
PAGE = 8
FILE_NAME = "log.json"
#: A link from a group into the private chat; the group's id follows.
PURPOSE = "log:"
#: How a button names whose log it is about; the number follows.
_GROUP, _CONNECTION = "g", "c"


async def show(turn: Turn) -> Answer:
    """Answer /log: the group's in a group; in private, which there are to read."""
    if not turn.chat.private:
        async with turn.begin() as session:
            group = await groups.find(session, turn.chat.id)
        return [await _of_group(turn, group, 0)]
    async with turn.begin() as session:
        here = await log_reading.groups_of(session, turn.person.id)
        mine = [
            row
            for row in await connections.listed(session, turn.person.id)
            if await log_reading.count(session, await log_view.of_account(session, row))
        ]
    if not here and not mine:
        return [Reply("log.none")]
    if len(here) == 1 and not mine:
        return [await _of_group(turn, here[0], 0)]
    rows = [
        (Button("log.button_group", f"log:{_GROUP}{one.id}:0", facts={"group": one.title}),) for one in here
    ]
    rows += [
        (Button("log.button_account", f"log:{_CONNECTION}{one.id}:0", facts={"username": one.username}),)
        for one in mine
    ]
    return [Reply("log.choose", buttons=tuple(rows))]


async def open_private(turn: Turn, purpose: str) -> Answer:
    """Answer the link that leads here from a group's log."""
    async with turn.begin() as session:
        group = await groups.get(session, press.number(purpose.removeprefix(PURPOSE)) or 0)
    return [await _of_group(turn, group, 0)]


async def page(turn: Turn) -> Answer:
    """Turn the pages: the version of the button is the page."""
    number = turn.press.version if turn.press else 0
    if row := await _connection(turn):
        return [await _of_connection(turn, row, number)]
    return [await _of_group(turn, await _group(turn), number)]


async def check(turn: Turn) -> Answer:
    """Look whether a group's log, or each that tells of an account, is what was written; say where not."""
    if row := await _connection(turn):
        async with turn.begin() as session:
            here = await log_reading.groups_about(session, await log_view.of_account(session, row))
    else:
        here = [await _group(turn)]
        await _view(turn, here[0])
    count = 0
    async with turn.begin() as session:
        for group in here:
            if broken := await log.check(session, turn.doors.vault, group.id):
                facts: dict[str, Fact] = {"group": group.title, "seq": broken.seq, "what": broken.what}
                return [Toast("log.broken", facts, alert=True)]
            count += await log_reading.count(session, Part(group.id, everything=True))
    return [Toast("log.whole", {"count": count}, alert=True)]


async def export(turn: Turn) -> Answer:
    """Send the log as a file, and write down that somebody took it; in the private chat only."""
    if row := await _connection(turn):
        return [await _file_of_account(turn, row)]
    group = await _group(turn)
    view = await _view(turn, group, Action.EXPORT_LOG)
    if not turn.chat.private:
        raise Refusal("button.stale")
    async with turn.work() as session:
        theirs, is_whole = await _taken(session, group, view.part)
        if not turn.again:
            await note(session, turn, group, Act.EXPORTED)
    return [_file({"group": group.id, "whole": is_whole, "entries": theirs}, len(theirs))]


async def _file_of_account(turn: Turn, row: Connection) -> Reply:
    """Give what was done with an account, group by group; each of their logs says that it was taken."""
    async with turn.work() as session:
        part = await log_view.of_account(session, row)
        taken = [
            (each, await _taken(session, each, part))
            for each in await log_reading.groups_about(session, part)
        ]
        for group, _ in taken if not turn.again else ():
            granted = await log_reading.grants_ever(session, group.id)
            await note(session, turn, granted.get(row.id, group), Act.EXPORTED)
    told = [{"group": group.id, "whole": is_whole, "entries": theirs} for group, (theirs, is_whole) in taken]
    return _file({"connection": row.id, "groups": told}, sum(len(theirs) for _, (theirs, _) in taken))


async def _taken(session: Session, group: Group, part: Part) -> tuple[list[dict[str, object]], bool]:
    """Give the entries of a part ready for the file, and whether they are all of the group's."""
    held = {entry.seq for entry in await log.entries_of(session, group.id) if part.holds(entry)}
    entries = await log.exported(session, group.id)
    return [each for each in entries if each["seq"] in held], len(held) == len(entries)


def _file(told: dict[str, object], count: int) -> Reply:
    content = json.dumps(told, ensure_ascii=False, indent=2).encode()
    return Reply("log.exported", {"count": count}, document=(FILE_NAME, content))


async def _of_group(turn: Turn, group: Group | None, number: int) -> Reply:
    if group is None:
        raise Refusal("log.none")
    view = await _view(turn, group)
    async with turn.begin() as session:
        facts, turning = await _page(session, turn, view, f"{_GROUP}{group.id}", number)
        rows = (turning, *await _buttons(session, turn, group, view))
    return Reply("log.page" if facts["count"] else "log.empty", {**facts, "group": group.title}, rows)


async def _of_connection(turn: Turn, row: Connection, number: int) -> Reply:
    async with turn.begin() as session:
        view = View(await log_view.of_account(session, row))
        facts, turning = await _page(session, turn, view, f"{_CONNECTION}{row.id}", number)
    rows = (turning, _checking(f"{_CONNECTION}{row.id}", takes=True))
    return Reply("log.page_of_account", {**facts, "username": row.username}, rows)


async def _page(
    session: Session, turn: Turn, view: View, whose: str, number: int
) -> tuple[dict[str, Fact], tuple[Button, ...]]:
    count = await log_reading.count(session, view.part)
    last = max(0, (count - 1) // PAGE)
    number = min(max(number, 0), last)
    entries = await log_reading.page(session, view.part, skip=number * PAGE, most=PAGE)
    lines = await log_card.lines(
        session, turn, entries, nameless=view.nameless, groups_too=view.part.group_id is None
    )
    facts: dict[str, Fact] = {"count": count, "lines": lines, "page": number + 1, "pages": last + 1}
    newer = (Button("log.button_newer", f"log:{whose}:{number - 1}"),) if number > 0 else ()
    older = (Button("log.button_older", f"log:{whose}:{number + 1}"),) if number < last else ()
    return facts, (*newer, *older)


async def _buttons(session: Session, turn: Turn, group: Group, view: View) -> Rows:
    """Offer the check; the file where only one person reads, elsewhere the way there."""
    whose = f"{_GROUP}{group.id}"
    if turn.chat.private:
        return (_checking(whose, takes=view.may_export),)
    checks = _checking(whose, takes=False)
    if turn.press or not view.may_export:
        # A link is good for one person: whoever turns the pages is shown none.
        return (checks,)
    token = await start_links.make(
        session,
        f"{PURPOSE}{group.id}",
        person_id=turn.person.id,
        expires_at=turn.now + start_links.PRIVATE_DOOR_FOR,
        made_by=turn.person.id,
    )
    url = f"https://t.me/{turn.doors.rules.bot_username}?start={token}"
    return (checks, (Button("group.open_private", url=url),))


def _checking(whose: str, *, takes: bool) -> tuple[Button, ...]:
    checks = Button("log.button_check", f"log_check:{whose}:0")
    return (checks, Button("log.button_export", f"log_file:{whose}:0")) if takes else (checks,)


async def _view(turn: Turn, group: Group, action: Action = Action.SEE_LOG) -> View:
    view = await log_view.of(turn, group, action)
    if view is None:
        raise Refusal("log.not_yours")
    return view


async def _group(turn: Turn) -> Group:
    """Find the group a button is about; one in a group is about that group, whatever its data says."""
    row = turn.press.row if turn.press else ""
    number = press.number(row.removeprefix(_GROUP)) if row.startswith(_GROUP) else None
    async with turn.begin() as session:
        group = await groups.get(session, number) if number is not None else None
    if group is None or not (turn.chat.private or group.chat_id == turn.chat.id):
        raise Refusal("button.stale")
    return group


async def _connection(turn: Turn) -> Connection | None:
    """Find the connection a button is about: the presser's own, in private. None: it is about a group."""
    row = turn.press.row if turn.press else ""
    if not row.startswith(_CONNECTION) or not turn.chat.private:
        return None
    async with turn.begin() as session:
        found = await connections.get(
            session, press.number(row.removeprefix(_CONNECTION)) or 0, turn.person.id
        )
    if found is None:
        raise Refusal("button.stale")
    return found


VERBS: dict[str, Command] = {"log": page, "log_check": check, "log_file": export}
