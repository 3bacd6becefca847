"""The request of each kind of task, made ready to go through its fence. What became of it: settle.py."""

import functools
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from storage.tables import Task, TaskMedia
from tasks import kinds
from tasks.account import Account
from tasks.doors import Doors
from twitter import errors, formats, media, messages, posts
from twitter.client import in_upload_thread

Request = Callable[[], str | None]
"""Calls X, blocking; gives the id of the post or message it made."""


@dataclass(frozen=True, slots=True)
class Part:
    """One write of a task: a tweet of a thread, or all there is."""

    number: int
    text: str
    files: Sequence[TaskMedia] = ()
    reply_to: str | None = None
    """The post that a thread's part follows."""


async def ready(doors: Doors, account: Account, task: Task, part: Part) -> Request:
    """Make a request ready: all that comes before it is done. Raises NoFile, XError."""
    return await _READY[task.kind](doors, account, task, part)


async def _tweet(doors: Doors, account: Account, _task: Task, part: Part) -> Request:
    media_ids = await _upload(doors, account, part.files)
    return functools.partial(
        posts.create,
        *(doors.x, account.app, account.token, part.text),
        media_ids=media_ids,
        reply_to=part.reply_to,
    )


async def _deletion(doors: Doors, account: Account, task: Task, _part: Part) -> Request:
    post_id = task.target_post_id or ""
    return functools.partial(posts.delete, doors.x, account.app, account.token, post_id)


async def _message(doors: Doors, account: Account, task: Task, part: Part) -> Request:
    user_id = task.target_user_id or ""
    return functools.partial(messages.send, doors.x, account.app, account.token, user_id, part.text)


_READY: Mapping[str, Callable[[Doors, Account, Task, Part], Awaitable[Request]]] = {
    kinds.TWEET.name: _tweet,
    kinds.DELETION.name: _deletion,
    kinds.MESSAGE.name: _message,
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
