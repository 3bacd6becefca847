"""Checks a request as it went over the wire against X's OpenAPI cut of the dialect it asks in."""

import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft202012Validator

from tests.sandbox.x_contract import OLDER, load


@dataclass(frozen=True)
class Request:
    """One request of ours, taken apart."""

    method: str
    path: str
    params: dict
    body: dict | None

    @classmethod
    def read(cls, raw):
        head, _, body = raw.partition(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        parts = urlsplit(target)
        params = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
        return cls(method, parts.path, params, json.loads(body) if body else None)


class Requests:
    """The requests that one version of X's OpenAPI description knows."""

    def __init__(self, version=OLDER):
        self._spec = load(f"x-openapi-{version}.json")

    def check(self, request):
        """Assert that endpoint, every parameter and the body are as described; return the path as it is there."""
        path, found = self._endpoint(request.path)
        operation = self._spec["paths"][path][request.method.lower()]
        known = {one["name"]: one for one in map(self._resolved, operation.get("parameters", []))}
        for name, value in (request.params | found).items():
            assert name in known, f"{name} is no parameter of {request.method} {path}"
            self._check_value(known[name], value)
        required = {name for name, one in known.items() if one.get("required")}
        assert required <= set(request.params) | set(found)
        self._check_body(operation, request.body)
        return path

    def _endpoint(self, path):
        exact = [known for known in self._spec["paths"] if known == path]
        for known in exact or self._spec["paths"]:
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(known))
            if found := re.fullmatch(pattern, path):
                return known, found.groupdict()
        raise AssertionError(f"{path} is no path of X")

    def _resolved(self, parameter):
        name = parameter.get("$ref", "").rpartition("/")[2]
        return self._spec["components"]["parameters"][name] if name else parameter

    def _check_value(self, parameter, value):
        schema = parameter["schema"]
        kind = schema.get("type")
        if kind == "array":
            assert parameter.get("explode") is False, "lists of X are written with commas"
            value = value.split(",")
        elif kind == "integer":
            value = int(value)
        self._check_schema(schema, value, parameter["name"])

    def _check_body(self, operation, body):
        described = operation.get("requestBody")
        if body is None:
            assert not (described or {}).get("required"), "a body is required"
            return
        assert described, "X takes no body here"
        self._check_schema(described["content"]["application/json"]["schema"], body, "body")

    def _check_schema(self, schema, value, name):
        whole = {**schema, "components": self._spec["components"]}
        errors = [
            f"{list(error.path)}: {error.message}" for error in Draft202012Validator(whole).iter_errors(value)
        ]
        assert not errors, (name, errors)
