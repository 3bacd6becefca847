"""Each known no has its sentence, its cause and one thing that helps; what nobody knows says so."""

import ast
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks import remedies
from tasks.remedies import Help
from texts import catalogue
from twitter import answers, errors, translate

ROOT = Path(__file__).parents[2]
RECORDED = ROOT.parent / "shared" / "data" / "x-responses.json"
CATALOGUE = catalogue.load()
#: Outcomes that are no trouble: it was done, or goes on by itself.
FINE = {
    *("read", "seen", "looking", "x_unavailable", "nothing_new", "sent", "deleted", "skipped", "missed"),
    *("quiet", "rights_unknown"),
}


def _literals(argument):
    """Give the strings that an argument may be, itself or by one of its branches."""
    if isinstance(argument, ast.IfExp):
        return _literals(argument.body) | _literals(argument.orelse)
    is_text = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    return {argument.value} if is_text else set()


def _codes_of_tasks():
    """Find what the code names when it ends a task: arguments of Rest, NoFile, and of twitter's errors."""
    raising = {"Rest", "NoFile", "_stuck", *errors.CODES}
    found = set()
    for path in [*ROOT.glob("tasks/*.py"), *ROOT.glob("twitter/*.py"), ROOT / "bot" / "files.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) in raising
            ):
                found |= {one for argument in node.args for one in _literals(argument)}
    return {code for code in found if re.fullmatch(r"[a-z_]+", code)} - FINE


def _codes_of_x():
    tables = (translate._NUMBERS, translate._KINDS, translate._STATUSES)
    met = {code for table in tables for _, code in table.values()} | {
        code for _, (_, code) in translate._PHRASES
    }
    return met | {code for codes in errors.CODES.values() for code in codes}


def _codes():
    named = {key.removeprefix("x-") for key in CATALOGUE.keys if key.startswith("x-")}
    return sorted((_codes_of_tasks() | _codes_of_x() | named | set(remedies.REMEDIES)) - {"unknown_error"})


@pytest.mark.parametrize("code", _codes())
def test_each_code_has_its_sentence_its_cause_and_its_help(code):
    assert remedies.is_known(code)

    remedy = remedies.of(code)

    assert f"x-{code}" in CATALOGUE.keys
    assert f"doctor-cause_{remedy.cause}" in CATALOGUE.keys
    assert remedy.help not in remedy.then


def test_no_cause_is_kept_that_no_code_has():
    kept = {key.removeprefix("doctor-cause_") for key in CATALOGUE.keys if key.startswith("doctor-cause_")}

    assert kept == {remedy.cause for remedy in (*remedies.REMEDIES.values(), remedies.UNKNOWN)}


@pytest.mark.parametrize("code", ["unknown_error", "something_x_made_up", ""])
def test_what_nobody_knows_is_for_whoever_runs_the_bot(code):
    assert not remedies.is_known(code)
    assert remedies.of(code).help is Help.OPERATOR


@pytest.mark.parametrize("code", ["locked", "suspended_account", "out_of_credit", "callback_missing"])
def test_a_place_at_x_is_the_exact_page_and_in_a_sandbox_its_one_page(code):
    help_ = remedies.of(code).help

    assert re.fullmatch(
        r"https://(console\.x\.com|x\.com/account/access|help\.x\.com/\S+)",
        remedies.page(help_, "https://x.com"),
    )
    assert remedies.page(help_, "http://127.0.0.1:8101") == "http://127.0.0.1:8101"


def test_what_is_done_here_is_no_page_at_x():
    assert remedies.page(Help.EDIT, "https://x.com") is None


def _recorded():
    if not RECORDED.exists():
        return []
    entries = json.loads(RECORDED.read_text(encoding="utf-8"))
    return [entry for entry in entries if entry["status"] >= 400]


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded answers of X are not beside this project")
@pytest.mark.parametrize("entry", _recorded(), ids=lambda entry: entry["name"])
def test_each_recorded_refusal_of_x_leads_to_a_sentence_and_something_that_helps(entry):
    body = entry["body"]
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    answer = answers.read(entry["status"], entry["headers"], raw)
    has_token = "/oauth/request_token" not in entry["path"]

    error = translate.error_of(
        answer, path=entry["path"], has_token=has_token, changes=True, now=datetime(2026, 1, 1, tzinfo=UTC)
    )

    assert remedies.is_known(error.code)
    assert CATALOGUE.say("en", f"x.{error.code}", {"detail": error.detail}).endswith(".")
    assert CATALOGUE.say("en", f"doctor.cause_{remedies.of(error.code).cause}", {}).endswith(".")
    assert isinstance(remedies.of(error.code).help, Help)
