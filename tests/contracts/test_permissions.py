"""The document of the rights is held to the code."""

from storage.tables import Grant
from tasks.permissions import Action, Role
from tasks.policy import Approves, Asked, Asks, Policy, Unapproved, columns_of
from tests.contracts.documents import code, rows, section
from tests.contracts.permissions_table import DOCUMENT, document


def test_the_document_has_the_table_of_the_code():
    written = DOCUMENT.read_text("utf-8")

    assert document(written) == written, "write it: python -m tests.contracts.permissions_table"


def test_the_document_says_what_each_role_and_each_action_is():
    assert [row[0].replace(" ", "_") for row in rows(section("docs/permissions.md", "Roles"))] == list(Role)
    assert [code(row[0]) for row in rows(section("docs/permissions.md", "Actions"))] == list(Action)


def test_the_document_explains_every_word_of_a_policy():
    explained = {code(row[0]): row[1] for row in rows(section("docs/permissions.md", "The policy"))}

    assert list(explained) == list(columns_of(Policy()))
    for column, words in {
        "asks": Asks,
        "kinds": Asked,
        "approves": Approves,
        "unapproved": Unapproved,
    }.items():
        assert [word for word in words if f"*{word}*" not in explained[column]] == []


def test_every_part_of_a_policy_has_its_column():
    assert set(columns_of(Policy())) <= set(Grant.__table__.columns.keys())
