"""`/template` and `/templates`: texts with fields, kept under a name; and drafts that are made from them."""

from typing import Any

from bot.commands import card, planning, press, tweet
from bot.turn import Answer, Command, Turn
from storage import tasks, templates
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import templates as texts_with_fields
from texts.reply import Button, Refusal, Reply, Say, Style, Toast
from twitter import text

#: What a draft asks for while fields of its template are empty: `field:place`.
FIELD = "field:"


async def keep(turn: Turn) -> Answer:
    """Answer /template name text: keep the text; the words replied to serve as well."""
    name, _, words = turn.argument.partition(" ")
    source = turn.message.reply_to
    said = text.normalise(words.strip() or (source.text if source and not source.protected else ""))
    if not turn.argument:
        return await show(turn)
    if not texts_with_fields.is_name(name) or not said:
        raise Refusal("template.not_read")
    async with turn.work() as session:
        if not await templates.put(session, turn.person.id, name, said, now=turn.now):
            raise Refusal("template.too_many", limit=templates.MOST)
        kept = await templates.of_name(session, turn.person.id, name)
    use = (Button("template.button_use", f"tpl:{kept.id}:0", facts={"name": kept.name}),) if kept else ()
    asks = ", ".join(texts_with_fields.fields(said)) or "-"
    facts = {"name": name.lower(), "text": said, "fields": asks}
    return [Reply("template.kept", facts, (use,) if use else ())]


async def show(turn: Turn) -> Answer:
    """Answer /templates: all there are, each with a button that makes a draft of it."""
    async with turn.begin() as session:
        return [await _list(session, turn)]


async def _list(session: Session, turn: Turn) -> Reply:
    found = await templates.all_of(session, turn.person.id)
    if not found:
        return Reply("template.none")
    lines = tuple(Say("template.line", {"name": each.name, "text": each.text[:80]}) for each in found)
    rows = tuple(
        (
            Button("template.button_use", f"tpl:{each.id}:0", facts={"name": each.name}),
            Button("template.button_remove", f"tpl_out:{each.id}:0", style=Style.DANGER),
        )
        for each in found
    )
    return Reply("template.list", {"lines": lines}, rows)


async def use(turn: Turn) -> Answer:
    """Make a draft of a template; its dates are filled in, then its fields are asked for one by one."""
    number = press.number(turn.press.row) if turn.press else None
    async with turn.begin() as session:
        found = await templates.get(session, number or 0, person_id=turn.person.id)
    if found is None:
        raise Refusal("button.stale")
    at = turn.now.astimezone(planning.zone_of(turn.person))
    words = texts_with_fields.fill_dates(found.text, at, planning.language_of(turn.person))
    return await tweet.begin(turn, words, (), _ask_for_fields, source=-turn.update_id)


async def _ask_for_fields(session: Session, turn: Turn, draft: Task, words: str) -> tuple[Task, list[Reply]]:
    del turn
    changed = await tasks.change_draft(session, draft.id, text=text.normalise(words), **_next_field(words))
    return changed or draft, []


def _next_field(words: str) -> dict[str, Any]:
    left = texts_with_fields.fields(words)
    return {"asked": f"{FIELD}{left[0][: 32 - len(FIELD)]}" if left else None}


async def words(turn: Turn) -> Answer | None:
    """Take the value of the field that the open draft asks for. None: it asks for none."""
    async with turn.begin() as session:
        draft = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
    if draft is None or turn.again or not (draft.asked or "").startswith(FIELD):
        return None
    async with turn.work() as session:
        task = await tasks.get(session, draft.id, person_id=turn.person.id, lock=True)
        if task is None or task.state != TaskState.DRAFT:
            return [Reply("tweet.no_draft")]
        filled = _filled(task, turn.message.text)
        changed = await tasks.change_draft(session, task.id, text=filled, **_next_field(filled))
        return [await card.of(session, turn.doors, changed or task, fresh=True)]


def _filled(task: Task, said: str) -> str:
    beginning = (task.asked or "").removeprefix(FIELD)
    named = [name for name in texts_with_fields.fields(task.text or "") if name.startswith(beginning)]
    # Braces of the value would be taken for fields the next time round.
    value = said.strip().replace("{", "(").replace("}", ")")
    return (
        text.normalise(texts_with_fields.fill(task.text or "", named[0], value)) if named else task.text or ""
    )


async def remove(turn: Turn) -> Answer:
    """Remove a template, and show those that are left."""
    number = press.number(turn.press.row) if turn.press else None
    async with turn.work() as session:
        await templates.remove(session, number or 0, person_id=turn.person.id)
        return [Toast("template.removed"), await _list(session, turn)]


VERBS: dict[str, Command] = {"tpl": use, "tpl_out": remove}
