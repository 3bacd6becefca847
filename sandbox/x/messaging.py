"""API v2: send a direct message to somebody, and read conversations page by page. Knows no groups.

Who may write to whom is decided in messages.py.
"""

from itertools import islice
from typing import Any

from sandbox.x import lag, queries
from sandbox.x.errors import not_found
from sandbox.x.fields import wish
from sandbox.x.gate import Call, Operation
from sandbox.x.messages import PRICE, Message
from sandbox.x.schema import check_message
from sandbox.x.users import presenter_of

# OpenAPI 2.166: max_results of the events is 1 to 100, 100 when left out.
LEAST = 1
MOST = 100
MESSAGE_CREATE = "MessageCreate"
EVENT_TYPES = (MESSAGE_CREATE, "ParticipantsJoin", "ParticipantsLeave")


def operations() -> list[Operation]:
    """Return the endpoints of this module."""
    with_one = "/2/dm_conversations/with/{participant_id}"
    return [
        Operation("POST", with_one + "/messages", send, writes=True, direct=True),
        Operation("GET", with_one + "/dm_events", conversation, direct=True),
        Operation("GET", "/2/dm_conversations/{id}/dm_events", conversation_by_id, direct=True),
        Operation("GET", "/2/dm_events", everything, direct=True),
        Operation("GET", "/2/dm_events/{event_id}", one_event, direct=True),
    ]


async def send(call: Call) -> tuple[int, dict[str, Any]]:
    """Send a message to one account."""
    recipient = call.world.register.account_by_id(queries.path_id(call.request, "participant_id"))
    wanted = call.json()
    check_message(wanted)
    media_ids = [one["media_id"] for one in wanted.get("attachments", [])]
    message = call.world.messages.send(call.account, recipient, wanted.get("text", ""), media_ids)
    call.request.scope["state"]["price"] = PRICE
    return 201, {"data": {"dm_conversation_id": message.conversation_id, "dm_event_id": message.id}}


async def conversation(call: Call) -> tuple[int, dict[str, Any]]:
    """Return the events of the conversation with one account, newest first."""
    other = call.world.register.account_by_id(queries.path_id(call.request, "participant_id"))
    return _listing(call, call.world.messages.between(call.account, other) if other else [])


async def conversation_by_id(call: Call) -> tuple[int, dict[str, Any]]:
    """Return the events of one conversation by its id, newest first; of a foreign one, none."""
    conversation_id = queries.conversation_id(call.request)
    return _listing(call, call.world.messages.conversation(call.account, conversation_id))


async def one_event(call: Call) -> tuple[int, dict[str, Any]]:
    """Return one event of the last 30 days, or a partial error."""
    queries.check_names(call.request)
    presenter, event_id = presenter_of(call), queries.path_id(call.request, "event_id")
    message = call.world.messages.one(call.account, event_id)
    if message is None:
        newer = wish(call.request).newer
        presenter.errors.append(not_found("dm_event", "event_id", event_id, newer=newer))
    return 200, presenter.answer(presenter.message(message) if message else None)


async def everything(call: Call) -> tuple[int, dict[str, Any]]:
    """Return the events of all conversations, newest first."""
    return _listing(call, call.world.messages.of(call.account))


def _listing(call: Call, messages: list[Message]) -> tuple[int, dict[str, Any]]:
    queries.check_names(call.request, "max_results", "pagination_token", "event_types")
    kinds = queries.choices(call.request, "event_types", EVENT_TYPES)
    most = queries.whole_number(call.request, "max_results", MOST, LEAST, MOST)
    before, newest = queries.page_mark(call.request), lag.horizon(call)
    visible = (
        message
        for message in messages
        if message.made_at <= newest and (before is None or int(message.id) < before)
    )
    found = list(islice(visible, most + 1))
    if kinds and MESSAGE_CREATE not in kinds:
        found = []
    shown = found[:most]
    meta: dict[str, Any] = {"result_count": len(shown)}
    if len(found) > most:
        meta["next_token"] = queries.page_token(shown[-1].id)
    presenter = presenter_of(call)
    return 200, presenter.answer([presenter.message(message) for message in shown], meta)
