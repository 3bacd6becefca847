"""Every key the code says is in the language files, and the files hold no sentence nobody says."""

import ast
from collections.abc import Iterator
from pathlib import Path

from texts import catalogue

ROOT = Path(__file__).parents[2]
#: Calls whose first argument is a key.
SAYING = {"Reply", "Toast", "Button", "Say", "Refusal", "Problem"}
METHODS = {"say", "label"}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for package in ("bot", "tasks"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def keys_said() -> Iterator[tuple[str, str]]:
    for path, module in sources():
        for node in ast.walk(module):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            given = node.args[:1] if name in SAYING else []
            given += [k.value for k in node.keywords if name == "Reply" and k.arg == "ask"]
            for argument in given:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                    yield catalogue.fluent_id(argument.value), f"{path.relative_to(ROOT)}:{node.lineno}"


def test_every_key_said_in_the_code_is_in_the_catalogue():
    known = catalogue.load().keys

    missing = {f"{key} ({where})" for key, where in keys_said() if key not in known}

    assert missing == set()


def test_every_sentence_is_mentioned_somewhere_in_the_code():
    literals = [
        node.value
        for _, module in sources()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    mentioned = {catalogue.fluent_id(text) for text in literals}
    # keys put together from a prefix and a code: f"x.{code}", f"menu.{command}"
    prefixes = tuple(text for text in mentioned if text.endswith(("-", "_")) and len(text) > 1)

    unsaid = {
        key
        for key in catalogue.load().keys
        if key not in mentioned and not key.startswith(prefixes) and key != catalogue.NAME_KEY
    }

    assert unsaid == set()
