"""Raw parameters out of an HTTP request, as the Bot API takes them: query, form, multipart or JSON.

Types are checked later; see `spec`.
"""

import json
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from sandbox.telegram.refusals import Refused, bad_request
from sandbox.telegram.spec import Upload

# telegram-bot-api accepts uploads of 50 MB and somewhat more around them
LARGEST_BODY = 55 * 1024 * 1024


async def parameters(request: Request) -> dict[str, Any]:
    """Raise Refused for a body that cannot be read."""
    if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
        raise Refused(413, "Request Entity Too Large")
    found: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/json":
        return found | await _json_body(request)
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return found | await _form(request)
    return found


async def _json_body(request: Request) -> dict[str, Any]:
    body = await request.body()
    try:
        parsed = json.loads(body) if body else {}
        # a lone surrogate could not be told back to the bot
        json.dumps(parsed, ensure_ascii=False).encode()
    except ValueError:
        raise bad_request("can't parse request body as JSON object") from None
    if not isinstance(parsed, dict):
        raise bad_request("can't parse request body as JSON object")
    return {name: value for name, value in parsed.items() if value is not None}


async def _form(request: Request) -> dict[str, Any]:
    try:
        async with request.form(max_part_size=LARGEST_BODY) as fields:
            return {name: await _field(value) for name, value in fields.items()}
    except MultiPartException as problem:
        raise bad_request(f"can't parse the request's form: {problem.message}") from None


async def _field(value: str | UploadFile) -> str | Upload:
    if isinstance(value, str):
        return value
    mime = value.content_type or "application/octet-stream"
    return Upload(value.filename or "file", mime, await value.read())
