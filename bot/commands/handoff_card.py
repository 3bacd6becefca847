"""The card of what a person finishes in the X app: why, and the button that opens X with it ready."""

from datetime import UTC, datetime, time

from bot.commands import deed_card, on_x, press, preview
from bot.turn import Doors
from storage import tasks
from storage.db import Session
from storage.tables import Task
from tasks import kinds, self_serve
from tasks.kinds import KINDS
from tasks.parameters import Extras
from tasks.self_serve import HandOff
from texts.reply import Button, Fact, Reply, Say, Style
from twitter import intents
from twitter.client import X


async def of(session: Session, doors: Doors, task: Task) -> Reply:
    """Show what was handed off: X opens with the action ready; the bot sends nothing and nothing is paid."""
    quoted = Extras.read(task.parameters).quote if task.kind == kinds.TWEET.name and not task.text else None
    if quoted is not None:
        why = self_serve.of_quote(x_enterprise=False)
        about = Say("deed.what_quote", {"about": deed_card.post(doors.x, quoted)})
        return _of_deed(why, (about,), intent_of_draft(doors.x, task))
    if task.kind in (kinds.TWEET.name, kinds.MESSAGE.name):
        return await _of_text(session, doors, task)
    why = self_serve.of_kind(KINDS[task.kind], x_enterprise=False)
    return _of_deed(why, deed_card.said(doors.x, task), on_x.intent_of(doors.x, task))


def _of_deed(why: HandOff | None, said: tuple[Say, ...], url: str) -> Reply:
    facts: dict[str, Fact] = {"text": said}
    if why is not None:
        facts["since"] = datetime.combine(why.since, time(12), UTC)
    return Reply("handoff.deed", facts, ((Button("handoff.button_open", url=url, style=Style.PRIMARY),),))


async def _of_text(session: Session, doors: Doors, task: Task) -> Reply:
    """Show a draft that is finished in X: its text is there already, unless a button cannot hold it."""
    url = intent_of_draft(doors.x, task)
    fits = intents.fits_a_button(url)
    if not fits:
        url = intent_of_draft(doors.x, task, text="")
    facts: dict[str, Fact] = {
        "username": await preview.username_of(session, task),
        "text": preview.content(await preview.draft_of(session, task)),
        "parts": len(await tasks.parts(session, task)),
        "fits": "yes" if fits else "no",
        "files": len(await tasks.media(session, task.id)),
        "beside": _beside(Extras.read(task.parameters)),
    }
    go = Button("handoff.button_open", url=url, style=Style.PRIMARY)
    back = press.button("handoff.button_back", "revive", task)
    return Reply("handoff.draft", facts, ((go,), (back,)))


def _beside(extras: Extras) -> str:
    """Name what no link carries to X, and the person has to do there."""
    if extras.edits or extras.poll:
        return "edit" if extras.edits else "poll"
    return "marks" if extras.reply_settings or extras.paid_partnership or extras.made_with_ai else "none"


def intent_of_draft(x: X, task: Task, text: str | None = None) -> str:
    """Give the address that opens X's composer with a draft; a quoted post goes along as its link."""
    said = task.text or "" if text is None else text
    extras = Extras.read(task.parameters)
    if task.kind == kinds.MESSAGE.name:
        known = task.target_user_id
        return intents.message(x, known, said) if known else f"{x.web_origin}/{extras.username or ''}"
    if extras.edits:
        return deed_card.post_url(x, extras.edits)
    quoted = deed_card.post_url(x, extras.quote) if extras.quote else None
    return intents.tweet(x, said, reply_to=extras.reply_to, url=quoted)
