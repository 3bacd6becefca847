"""What `make` would do in a fresh clone, and in one where it was interrupted; nothing is installed here."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.contracts.documents import ROOT, read

MAKES_A_VENV = "-m venv --clear .venv"

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="no make on this machine (apt install make)")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Give a checkout with what the Makefile looks at."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for file in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


def steps(clone: Path, target: str) -> str:
    """Give the commands `make` would run for a target."""
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--dry-run", target, f"PYTHON={sys.executable}"]
    return subprocess.run(command, cwd=clone, env=quiet, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("target", ["demo", "test", "check"])
def test_a_fresh_clone_gets_an_environment_and_what_it_needs(clone, target):
    asked = steps(clone, target)

    assert MAKES_A_VENV in asked
    assert "-r requirements/run.txt" in asked
    assert asked.index("machine-check") < asked.index(MAKES_A_VENV)


def test_an_environment_left_half_made_is_made_anew(clone):
    venv.create(clone / ".venv", with_pip=False)
    (clone / ".venv" / "ready-run").touch()

    asked = steps(clone, "demo")

    assert MAKES_A_VENV in asked
    assert "-r requirements/run.txt" in asked


def test_what_is_ready_is_left_alone_and_what_was_interrupted_goes_on(clone):
    venv.create(clone / ".venv", system_site_packages=True, with_pip=False)
    if not usable(clone / ".venv"):
        pytest.skip("this Python has no pip outside its environments")
    interrupted = steps(clone, "demo")
    (clone / ".venv" / "ready-run").touch()

    ready = steps(clone, "demo")

    assert MAKES_A_VENV not in interrupted
    assert "-r requirements/run.txt" in interrupted
    assert "install" not in ready


def usable(environment: Path) -> bool:
    """Tell whether an environment can install anything."""
    python = environment / "bin" / "python"
    return (
        subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    )


def test_ci_makes_sure_of_a_browser_that_can_show_what_it_is_given():
    ci = read(".ci/run")

    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0
    for package in ("python3-venv", "make", "chromium", "fonts-noto-color-emoji", "fonts-dejavu-core"):
        assert package in ci
    assert ci.rstrip().endswith("exec make check")
