"""API v2: uploading media whole or in segments, its state, its alt text. Limits are in media.py."""

import base64
import binascii
from typing import Any

from starlette.datastructures import FormData, UploadFile

from sandbox.x import errors, queries
from sandbox.x.gate import Call, Operation, subject
from sandbox.x.media import CHUNK_LIMIT, KINDS, PROCESSING_SECONDS, Media

SEGMENTS = 999
ALT_TEXT_LIMIT = 1000
# X's price list (x-api/getting-started/pricing.mdx), US dollars: media metadata.
PRICE_METADATA = 0.005
_STATE_FAULTS = frozenset({"media_failed", "media_slow"})
# The file part may be as large as a chunk may be, and a little more so that 413 can be said in words.
_PART_LIMIT = CHUNK_LIMIT * 2


def operations() -> list[Operation]:
    """Return the endpoints of this module."""
    return [
        Operation("POST", "/2/media/upload/initialize", initialize, writes=True),
        Operation("POST", "/2/media/upload/{id}/append", append, writes=True),
        Operation("POST", "/2/media/upload/{id}/finalize", finalize, writes=True),
        Operation("GET", "/2/media/upload", status),
        Operation("POST", "/2/media/upload", one_shot, writes=True),
        Operation("POST", "/2/media/metadata", metadata, writes=True),
    ]


async def initialize(call: Call) -> tuple[int, dict[str, Any]]:
    """Open an upload."""
    wanted = call.json()
    category, content_type = wanted.get("media_category"), wanted.get("media_type")
    total = wanted.get("total_bytes")
    if category not in KINDS:
        raise errors.invalid("$.media_category: does not have a value in the enumeration")
    if not isinstance(content_type, str) or type(total) is not int or total < 1:
        raise errors.invalid("$.total_bytes, $.media_type: are missing but they are required")
    shelf = call.world.media
    media = shelf.begin(call.account, category, content_type, total)
    left = shelf.left_seconds(media)
    return 200, {"data": {"id": media.id, "media_key": media.key, "expires_after_secs": left}}


async def append(call: Call) -> tuple[int, dict[str, Any]]:
    """Take one segment, as multipart or as JSON with base64."""
    media = call.world.media.own(call.account, queries.path_id(call.request))
    fields = await _fields(call)
    index = str(fields.get("segment_index", ""))
    if not index.isascii() or not index.isdigit() or int(index) > SEGMENTS:
        raise errors.invalid(f"$.segment_index: must be between 0 and {SEGMENTS}")
    call.world.media.append(media, int(index), await _bytes(fields.get("media")))
    expires = int(call.world.clock.now()) + call.world.media.left_seconds(media)
    return 200, {"data": {"expires_at": expires}}


async def finalize(call: Call) -> tuple[int, dict[str, Any]]:
    """Join the segments; videos and GIFs are then processed for a while."""
    media = call.world.media.own(call.account, queries.path_id(call.request))
    _finish(call, media)
    return 200, {"data": _described(call, media)}


async def status(call: Call) -> tuple[int, dict[str, Any]]:
    """Tell how far the processing is."""
    wanted = call.request.query_params.get("media_id", "")
    media = call.world.media.own(call.account, wanted)
    return 200, {"data": _described(call, media)}


async def one_shot(call: Call) -> tuple[int, dict[str, Any]]:
    """Take a whole small picture at once."""
    fields = await _fields(call)
    category = str(fields.get("media_category", ""))
    if category not in KINDS:
        raise errors.invalid("$.media_category: is missing but it is required")
    content = await _bytes(fields.get("media"))
    content_type = str(fields.get("media_type") or "image/jpeg")
    media = call.world.media.begin(call.account, category, content_type, len(content))
    call.world.media.append(media, 0, content)
    _finish(call, media)
    return 200, {"data": _described(call, media)}


async def metadata(call: Call) -> tuple[int, dict[str, Any]]:
    """Set the alt text."""
    wanted = call.json()
    media = call.world.media.own(call.account, str(wanted.get("id", "")))
    about = wanted.get("metadata")
    alt = about.get("alt_text") if isinstance(about, dict) else None
    text = alt.get("text") if isinstance(alt, dict) else None
    if not isinstance(text, str):
        raise errors.invalid("$.metadata.alt_text.text: is missing but it is required")
    if len(text) > ALT_TEXT_LIMIT:
        raise errors.invalid(f"$.metadata.alt_text.text: may only be {ALT_TEXT_LIMIT} characters long")
    media.alt_text = text
    call.request.scope["state"]["price"] = PRICE_METADATA
    return 200, {"data": {"id": media.id, "associated_metadata": {"alt_text": {"text": text}}}}


def _finish(call: Call, media: Media) -> None:
    fault = call.world.faults.take(subject(call.request), _STATE_FAULTS)
    seconds, failed = PROCESSING_SECONDS, False
    if fault is not None:
        call.request.scope["state"]["fault"] = fault.name
        failed = fault.name == "media_failed"
        seconds = fault.seconds if fault.seconds is not None else (0.0 if failed else 30.0)
    call.world.media.finish(media, seconds, failed=failed)


def _described(call: Call, media: Media) -> dict[str, Any]:
    shelf = call.world.media
    about: dict[str, Any] = {
        "id": media.id,
        "media_key": media.key,
        "expires_after_secs": shelf.left_seconds(media),
    }
    if media.content is not None:
        about["size"] = len(media.content)
    if media.kind == "photo" and media.content is not None:
        about["image"] = {"image_type": media.content_type, "w": media.width, "h": media.height}
    else:
        about["processing_info"] = _processing(call, media)
    return about


def _processing(call: Call, media: Media) -> dict[str, Any]:
    state = call.world.media.state(media)
    if state == "succeeded":
        return {"state": state, "progress_percent": 100}
    if state == "failed":
        return {"state": state}
    if state == "pending":
        return {"state": state, "check_after_secs": 1}
    return {"state": state, "check_after_secs": 1, "progress_percent": call.world.media.progress(media)}


async def _fields(call: Call) -> dict[str, Any] | FormData:
    if call.request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await call.request.form(max_part_size=_PART_LIMIT)
    return call.json()


async def _bytes(found: Any) -> bytes:
    if isinstance(found, UploadFile):
        return await found.read()
    if not isinstance(found, str) or not found:
        raise errors.invalid("$.media: is missing but it is required")
    try:
        return base64.b64decode(found, validate=True)
    except binascii.Error as error:
        raise errors.invalid("$.media: is not base64") from error
