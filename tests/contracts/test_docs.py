"""The documents are held to the code: settings, commands, states, modules, times, prices, links and pictures."""

import pkgutil
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest

from bot import cli, routes, settings_sources, webhook
from bot import settings as settings_
from storage import tables
from tests.contracts.documents import (
    PACKAGES,
    ROOT,
    anchors,
    code,
    documents,
    links,
    modules,
    name,
    read,
    rows,
    section,
    spans,
)
from texts import catalogue, formats

every_document = pytest.mark.parametrize("path", documents(), ids=name)
PROJECT = tomllib.loads(read("pyproject.toml"))["project"]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
_MODULE = re.compile(r"(?:bot|tasks|twitter|storage|texts|sandbox)/[\w/]+\.py")


# README


def test_readme_names_the_commands_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", read("Makefile"), re.MULTILINE))
    named = {
        target for path in documents() for target in re.findall(r"`make ([a-z-]+)`", path.read_text("utf-8"))
    }

    assert {"demo", "test", "check"} <= set(re.findall(r"`make ([a-z-]+)`", read("README.md")))
    assert named <= targets


def test_readme_names_what_a_fresh_machine_needs() -> None:
    wanted = {"python3", "python3-venv", "make", "git"}
    asked = set(re.findall(r"python3(?:-venv)?|\bmake\b", read("deploy/machine-check") + read(".ci/run")))

    assert asked <= wanted
    assert "sudo apt-get install python3 python3-venv make git" in read("README.md")


def test_readme_says_in_three_sentences_what_it_is() -> None:
    opening = read("README.md").split("\n\n")[1]

    assert len(re.findall(r"[.!?](?:\s|$)", opening)) == 3


# settings


def test_every_setting_is_documented_and_there_are_no_others() -> None:
    assert [code(row[0]) for row in _settings()] == list(settings_.Settings.model_fields)


def test_every_setting_is_documented_with_its_variable() -> None:
    assert [code(row[1]) for row in _settings()] == [
        settings_sources.PREFIX + field.upper() for field in settings_.Settings.model_fields
    ]


def test_every_setting_is_documented_with_its_default() -> None:
    loaded = settings_.load({"HOME": "/home/you", "PINFEATHER_BOT_TOKEN": f"{42:010d}:{'x' * 35}"})

    assert {code(row[0]): row[2].replace("`", "") for row in _settings()} == {
        field: "required" if field == "bot_token" else _shown(getattr(loaded, field))
        for field in settings_.Settings.model_fields
    }


def test_where_the_settings_lie_is_documented() -> None:
    where = settings_.places({"HOME": "/home/you"})

    for document in ("docs/settings.md", "docs/go-live.md"):
        assert _shown(where.settings_file) in spans(read(document))


def _settings() -> list[list[str]]:
    return rows(section("docs/settings.md", "All settings"))


def _shown(value: object) -> str:
    """Write a default as the documents do."""
    if hasattr(value, "get_secret_value"):
        value = value.get_secret_value()
    match value:
        case None:
            return "not set"
        case bool():
            return str(value).lower()
        case _:
            return str(value).replace("/home/you", "~")


# commands


def test_every_command_of_the_chat_is_documented_and_there_are_no_others() -> None:
    documented = [code(row[0]).split()[0].removeprefix("/") for row in _chat_commands()]

    assert sorted(documented) == sorted(routes.COMMANDS)


def test_commands_are_documented_with_where_they_answer_and_whom() -> None:
    documented = {code(row[0]).split()[0].removeprefix("/"): (row[1], row[2]) for row in _chat_commands()}

    assert documented == {
        command: ("private chat, groups" if route.in_groups else "private chat", _who(route))
        for command, route in routes.COMMANDS.items()
    }


def test_every_command_of_the_program_is_documented_and_there_are_no_others() -> None:
    documented = {code(row[0]) for row in rows(section("docs/commands.md", "On the command line"))}

    assert documented == {f"pinfeather {command}" for command in _program_commands()}


@every_document
def test_commands_of_the_program_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    called = "\n".join([text, *spans(text)])
    named = re.findall(r"^(?:\S*/)?pinfeather ([a-z]+)", called, re.MULTILINE)

    assert set(named) <= {command.split()[0] for command in _program_commands()}


def _chat_commands() -> list[list[str]]:
    return rows(section("docs/commands.md", "In the chat").split("\n### ")[0])


def _program_commands() -> set[str]:
    alone = {command.name or command.callback.__name__ for command in cli.app.registered_commands}
    grouped = {
        f"{group.name} {command.name}"
        for group in cli.app.registered_groups
        for command in group.typer_instance.registered_commands
    }
    return alone | grouped


def _who(route: routes.Route) -> str:
    return "operator" if route.operators else "everybody let in"


# words, tables, states


def test_every_table_is_in_the_glossary_and_there_are_no_others() -> None:
    documented = [code(row[0]) for row in rows(section("docs/glossary.md", "Tables"))]

    assert sorted(documented) == sorted(tables.Base.metadata.tables)


def test_every_state_is_in_the_glossary_and_there_are_no_others() -> None:
    documented = {row[0]: spans(row[1]) for row in rows(section("docs/glossary.md", "States"))}

    assert documented == {
        states.__name__.removesuffix("State"): [state.value for state in states] for states in _enums()
    }


def test_words_of_the_glossary_stand_in_order() -> None:
    words = re.findall(r"^\*\*([^*]+)\*\*", section("docs/glossary.md", "Words"), re.MULTILINE)

    assert words == sorted(words, key=str.casefold)


def _enums() -> Iterator[type[StrEnum]]:
    for thing in vars(tables).values():
        if isinstance(thing, type) and issubclass(thing, StrEnum) and thing is not StrEnum:
            yield thing


# architecture


def test_every_module_is_on_the_map_once() -> None:
    mapped = [path for line in _map_lines() for path in _MODULE.findall(line)[:1]]
    there = [name(path) for path in modules() if path.name != "__init__.py"]

    assert sorted(mapped) == sorted(there)


def test_every_module_on_the_map_says_what_it_is() -> None:
    assert [line for line in _map_lines() if len(line.partition("` ")[2]) < 10] == []


@every_document
def test_modules_that_are_named_exist(path: Path) -> None:
    named = {span for span in spans(path.read_text("utf-8")) if _MODULE.fullmatch(span)}

    assert {module for module in named if not (ROOT / module).exists()} == set()


def test_packages_are_described_in_the_order_of_their_imports() -> None:
    headings = re.findall(r"^### `(\w+)/`", section("docs/architecture.md", "The map"), re.MULTILINE)

    assert headings == list(PACKAGES)


def test_rules_the_code_refers_to_are_there() -> None:
    rules = re.findall(r"^(\d+)\. \*\*", section("docs/architecture.md", "The rules"), re.MULTILINE)
    said = {
        number
        for path in modules()
        for number in re.findall(r"\brule (\d+)\b", path.read_text(encoding="utf-8"))
    }

    assert rules == [str(number) for number in range(1, len(rules) + 1)]
    assert said <= set(rules)


def _map_lines() -> list[str]:
    lines = section("docs/architecture.md", "The map").splitlines()
    return [line for line in lines if line.startswith("- `")]


# times and prices


@pytest.mark.parametrize(
    "row",
    [
        row
        for document in ("docs/security.md", "docs/go-live.md")
        for row in rows(read(document))
        if re.fullmatch(r"`\w+\.[\w.]+\.[A-Z_]+(?:\.\w+)?`", row[-1])
    ],
    ids=lambda row: code(row[-1]),
)
def test_times_and_prices_are_those_of_the_code(row: list[str]) -> None:
    value = pkgutil.resolve_name(code(row[-1]))

    assert row[-2] == _in_words(value)


def _in_words(value: object) -> str:
    match value:
        case Decimal():
            return f"${value}"
        case timedelta():
            return _length(value)
        case _:
            return str(value)


def _length(length: timedelta) -> str:
    for unit, word in (
        (timedelta(days=1), "day"),
        (timedelta(hours=1), "hour"),
        (timedelta(minutes=1), "minute"),
    ):
        if length >= unit and not length % unit:
            count = length // unit
            return f"{count} {word}{'s' * (count > 1)}"
    return f"{length.total_seconds():.0f} seconds"


# operating, languages


def test_the_addresses_that_are_documented_are_those_served() -> None:
    async def handle(_: object) -> routes.Route:
        raise AssertionError("nothing is sent")

    async def ready() -> bool:
        return True

    served = webhook.Webhook("https://bot.example.org/hook", "x" * 32, handle, ready=ready).application()
    paths = {route.path for route in served.routes} - {"/hook"}

    assert paths <= set(spans(read("docs/operating.md")))


def test_the_functions_translators_may_call_are_documented() -> None:
    documented = {code(row[0]).split("(")[0].strip("{ ") for row in rows(read("docs/adding-a-language.md"))}

    assert set(formats.FUNCTIONS) <= documented


def test_the_key_a_language_must_have_is_documented() -> None:
    assert catalogue.NAME_KEY in spans(read("docs/adding-a-language.md"))


# decisions, changelog


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_one_page_with_its_parts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    number = int(path.name[:4])

    assert re.match(rf"# {number}\. \S", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Status",
        "Context",
        "Decision",
        "Consequences",
        "Considered",
    ]
    assert len(text.splitlines()) <= 60


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    listed = section("docs/architecture.md", "Decisions")

    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert [path.name for path in DECISIONS if f"(decisions/{path.name})" not in listed] == []


def test_the_changelog_knows_this_version_or_says_what_is_unreleased() -> None:
    headings = re.findall(r"^## \[([^\]]+)\]", read("CHANGELOG.md"), re.MULTILINE)

    assert headings[0] == "Unreleased" or headings[0] == PROJECT["version"]


# links, pictures


@every_document
def test_links_lead_somewhere(path: Path) -> None:
    dead = [target for is_picture, target in links(path) if not is_picture and not _leads(path, target)]

    assert dead == []


@every_document
def test_pictures_are_there(path: Path) -> None:
    pictures = [path.parent / target for is_picture, target in links(path) if is_picture]

    assert [name(picture.resolve()) for picture in pictures if not picture.is_file()] == []


def test_every_picture_is_shown() -> None:
    shown = {
        (path.parent / target).resolve() for path in documents() for picture, target in links(path) if picture
    }
    there = {path.resolve() for path in (ROOT / "docs" / "pictures").glob("*")}

    assert {name(path) for path in there - shown} == set()


@every_document
def test_pictures_say_what_they_show(path: Path) -> None:
    assert re.findall(r"!\[\s*\]\(", path.read_text(encoding="utf-8")) == []


def _leads(path: Path, target: str) -> bool:
    if re.match(r"https?://|mailto:", target):
        return True
    file, _, anchor = target.partition("#")
    there = (path.parent / file) if file else path
    return there.exists() and (not anchor or anchor in anchors(there))
