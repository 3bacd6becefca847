"""What is in deploy/ fits the program: commands, settings, probes and users exist, and nothing is left open."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from bot import cli, health, settings_sources
from bot import settings as settings_
from storage import keyring
from tests.builders import NOW
from tests.contracts.deployed import (
    COMPOSE,
    DEPLOY,
    UNITS,
    USER_UNITS,
    Unit,
    copied,
    environment_of,
    instructions,
    manifests,
    pods,
    services,
)
from tests.contracts.documents import PACKAGES, ROOT, code, read, rows, section

PROJECT = tomllib.loads(read("pyproject.toml"))["project"]
IMAGE = f"pinfeather:{PROJECT['version']}"
COMMANDS = {command.name or command.callback.__name__ for command in cli.app.registered_commands}
VARIABLES = {settings_sources.PREFIX + name.upper() for name in settings_.Settings.model_fields}
USER = "10001:10001"
TOKEN = "123456789:AAHnot-a-real-token-of-35-characters"
#: A tag says what it is, the digest that it is still that.
PINNED = re.compile(r"[a-z/]+:\d+\.\d+[\w.-]*@sha256:[0-9a-f]{64}")
#: `systemd-analyze security`: 10 is an open door; this is "OK".
EXPOSURE_MAX = 2.0

each_compose = pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
each_unit = pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)


def unknown_variables(environ) -> set[str]:
    """Give the variables of ours that the program would refuse."""
    ours = {name for name in environ if name.startswith(settings_sources.PREFIX)} - {"PINFEATHER_HOME"}
    return {name for name in ours if name not in VARIABLES and name.removesuffix("_FILE") not in VARIABLES}


@pytest.fixture
def secrets(tmp_path) -> Path:
    """Make the files an operator makes."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    contents = {
        "bot_token": TOKEN,
        "consumer_key": "k" * 25,
        "consumer_secret": "s" * 50 + "\n",
        "database_url": "postgresql://pinfeather:secret@postgres/pinfeather\n",
        "webhook_url": "https://bot.example.org/a-long-random-path",
        "webhook_secret": "w" * 32,
    }
    for name, content in contents.items():
        (folder / name).write_text(content)
    keyring.make_key_file(folder / "keys")
    return folder


def loaded(environ: dict[str, str], secrets: Path, command: str) -> settings_.Settings:
    """Load the settings as the command does in its container."""
    places = {
        "/run/secrets/pinfeather/": f"{secrets}/",
        "/run/secrets/": f"{secrets}/",
        "/run/keys/": f"{secrets}/",
    }
    here = {}
    for name, value in environ.items():
        place = next((place for place in places if value.startswith(place)), "")
        here[name] = places[place] + value.removeprefix(place) if place else value
    home = {"HOME": str(secrets), "PINFEATHER_HOME": str(secrets / "home")}
    return settings_.load(here | home, webhook=command == "serve", replicas=command in ("serve", "work"))


# what the documents say to do


def test_the_secrets_that_are_documented_are_those_the_containers_take(tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl here")
    for block in re.findall(r"^```sh\n(.*?)^```", read("docs/operating.md"), re.MULTILINE | re.DOTALL):
        if "umask 077" in block:
            steps = block.replace("cat > bot_token ", f"echo {TOKEN} > bot_token ")
            subprocess.run(["sh", "-e", "-c", f"mkdir -p deploy/secrets\n{steps}"], cwd=tmp_path, check=True)
    made = tmp_path / "deploy" / "secrets"

    for path in COMPOSE:
        wanted = {Path(each["file"]).name for each in yaml.safe_load(path.read_text())["secrets"].values()}
        assert wanted <= {file.name for file in made.iterdir()}
        for service in services(path).values():
            if service["image"] == IMAGE:
                taken = loaded(service["environment"], made, *service["command"])
                assert taken.consumer_key is None
    assert len(keyring.read_key_file(made / "keys").keys) == 1


async def test_the_figures_that_are_documented_are_those_told_and_alarms_ask_for_no_others(
    sqlite_database,
):
    watched = health.Watched(sqlite_database, lambda: NOW, silence_s=lambda: 1.0)
    told = {f"{metric.name}" for metric in await watched.figures()} | {"pinfeather_ready"}
    table = rows(section("docs/operating.md", "Health and metrics"))
    documented = {code(row[0]).partition("{")[0] for row in table} - {"process_..."}
    (alarms,) = yaml.safe_load_all(read("deploy/prometheus-alarms.yaml"))
    asked = {
        name
        for rule in alarms["groups"][0]["rules"]
        for name in re.findall(r"(?:pinfeather|process)_\w+", rule["expr"])
    }

    assert documented == told
    assert asked <= told | {"process_start_time_seconds"}


# the image


def test_the_base_of_the_image_is_pinned_and_the_only_one():
    said = instructions(DEPLOY / "Dockerfile")
    bases = [rest.removeprefix("BASE=") for word, rest in said if word == "ARG"]

    assert [bool(PINNED.fullmatch(base)) for base in bases] == [True]
    assert {rest.split()[0] for word, rest in said if word == "FROM"} == {"${BASE}"}


def test_what_is_installed_into_the_image_has_its_hash_or_comes_from_the_checkout():
    installs = [
        step
        for word, rest in instructions(DEPLOY / "Dockerfile")
        if word == "RUN"
        for step in rest.split("&&")
        if " install " in step and "pip" in step
    ]

    assert len(installs) == 2
    assert "--require-hashes --only-binary :all: -r requirements/run.txt" in installs[0]
    assert "--no-index --no-deps --no-build-isolation ." in installs[1]
    assert not any(word == "ADD" for word, _ in instructions(DEPLOY / "Dockerfile"))


def test_the_image_runs_the_bot_and_nobody_is_root_in_it():
    said = dict(instructions(DEPLOY / "Dockerfile"))
    environ = dict(word.split("=", 1) for word in said["ENV"].split())

    assert said["USER"] == USER
    assert yaml.safe_load(said["ENTRYPOINT"]) == [*PROJECT["scripts"]]
    assert set(yaml.safe_load(said["CMD"])) <= COMMANDS
    assert unknown_variables(environ) == set()


def test_the_image_is_given_all_packages_and_nothing_else():
    sources = copied()
    allowed = [line[1:] for line in read("deploy/Dockerfile.dockerignore").splitlines() if line[:1] == "!"]

    assert set(PACKAGES) <= set(sources)
    assert sorted(sources) == sorted(allowed)
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_what_the_image_is_given_is_enough_to_run(tmp_path):
    there = tmp_path / "src"
    for source in copied():
        (there / source).parent.mkdir(parents=True, exist_ok=True)
        ignore = shutil.ignore_patterns("__pycache__")
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, there / source, ignore=ignore)
        else:
            shutil.copy(ROOT / source, there / source)
    build = "import setuptools.build_meta as b; print(b.build_wheel('wheels'))"
    (there / "wheels").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=there, capture_output=True, text=True, timeout=100, check=True
    )
    with zipfile.ZipFile(there / "wheels" / done.stdout.split()[-1]) as wheel:
        wheel.extractall(tmp_path / "image")

    code, words = run_image(tmp_path, "migrate")

    assert (code, words.strip()) == (0, "The database is up to date.")
    assert (tmp_path / "home" / "data" / "pinfeather.db").exists()


def run_image(tmp_path: Path, *arguments: str) -> tuple[int, str]:
    """Run the unpacked program, and not the checkout's."""
    program = "import sys, bot, bot.__main__ as m; assert 'image' in bot.__file__, bot.__file__; m.main()"
    environ = {
        "PYTHONPATH": str(tmp_path / "image"),
        "PINFEATHER_HOME": str(tmp_path / "home"),
        "PINFEATHER_BOT_TOKEN": TOKEN,
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, *arguments],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


# compose


@each_compose
def test_every_container_is_locked_in(path):
    for name, service in services(path).items():
        user, _, group = service["user"].partition(":")
        assert 0 not in (int(user), int(group)), name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.keys().isdisjoint({"privileged", "network_mode", "cap_add", "devices", "pid"}), name


@each_compose
def test_every_container_is_ours_of_this_version_or_pinned(path):
    for service in services(path).values():
        assert service["image"] == IMAGE or PINNED.fullmatch(service["image"])
        if service["image"] == IMAGE:
            assert service["user"] == USER
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()


@each_compose
def test_every_container_of_ours_runs_a_command_with_settings_that_are_taken(path, secrets):
    for service in services(path).values():
        if service["image"] != IMAGE:
            continue
        (command,) = service["command"]
        assert command in COMMANDS
        assert unknown_variables(service["environment"]) == set()
        taken = loaded(service["environment"], secrets, command)
        assert (command in ("serve", "work")) <= taken.database_url.get_secret_value().startswith("postgres")


@each_compose
def test_every_secret_is_a_file_that_is_declared_and_used(path):
    declared = yaml.safe_load(path.read_text())["secrets"]
    used = set()
    for service in services(path).values():
        files = {value for name, value in service["environment"].items() if name.endswith("_FILE")}
        assert files == {f"/run/secrets/{secret}" for secret in service["secrets"]}
        used |= {*service["secrets"]}
        plain = set(service["environment"]) & {
            "PINFEATHER_" + name
            for name in ("BOT_TOKEN", "CONSUMER_SECRET", "DATABASE_URL", "WEBHOOK_SECRET", "WEBHOOK_URL")
        }
        assert plain == set()

    assert used == set(declared)
    assert all(each["file"].startswith("secrets/") for each in declared.values())
    assert "/deploy/secrets/" in read(".gitignore").splitlines()


@each_compose
def test_ports_are_open_to_this_machine_only_and_probes_ask_what_is_served(path):
    served = {route.path for route in health.probes(None)}

    for service in services(path).values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
        if service["image"] == IMAGE and service["command"] != ["migrate"]:
            asked = re.search(r"http://127\.0\.0\.1:(\d+)(/\w+)", service["healthcheck"]["test"][-1])
            assert asked[1] == service["environment"]["PINFEATHER_HEALTH_PORT"]
            assert asked[2] in served
            compile(service["healthcheck"]["test"][-1], "healthcheck", "exec")


def test_on_postgres_two_take_webhooks_and_two_carry_out_tasks_after_the_schema_is_there():
    found = services(DEPLOY / "compose.postgres.yaml")

    for name in ("serve", "work"):
        assert (found[name]["command"], found[name]["deploy"]["replicas"]) == ([name], 2)
        assert found[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert found["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert found["serve"]["ports"] == ["127.0.0.1:8080-8081:8080"]
    assert all(not port.endswith(":9464") for port in found["serve"]["ports"])


@each_compose
def test_compose_understands_its_file(path, tmp_path):
    compose = ["docker", "compose"]
    if (
        not shutil.which("docker")
        or subprocess.run([*compose, "version"], capture_output=True, check=False).returncode
    ):
        pytest.skip("there is no `docker compose` here")
    command = [*compose, "--file", path, "config", "--quiet"]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_tools_for_backups_in_the_image_are_of_the_version_of_postgres():
    client = re.search(r"postgresql-client-(\d+)", read("deploy/Dockerfile"))
    image = services(DEPLOY / "compose.postgres.yaml")["postgres"]["image"]

    assert image.startswith(f"postgres:{client[1]}.")


# kubernetes


def test_every_pod_is_locked_in():
    for name, pod in pods():
        context = pod["securityContext"]
        assert context["runAsNonRoot"] is True, name
        assert f"{context['runAsUser']}:{context['runAsGroup']}" == USER, name
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name
        for container in [*pod["containers"], *pod["initContainers"]]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name
            assert container["resources"]["limits"]["memory"], name


def test_every_pod_runs_a_command_with_settings_that_are_taken(secrets):
    for name, pod in pods():
        (container,) = pod["containers"]
        assert container["args"] == [name]
        assert name in COMMANDS
        assert unknown_variables(environment_of(container)) == set()
        assert loaded(environment_of(container), secrets, name).key_file == secrets / "keys"


def test_variables_that_kubernetes_makes_for_services_are_kept_from_the_bot():
    assert [name for name, pod in pods() if pod["enableServiceLinks"] is not False] == []


def test_every_pod_of_kubernetes_reads_its_secrets_from_files():
    for name, pod in pods():
        (container,) = pod["containers"]
        mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        files = [value for variable, value in environment_of(container).items() if variable.endswith("_FILE")]
        assert all(file.startswith((mounts["secrets"], mounts["keys"])) for file in files), name
        assert {volume["name"] for volume in pod["volumes"]} == set(mounts), name
        assert "envFrom" not in container, name


def test_the_key_file_is_given_to_the_bot_readable_by_its_owner_only():
    for _, pod in pods():
        (first,) = pod["initContainers"]
        mounts = {mount["name"]: mount["mountPath"] for mount in first["volumeMounts"]}
        assert first["command"][:3] == ["install", "-m", "0400"]
        assert first["command"][3:] == [f"{mounts['secrets']}/keys", f"{mounts['keys']}/keys"]
        environ = environment_of(pod["containers"][0])
        assert environ["PINFEATHER_KEY_FILE"] == f"{mounts['keys']}/keys"


def test_probes_ask_what_is_served_where_it_is_served():
    served = {route.path for route in health.probes(None)}

    for name, pod in pods():
        (container,) = pod["containers"]
        probes = [container[probe] for probe in container if probe.endswith("Probe")]
        assert len(probes) == (0 if name == "migrate" else 3)
        ports = {port["name"]: str(port["containerPort"]) for port in container.get("ports", [])}
        for probe in probes:
            assert probe["httpGet"]["path"] in served
            assert ports[probe["httpGet"]["port"]] == environment_of(container)["PINFEATHER_HEALTH_PORT"]
        if probes:
            # Else a database that is slow to answer would be a container that does not answer.
            assert container["readinessProbe"]["timeoutSeconds"] > health.ANSWERED_WITHIN_S
            assert container["livenessProbe"]["httpGet"]["path"] == "/livez"


def test_the_service_leads_to_the_webhook_and_not_to_the_figures():
    objects = {(each["kind"], each["metadata"]["name"]): each for each in manifests()}
    service = objects["Service", "serve"]["spec"]
    pod = objects["Deployment", "serve"]["spec"]["template"]

    assert [port["targetPort"] for port in service["ports"]] == ["webhook"]
    assert service["selector"].items() <= pod["metadata"]["labels"].items()


def test_what_selects_pods_finds_its_own():
    for each in manifests():
        if each["kind"] == "Deployment":
            labels = each["spec"]["template"]["metadata"]["labels"]
            assert each["spec"]["selector"]["matchLabels"] == labels
            assert each["spec"]["replicas"] == 2
    budgets = {each["metadata"]["name"] for each in manifests() if each["kind"] == "PodDisruptionBudget"}
    assert budgets == {"serve", "work"}


def test_a_pod_is_given_longer_to_stop_than_the_bot_takes():
    assert {name: pod.get("terminationGracePeriodSeconds") for name, pod in pods()} == {
        "migrate": None,
        "serve": 40,
        "work": 40,
    }


def test_kustomize_understands_the_manifests():
    if not shutil.which("kubectl"):
        pytest.skip("there is no kubectl here")

    done = subprocess.run(
        ["kubectl", "kustomize", DEPLOY / "kubernetes"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    built = [*yaml.safe_load_all(done.stdout)]
    images = set(re.findall(r"image: (\S+)", done.stdout))
    assert images == {IMAGE}
    assert len(built) == len([*manifests()])


# systemd


@each_unit
def test_every_unit_runs_a_command_with_variables_that_are_taken(path):
    unit = Unit(path)

    assert unit.command[0] == "/opt/pinfeather/.venv/bin/pinfeather"
    assert set(unit.command[1:]) <= COMMANDS
    assert unknown_variables(unit.environment) == set()
    assert unit.service["User"] == "pinfeather"
    assert f"/var/lib/{unit.service['StateDirectory']}" == unit.environment["PINFEATHER_HOME"]


def test_no_two_units_want_the_same_port():
    ports = [
        (value.replace("1", "%i") if "@" in path.name else value)
        for path in UNITS
        for name, value in Unit(path).environment.items()
        if name.endswith("_PORT")
    ]

    assert len(set(ports)) == len(ports) == 4


def test_every_unit_is_locked_in_alike():
    fences = {
        path.name: path.read_text().partition("# It needs")[2].partition("[Install]")[0] for path in UNITS
    }

    assert len(UNITS) == 3
    assert len(set(fences.values())) == 1
    assert "CapabilityBoundingSet=\n" in fences["pinfeather.service"]


def test_who_works_on_postgres_is_started_again_for_as_long_as_it_takes():
    for path in UNITS:
        assert ("StartLimitIntervalSec=0" in path.read_text()) == ("@" in path.name)
        assert Unit(path).service["Restart"] == "on-failure"


def test_the_unit_for_ones_own_account_runs_the_bot_without_root():
    (path,) = USER_UNITS
    unit = Unit(path)

    assert (unit.command[1:], "User" in unit.service) == (["run"], False)
    assert unit.service["NoNewPrivileges"] == "yes"


@pytest.fixture
def installed(tmp_path) -> list[Path]:
    """Give the units as they are where the program is installed: systemd asks whether it can be run."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze here")
    program = tmp_path / "pinfeather"
    program.touch(0o755)
    for path in UNITS:
        text = path.read_text().replace("/opt/pinfeather/.venv/bin/pinfeather", str(program))
        (tmp_path / path.name).write_text(text)
    return [tmp_path / path.name for path in UNITS]


def test_systemd_understands_every_unit(installed):
    done = subprocess.run(
        ["systemd-analyze", "verify", *installed], capture_output=True, text=True, timeout=60, check=False
    )
    if "Failed to initialize manager" in done.stderr or "Failed to set up" in done.stderr:
        pytest.skip("systemd-analyze cannot check units on this machine")

    assert (done.returncode, done.stderr) == (0, "")


def test_systemd_finds_no_unit_open(installed):
    threshold = f"--threshold={int(EXPOSURE_MAX * 10)}"
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", threshold, *installed],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd-analyze is older than 250")

    assert done.returncode == 0, done.stdout
