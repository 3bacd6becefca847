"""Where settings come from: the environment, the files it names, and the settings file, which `init` writes.

Raw values only. What a value must be, and what goes with what, stands in settings.py.
"""

import os
import re
import stat
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PREFIX = "PINFEATHER_"
#: Variables of ours that are no settings: where the settings file lies, and what our tests read.
_NOT_SETTINGS = frozenset(("PINFEATHER_HOME", "PINFEATHER_TEST_POSTGRES"))
#: How tomllib ends its messages; what stands before may repeat what is in the file.
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)$")


class Unreadable(Exception):  # noqa: N818 - says what happened
    """The settings file cannot be read, so that nothing is known of what stands in it."""


@dataclass(slots=True)
class Found:
    """Raw values by setting, and what is wrong with where they came from."""

    values: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)
    """The settings of which `faults` says something."""


def read(path: Path, environ: Mapping[str, str], known: Collection[str]) -> Found:
    """Look for the known settings in the environment, in the files it names, in the file at `path`.

    Raises Unreadable when that file is there and cannot be read.
    """
    found = Found()
    _take_settings_file(found, path)
    variables = {PREFIX + name.upper(): name for name in known}
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable not in _NOT_SETTINGS:
            _take_variable(found, variable, environ, variables)
    return found


def write(path: Path, values: Mapping[str, str | int | bool]) -> None:
    """Write the settings file, readable by its owner only. Raises FileExistsError rather than overwrite."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = [f"{name} = {_as_toml(value)}" for name, value in values.items()]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("# Written by `pinfeather init`. Holds secrets: keep it to yourself.\n")
        file.write("\n".join(lines) + "\n")


def _as_toml(value: str | int | bool) -> str:  # noqa: FBT001
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda char: f"\\u{ord(char.group()):04x}", escaped) + '"'


def _take_settings_file(found: Found, path: Path) -> None:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read()
    except FileNotFoundError:
        return
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read: {_why(error)}") from None
    found.values |= _parsed(path, content)
    if mode & 0o077:
        found.faults.append(f"{path}: others may read it (mode {mode:04o}); run chmod 600 on it")


def _parsed(path: Path, content: bytes) -> dict[str, Any]:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(f"{path}: line {line}: is no text in UTF-8") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else len(text.rstrip().splitlines())
        raise Unreadable(
            f"{path}: line {line}: is not understood. Each setting has one line: a text in quotes"
            ' (log_level = "INFO"), a number (listen_port = 8080), true or false (own_apps = true)'
        ) from None


def _take_variable(
    found: Found, variable: str, environ: Mapping[str, str], variables: Mapping[str, str]
) -> None:
    if name := variables.get(variable):
        value = environ[variable]
    elif variable.endswith("_FILE") and (name := variables.get(variable.removesuffix("_FILE"))):
        value = _from_named_file(found, name, variable, environ)
    else:
        found.faults.append(f"{variable}: there is no such setting")
        return
    if value:
        found.values[name] = value


def _from_named_file(found: Found, name: str, variable: str, environ: Mapping[str, str]) -> str:
    """Read the file a variable names; empty where that is not possible, which is then among the faults."""
    if PREFIX + name.upper() in environ:
        fault = f"give either this or {PREFIX}{name.upper()}, not both"
    else:
        try:
            return Path(environ[variable]).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            fault = f"the file it names cannot be read: {_why(error)}"
    found.faults.append(f"{variable}: {fault}")
    found.faulty.add(name)
    return ""


def _why(error: OSError | UnicodeDecodeError) -> str:
    match error:
        case UnicodeDecodeError():
            return "it is no text in UTF-8"
        case FileNotFoundError():
            return "there is none"
        case PermissionError():
            return "this user may not"
        case IsADirectoryError():
            return "it is a directory"
        case _:
            return error.strerror or type(error).__name__
