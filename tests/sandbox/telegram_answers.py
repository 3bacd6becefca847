"""Holds answers against Telegram's own description of its Bot API, where that file is at hand."""

import json
from functools import cache
from pathlib import Path

DESCRIPTION = Path(__file__).parents[2].parent / "shared" / "data" / "telegram-bot-api-10.1.json"
ABSENT = f"the Bot API's description is not at {DESCRIPTION.name}; it is not part of this project"


@cache
def api():
    return json.loads(DESCRIPTION.read_text(encoding="utf-8")) if DESCRIPTION.exists() else None


def check(method, result):
    """Fail when the result is not what the method returns; without the description, let it pass."""
    if api() is None:
        return
    problems = [problems_of(name, result, method) for name in api()["methods"][method]["returns"]]
    assert [] in problems, f"{method} answered against the Bot API: {min(problems, key=len)}"


def problems_of(name, value, where):
    """Return what is wrong with a value of this type, as sentences."""
    if name.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where} is not a list"]
        inner = name.removeprefix("Array of ")
        return [
            p for number, item in enumerate(value) for p in problems_of(inner, item, f"{where}[{number}]")
        ]
    if name in PLAIN:
        good = isinstance(value, PLAIN[name]) and (name == "Boolean" or not isinstance(value, bool))
        return [] if good else [f"{where} is not {name}: {value!r}"]
    return object_problems(name, value, where)


PLAIN = {"Integer": int, "Float": (int, float), "Boolean": bool, "String": str, "True": bool}


def object_problems(name, value, where):
    kind = api()["types"][name]
    if kind.get("subtypes"):
        return min((problems_of(sub, value, where) for sub in kind["subtypes"]), key=len)
    if not isinstance(value, dict):
        return [f"{where} is not {name}: {value!r}"]
    fields = {field["name"]: field for field in kind.get("fields", [])}
    found = [f"{where} has a field {key} that {name} has not" for key in value if key not in fields]
    found += [f"{where}.{key} is missing" for key, f in fields.items() if f["required"] and key not in value]
    for key in value.keys() & fields.keys():
        found += min((problems_of(t, value[key], f"{where}.{key}") for t in fields[key]["types"]), key=len)
    return found
