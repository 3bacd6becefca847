"""What is voted on: the content of a task, known by its hash; and what asking for it takes. Pure."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from storage.tables import Grant, Task, TaskMedia
from tasks.parameters import Extras, Look
from tasks.policy import Asked, Policy, asked_by, columns_of, read_policy

#: So long votes are waited for where no moment is planned.
WAITED_FOR = timedelta(hours=24)
#: Hexadecimal digits of a name, which leave its column room for a moment in steps since the epoch.
_DIGITS = 48
_EPOCH, _STEP = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def content_hash(
    task: Task, parts: Sequence[str], files: Sequence[TaskMedia], *, at: datetime | None = None
) -> str:
    """Name all that goes out, and from which account: change any of it, and it differs.

    `parts`: all texts, the task's own first. `at`: the planned moment, which can be read from the name again.
    """
    content = {
        "kind": task.kind,
        "connection": task.connection_id,
        "parts": list(parts),
        "parameters": json.loads(task.parameters or "{}"),
        "targets": [task.target_post_id, task.target_user_id],
        "files": [[file.part, file.file_unique_id, file.alt_text] for file in files],
        "at": None if at is None else (at - _EPOCH) // _STEP,
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:_DIGITS]
    return digest if at is None else f"{digest}@{content['at']:x}"


def is_still(task: Task, parts: Sequence[str], files: Sequence[TaskMedia]) -> bool:
    """Say whether a task would send what votes were asked for.

    What was planned goes out at that moment; what failed, or was missed, when its author says so: not before.
    """
    _, _, moment = (task.content_hash or "").partition("@")
    at = _EPOCH + int(moment, 16) * _STEP if moment else None
    if task.promised and task.due_at != at:
        return False
    is_early = at is not None and (task.due_at is None or task.due_at < at)
    return not is_early and content_hash(task, parts, files, at=at) == task.content_hash


def policy_of(grant: Grant) -> Policy:
    """Read the policy of a grant."""
    return read_policy({name: getattr(grant, name) for name in columns_of(Policy())})


def asked_for(task: Task, files: Sequence[TaskMedia]) -> frozenset[Asked] | None:
    """Say what somebody asks for with a task; None: what nobody may ask for in a group.

    Who looks at a post in order to delete it asks for its deletion.
    """
    if looks_to_delete(task):
        return frozenset({Asked.DELETE})
    replies = not task.reads and Extras.read(task.parameters).reply_to is not None
    planned = task.promised or task.schedule_id is not None
    return asked_by(task.kind, replies=replies, has_media=bool(files), planned=planned)


def looks_to_delete(task: Task) -> bool:
    """Say whether a task only shows what is to be deleted: that a later one does, which may need votes."""
    return task.reads and Look.read(task.parameters).then == "delete"


def expires_at(now: datetime, planned_for: datetime | None) -> datetime:
    """Say until when votes are waited for: its moment, or a day."""
    return now + WAITED_FOR if planned_for is None else planned_for
