"""What a draft's card says and offers about its links, which make a post dear. Changes nothing."""

from dataclasses import dataclass

from bot.commands import press
from storage import link_choices
from storage.db import Session
from storage.tables import Task
from tasks import compose, price
from tasks.parameters import Extras
from texts.reply import Button, Rows, Say, Style
from twitter import links

#: What may be remembered for a chat; `ask`: nothing.
KEEP, HAND_OFF, DROP, ASK = "keep", "hand_off", "drop", "ask"
CHOICES = (KEEP, HAND_OFF, DROP, ASK)


@dataclass(frozen=True, slots=True)
class Shown:
    """The buttons about links: above Post what was remembered, below it the others; and the notes."""

    above: Rows = ()
    below: Rows = ()
    notes: tuple[Say, ...] = ()


async def of(session: Session, task: Task, draft: compose.Draft, composed: compose.Composed) -> Shown:
    """Say what is offered about the links of a draft; of a thread its parts are edited one by one."""
    if draft.further:
        return Shown()
    extras = Extras.read(task.parameters)
    if not composed.price.for_a_link:
        return _dropped(task, extras)
    choice = await link_choices.get(session, chat_id=task.chat_id, person_id=task.person_id)
    ways = _ways(task, extras, has_files=bool(draft.files), choice=choice)
    first = ways.pop(choice, None)
    more = () if choice == KEEP else tuple(ways.values())
    choose = press.button("links.button_choose", "l_choose", task)
    notes = (Say("links.note_remembered", {"choice": choice}),) if choice else ()
    return Shown(((first,),) if first else (), ((*more, choose),), notes)


def _ways(task: Task, extras: Extras, *, has_files: bool, choice: str | None) -> dict[str | None, Button]:
    """Give the ways around the price of a link that this draft has."""
    ways: dict[str | None, Button] = {}
    # An answer or a quote offers the X app by itself where X asks for it.
    if not (extras.reply_to or extras.quote or extras.poll or extras.edits or task.promised):
        style = Style.PRIMARY if choice == HAND_OFF else Style.PLAIN
        ways[HAND_OFF] = press.button("links.button_free", "handoff", task, style=style)
    if links.without(task.text or "") or has_files:
        style = Style.PRIMARY if choice == DROP else Style.PLAIN
        ways[DROP] = press.button(
            "links.button_drop", "l_drop", task, facts={"price": price.current().post}, style=style
        )
    return ways


def _dropped(task: Task, extras: Extras) -> Shown:
    """Offer the way back where links were dropped and the text is as it was left."""
    if extras.linked is None or links.without(extras.linked) != (task.text or ""):
        return Shown()
    gone = " ".join(link.url for link in links.links(extras.linked))
    back = press.button("links.button_undo", "l_undo", task)
    return Shown((), ((back,),), (Say("links.note_dropped", {"links": gone}),))
