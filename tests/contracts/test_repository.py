"""What is committed is fit to be public: nothing of a machine, no secret, and requirements that can be trusted."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.contracts.documents import PACKAGES, ROOT, committed, name, read

pytestmark = pytest.mark.skipif(not committed(), reason="this is no clone: git knows what is committed")

#: Directories in which nobody's private things lie, should the project be unpacked there.
_ANYBODYS = {Path(place) for place in ("/", "/home", "/opt", "/root", "/srv", "/tmp", "/usr/src", "/var/lib")}
_HOMES = re.compile(r"(?<![\w.])/(?:home/(?!you\b)\w+|root/|Users/\w+|mnt/\w+)")
_SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    # Bot API, "Authorizing your bot"; whoever makes one up for a test makes it look made up
    "a bot token": re.compile(r"(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"),
}
_LATER = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|XX" + r"X|HA" + r"CK)\b(?!\(#\d+\))")
_HASHED = re.compile(
    r"^([a-z0-9.-]+)(?:\[[^\]]*\])?==([^\s;]+)(?: ; .+?)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)
_EXTRAS = {"run": ("build",), "test": ("test", "build"), "check": ("test", "check", "build")}

TEXTS = [path for path in committed() if path.suffix not in (".png", ".jpg", ".gif", ".mp4", ".ico")]
requirement_sets = pytest.mark.parametrize("kind", sorted(_EXTRAS))


def hits(pattern: re.Pattern[str]) -> list[str]:
    """List where a pattern occurs in what is committed: file, line number."""
    return [
        f"{name(path)}:{number}"
        for path in TEXTS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_path_of_this_machine_is_committed() -> None:
    mine = [place for place in (ROOT, ROOT.parent, Path.home()) if place not in _ANYBODYS]
    here = re.compile("|".join(rf"(?<![\w./-]){re.escape(str(place))}(?![\w-])" for place in mine) or r"(?!)")

    assert hits(here) == []


def test_nobodys_home_directory_is_committed() -> None:
    assert hits(_HOMES) == []


@pytest.mark.parametrize("kind", _SECRETS)
def test_no_secret_is_committed(kind: str) -> None:
    assert hits(_SECRETS[kind]) == []


def test_no_database_key_file_or_environment_is_committed() -> None:
    private = {".db", ".sqlite", ".pem", ".key", ".env", ".pyc"}

    assert [
        name(path) for path in committed() if path.suffix in private or path.name in (".env", "keys")
    ] == []


def test_what_is_put_off_names_its_issue() -> None:
    assert hits(_LATER) == []


def test_the_licence_is_committed_and_named() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]

    assert project["license"] == "Apache-2.0"
    assert "Apache License" in read("LICENSE")


def test_every_package_is_installed() -> None:
    included = tomllib.loads(read("pyproject.toml"))["tool"]["setuptools"]["packages"]["find"]["include"]

    assert sorted(included) == sorted(f"{package}*" for package in PACKAGES)


@requirement_sets
def test_every_requirement_is_pinned_with_its_hashes(kind: str) -> None:
    text = read(f"requirements/{kind}.txt")
    pinned = [match[1] for match in _HASHED.finditer(text)]
    named = [line.split("==")[0].split("[")[0] for line in text.splitlines() if line and line[0] not in " #"]

    assert pinned == named


@requirement_sets
def test_requirements_name_no_index(kind: str) -> None:
    text = read(f"requirements/{kind}.txt")

    assert "--no-emit-index-url" in text
    assert [line for line in text.splitlines() if "://" in line or line.startswith("-")] == []


@requirement_sets
def test_requirements_are_those_of_pyproject(kind: str) -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [*project["dependencies"]]
    for extra in _EXTRAS[kind]:
        wanted += project["optional-dependencies"][extra]

    assert _asked_for(read(f"requirements/{kind}.txt")) == {_normal(one) for one in wanted}


@pytest.mark.parametrize(("smaller", "larger"), [("run", "test"), ("test", "check")])
def test_each_set_of_requirements_contains_the_one_before(smaller: str, larger: str) -> None:
    def pins(kind: str) -> set[tuple[str, str]]:
        return {(match[1], match[2]) for match in _HASHED.finditer(read(f"requirements/{kind}.txt"))}

    assert pins(smaller) <= pins(larger)


def test_no_index_is_set_anywhere() -> None:
    options = re.compile(r"--(?:extra-)?index-url(?!\S*`)|--find-links|--trusted-host|PIP_INDEX|UV_INDEX")
    here = name(Path(__file__))

    found = [hit for hit in hits(options) if not hit.startswith(here)]
    assert found == []


def _normal(requirement: str) -> str:
    """Give a requirement's name as indexes write it (PEP 503)."""
    bare = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert bare
    return re.sub(r"[-_.]+", "-", bare[0]).lower()


def _asked_for(compiled: str) -> set[str]:
    """Give the packages which the project itself asks for, by the comments uv writes."""
    found = set()
    current = ""
    for line in compiled.splitlines():
        if line and line[0] not in " #":
            current = _normal(line)
        elif "pinfeather (pyproject.toml)" in line:
            found.add(current)
    return found
