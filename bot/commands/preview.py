"""The card of a draft: what it looks like, weighs and costs, and what it still needs. Changes nothing."""

from collections.abc import Sequence
from dataclasses import replace

from bot.commands import extras_card, links_card, press
from storage import accounts, tasks
from storage.db import Session
from storage.tables import Connection, ConnectionState, Task, TaskMedia
from tasks import compose, price, threads
from tasks.parameters import Extras
from texts.reply import Button, Card, Fact, Reply, Rows, Say, Style

#: Codes and problems that leaving the files out would end.
FILES = frozenset(
    (
        "media_invalid",
        "media_type",
        "media_too_big",
        "media_too_long",
        "media_too_short",
        "media_dimensions",
        "file_gone",
        "file_too_big",
    )
)
_FILE_PROBLEMS = frozenset(
    (
        "tweet.problem_mixed",
        "tweet.problem_one_video",
        "tweet.problem_too_many",
        "tweet.problem_telegram_size",
        "poll.problem_files",
        "extras.problem_quote_files",
        *(f"x.{code}" for code in FILES),
    )
)

#: Characters of a thread that a card shows, so that it stays one message; and of each part at least.
_PARTS_SHOWN, _PART_SHOWN_MIN = 3000, 60
#: Buttons of a thread's parts in a row.
_IN_A_ROW = 6


def as_files(files: Sequence[TaskMedia]) -> list[compose.File]:
    """Give a task's files as the decisions in tasks/compose.py look at them."""
    return [compose.File(f.kind, f.mime, f.size, f.duration_s, f.alt_text) for f in files]


async def draft_of(session: Session, task: Task) -> compose.Draft:
    """Give a task as the decisions in tasks/compose.py look at it."""
    connection = await connection_of(session, task)
    premium = bool(connection and connection.premium)
    extras = Extras.read(task.parameters)
    texts = threads.as_sent(await tasks.parts(session, task), extras)
    files = await tasks.media(session, task.id)
    first, *further = [
        compose.Draft(text, as_files([file for file in files if file.part == part]), premium=premium)
        for part, text in enumerate(texts)
    ]
    return replace(
        first,
        further=tuple(further),
        connected=connection is not None and connection.state == ConnectionState.ACTIVE,
        may_write=connection is None or connection.access_level != "read",
        repeats=task.schedule_id is not None,
        poll=extras.poll,
        quotes=extras.quote is not None,
        edits=extras.edits is not None,
    )


async def of(session: Session, task: Task) -> Reply:
    """Show a draft: its preview, or the next question."""
    draft = await draft_of(session, task)
    if (task.asked or "").startswith("field:"):
        field = (task.asked or "").removeprefix("field:")
        return Reply(
            "template.ask_field", {"field": field, "text": draft.text}, ask="template.ask_field_hint"
        )
    match compose.missing(draft):
        case "connection":
            if await accounts.usable(session, person_id=task.person_id, chat_id=task.chat_id):
                return await of_accounts(session, task)
            connect = Button("tweet.button_connect", "connect", style=Style.PRIMARY)
            ready = press.button("tweet.button_continue", "adopt", task)
            key = "tweet.connect_first" if draft.text or draft.files else "tweet.connect_to_begin"
            return Reply(key, {"text": content(draft)}, ((connect,), (ready,)))
        case "text" if task.asked == "part:+":
            return Reply("thread.ask_first", ask="tweet.ask_text_hint")
        case "text":
            is_answer = Extras.read(task.parameters).reply_to is not None
            return Reply("reply.ask_text" if is_answer else "tweet.ask_text", ask="tweet.ask_text_hint")
    return await _preview(session, task, draft)


async def _preview(session: Session, task: Task, draft: compose.Draft) -> Reply:
    facts, composed = await facts_of(session, task, draft)
    go = press.button("tweet.button_post", "post", task, style=Style.SUCCESS)
    later = press.button("plan.button_later", "later", task)
    key = "thread.preview" if draft.further else "tweet.preview"
    if draft.edits:
        key = "edit.preview"
    return Reply(key, facts, await rows_of(session, task, draft, composed, go=go, more=(later,)))


async def facts_of(
    session: Session, task: Task, draft: compose.Draft
) -> tuple[dict[str, Fact], compose.Composed]:
    """Give what every preview says of a draft: account, text, length, price, and what stands in its way."""
    composed = compose.compose(draft)
    of_links = (await links_card.of(session, task, draft, composed)).notes
    notes = (*extras_card.notes(Extras.read(task.parameters)), *_notes(draft, composed), *of_links)
    if task.asked == "part:+":
        notes += (Say("thread.note_next"),)
    facts: dict[str, Fact] = {
        "username": await username_of(session, task),
        "text": _parts_of(draft) if draft.further else draft.text,
        "parts": len(draft.parts),
        "length": composed.length,
        "limit": composed.limit,
        "price": composed.price.dollars,
        "notes": notes,
    }
    return facts, composed


def content(draft: compose.Draft) -> tuple[Say, ...]:
    """Say what a draft holds, its poll and files too."""
    beside = (*extras_card.of_poll(draft.poll), *_file_notes(draft))
    if draft.further:
        return (*_parts_of(draft), *beside)
    said = [Say("tweet.said", {"text": draft.text})] if draft.text else []
    return (*said, *beside)


def _parts_of(draft: compose.Draft) -> tuple[Say, ...]:
    """Say what each part of a thread holds; of a long thread, what it begins with."""
    most = max(_PARTS_SHOWN // len(draft.parts), _PART_SHOWN_MIN)
    return tuple(
        Say(
            "thread.part",
            {
                "number": number,
                "text": part.text if len(part.text) <= most else f"{part.text[:most].rstrip()}…",
                "files": len(part.files),
            },
        )
        for number, part in enumerate(draft.parts, 1)
    )


def _files_of(draft: compose.Draft) -> list[compose.File]:
    return [file for part in draft.parts for file in part.files]


def _file_notes(draft: compose.Draft) -> list[Say]:
    notes = []
    for kind in ("photo", "gif", "video"):
        files = [file for file in _files_of(draft) if file.kind == kind]
        if files:
            described = sum(1 for file in files if file.alt_text)
            notes.append(Say(f"tweet.note_{kind}", {"count": len(files), "described": described}))
    return notes


def _notes(draft: compose.Draft, composed: compose.Composed) -> tuple[Say, ...]:
    notes = _file_notes(draft)
    if any(file.alt_text for file in _files_of(draft)):
        notes.append(Say("tweet.note_described", {"each": price.current().alt_text}))
    if composed.price.for_a_link:
        notes.append(Say("tweet.note_link", {"plain": price.current().post}))
    if composed.mentions:
        names = ", ".join(f"@{name}" for name in composed.mentions)
        notes.append(Say("tweet.note_mentions", {"names": names}))
    notes.extend(Say(problem.key, problem.facts) for problem in composed.problems)
    return tuple(notes)


async def rows_of(
    session: Session,
    task: Task,
    draft: compose.Draft,
    composed: compose.Composed,
    *,
    go: Button,
    more: tuple[Button, ...],
) -> Rows:
    """Give the buttons under a draft: `go` unless something stands in its way, and `more` below it."""
    edit = () if draft.further else (press.button("tweet.button_edit", "edit", task),)
    drop = press.button("tweet.button_cancel", "drop", task)
    of_links = await links_card.of(session, task, draft, composed)
    first = (*edit, drop) if composed.problems else (go, *edit, drop)
    rows: list[tuple[Button, ...]] = [*of_links.above, first, *of_links.below]
    if Extras.read(task.parameters).edits:
        # X takes it now or not at all, and only in the same place.
        return tuple(row for row in (*rows, *await _file_rows(session, task, draft, composed)) if row)
    rows += [(*more, extras_card.button(task)), *extras_card.poll_rows(task, composed)]
    rows += [*_thread_rows(task, draft, composed), *await _file_rows(session, task, draft, composed)]
    if len(await accounts.usable(session, person_id=task.person_id, chat_id=task.chat_id)) > 1:
        rows.append((press.button("tweet.button_accounts", "accounts", task),))
    return tuple(row for row in rows if row)


def _thread_rows(task: Task, draft: compose.Draft, composed: compose.Composed) -> list[tuple[Button, ...]]:
    """Offer what makes a thread, or each of its parts and what concerns them all."""
    count = len(draft.parts)
    if count == 1:
        is_too_long = any(problem.key == "tweet.problem_too_long" for problem in composed.problems)
        split = press.button("thread.button_split", "t_split", task, style=Style.PRIMARY)
        return [(split,)] if is_too_long else []
    numbers = [
        press.button("thread.button_part", "t_part", task, extra=str(part), facts={"number": part + 1})
        for part in range(count)
    ]
    is_numbered = "yes" if Extras.read(task.parameters).is_numbered else "no"
    more = (
        press.button("thread.button_add", "t_add", task),
        press.button("thread.button_numbers", "t_num", task, facts={"is_numbered": is_numbered}),
    )
    return [*(tuple(numbers[at : at + _IN_A_ROW]) for at in range(0, count, _IN_A_ROW)), more]


async def _file_rows(
    session: Session, task: Task, draft: compose.Draft, composed: compose.Composed
) -> list[tuple[Button, ...]]:
    rows: list[tuple[Button, ...]] = []
    if any(problem.key in _FILE_PROBLEMS for problem in composed.problems):
        rows.append((press.button("tweet.button_no_files", "nofiles", task),))
    if any(problem.key == "tweet.problem_too_many" for problem in composed.problems):
        rows.append((press.button("tweet.button_first", "first", task),))
    elif _files_of(draft):
        rows.append(_alt_buttons(task, await tasks.media(session, task.id)))
    return rows


def _alt_buttons(task: Task, files: Sequence[TaskMedia]) -> tuple[Button, ...]:
    return tuple(
        press.button(
            "tweet.button_alt_done" if file.alt_text else "tweet.button_alt",
            "alt",
            task,
            extra=str(file.message_id),
            facts={"number": number},
        )
        for number, file in enumerate(files, 1)
    )


async def of_accounts(session: Session, task: Task) -> Reply:
    """Ask from which account a draft shall go out."""
    usable = await accounts.usable(session, person_id=task.person_id, chat_id=task.chat_id)
    rows = tuple(
        (
            press.button(
                "tweet.button_as",
                "as",
                task,
                extra=str(connection.id),
                facts={"name": accounts.name_of(connection, task), "username": connection.username},
            ),
        )
        for connection in usable
    )
    return Reply("tweet.which_account", buttons=(*rows, back(task)), card=Card("task", task.id))


def back(task: Task) -> tuple[Button, ...]:
    """Offer the way back to the card."""
    return (press.button("tweet.button_back", "show", task),)


async def connection_of(session: Session, task: Task) -> Connection | None:
    """Find the connection a task goes out through, however it stands."""
    if task.connection_id is None:
        return None
    return await accounts.of_task(session, task)


async def username_of(session: Session, task: Task) -> str:
    """Name the account a task goes out from; ? when its connection is gone."""
    connection = await connection_of(session, task)
    return connection.username if connection else "?"
