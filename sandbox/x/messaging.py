"""API v2: send a direct message to somebody, and read conversations page by page. Knows no groups.

Who may write to whom is decided in messages.py.
"""

from itertools import islice
from typing import Any

from sandbox.x import lag, queries
from sandbox.x.gate import Call, Operation
from sandbox.x.messages import PRICE, Message
from sandbox.x.schema import check_message
from sandbox.x.users import presenter_of

# OpenAPI 2.166: max_results of the events is 1 to 100, 100 when left out.
LEAST = 1
MOST = 100
EVENT_TYPE = "MessageCreate"


def operations() -> list[Operation]:
    """Return the endpoints of this module."""
    with_one = "/2/dm_conversations/with/{participant_id}"
    return [
        Operation("POST", with_one + "/messages", send, writes=True, direct=True),
        Operation("GET", with_one + "/dm_events", conversation, direct=True),
        Operation("GET", "/2/dm_events", everything, direct=True),
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


async def everything(call: Call) -> tuple[int, dict[str, Any]]:
    """Return the events of all conversations, newest first."""
    return _listing(call, call.world.messages.of(call.account))


def _listing(call: Call, messages: list[Message]) -> tuple[int, dict[str, Any]]:
    most = queries.whole_number(call.request, "max_results", MOST, LEAST, MOST)
    before, newest = queries.page_mark(call.request), lag.horizon(call)
    visible = (
        message
        for message in messages
        if message.made_at <= newest and (before is None or int(message.id) < before)
    )
    found = list(islice(visible, most + 1))
    if EVENT_TYPE not in call.request.query_params.get("event_types", EVENT_TYPE).split(","):
        found = []
    shown = found[:most]
    meta: dict[str, Any] = {"result_count": len(shown)}
    if len(found) > most:
        meta["next_token"] = queries.page_token(shown[-1].id)
    presenter = presenter_of(call)
    return 200, presenter.answer([presenter.message(message) for message in shown], meta)
