"""Asking the operator for a word: unseen at a terminal, else the next line of what is piped in.

What is asked, and what an answer must be, stands in setting_up.py.
"""

import sys

import typer

from bot.settings import BadSettings


def secret(label: str, *, empty: bool = False) -> str:
    """Ask for something that is not shown; an empty answer only if `empty`. Raises BadSettings at the end."""
    if sys.stdin.isatty():
        default = "" if empty else None
        answer: str = typer.prompt(f"   {label}", default=default, hide_input=True, show_default=False)
        return answer.strip()
    typer.echo(f"   {label}: ", nl=False)
    return _next_line(label)


def whether(question: str) -> bool:
    """Ask for a yes or no; an empty answer is a no. Raises BadSettings at the end."""
    if sys.stdin.isatty():
        return typer.confirm(question, default=False)
    typer.echo(f"{question} [y/N]: ", nl=False)
    return _next_line(question.strip()).lower() in {"y", "yes"}


def again(fault: str) -> None:
    """Say what is wrong with an answer, before asking again. Raises BadSettings where nobody can answer."""
    if not sys.stdin.isatty():
        raise BadSettings(fault)
    typer.echo(f"   {fault}")


def _next_line(label: str) -> str:
    line = sys.stdin.readline()
    typer.echo()
    if not line:
        raise BadSettings(f"The input ended at: {label}. Give one answer a line, or call this at a terminal")
    return line.strip()
