"""answerInlineQuery: what a bot may offer to who typed its name. Articles with a text only."""

import re
from typing import Any

from sandbox.telegram import keyboards
from sandbox.telegram.methods import content
from sandbox.telegram.methods.call import Call
from sandbox.telegram.methods.callbacks import TOO_OLD
from sandbox.telegram.queries import Found
from sandbox.telegram.refusals import bad_request

# Bot API, answerInlineQuery
MOST_RESULTS = 50
KEPT_UNLESS_TOLD = 300
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")


async def answer_inline_query(call: Call) -> bool:
    """Answer answerInlineQuery; the refusals' words are those of messages.setInlineBotResults."""
    query = call.world.queries.answerable(call.bot, call.params["inline_query_id"])
    if query is None:
        raise bad_request(TOO_OLD)
    given = call.params["results"]
    if len(given) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    results: dict[str, dict[str, Any]] = {}
    for one in given:
        if not 1 <= len(one["id"].encode()) <= 64:
            raise bad_request("RESULT_ID_INVALID")
        if one["id"] in results:
            raise bad_request("RESULT_ID_DUPLICATE")
        results[one["id"]] = _article(call, one)
    seconds = call.params.get("cache_time", KEPT_UNLESS_TOLD)
    personal = call.params.get("is_personal", False)
    call.world.queries.answer(query, Found(results, _button(call)), seconds, personal=personal)
    return True


def _article(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Make what would be sent of a result, with what a person sees before."""
    message = given.get("input_message_content") or {}
    if given["type"] != "article" or "message_text" not in message:
        raise bad_request("RESULT_TYPE_INVALID: the sandbox knows articles with a text only")
    if not given["title"].strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    text = content.text_of(call, {**message, "text": message["message_text"]})
    return {
        "title": given["title"],
        "description": given.get("description", ""),
        "text": text.text,
        "entities": text.entities,
        "markup": keyboards.checked_markup(given.get("reply_markup"), None),
        "link_preview": message.get("link_preview_options"),
    }


def _button(call: Call) -> dict[str, Any] | None:
    button = call.params.get("button")
    if not button:
        return None
    if not button["text"].strip():
        raise bad_request("SWITCH_PM_TEXT_EMPTY")
    if len([name for name in ("start_parameter", "web_app") if name in button]) != 1:
        raise bad_request("exactly one of the optional fields of the button must be used")
    if "start_parameter" in button and not START_PARAMETER.fullmatch(button["start_parameter"]):
        raise bad_request("START_PARAM_INVALID")
    return dict(button)
