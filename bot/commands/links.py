"""The buttons about a draft's links: drop them, put them back, and what is remembered for the chat."""

from dataclasses import replace

from bot.commands import card, links_card, press, preview
from bot.commands.task_buttons import guard
from bot.turn import Answer, Command, Turn
from storage import link_choices, tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import kinds, price
from tasks.parameters import Extras
from texts.reply import Card, Fact, Refusal, Reply
from twitter import links


@guard.work(TaskState.DRAFT)
async def drop(turn: Turn, session: Session, task: Task) -> Answer:
    """Drop the link: the text goes on without it; what it was is kept for the way back."""
    whole = task.text or ""
    rest = links.without(whole)
    is_thread = len(await tasks.parts(session, task)) > 1
    if rest == whole or is_thread or not (rest or await tasks.media(session, task.id)):
        raise Refusal("button.stale")
    extras = replace(Extras.read(task.parameters), linked=whole)
    return await _change(turn, session, task, rest, extras)


@guard.work(TaskState.DRAFT)
async def put_back(turn: Turn, session: Session, task: Task) -> Answer:
    """Put the link back: the text is as it was before."""
    extras = Extras.read(task.parameters)
    if extras.linked is None or links.without(extras.linked) != (task.text or ""):
        raise Refusal("button.stale")
    return await _change(turn, session, task, extras.linked, replace(extras, linked=None))


async def _change(turn: Turn, session: Session, task: Task, text: str, extras: Extras) -> Answer:
    changed = await tasks.change_draft(
        session, task.id, version=task.version, text=text or None, parameters=extras.written()
    )
    return [await card.of(session, turn.doors, changed or task)]


@guard.button(TaskState.DRAFT)
async def choose(turn: Turn, task: Task) -> Answer:
    """Show what may be remembered about links for this chat."""
    if task.kind != kinds.TWEET.name:
        raise Refusal("button.stale")
    async with turn.begin() as session:
        known = await link_choices.get(session, chat_id=task.chat_id, person_id=task.person_id)
    rows = tuple(
        (
            press.button(
                "links.button_choice",
                "l_set",
                task,
                extra=each,
                facts={
                    "choice": each,
                    "is_set": "yes" if each == (known or links_card.ASK) else "no",
                    "price": price.current().post_with_link,
                },
            ),
        )
        for each in links_card.CHOICES
    )
    facts: dict[str, Fact] = {"price": price.current().post_with_link}
    card_ = Card("task", task.id, task.version)
    return [Reply("links.panel", facts, (*rows, preview.back(task)), card=card_)]


@guard.work(TaskState.DRAFT)
async def remember(turn: Turn, session: Session, task: Task) -> Answer:
    """Remember for this chat what shall be offered first for links."""
    choice = turn.press.extra if turn.press else ""
    if choice not in links_card.CHOICES:
        raise Refusal("button.stale")
    kept = None if choice == links_card.ASK else choice
    await link_choices.put(session, kept, chat_id=task.chat_id, person_id=task.person_id)
    return [await card.of(session, turn.doors, task)]


VERBS: dict[str, Command] = {
    "l_drop": drop,
    "l_undo": put_back,
    "l_choose": choose,
    "l_set": remember,
}
