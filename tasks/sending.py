"""The request of each kind of task, made ready to go through its fence. What became of it: settle.py."""

import functools
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage import tasks
from storage.tables import Task, TaskMedia
from tasks import kinds
from tasks.account import Account
from tasks.doors import Doors
from tasks.parameters import Extras
from twitter import deeds, errors, follows, formats, media, messages, people, posts
from twitter.client import App, Token, X, in_thread, in_upload_thread

Request = Callable[[], str | None]
"""Calls X, blocking; gives the id of the post or message it made, None where it makes none."""


@dataclass(frozen=True, slots=True)
class Part:
    """One write of a task: a tweet of a thread, or all there is."""

    number: int
    text: str
    files: Sequence[TaskMedia] = ()
    reply_to: str | None = None
    """The post it answers, or that a thread's part follows."""


Maker = Callable[[Doors, Account, Task, Part], Awaitable[Request]]
"""Makes the request of a kind ready."""


async def ready(doors: Doors, account: Account, task: Task, part: Part) -> Request:
    """Make a request ready: all that comes before it is done. Raises NoFile, XError."""
    return await _READY[task.kind](doors, account, task, part)


async def _tweet(doors: Doors, account: Account, task: Task, part: Part) -> Request:
    media_ids = await _upload(doors, account, part.files)
    return functools.partial(
        posts.create,
        *(doors.x, account.app, account.token, part.text),
        media_ids=media_ids,
        reply_to=part.reply_to,
        **_extras(task, part),
    )


def _extras(task: Task, part: Part) -> dict[str, Any]:
    """Give what a post has beside text and files: marks on each part of a thread, the rest on the first."""
    extras = Extras.read(task.parameters)
    marks = {"paid_partnership": extras.paid_partnership, "made_with_ai": extras.made_with_ai}
    if part.number:
        return marks
    poll = extras.poll and posts.Poll(extras.poll.options, extras.poll.minutes)
    return marks | {
        "quote": extras.quote,
        "poll": poll,
        "reply_settings": extras.reply_settings,
        "edits": extras.edits,
    }


async def _deletion(doors: Doors, account: Account, task: Task, part: Part) -> Request:
    post_id = (part.text if part.number else task.target_post_id) or ""
    return functools.partial(posts.delete, doors.x, account.app, account.token, post_id)


async def _message(doors: Doors, account: Account, task: Task, part: Part) -> Request:
    user_id = await _person(doors, account, task)
    return functools.partial(messages.send, doors.x, account.app, account.token, user_id, part.text)


async def _person(doors: Doors, account: Account, task: Task) -> str:
    """Give X's id of whom a task is for, looked up once. Commits. Raises Refused no_such_account."""
    if task.target_user_id:
        return task.target_user_id
    username = Extras.read(task.parameters).username or ""
    found = await in_thread(people.find, doors.x, account.app, account.token, username)
    if found is None:
        raise errors.Refused("no_such_account")
    async with doors.db.begin() as session:
        await tasks.found_person(session, task.id, found.id)
    task.target_user_id = found.id
    return found.id


Deed = Callable[[X, App, Token, str, str], object]
"""Something the account (its id) does to a post or a person (its id); what comes back is not kept."""


def _on_post(deed: Deed) -> Maker:
    async def ready_(doors: Doors, account: Account, task: Task, _part: Part) -> Request:
        return _done_by(doors, account, deed, task.target_post_id or "")

    return ready_


def _on_person(deed: Deed) -> Maker:
    async def ready_(doors: Doors, account: Account, task: Task, _part: Part) -> Request:
        return _done_by(doors, account, deed, await _person(doors, account, task))

    return ready_


def _done_by(doors: Doors, account: Account, deed: Deed, target_id: str) -> Request:
    def request() -> None:
        deed(doors.x, account.app, account.token, account.connection.x_user_id, target_id)

    return request


_READY: Mapping[str, Maker] = {
    kinds.TWEET.name: _tweet,
    kinds.DELETION.name: _deletion,
    kinds.MESSAGE.name: _message,
    kinds.REPOST.name: _on_post(deeds.repost),
    kinds.UNREPOST.name: _on_post(deeds.undo_repost),
    kinds.LIKE.name: _on_post(deeds.like),
    kinds.UNLIKE.name: _on_post(deeds.unlike),
    kinds.FOLLOW.name: _on_person(follows.follow),
    kinds.UNFOLLOW.name: _on_person(follows.unfollow),
}


async def _upload(doors: Doors, account: Account, files: Sequence[TaskMedia]) -> list[str]:
    """Upload every file anew; media that no post uses is dropped by X after a day."""
    media_ids = []
    for file in files:
        content = await doors.fetch(file.file_id)
        mime = formats.sniff(content[:64]) or file.mime or ""
        media_ids.append(
            await in_upload_thread(
                media.upload,
                doors.x,
                account.app,
                account.token,
                content,
                kind=_upload_kind(mime),
                mime=mime,
                alt_text=file.alt_text,
                sleep=functools.partial(_pause, doors.stopping),
            )
        )
    return media_ids


def _pause(stopping: threading.Event, seconds: float) -> None:
    if stopping.wait(seconds):
        raise errors.Unavailable("media_slow")


def _upload_kind(mime: str) -> formats.Kind:
    """Say as what X takes a file: Telegram's "GIF" is an MP4 without sound (Bot API: Animation), a video."""
    if mime == "image/gif":
        return "gif"
    return "video" if mime.startswith("video/") else "photo"
