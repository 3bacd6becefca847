"""Editing what is on X: asks X whether it may be edited still, then a draft takes the post's place."""

from dataclasses import replace
from typing import Any

from bot.commands import card, deed, deed_buttons, edit_card
from bot.commands.task_buttons import guard, question
from bot.turn import Answer, Command, Turn
from storage import at_once, edits, pages, tasks, writes
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import kinds
from tasks.parameters import Extras, Look
from texts.reply import Refusal


@guard.work(TaskState.DONE)
async def look(turn: Turn, session: Session, task: Task) -> Answer:
    """Edit on X: look first whether X lets it, which is billed as its button says."""
    write = await writes.get(session, task.id, 0)
    if task.kind != kinds.TWEET.name or write is None or write.x_post_id is None:
        raise Refusal("button.stale")
    if not await edit_card.offer(session, turn.doors, task, write):
        raise Refusal("edit.not_offered")
    connection_id = await deed.usable_or_refuse(session, turn, task.connection_id)
    # The button is good for one look: another press finds a newer version.
    moved = await tasks.move(
        session, task.id, version=task.version, states=(TaskState.DONE,), to=TaskState.DONE
    )
    if moved is None:
        raise Refusal("button.stale")
    shown, is_new = await at_once.begin(
        session,
        person_id=task.person_id,
        chat_id=task.chat_id,
        # Of no message, hence below zero; the same press again finds it.
        message_id=-turn.update_id,
        kind=kinds.GET.name,
        connection_id=connection_id,
        now=turn.now,
        reads=True,
        target_post_id=write.x_post_id,
        parameters=Look(then="edit").written(),
    )
    if is_new:
        await turn.doors.engine.enqueue(session, shown)
    return [await card.of(session, turn.doors, moved), await card.of(session, turn.doors, shown, fresh=True)]


@deed_buttons.on_shown.work(TaskState.DONE)
async def begin(turn: Turn, session: Session, shown: Task) -> Answer:
    """Write the new text: a draft that takes the post's place asks for it; the one that does so already."""
    of, extras = await _edited(turn, session, shown)
    await tasks.lock_drafts(session, turn.person.id)
    begun = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
    if begun is not None and begun.parameters == extras.written():
        return [await card.of(session, turn.doors, begun, fresh=True)]
    draft, aside = await tasks.begin(
        session,
        person_id=turn.person.id,
        chat_id=turn.chat.id,
        message_id=-turn.update_id,
        kind=kinds.TWEET.name,
        text=of.text,
        connection_id=await deed.usable_or_refuse(session, turn, shown.connection_id),
        now=turn.now,
    )
    await edits.copy_media(session, of, draft)
    columns: dict[str, Any] = {
        "parameters": extras.written(),
        "target_post_id": shown.target_post_id,
        "asked": "text",
    }
    draft = await tasks.change_draft(session, draft.id, **columns) or draft
    left = [await card.of(session, turn.doors, aside)] if aside else []
    asking = [await card.of(session, turn.doors, draft, fresh=True), await question(session, draft)]
    return [*left, *asking]


async def _edited(turn: Turn, session: Session, shown: Task) -> tuple[Task, Extras]:
    """Give the tweet that a look was about, and what its edit has: the marks stay, X keeps the rest.

    Raises Refusal where the press is made up, or the look was erased.
    """
    page = await pages.get(session, shown.id, 0)
    items = pages.items_of(page) if page else []
    of = await tasks.that_made(session, shown.target_post_id or "", person_id=turn.person.id)
    if Look.read(shown.parameters).then != "edit" or not items or of is None:
        raise Refusal("button.stale")
    newest = str(items[0].get("newest") or shown.target_post_id)
    before = Extras.read(of.parameters)
    marks = Extras(paid_partnership=before.paid_partnership, made_with_ai=before.made_with_ai)
    return of, replace(marks, edits=newest)


VERBS: dict[str, Command] = {"e_look": look, "e_begin": begin}
