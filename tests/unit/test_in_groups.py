"""What works in a group: the table names what there is, and nothing beside it works there unseen."""

import pytest

from bot import routes
from bot.commands import in_groups

#: What works in a group without an account shared there: each asks for itself whether it may.
FREE_COMMANDS = {"help", "privacy", "share", "policy", "log", "who"}


def test_the_table_names_commands_and_buttons_there_are():
    assert set(in_groups.COMMANDS) <= set(routes.COMMANDS)
    assert {*in_groups.BUTTONS, *in_groups.ASKING_BUTTONS, *in_groups.PLAIN_BUTTONS} <= set(routes.BUTTONS)


def test_a_command_works_in_groups_only_if_the_table_says_so():
    there = {name for name, route in routes.COMMANDS.items() if route.in_groups}

    assert there == set(in_groups.COMMANDS) | FREE_COMMANDS


@pytest.mark.parametrize("verb", sorted(in_groups.BUTTONS))
def test_a_button_of_a_task_is_pressed_only_after_telegram_was_asked(verb):
    assert routes.BUTTONS[verb].live or routes.BUTTONS[verb].asks is not None


@pytest.mark.parametrize("name", sorted(in_groups.COMMANDS))
def test_a_command_asks_for_a_right_or_at_least_for_being_there(name):
    assert routes.COMMANDS[name].asks == in_groups.COMMANDS[name]


@pytest.mark.parametrize(
    "verb",
    ["conn_thaw", "revoke", "undo_s", "p_skip", "p_pause", "p_late", "t_fix", "m_now", "takeback"],
)
def test_what_belongs_to_the_private_chat_stays_there(verb):
    assert verb not in routes.BUTTONS or not routes.BUTTONS[verb].in_groups
