"""Reads X's OpenAPI cuts and recorded answers from the shared data beside the project, where they are present."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

DATA = Path(__file__).parents[3] / "shared" / "data"
OLDER, NEWER = "2.166", "2.167"


def load(name):
    """Return a JSON file of the shared data, or skip the test."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not there: X's published answers are kept beside the project, not in it")
    return json.loads(path.read_text())


class Spec:
    """One version of X's OpenAPI description."""

    def __init__(self, version):
        self._spec = load(f"x-openapi-{version}.json")

    def check_answer(self, method, path, answer, status="200"):
        """Assert that a successful answer is valid for its endpoint."""
        assert str(answer.status_code) == status
        content = self._spec["paths"][path][method.lower()]["responses"][status]["content"]
        self.check(content["application/json"]["schema"], answer.json())

    def check(self, schema, body):
        """Assert that a body fits a schema of this description."""
        whole = {**schema, "components": self._spec["components"]}
        errors = [
            f"{list(error.path)}: {error.message}" for error in Draft202012Validator(whole).iter_errors(body)
        ]
        assert not errors, errors

    def check_problem(self, answer):
        """Assert that a refusal is one of the described kinds."""
        body = answer.json()
        if answer.headers["content-type"] == "application/problem+json":
            kinds = self._spec["components"]["schemas"]["Problem"]["discriminator"]["mapping"]
            name = kinds.get(body["type"], "#/components/schemas/Problem")
            self.check({"$ref": name}, body)
        else:
            self.check({"$ref": "#/components/schemas/Error"}, body["errors"][0])

    def known_keys(self, *names):
        """Return every property these schemas know, those of allOf included."""
        keys = set()
        for name in names:
            schema = self._spec["components"]["schemas"][name]
            for part in schema.get("allOf", [schema]):
                keys |= set(part.get("properties", {}))
        return keys


def shape(body):
    """Return a body with its values replaced by the names of their types; lists by the shape of their first item."""
    if isinstance(body, dict):
        return {key: shape(value) for key, value in body.items()}
    if isinstance(body, list):
        return [shape(body[0])] if body else []
    return type(body).__name__
