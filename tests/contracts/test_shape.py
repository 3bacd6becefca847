"""The shape of the code: short modules, short functions, a docstring where a reader looks for one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.documents import ROOT, modules, name, parsed

MODULE_LINES_MAX = 300
FUNCTION_LINES_MAX = 50
NESTING_MAX = 3
#: Longer than a module may be, each for a reason of its own. Migrations are frozen and not looked at.
LONG_MODULES = {
    "storage/tables.py": "all tables and their states on one page",
    "storage/tasks.py": "every change of a task is one UPDATE; they are read side by side",
}
#: Names that say nothing about what is inside.
EMPTY_NAMES = {"utils", "util", "helpers", "common", "manager", "service", "base", "misc"}

#: What makes a reader keep something in mind; a `with` does not.
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Match)
_Function = ast.FunctionDef | ast.AsyncFunctionDef

every_module = pytest.mark.parametrize("path", modules(), ids=name)


def functions(tree: ast.AST) -> Iterator[_Function]:
    return (node for node in ast.walk(tree) if isinstance(node, _Function))


def public_definitions(tree: ast.Module) -> Iterator[_Function | ast.ClassDef]:
    """Give the functions and classes of a module, and the methods of its classes, that bear no underscore."""
    for node in tree.body:
        if not isinstance(node, _Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, _Function) and not method.name.startswith("_"):
                    yield method


def depth(node: ast.AST) -> int:
    """Count how deep blocks stand in each other; an `elif` is as deep as its `if`."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        inside = depth(child)
        is_elif = isinstance(node, ast.If) and node.orelse == [child] and isinstance(child, ast.If)
        deepest = max(deepest, inside + (isinstance(child, _BLOCKS) and not is_elif))
    return deepest


@every_module
def test_module_is_not_long(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())

    assert lines <= MODULE_LINES_MAX or name(path) in LONG_MODULES


def test_long_modules_are_still_long() -> None:
    lengths = {long: len((ROOT / long).read_text(encoding="utf-8").splitlines()) for long in LONG_MODULES}

    assert {long for long, lines in lengths.items() if lines <= MODULE_LINES_MAX} == set()


@every_module
def test_functions_fit_on_a_screen(path: Path) -> None:
    long = [
        f"{node.name}: {lines} lines"
        for node in functions(parsed(path))
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]

    assert long == []


@every_module
def test_functions_are_not_deeply_nested(path: Path) -> None:
    deep = [
        f"{node.name}: {levels} levels"
        for node in functions(parsed(path))
        if (levels := depth(node)) > NESTING_MAX
    ]

    assert deep == []


@every_module
def test_module_says_what_lives_in_it(path: Path) -> None:
    assert (ast.get_docstring(parsed(path)) or "").strip()


@every_module
def test_public_functions_and_classes_have_a_docstring(path: Path) -> None:
    silent = [node.name for node in public_definitions(parsed(path)) if not ast.get_docstring(node)]

    assert silent == []


@every_module
def test_module_has_a_telling_name(path: Path) -> None:
    assert path.stem not in EMPTY_NAMES


@every_module
def test_star_imports_and_wide_excepts_are_not_used(path: Path) -> None:
    tree = parsed(path)
    stars = [
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    ]
    bare = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.type is None]

    assert (stars, bare) == ([], [])
