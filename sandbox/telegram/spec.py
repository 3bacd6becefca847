"""Checks a call's parameters against the table of served Bot API methods (methods.json).

Stricter than Telegram in one thing: a parameter or field the API does not have is refused instead of ignored,
so that a misspelt one is found. What a value means is checked by the method itself.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sandbox.telegram.refusals import Refused, bad_request

INTEGER = re.compile(r"-?\d{1,19}")
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Upload:
    """A file that came with a call or from a phone."""

    name: str
    mime: str
    data: bytes

    def as_json(self) -> dict[str, Any]:
        """Show it in the record of calls: name and size, no content."""
        return {"file": self.name, "size": len(self.data)}


class Misfit(Exception):  # noqa: N818 - what the value is
    """A value is not of the type the API wants."""


@cache
def table() -> dict[str, Any]:
    """Return methods.json."""
    loaded: dict[str, Any] = json.loads(files(__package__).joinpath("methods.json").read_text("utf-8"))
    return loaded


@cache
def served() -> dict[str, str]:
    """Lower-case name to name: Telegram reads method names in any case."""
    return {name.lower(): name for name in table()["methods"]}


def checked(method: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters with their types; raises Refused. An empty string is as good as none."""
    known = table()["methods"][method]
    for name, value in given.items():
        if name not in known and not isinstance(value, Upload):
            raise bad_request(f'unknown parameter "{name}"')
    found = {name: _parameter(name, known[name], value) for name, value in given.items() if name in known}
    for name, wanted in known.items():
        if wanted.get("required") and found.get(name) in (None, ""):
            raise _missing(name)
    return found


def _parameter(name: str, wanted: dict[str, Any], value: Any) -> Any:
    try:
        return value_of(wanted["types"], value)
    except Misfit as misfit:
        raise _unparseable(name, str(misfit)) from None


def _missing(name: str) -> Refused:
    words = {
        "chat_id": "chat_id is empty",
        "text": "message text is empty",
        "message_id": "message identifier is not specified",
        "photo": "there is no photo in the request",
        "document": "there is no document in the request",
        "video": "there is no video in the request",
        "animation": "there is no animation in the request",
        "file_id": "file_id not specified",
        "user_id": "invalid user_id specified",
    }
    return bad_request(words.get(name, f'parameter "{name}" is required'))


def _unparseable(name: str, why: str) -> Refused:
    words = {
        "reply_markup": f"can't parse reply markup JSON object: {why}",
        "entities": f"can't parse entities JSON object: {why}",
        "caption_entities": f"can't parse caption_entities JSON object: {why}",
        "reply_parameters": f"can't parse reply parameters JSON object: {why}",
        "media": f"can't parse media JSON object: {why}",
        "commands": f"can't parse commands JSON object: {why}",
        "scope": f"can't parse BotCommandScope JSON object: {why}",
    }
    return bad_request(words.get(name, f'invalid value of parameter "{name}": {why}'))


def value_of(types: list[str], value: Any) -> Any:
    """Read the value as the first of these types that takes it; otherwise tell the likeliest misfit."""
    if len(types) > 1 and all(name.startswith("Array of ") for name in types):
        # an array whose items may be of different types, as in sendMediaGroup
        inner = [name.removeprefix("Array of ") for name in types]
        return [value_of(inner, item) for item in _list(value)]
    misfit = Misfit("unexpected value")
    for name in types:
        try:
            return _one_value(name, value)
        except Misfit as found:
            misfit = found if worth_telling(name, value, misfit) else misfit
    raise misfit


def worth_telling(name: str, value: Any, so_far: Misfit) -> bool:
    """Of several object types, the one the value resembles says what is wrong."""
    parsed = _parsed_json(value) if isinstance(value, str) else value
    known = table()["types"].get(name, {}).get("fields", {})
    if isinstance(parsed, dict) and "value" in known.get("type", {}):
        return bool(parsed.get("type") == known["type"]["value"])
    if isinstance(parsed, dict) and known:
        return bool(set(parsed) & {k for k, f in known.items() if f.get("required")})
    return str(so_far) == "unexpected value"


def _one_value(name: str, value: Any) -> Any:
    if name.startswith("Array of "):
        return [_one_value(name.removeprefix("Array of "), item) for item in _list(value)]
    if name in SIMPLE:
        return SIMPLE[name](value)
    return _object_of(name, value)


def _integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and INTEGER.fullmatch(value):
        return int(value)
    raise Misfit("an integer is expected")


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise Misfit("a number is expected") from None


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in BOOLEANS:
        return BOOLEANS[value.lower()]
    raise Misfit("a Boolean is expected")


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise Misfit("a String is expected")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Misfit("strings must be encoded in UTF-8") from None
    return value


def _uploaded(value: Any) -> Upload:
    if not isinstance(value, Upload):
        raise Misfit("a file is expected")
    return value


SIMPLE = {
    "Integer": _integer,
    "Float": _number,
    "Boolean": _boolean,
    "String": _string,
    "InputFile": _uploaded,
}


def _parsed_json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return None


def _list(value: Any) -> list[Any]:
    parsed = _parsed_json(value) if isinstance(value, str) else value
    if not isinstance(parsed, list):
        raise Misfit("an Array is expected")
    return parsed


def _object_of(name: str, value: Any) -> dict[str, Any]:
    parsed = _parsed_json(value) if isinstance(value, str) else value
    if not isinstance(parsed, dict):
        raise Misfit("an Object is expected")
    kind = table()["types"][name]
    if "one_of" in kind:
        return _object_of(_chosen(kind["one_of"], parsed), parsed)
    return _fields_of(name, kind["fields"], parsed)


def _chosen(names: list[str], parsed: dict[str, Any]) -> str:
    """Find which of several types an object is: by its `type`, and by having what that type requires."""
    possible = [name for name in names if _may_be(table()["types"][name]["fields"], parsed)]
    if not possible:
        raise Misfit(f'unsupported type "{parsed.get("type")}" specified')
    whole = [name for name in possible if _required(name) <= set(parsed)]
    return (whole or possible)[0]


def _may_be(fields: dict[str, Any], parsed: dict[str, Any]) -> bool:
    fixed = fields.get("type", {}).get("value")
    return fixed is None or bool(fixed == parsed.get("type"))


def _required(name: str) -> set[str]:
    return {key for key, field in table()["types"][name]["fields"].items() if field.get("required")}


def _fields_of(name: str, known: dict[str, Any], parsed: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in parsed.items():
        if key not in known:
            raise Misfit(f'{name} has no field "{key}"')
        try:
            found[key] = value_of(known[key]["types"], value)
        except Misfit as misfit:
            raise Misfit(f'field "{key}" of {name}: {misfit}') from None
    for key, wanted in known.items():
        if wanted.get("required") and key not in found:
            raise Misfit(f'can\'t find field "{key}"')
        if wanted.get("value") and found.get(key) not in (None, wanted["value"]):
            raise Misfit(f'field "{key}" of {name} must be "{wanted["value"]}"')
    return found
