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
        return {"file": self.name, "size": len(self.data)}


class Misfit(Exception):
    """A value is not of the type the API wants."""


@cache
def table() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files(__package__).joinpath("methods.json").read_text("utf-8"))
    return loaded


@cache
def served() -> dict[str, str]:
    """Lower-case name to name: Telegram reads method names in any case."""
    return {name.lower(): name for name in table()["methods"]}


def checked(method: str, given: dict[str, Any]) -> dict[str, Any]:
    """The parameters with their types; raises Refused. Empty strings in forms are as good as absent."""
    known = table()["methods"][method]
    for name in given:
        if name not in known and not isinstance(given[name], Upload):
            raise bad_request(f'unknown parameter "{name}"')
    found = {name: parameter(name, known[name], value) for name, value in given.items() if name in known}
    for name, wanted in known.items():
        if wanted.get("required") and found.get(name) in (None, ""):
            raise missing(name)
    return found


def parameter(name: str, wanted: dict[str, Any], value: Any) -> Any:
    try:
        return value_of(wanted["types"], value)
    except Misfit as misfit:
        raise unparseable(name, str(misfit)) from None


def missing(name: str) -> Refused:
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


def unparseable(name: str, why: str) -> Refused:
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
    """The value as the first of these types that takes it; the last misfit is told otherwise."""
    if len(types) > 1 and all(name.startswith("Array of ") for name in types):
        # an array whose items may be of different types, as in sendMediaGroup
        inner = [name.removeprefix("Array of ") for name in types]
        return [value_of(inner, item) for item in array_of("", value)]
    misfit = Misfit("unexpected value")
    for name in types:
        try:
            return one_value(name, value)
        except Misfit as found:
            misfit = found if worth_telling(name, value, misfit) else misfit
    raise misfit


def worth_telling(name: str, value: Any, so_far: Misfit) -> bool:
    """Of several object types, the one the value resembles says what is wrong."""
    parsed = parsed_json(value) if isinstance(value, str) else value
    known = table()["types"].get(name, {}).get("fields", {})
    if isinstance(parsed, dict) and "value" in known.get("type", {}):
        return bool(parsed.get("type") == known["type"]["value"])
    if isinstance(parsed, dict) and known:
        return bool(set(parsed) & {k for k, f in known.items() if f.get("required")})
    return str(so_far) == "unexpected value"


def one_value(name: str, value: Any) -> Any:
    if name.startswith("Array of "):
        return array_of(name.removeprefix("Array of "), value)
    if name in SIMPLE:
        return SIMPLE[name](value)
    return object_of(name, value)


def integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and INTEGER.fullmatch(value):
        return int(value)
    raise Misfit("an integer is expected")


def number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise Misfit("a number is expected") from None


def boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in BOOLEANS:
        return BOOLEANS[value.lower()]
    raise Misfit("a Boolean is expected")


def string(value: Any) -> str:
    if not isinstance(value, str):
        raise Misfit("a String is expected")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Misfit("strings must be encoded in UTF-8") from None
    return value


def uploaded(value: Any) -> Upload:
    if not isinstance(value, Upload):
        raise Misfit("a file is expected")
    return value


SIMPLE = {
    "Integer": integer,
    "Float": number,
    "Boolean": boolean,
    "String": string,
    "InputFile": uploaded,
}


def parsed_json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return None


def array_of(name: str, value: Any) -> list[Any]:
    parsed = parsed_json(value) if isinstance(value, str) else value
    if not isinstance(parsed, list):
        raise Misfit("an Array is expected")
    return [one_value(name, item) if name else item for item in parsed]


def object_of(name: str, value: Any) -> dict[str, Any]:
    parsed = parsed_json(value) if isinstance(value, str) else value
    if not isinstance(parsed, dict):
        raise Misfit("an Object is expected")
    kind = table()["types"][name]
    if "one_of" in kind:
        return object_of(chosen(kind["one_of"], parsed), parsed)
    return fields_of(name, kind["fields"], parsed)


def chosen(names: list[str], parsed: dict[str, Any]) -> str:
    for name in names:
        fixed = table()["types"][name]["fields"].get("type", {})
        if fixed.get("value") == parsed.get("type"):
            return name
    raise Misfit(f'unsupported type "{parsed.get("type")}" specified')


def fields_of(name: str, known: dict[str, Any], parsed: dict[str, Any]) -> dict[str, Any]:
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
