"""Reads what is in deploy/: the Dockerfile, compose files, manifests and units. Checks nothing."""

import configparser
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.contracts.documents import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = sorted(DEPLOY.glob("compose*.yaml"))
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
USER_UNITS = sorted((DEPLOY / "systemd" / "user").glob("*.service"))


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """Give a Dockerfile's instructions and what each says, comments and line breaks taken out."""
    lines = [line for line in dockerfile.read_text("utf-8").splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(word, " ".join(rest.split())) for word, _, rest in map(_cut, joined.splitlines()) if word]


def _cut(line: str) -> tuple[str, str, str]:
    return line.strip().partition(" ")


def copied() -> list[str]:
    """List what the Dockerfile takes from the checkout."""
    copies = [shlex.split(rest) for word, rest in instructions(DEPLOY / "Dockerfile") if word == "COPY"]
    return [source for words in copies if not words[0].startswith("--from") for source in words[:-1]]


def documents_of(path: Path) -> list[dict[str, Any]]:
    """Give the documents in a file of YAML."""
    return list(yaml.safe_load_all(path.read_text("utf-8")))


def services(path: Path) -> dict[str, dict[str, Any]]:
    """Give the services of a compose file by name."""
    (compose,) = documents_of(path)
    return dict(compose["services"])


def manifests() -> Iterator[dict[str, Any]]:
    """Give every Kubernetes object, kustomize's own file left out."""
    for path in MANIFESTS:
        yield from (each for each in documents_of(path) if each["kind"] != "Kustomization")


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every pod's specification, with the name of what makes it."""
    for each in manifests():
        if "template" in each.get("spec", {}):
            yield each["metadata"]["name"], each["spec"]["template"]["spec"]


def environment_of(container: dict[str, Any]) -> dict[str, str]:
    """Give a container's variables."""
    return {each["name"]: each["value"] for each in container.get("env", [])}


class Unit:
    """A systemd unit; of a template, the instance 1."""

    def __init__(self, path: Path) -> None:
        self.path = path
        parser = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read_string(path.read_text("utf-8").replace("%i", "1"))
        self.service = dict(parser["Service"])

    def all(self, key: str) -> list[str]:
        """Give every value of a key that may stand more than once."""
        lines = self.path.read_text("utf-8").replace("%i", "1").splitlines()
        return [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]

    @property
    def command(self) -> list[str]:
        """What it starts."""
        return shlex.split(self.service["ExecStart"])

    @property
    def environment(self) -> dict[str, str]:
        """Its variables."""
        words = [word for line in self.all("Environment") for word in shlex.split(line)]
        return dict(word.split("=", 1) for word in words)
