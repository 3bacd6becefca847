"""One Bot API call from token and raw parameters to an answer: checks, faults, flood limits, the record.

HTTP is not known here but for the few ways a connection can go wrong, which are named.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
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

OK = 200
# what Telegram's flood control counts (https://core.telegram.org/bots/faq)
PACED = ("send", "edit", "forward", "copy")
HTML_502 = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
    "<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)


@dataclass(frozen=True)
class Answer:
    """What goes back; `drop` closes the connection instead, `html` stands for a broken proxy's page."""

    status: int = OK
    body: dict[str, Any] | None = None
    html: str | None = None
    drop: bool = False

    def words(self) -> str | None:
        """Return what went wrong, for the record of calls."""
        if self.drop:
            return "connection dropped"
        return "an HTML page instead of an answer" if self.html else (self.body or {}).get("description")


async def answer(world: World, token: str, method: str, raw: dict[str, Any]) -> Answer:
    """Answer one call, whoever made it, and record it."""
    bot = world.bot_by_token(token)
    if bot is None:
        return refused(Refused(*UNAUTHORIZED))
    name = spec.served().get(method.lower())
    if name is None:
        return refused(Refused(*NOT_FOUND))
    entry = world.calls.record(world.clock.now(), bot.id, name, _recorded(raw))
    fault = world.faults.for_call(bot.id, name, _number(raw, "chat_id"), _number(raw, "user_id"))
    done, shown = await _through(fault, partial(_carried_out, world, bot, name, raw, entry))
    entry["fault"] = fault.name if fault else None
    entry["ok"] = done is not None and done.status == OK
    entry["description"] = (done or shown).words()
    return shown


def _recorded(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: value.as_json() if isinstance(value, spec.Upload) else value for name, value in raw.items()}


def refused(problem: Refused) -> Answer:
    """Make an answer of a refusal."""
    return Answer(problem.code, problem.as_json())


async def _through(
    fault: Fault | None, carry_out: Callable[[], Awaitable[Answer]]
) -> tuple[Answer | None, Answer]:
    """Carry the call out through a fault: what was done (None: nothing), and what the bot gets to see."""
    if fault is None:
        done = await carry_out()
        return done, done
    if fault.name in {"slow", "hang"}:
        await asyncio.sleep(fault.seconds)
    if fault.name not in {"slow", "drop_after"}:
        return None, _instead(fault)
    done = await carry_out()
    return done, done if fault.name == "slow" else Answer(drop=True)


def _instead(fault: Fault) -> Answer:
    """Give the answer of a fault that keeps the call from being carried out."""
    if fault.name in {"hang", "drop_before"}:
        return Answer(drop=True)
    if fault.name == "server_error":
        return Answer(fault.status, html=HTML_502)
    refusals = {
        "rate_limited": too_many_requests(max(1, round(fault.seconds))),
        "forbidden_blocked": forbidden("bot was blocked by the user"),
        "not_found_chat": bad_request("chat not found"),
        "member_inaccessible": bad_request("member list is inaccessible"),
        "user_not_found": bad_request("user not found"),
        "file_missing": bad_request("wrong file_id or the file is temporarily unavailable"),
    }
    return refused(refusals[fault.name])


def _number(raw: dict[str, Any], name: str) -> int | None:
    try:
        return int(raw[name])
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
        return refused(problem)
    return Answer(OK, {"ok": True, "result": result})
