"""sendPhoto, sendDocument, sendAnimation, sendVideo, sendMediaGroup and getFile.

Pictures are cut in `pictures`; captions come from `methods.content`.
"""

import secrets
import ssl
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from sandbox.telegram import media as making
from sandbox.telegram.botview import file_json, message_json
from sandbox.telegram.files import DOWNLOAD_LIMIT, UPLOAD_LIMIT, StoredFile
from sandbox.telegram.messages import Media, Message
from sandbox.telegram.methods import content
from sandbox.telegram.methods.call import Call, Handler
from sandbox.telegram.methods.targets import chat_to_write
from sandbox.telegram.pictures import NotAPicture
from sandbox.telegram.posting import new_message, post
from sandbox.telegram.refusals import bad_request
from sandbox.telegram.spec import Upload

WRONG_FILE = "wrong file identifier/HTTP URL specified"
LOOPBACK = {"127.0.0.1", "localhost"}


def sender(kind: str) -> Handler:
    """Make the method that sends one file of this kind."""

    async def send(call: Call) -> dict[str, Any]:
        chat = chat_to_write(call)
        caption = content.caption_of(call.world, call.params)
        fields = content.common(call, chat) | {"text": caption.text, "entities": caption.entities}
        media = await media_of(call, kind, call.params[kind], call.params)
        return content.send(call, chat, media=media, **fields)

    return send


async def media_of(call: Call, kind: str, value: Any, numbers: dict[str, Any]) -> Media:
    """`value` is an upload, attach://name, a file_id or a URL."""
    if isinstance(value, str) and value.startswith("attach://"):
        value = call.uploads.get(value.removeprefix("attach://"))
        if value is None:
            raise bad_request("can't parse media: attached file not found")
    if isinstance(value, str) and "://" not in value:
        return _known_media(call, kind, value)
    upload = value if isinstance(value, Upload) else await fetched(str(value))
    return _made(call, kind, upload, numbers)


def _made(call: Call, kind: str, upload: Upload, numbers: dict[str, Any]) -> Media:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > UPLOAD_LIMIT:
        raise bad_request("file is too big")
    size = (int(numbers.get("width", 0)), int(numbers.get("height", 0)))
    try:
        return making.make(call.world.files, kind, upload, int(numbers.get("duration", 0)), size)
    except NotAPicture as problem:
        raise bad_request(str(problem)) from None


def _known_media(call: Call, kind: str, file_id: str) -> Media:
    stored = call.world.files.find(call.bot.id, file_id)
    if stored is None:
        raise bad_request(WRONG_FILE)
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}")
    return _made(call, kind, Upload(stored.name, stored.mime, stored.data), {})


@cache
def _trusted() -> ssl.SSLContext:
    """Read which certificates we trust: once, httpx would read them for every picture (25 ms)."""
    return httpx.create_ssl_context()


async def fetched(url: str) -> Upload:
    """Fetch a file; a sandbox reaches nothing beyond this machine."""
    if urlsplit(url).hostname not in LOOPBACK:
        raise bad_request("failed to get HTTP URL content")
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=10, verify=_trusted()) as client:
            answer = await client.get(url)
    except httpx.HTTPError:
        raise bad_request("failed to get HTTP URL content") from None
    if answer.status_code != httpx.codes.OK or len(answer.content) > DOWNLOAD_LIMIT:
        raise bad_request(WRONG_FILE)
    mime = answer.headers.get("content-type", "application/octet-stream").split(";")[0]
    return Upload(urlsplit(url).path.rsplit("/", 1)[-1] or "file", mime, answer.content)


async def media_from_input(call: Call, wish: dict[str, Any]) -> Media:
    """Make an InputMedia object's media."""
    if wish["type"] not in making.KINDS:
        raise bad_request(f"the sandbox has no media of type {wish['type']}")
    return await media_of(call, wish["type"], wish["media"], wish)


async def send_media_group(call: Call) -> list[dict[str, Any]]:
    """Answer sendMediaGroup."""
    chat = chat_to_write(call)
    wishes = call.params["media"]
    if not 2 <= len(wishes) <= 10:
        raise bad_request("there must be 2-10 media in the album" if wishes else "media must be non-empty")
    kinds = {wish["type"] for wish in wishes}
    if len(kinds) > 1 and not kinds <= {"photo", "video"}:
        raise bad_request("documents and audio can't be mixed with other media types in an album")
    common = content.common(call, chat)
    album = str(secrets.randbits(62))
    parts = [await _album_part(call, wish) for wish in wishes]
    sent = [
        new_message(call.world, chat, call.bot.user, media_group_id=album, **common | part) for part in parts
    ]
    return [_posted(call, message) for message in sent]


async def _album_part(call: Call, wish: dict[str, Any]) -> dict[str, Any]:
    caption = content.caption_of(call.world, wish)
    media = await media_from_input(call, wish)
    fields = {"media": media, "text": caption.text, "entities": caption.entities}
    above = wish.get("show_caption_above_media", False)
    return fields | {"spoiler": wish.get("has_spoiler", False), "caption_above": above}


def _posted(call: Call, message: Message) -> dict[str, Any]:
    post(call.world, message)
    return message_json(call.bot.id, message)


async def get_file(call: Call) -> dict[str, Any]:
    """Answer getFile."""
    stored: StoredFile | None = call.world.files.find(call.bot.id, call.params["file_id"])
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.data) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return file_json(call.bot.id, stored) | {"file_path": stored.path}
