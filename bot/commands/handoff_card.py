"""The card of what a person finishes in the X app: why, and the button that opens X with it ready."""

from datetime import UTC, datetime

from bot.commands import deed_card, press, preview
from bot.turn import Doors
from storage import tasks
from storage.db import Session
from storage.tables import Task
from tasks import kinds, self_serve
from tasks.kinds import KINDS
from tasks.parameters import Extras
from texts.reply import Button, Fact, Reply, Say, Style
from twitter import intents
from twitter.client import X


async def of(session: Session, doors: Doors, task: Task) -> Reply:
    """Show what was handed off: X opens with the action ready; the bot sends nothing and nothing is paid."""
    quoted = Extras.read(task.parameters).quote if task.kind == kinds.TWEET.name else None
    if task.kind == kinds.MESSAGE.name or (task.kind == kinds.TWEET.name and not (quoted and not task.text)):
        return await _of_text(session, doors, task)
    if quoted:
        why = self_serve.of_quote(x_enterprise=False)
        said: tuple[Say, ...] = (Say("deed.what_quote", {"about": deed_card.post(doors.x, quoted)}),)
    else:
        why = self_serve.of_kind(KINDS[task.kind], x_enterprise=False)
        said = deed_card.said(doors.x, task)
    facts: dict[str, Fact] = {"text": said}
    if why is not None:
        facts["since"] = datetime(why.since.year, why.since.month, why.since.day, 12, tzinfo=UTC)
    url = intent_of_draft(doors.x, task) if quoted else intent_of(doors.x, task)
    return Reply("handoff.deed", facts, ((Button("handoff.button_open", url=url, style=Style.PRIMARY),),))


def intent_of(x: X, task: Task) -> str:
    """Give the address that opens X with a deed ready; where X has none, its post or person."""
    username = Extras.read(task.parameters).username or ""
    post_id = task.target_post_id or ""
    match task.kind:
        case kinds.LIKE.name:
            return intents.like(x, post_id)
        case kinds.REPOST.name:
            return intents.repost(x, post_id)
        case kinds.FOLLOW.name:
            return intents.follow(x, username)
        case kinds.UNFOLLOW.name | kinds.MESSAGE.name:
            return f"{x.web_origin}/{username}"
    return deed_card.post_url(x, post_id)


async def _of_text(session: Session, doors: Doors, task: Task) -> Reply:
    """Show a draft that is finished in X: its text is there already, unless a button cannot hold it."""
    url = intent_of_draft(doors.x, task)
    fits = intents.fits_a_button(url)
    if not fits:
        url = intent_of_draft(doors.x, task, text="")
    facts: dict[str, Fact] = {
        "username": await preview.username_of(session, task),
        "text": task.text or "",
        "fits": "yes" if fits else "no",
        "files": len(await tasks.media(session, task.id)),
    }
    go = Button("handoff.button_open", url=url, style=Style.PRIMARY)
    back = press.button("handoff.button_back", "revive", task)
    return Reply("handoff.draft", facts, ((go,), (back,)))


def intent_of_draft(x: X, task: Task, text: str | None = None) -> str:
    """Give the address that opens X's composer with a draft; a quoted post goes along as its link."""
    said = task.text or "" if text is None else text
    extras = Extras.read(task.parameters)
    if task.kind == kinds.MESSAGE.name:
        known = task.target_user_id
        return intents.message(x, known, said) if known else f"{x.web_origin}/{extras.username or ''}"
    quoted = deed_card.post_url(x, extras.quote) if extras.quote else None
    return intents.tweet(x, said, reply_to=extras.reply_to, url=quoted)
