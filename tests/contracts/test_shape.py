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
#: Modules that know each other, for types only.
CIRCLES = [{"sandbox.telegram.chats", "sandbox.telegram.messages"}]
#: Where everything is caught, each for a reason of its own: what goes wrong there must not stop the others.
WIDE_EXCEPTS = {
    "bot/edge.py": "a defect in one update: it is set aside and told, the others flow",
    "bot/lanes.py": "a chat's updates go on after the edge itself failed",
    "bot/housekeeping.py": "a chore that fails comes round again",
    "bot/erase.py": "one message that cannot be deleted keeps no other from being deleted",
    "bot/commands/connect_clock.py": "one row that cannot be dealt with keeps no other waiting",
    "tasks/worker.py": "one task that fails stops no other; the engine tries it again",
    "tasks/engine.py": "an engine that did not start is none, whatever ended it; raised again",
    "storage/db.py": "closes what it opened, whatever ended it, and raises it again",
}
#: Names that say nothing about what is inside.
EMPTY_NAMES = {"utils", "util", "helpers", "common", "manager", "service", "base", "misc"}

#: What makes a reader keep something in mind; a `with` does not.
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Match)
_EVERYTHING = {"Exception", "BaseException"}
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


def wide_excepts(tree: ast.AST) -> Iterator[ast.ExceptHandler | ast.Call]:
    """Give what catches everything: `except` with Exception, BaseException or nothing, and suppress()."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            caught = node.args
        else:
            continue
        if any(one is None or ast.unparse(one).split(".")[-1] in _EVERYTHING for one in caught):
            yield node


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
def test_star_imports_are_not_used(path: Path) -> None:
    stars = [
        node
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    ]

    assert stars == []


@every_module
def test_everything_is_caught_only_where_it_is_said_why(path: Path) -> None:
    lines = [node.lineno for node in wide_excepts(parsed(path))]

    assert lines == [] or name(path) in WIDE_EXCEPTS


def test_where_everything_may_be_caught_it_still_is() -> None:
    assert [module for module in WIDE_EXCEPTS if not any(wide_excepts(parsed(ROOT / module)))] == []


@pytest.mark.parametrize(
    "wide",
    [
        "try: ...\nexcept: ...",
        "try: ...\nexcept Exception: ...",
        "try: ...\nexcept BaseException as error: raise error",
        "try: ...\nexcept (KeyError, Exception): ...",
        "try: ...\nexcept builtins.Exception: ...",
        "try: ...\nexcept* Exception: ...",
        "with suppress(Exception): ...",
        "with contextlib.suppress(KeyError, BaseException): ...",
    ],
)
def test_catching_everything_is_seen_however_it_is_written(wide: str) -> None:
    narrow = wide.replace("BaseException", "OSError").replace("Exception", "OSError")

    assert len(list(wide_excepts(ast.parse(wide)))) == 1
    assert "except:" in wide or not any(wide_excepts(ast.parse(narrow)))


def test_modules_know_each_other_in_no_circle() -> None:
    known = {dotted(path) for path in modules()}
    imports = {dotted(path): imported(parsed(path), known) for path in modules()}
    reached = {module: reachable(imports, module) for module in imports}

    circles = [{other for other in reached[module] if module in reached[other]} for module in imports]

    assert [circle for circle in circles if circle and circle not in CIRCLES] == []


def dotted(path: Path) -> str:
    """Write a module as imports do."""
    return name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported(tree: ast.AST, known: set[str]) -> set[str]:
    """Give those of the known modules that a module imports from, also for types only."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{one.name}" for one in node.names}
            found |= names & known or {node.module}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
    return found & known


def reachable(imports: dict[str, set[str]], module: str) -> set[str]:
    """Give the modules that a module imports, and those that they import."""
    seen: set[str] = set()
    next_ones = imports[module]
    while next_ones:
        seen |= next_ones
        next_ones = {other for one in next_ones for other in imports[one]} - seen
    return seen
