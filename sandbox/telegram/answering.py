"""One Bot API call from token and raw parameters to an answer: checks, faults, flood limits, the record.

HTTP is not known here but for the few ways a connection can go wrong, which are named.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from sandbox.telegram import spec
from sandbox.telegram.faults import Fault
from sandbox.telegram.methods import METHODS, Call
from sandbox.telegram.people import Bot
from sandbox.telegram.refusals import (
    NOT_FOUND,
    UNAUTHORIZED,
    Refused,
    bad_request,
    forbidden,
    too_many_requests,
)
from sandbox.telegram.world import World

# what Telegram's flood control counts (https://core.telegram.org/bots/faq)
PACED = ("send", "edit", "forward", "copy")
HTML_502 = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
    "<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)


@dataclass(frozen=True)
class Answer:
    """What goes back; `drop` closes the connection instead, `html` stands for a broken proxy's page."""

    status: int = 200
    body: dict[str, Any] | None = None
    html: str | None = None
    drop: bool = False


async def answer(world: World, token: str, method: str, raw: dict[str, Any]) -> Answer:
    """Answer one call, whoever made it, and record it."""
    bot = world.bot_by_token(token)
    if bot is None:
        return refused(Refused(*UNAUTHORIZED))
    name = spec.served().get(method.lower())
    if name is None:
        return refused(Refused(*NOT_FOUND))
    entry = world.calls.record(world.clock.now(), bot.id, name, _recorded(raw))
    found = await faulty(world, bot, name, raw, entry)
    description = (found.body or {}).get("description") if not found.drop else "connection dropped"
    entry.setdefault("fault", None)
    entry["ok"] = found.status == 200 and not found.drop if entry["ok"] is None else entry["ok"]
    entry["description"] = description or (found.html and "HTML page instead of an answer")
    return found


def _recorded(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: value.as_json() if isinstance(value, spec.Upload) else value for name, value in raw.items()}


def refused(problem: Refused) -> Answer:
    """Make an answer of a refusal."""
    return Answer(problem.code, problem.as_json())


async def faulty(world: World, bot: Bot, method: str, raw: dict[str, Any], entry: dict[str, Any]) -> Answer:
    """Answer the call with whatever fault hits it."""
    fault = world.faults.for_call(bot.id, method, _chat_number(raw))
    if fault is None:
        return await _carried_out(world, bot, method, raw, entry)
    entry["fault"] = fault.name
    if fault.name in {"slow", "hang"}:
        await asyncio.sleep(fault.seconds)
    if fault.name in {"slow", "drop_after"}:
        done = await _carried_out(world, bot, method, raw, entry)
        return done if fault.name == "slow" else Answer(drop=True)
    return instead(fault)


def instead(fault: Fault) -> Answer:
    """Give the answer of a fault that keeps the call from being carried out."""
    if fault.name in {"hang", "drop_before"}:
        return Answer(drop=True)
    if fault.name == "server_error":
        return Answer(fault.status, html=HTML_502)
    refusals = {
        "rate_limited": too_many_requests(max(1, round(fault.seconds))),
        "forbidden_blocked": forbidden("bot was blocked by the user"),
        "not_found_chat": bad_request("chat not found"),
        "file_missing": bad_request("wrong file_id or the file is temporarily unavailable"),
    }
    return refused(refusals[fault.name])


def _chat_number(raw: dict[str, Any]) -> int | None:
    try:
        return int(raw["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None


async def _carried_out(
    world: World, bot: Bot, method: str, raw: dict[str, Any], entry: dict[str, Any]
) -> Answer:
    try:
        params = spec.checked(method, raw)
        entry["params"] = {**entry["params"], **_recorded(params)}
        uploads = {name: value for name, value in raw.items() if isinstance(value, spec.Upload)}
        wait = (
            world.flood.seconds_to_wait(bot.id, params.get("chat_id", 0)) if method.startswith(PACED) else 0
        )
        if wait:
            raise too_many_requests(wait)
        result = await METHODS[method](Call(world, bot, method, params, uploads))
    except Refused as problem:
        entry["ok"] = False
        entry["description"] = problem.description
        return refused(problem)
    entry["ok"] = True
    return Answer(200, {"ok": True, "result": result})
