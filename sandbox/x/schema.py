"""The shape of what is posted, checked in the words of X's JSON schema validator. Knows no accounts.

Shapes: CreatePostsRequest and CreateDirectMessagesByParticipantIdRequest of X's OpenAPI 2.167; the wording
of the messages follows the reported "$.media.media_ids: string found, array expected".
"""

import re
from typing import Any

from sandbox.x.errors import XError, invalid

_NAMES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
_ID = re.compile(r"[0-9]{1,19}")
TOP: dict[str, type] = {
    "card_uri": str,
    "community_id": str,
    "direct_message_deep_link": str,
    "edit_options": dict,
    "for_super_followers_only": bool,
    "geo": dict,
    "made_with_ai": bool,
    "media": dict,
    "nullcast": bool,
    "paid_partnership": bool,
    "poll": dict,
    "quote_tweet_id": str,
    "reply": dict,
    "reply_settings": str,
    "share_with_followers": bool,
    "text": str,
}
POLL: dict[str, type] = {"duration_minutes": int, "options": list, "reply_settings": str}
POLL_MINUTES = (5, 10_080)
POLL_OPTIONS = (2, 4)
POLL_OPTION_LENGTH = 25
EDIT: dict[str, type] = {"previous_post_id": str}
GEO: dict[str, type] = {"place_id": str}
EXCLUSIVE = ("card_uri", "media", "poll", "quote_tweet_id")
MEDIA: dict[str, type] = {
    "call_to_actions": dict,
    "description": str,
    "embeddable": bool,
    "media_ids": list,
    "preview_media_id": str,
    "tagged_user_ids": list,
    "title": str,
}
REPLY: dict[str, type] = {
    "auto_populate_reply_metadata": bool,
    "exclude_reply_user_ids": list,
    "in_reply_to_tweet_id": str,
}
MESSAGE: dict[str, type] = {"attachments": list, "text": str}
ATTACHMENT: dict[str, type] = {"media_id": str}
REPLY_SETTINGS = ("following", "mentionedUsers", "subscribers", "verified")


def check_post(body: dict[str, Any]) -> None:
    """Raise XError 400 when the body is not what POST /2/tweets takes."""
    _check_object("$", body, TOP)
    if "media" in body:
        _check_object("$.media", body["media"], MEDIA, required="media_ids")
        _check_ids("$.media.media_ids", body["media"]["media_ids"], 4)
        _check_ids("$.media.tagged_user_ids", body["media"].get("tagged_user_ids", []), 10, least=0)
    if "reply" in body:
        _check_object("$.reply", body["reply"], REPLY, required="in_reply_to_tweet_id")
        _check_id("$.reply.in_reply_to_tweet_id", body["reply"]["in_reply_to_tweet_id"])
        excluded = body["reply"].get("exclude_reply_user_ids", [])
        for index, found in enumerate(excluded):
            _check_id(f"$.reply.exclude_reply_user_ids[{index}]", found)
    for name in ("quote_tweet_id", "community_id"):
        if name in body:
            _check_id(f"$.{name}", body[name])
    if "edit_options" in body:
        _check_object("$.edit_options", body["edit_options"], EDIT, required="previous_post_id")
        _check_id("$.edit_options.previous_post_id", body["edit_options"]["previous_post_id"])
    if "geo" in body:
        _check_object("$.geo", body["geo"], GEO)
    if "poll" in body:
        _check_poll(body["poll"])
    _check_reply_settings("$.reply_settings", body)
    exclusive = [name for name in EXCLUSIVE if name in body]
    if len(exclusive) > 1:
        raise _wrong(f"$: {', '.join(exclusive)} are mutually exclusive")


def check_target(body: dict[str, Any], name: str) -> str:
    """Return the id that is all a like or a repost is made of. Raises XError 400 for anything else."""
    _check_object("$", body, {name: str}, required=name)
    _check_id(f"$.{name}", body[name])
    return str(body[name])


def check_message(body: dict[str, Any]) -> None:
    """Raise XError 400 when the body is not what a direct message is made of."""
    _check_object("$", body, MESSAGE)
    if not body:
        raise _wrong("$: required key [text] or [attachments] not found")
    if "text" in body and not body["text"]:
        raise _wrong("$.text: must be at least 1 characters long")
    attachments = body.get("attachments", [])
    # x-api/direct-messages/manage: one attachment a message.
    if len(attachments) > 1:
        raise _wrong("$.attachments: there must be a maximum of 1 items in the array")
    for found in attachments:
        if not isinstance(found, dict):
            raise _wrong(f"$.attachments[0]: {_name(found)} found, object expected")
        _check_object("$.attachments[0]", found, ATTACHMENT, required="media_id")
        _check_id("$.attachments[0].media_id", found["media_id"])


def _check_object(
    where: str, found: dict[str, Any], known: dict[str, type], required: str | None = None
) -> None:
    for name, value in found.items():
        if name not in known:
            rest = "is not defined in the schema and the schema does not allow additional properties"
            raise _wrong(f"{where}.{name}: {rest}")
        if type(value) is not known[name]:
            raise _wrong(f"{where}.{name}: {_name(value)} found, {_NAMES[known[name]]} expected")
    if required is not None and required not in found:
        raise _wrong(f"{where}.{required}: is missing but it is required")


def _check_poll(poll: dict[str, Any]) -> None:
    _check_object("$.poll", poll, POLL, required="duration_minutes")
    _check_object("$.poll", poll, POLL, required="options")
    least, most = POLL_OPTIONS
    _check_size("$.poll.options", poll["options"], most, least)
    for index, option in enumerate(poll["options"]):
        where = f"$.poll.options[{index}]"
        if not isinstance(option, str):
            raise _wrong(f"{where}: {_name(option)} found, string expected")
        if not option:
            raise _wrong(f"{where}: must be at least 1 characters long")
        if len(option) > POLL_OPTION_LENGTH:
            raise _wrong(f"{where}: may only be {POLL_OPTION_LENGTH} characters long")
    least, most = POLL_MINUTES
    if poll["duration_minutes"] < least:
        raise _wrong(f"$.poll.duration_minutes: must have a minimum value of {least}")
    if poll["duration_minutes"] > most:
        raise _wrong(f"$.poll.duration_minutes: must have a maximum value of {most}")
    _check_reply_settings("$.poll.reply_settings", poll)


def _check_reply_settings(where: str, found: dict[str, Any]) -> None:
    if found.get("reply_settings", "verified") not in REPLY_SETTINGS:
        raise _wrong(f"{where}: does not have a value in the enumeration {list(REPLY_SETTINGS)}")


def _check_size(where: str, found: list[Any], most: int, least: int) -> None:
    if len(found) > most:
        raise _wrong(f"{where}: there must be a maximum of {most} items in the array")
    if len(found) < least:
        raise _wrong(f"{where}: there must be a minimum of {least} items in the array")


def _check_ids(where: str, found: list[Any], most: int, least: int = 1) -> None:
    _check_size(where, found, most, least)
    for index, value in enumerate(found):
        _check_id(f"{where}[{index}]", value)


def _check_id(where: str, found: Any) -> None:
    if not isinstance(found, str):
        raise _wrong(f"{where}: {_name(found)} found, string expected")
    if not _ID.fullmatch(found):
        raise _wrong(f"{where}: does not match the regex pattern ^[0-9]{{1,19}}$")


def _name(value: Any) -> str:
    return "null" if value is None else _NAMES[type(value)]


def _wrong(message: str) -> XError:
    return invalid(message)
