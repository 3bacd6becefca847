"""answerCallbackQuery: what the person who pressed a button gets to see."""

from sandbox.telegram.methods.call import Call
from sandbox.telegram.refusals import bad_request

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


async def answer_callback_query(call: Call) -> bool:
    """Accept an answer once; a second one is taken and shown to nobody."""
    press = call.world.presses.find(call.bot, call.params["callback_query_id"])
    if press is None:
        raise bad_request(TOO_OLD)
    text = call.params.get("text", "")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    if press.done.is_set():
        # a second answer is accepted and shown to nobody
        return True
    press.answer = {
        "text": text,
        "show_alert": call.params.get("show_alert", False),
        "url": call.params.get("url"),
    }
    press.done.set()
    event = {"kind": "answer", "chat": press.message.chat.address, "message_id": press.message.message_id}
    call.world.events.tell(press.person, event | press.answer)
    return True
