"""Every way X can say no has its sentence, and none more is kept than is needed."""

import re
from pathlib import Path

import pytest

from texts import catalogue
from twitter import errors

ROOT = Path(__file__).parents[2]
#: Codes of our own that a task may end with (tasks/run.py, bot/files.py).
OURS = set(re.findall(r'TaskState\.(?:FAILED|ASKING), "([a-z_]+)"', (ROOT / "tasks" / "run.py").read_text()))


def codes():
    return sorted({code for found in errors.CODES.values() for code in found} | OURS)


@pytest.mark.parametrize("code", codes())
def test_every_code_has_a_sentence(code):
    said = catalogue.load().say("en", f"x.{code}", {"detail": "X's words"})

    assert said.endswith((".", "Edit it.")), said
