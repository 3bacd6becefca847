"""The tables in docs/permissions.md, made of tasks/permissions.py: `python -m tests.contracts.permissions_table`."""

from itertools import product
from pathlib import Path

from tasks.permissions import Action, Role, may
from tasks.policy import Approves, Asked, Asks, Policy

DOCUMENT = Path(__file__).parents[2] / "docs" / "permissions.md"
BEGIN, END = "<!-- made of tasks/permissions.py -->", "<!-- end -->"

#: What a cell says, by what happens to (others', own) things under all policies.
YES, NO, SOMETIMES = "always", "never", "sometimes"
CELLS = {
    (YES, YES): "yes",
    (NO, NO): "no",
    (NO, YES): "own",
    (SOMETIMES, SOMETIMES): "policy",
    (SOMETIMES, YES): "policy; own",
    (SOMETIMES, NO): "policy; not own",
    (NO, SOMETIMES): "own, by policy",
}


def table() -> str:
    """Give the table as Markdown: a row for each action, a column for each role."""
    heads = ["What", *(role.value.replace("_", " ") for role in Role)]
    lines = [_row(heads), _row(["---"] * len(heads))]
    lines += [_row([f"`{action}`", *(_cell(role, action) for role in Role)]) for action in Action]
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(role: Role, action: Action) -> str:
    return CELLS[_happens(role, action, own=False), _happens(role, action, own=True)]


def _happens(role: Role, action: Action, *, own: bool) -> str:
    answers = {
        may(role, action, policy, own=own, named=named)
        for policy, named in product(_policies(), (True, False))
    }
    return SOMETIMES if len(answers) == 2 else YES if answers == {True} else NO


def _policies() -> list[Policy]:
    kinds = (frozenset(Asked), frozenset[Asked]())
    return [
        Policy(asks=asks, approves=approves, kinds=allowed, names_author=names)
        for asks, approves, allowed, names in product(Asks, Approves, kinds, (True, False))
    ]


def document(written: str) -> str:
    """Give the document with the table as it should be."""
    before, _, rest = written.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text("utf-8")), "utf-8")
