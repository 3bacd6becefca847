"""The table of kinds in docs/kinds.md, made of tasks/kinds.py: `python -m tests.contracts.kinds_table` writes it."""

from pathlib import Path

from tasks.kinds import KINDS, Kind

DOCUMENT = Path(__file__).parents[2] / "docs" / "kinds.md"
BEGIN, END = "<!-- made of tasks/kinds.py -->", "<!-- end -->"
HEAD = (
    "| VisualCron task | Command | Kind | Asked of X | Costs at most | By schedule | If the outcome is unknown |",
    "| --- | --- | --- | --- | --- | --- | --- |",
)


def table() -> str:
    """Give the table as Markdown."""
    return "\n".join((*HEAD, *(_row(kind) for kind in KINDS.values())))


def _row(kind: Kind) -> str:
    commands = ", ".join(f"`/{command}`" for command in kind.commands)
    handed = "; handed off to the X app unless the operator has Enterprise" if kind.enterprise else ""
    requests = ", ".join(f"`{request}`" for request in kind.request.split(", "))
    schedule = "yes" if kind.schedulable else "no: X forbids it"
    cells = (kind.task, commands, kind.name, requests + handed, _price(kind), schedule, kind.settle.value)
    return f"| {' | '.join(cells)} |"


def _price(kind: Kind) -> str:
    one = kind.price("", 1 if kind.reads else 0).dollars
    if kind.reads:
        return f"${one} an item"
    linked = kind.price("https://example.com", 0).dollars
    return f"${one}" if linked == one else f"${one}, with a link ${linked}"


def document(written: str) -> str:
    """Give the document with the table as it should be."""
    before, _, rest = written.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text("utf-8")), "utf-8")
