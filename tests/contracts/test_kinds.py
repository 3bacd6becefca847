"""The table of kinds is held to commands, help, menus and documents."""

import re

import pytest

from bot import routes
from tasks.kinds import KINDS, OF_COMMAND
from tests.contracts.kinds_table import DOCUMENT, document
from texts import catalogue as catalogues

#: VisualCron's Twitter tasks (its documentation, "Twitter tasks").
FOURTEEN = (
    "Tweet", "Reply tweet", "Get tweet", "Delete tweet", "Retweet", "Like", "Follow user", "Send direct message",
    "Get messages", "Search tweets", "Get timeline", "Get mentions", "Get friends", "Get followers",
)  # fmt: skip
CATALOGUE = catalogues.load()
PRIVATE = [name for name, route in routes.COMMANDS.items() if not route.operators]


def test_the_document_has_the_table_of_the_code():
    written = DOCUMENT.read_text("utf-8")

    assert document(written) == written, "write it: python -m tests.contracts.kinds_table"


def test_each_of_the_fourteen_tasks_has_its_kind():
    told = {task for kind in KINDS.values() for task in kind.task.split(", ")}

    assert set(FOURTEEN) <= told


def test_each_kind_has_its_commands_and_they_are_routed():
    assert all(kind.commands for kind in KINDS.values())
    assert set(OF_COMMAND) <= set(routes.COMMANDS)


@pytest.mark.parametrize("language", sorted(CATALOGUE.languages))
def test_help_names_each_command_a_person_may_give(language):
    said = CATALOGUE.label(language, "start.help", {})
    named = set(re.findall(r"(?<!<)/([a-z_]+)", said))

    assert set(PRIVATE) - {"start"} - named == set()
    assert named <= set(routes.COMMANDS)


@pytest.mark.parametrize("language", sorted(CATALOGUE.languages))
def test_menus_hold_what_may_be_given_where_and_telegram_takes_them(language):
    assert set(routes.MENU_PRIVATE) == set(PRIVATE) - {"start"}
    assert set(routes.MENU_GROUP) == {name for name in PRIVATE if routes.COMMANDS[name].in_groups} - {"start"}
    assert set(routes.MENU_OPERATOR) == set(routes.COMMANDS) - {"start"}
    for name in routes.MENU_OPERATOR:
        label = CATALOGUE.label(language, f"menu.{name}", {})
        # Bot API, BotCommand: the command 1 to 32 characters, its description 1 to 256.
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert 1 <= len(label) <= 256
    assert len(routes.MENU_OPERATOR) <= 100


def test_only_likes_and_follows_are_kept_from_schedules():
    kept = {kind.name for kind in KINDS.values() if not kind.schedulable}

    assert kept == {"like", "unlike", "follow", "unfollow"}
