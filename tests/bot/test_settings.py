"""Settings are read from three places, and every mistake is reported at once without showing a value."""

from pathlib import Path

import pytest

from bot import settings, settings_shapes, settings_sources

REAL = "123456789:AAHreal-looking-token-of-35-characters"
SANDBOX = "5000000001:SANDBOX-demo-token-0000000000000000"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"PINFEATHER_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}


def faults_of(environ: dict[str, str], *, webhook: bool = False, replicas: bool = False) -> str:
    with pytest.raises(settings.BadSettings) as refused:
        settings.load(environ, webhook=webhook, replicas=replicas)
    return str(refused.value)


def test_a_token_is_enough(home):
    read = settings.load(home | {"PINFEATHER_BOT_TOKEN": REAL})

    assert read.database_url.get_secret_value() == f"sqlite:///{home['PINFEATHER_HOME']}/data/pinfeather.db"
    assert read.key_file == Path(home["PINFEATHER_HOME"]) / "keys"
    assert (read.own_apps, read.open_to_all, read.demo) == (True, False, False)


def test_without_a_home_the_directories_are_the_users_own(tmp_path):
    where = settings.places({"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "xdg")})

    assert where.settings_file == tmp_path / ".config" / "pinfeather" / "settings.toml"
    assert where.data_dir == tmp_path / "xdg" / "pinfeather"


def test_the_environment_beats_a_named_file_and_both_beat_the_settings_file(home, tmp_path):
    settings_sources.write(
        settings.places(home).settings_file,
        {"bot_token": REAL, "log_level": "DEBUG", "listen_port": 1, "own_apps": True, "consumer_key": "k"},
    )
    (tmp_path / "secret").write_text("from a file\n")

    read = settings.load(
        home | {"PINFEATHER_LISTEN_PORT": "2", "PINFEATHER_CONSUMER_SECRET_FILE": str(tmp_path / "secret")}
    )

    assert (read.log_level, read.listen_port) == ("DEBUG", 2)
    assert read.consumer_secret
    assert read.consumer_secret.get_secret_value() == "from a file"


def test_every_mistake_is_reported_at_once_and_no_value_is_shown(home):
    said = faults_of(
        home
        | {
            "PINFEATHER_BOT_TOKEN": "not-a-token",
            "PINFEATHER_LISTEN_PORT": "many",
            "PINFEATHER_LOG_LEVEL": "loud",
            "PINFEATHER_BOT_TOKN": REAL,
            "PINFEATHER_CONSUMER_KEY_FILE": "/nowhere/at/all",
        }
    )

    for name in ("BOT_TOKEN", "LISTEN_PORT", "LOG_LEVEL", "BOT_TOKN", "CONSUMER_KEY_FILE"):
        assert f"PINFEATHER_{name}" in said
    assert "not-a-token" not in said
    assert REAL not in said


def test_what_does_not_go_together_is_reported_with_what_is_wrong_by_itself(home):
    said = faults_of(
        home
        | {
            "PINFEATHER_BOT_TOKEN": REAL,
            "PINFEATHER_LISTEN_PORT": "many",
            "PINFEATHER_X_API": "http://127.0.0.1:8101",
            "PINFEATHER_CONSUMER_KEY": "k",
        },
        webhook=True,
        replicas=True,
    )

    lines = said.splitlines()
    for name in (
        "PINFEATHER_LISTEN_PORT",
        "x_api",
        "consumer_key",
        "webhook_url",
        "webhook_secret",
        "database_url",
    ):
        assert [line for line in lines if line.startswith(name)], name
    assert len(lines) == 6


def test_nothing_is_said_about_what_depends_on_a_setting_that_is_wrong(home):
    loopback = home | {"PINFEATHER_X_API": "http://127.0.0.1:8101", "PINFEATHER_DEMO": "true"}

    without_token = faults_of(loopback)
    elsewhere = faults_of(home | {"PINFEATHER_X_API": "https://x.example.org"})
    half = faults_of(home | {"PINFEATHER_BOT_TOKEN": REAL, "PINFEATHER_CONSUMER_SECRET_FILE": "/nowhere"})

    assert [line.split()[0] for line in without_token.splitlines()] == ["PINFEATHER_BOT_TOKEN"]
    assert "x_api" in elsewhere
    assert sorted(line.split()[0].strip(":") for line in half.splitlines()) == [
        "PINFEATHER_CONSUMER_SECRET_FILE",
        "consumer_key",
    ]


@pytest.mark.parametrize("name", settings.Settings.model_fields)
def test_what_a_setting_may_be_is_said_in_our_own_words(home, name):
    path = settings.places(home).settings_file
    path.parent.mkdir(parents=True)
    path.touch(0o600)
    path.write_text(f"{name} = [1, 2]\n")

    said = next(
        line for line in faults_of(home).splitlines() if line.startswith(f"PINFEATHER_{name.upper()} ")
    )

    assert said == f"PINFEATHER_{name.upper()} ({name} in the settings file): {settings_shapes.MUST[name]}"
    assert settings_shapes.MUST[name].startswith("must be ")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("own_apps", "maybe", "must be true or false"),
        ("listen_port", "65536", "must be a whole number from 0 to 65535"),
        ("health_port", "-1", "must be a whole number from 0 to 65535"),
        ("settle_after_s", "soon", "must be a number of seconds, more than 0 and at most 3600"),
        ("log_level", "LOUD", "must be DEBUG, INFO, WARNING or ERROR"),
        ("prices", "tweet=0.02", "must be names and US dollars, as in post=0.02; the names: post, "),
        ("prices", "post=much", "must be names and US dollars"),
        ("x_api", "http://[bad", "must be https:// or http://, a host"),
        ("x_api", "http://127.0.0.1:99999", "must be https:// or http://, a host"),
        ("webhook_url", "https://[bad/hook", "must be a public https address"),
        ("database_url", "mysql://me@here/pin", "must be sqlite:///"),
        ("database_url", "sqlite:///:memory:", "must be sqlite:///"),
        ("database_url", "postgresql://me:p[w@here/pin", "must be sqlite:///"),
    ],
)
def test_a_wrong_value_is_answered_with_what_is_allowed(home, name, value, allowed):
    said = faults_of(home | {"PINFEATHER_BOT_TOKEN": REAL, f"PINFEATHER_{name.upper()}": value})

    assert said.startswith(f"PINFEATHER_{name.upper()} ({name} in the settings file): {allowed}")
    assert len(said.splitlines()) == 1
    assert value not in said


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('log_level = "INFO"\nbot_token = 123:abc\n', 2),
        ('log_level = "INFO"\n\nbot_token = "abc', 3),
        ('bot_token = "a"\nbot_token = "b"\n', 2),
        ("# \xff\n", 1),
    ],
)
def test_a_settings_file_that_is_no_toml_is_said_with_its_line_and_nothing_else(home, text, line):
    path = settings.places(home).settings_file
    path.parent.mkdir(parents=True)
    path.touch(0o600)
    path.write_text(text, encoding="latin-1")

    said = faults_of(home)

    assert said.startswith(f"{path}: line {line}: ")
    assert len(said.splitlines()) == 1
    assert "abc" not in said


def test_a_settings_file_that_cannot_be_read_is_said_in_words_and_nothing_else(home):
    path = settings.places(home).settings_file
    path.mkdir(parents=True, mode=0o700)

    assert faults_of(home) == f"{path}: cannot be read: it is a directory"


def test_a_named_file_that_cannot_be_read_does_not_make_its_setting_missing(home, tmp_path):
    (tmp_path / "token").write_bytes(b"\xff")

    nowhere = faults_of(home | {"PINFEATHER_BOT_TOKEN_FILE": "/nowhere/at/all"})
    binary = faults_of(home | {"PINFEATHER_BOT_TOKEN_FILE": str(tmp_path / "token")})

    assert nowhere == "PINFEATHER_BOT_TOKEN_FILE: the file it names cannot be read: there is none"
    assert binary == "PINFEATHER_BOT_TOKEN_FILE: the file it names cannot be read: it is no text in UTF-8"


def test_a_line_that_is_no_setting_is_said_with_what_is_missing(home):
    path = settings.places(home).settings_file
    settings_sources.write(path, {"bot_tokn": REAL})

    said = faults_of(home).splitlines()

    assert said[0].startswith("PINFEATHER_BOT_TOKEN (bot_token in the settings file): is missing")
    assert said[1] == "bot_tokn in the settings file: there is no such setting"


def test_a_missing_token_says_what_to_do(home):
    assert faults_of(home).startswith("PINFEATHER_BOT_TOKEN (bot_token in the settings file): is missing; ")


def test_a_setting_and_its_file_at_once_are_a_mistake(home, tmp_path):
    (tmp_path / "token").write_text(REAL)

    said = faults_of(
        home | {"PINFEATHER_BOT_TOKEN": REAL, "PINFEATHER_BOT_TOKEN_FILE": str(tmp_path / "token")}
    )

    assert "not both" in said


def test_a_settings_file_others_may_read_is_refused(home):
    path = settings.places(home).settings_file
    settings_sources.write(path, {"bot_token": REAL})
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)

    assert "chmod 600" in faults_of(home)


def test_a_settings_file_is_never_overwritten(home):
    path = settings.places(home).settings_file
    settings_sources.write(path, {"bot_token": REAL})

    with pytest.raises(FileExistsError):
        settings_sources.write(path, {"bot_token": SANDBOX})


@pytest.mark.parametrize("value", ['quote " and \\ backslash', "ünïcode 🪶", "line\nbreak"])
def test_what_is_written_is_read_again(home, value):
    settings_sources.write(settings.places(home).settings_file, {"bot_token": REAL, "languages_dir": value})

    assert settings.load(home).languages_dir == Path(value)


@pytest.mark.parametrize(
    ("token", "telegram", "x", "fault"),
    [
        (REAL, "http://127.0.0.1:8100", settings.X_API, "telegram_api"),
        (REAL, settings.TELEGRAM_API, "http://127.0.0.1:8101", "x_api"),
        (SANDBOX, settings.TELEGRAM_API, "http://127.0.0.1:8101", "telegram_api"),
        (SANDBOX, "http://127.0.0.1:8100", settings.X_API, "x_api"),
        (SANDBOX, "http://10.0.0.1:8100", "http://127.0.0.1:8101", "telegram_api"),
        (SANDBOX, "http://127.0.0.1.example.org", "http://127.0.0.1:8101", "telegram_api"),
        (SANDBOX, "http://127.0.0.1@example.org", "http://127.0.0.1:8101", "telegram_api"),
    ],
)
def test_real_tokens_go_to_the_real_hosts_and_sandbox_tokens_stay_here(home, token, telegram, x, fault):
    said = faults_of(
        home | {"PINFEATHER_BOT_TOKEN": token, "PINFEATHER_TELEGRAM_API": telegram, "PINFEATHER_X_API": x}
    )

    assert fault in said


def test_the_sandbox_on_this_machine_is_fine(home):
    read = settings.load(
        home
        | {
            "PINFEATHER_BOT_TOKEN": SANDBOX,
            "PINFEATHER_TELEGRAM_API": "http://127.0.0.1:8100/",
            "PINFEATHER_X_API": "http://localhost:8101",
            "PINFEATHER_DEMO": "true",
        }
    )

    assert read.is_sandbox
    assert read.telegram_api == "http://127.0.0.1:8100"


def test_half_an_app_no_app_at_all_and_a_demo_with_a_real_token_are_mistakes(home):
    environ = home | {"PINFEATHER_BOT_TOKEN": REAL}

    assert "belong together" in faults_of(environ | {"PINFEATHER_CONSUMER_KEY": "k"})
    assert "nobody could connect" in faults_of(environ | {"PINFEATHER_OWN_APPS": "no"})
    assert "demo" in faults_of(environ | {"PINFEATHER_DEMO": "yes"})


def test_serving_needs_an_https_address_with_a_path_a_secret_and_postgres(home):
    environ = home | {"PINFEATHER_BOT_TOKEN": REAL}

    nothing = faults_of(environ, webhook=True, replicas=True)
    plain = faults_of(
        environ | {"PINFEATHER_WEBHOOK_URL": "http://example.org/hook"}, webhook=True, replicas=True
    )
    short = faults_of(environ | {"PINFEATHER_WEBHOOK_SECRET": "short"}, webhook=True, replicas=True)

    assert all(name in nothing for name in ("webhook_url", "webhook_secret", "database_url"))
    assert "must be https" in plain
    assert "16 to 256" in short


def test_secrets_are_listed_for_the_log_and_hidden_in_the_settings_own_words(home):
    read = settings.load(
        home
        | {
            "PINFEATHER_BOT_TOKEN": REAL,
            "PINFEATHER_CONSUMER_KEY": "the-key",
            "PINFEATHER_CONSUMER_SECRET": "the-secret",
            "PINFEATHER_DATABASE_URL": "postgresql://me:the-password@localhost/pin",
        }
    )

    assert {REAL, REAL.partition(":")[2], "the-key", "the-secret", "the-password"} <= set(read.secrets)
    assert not any(secret in repr(read) for secret in read.secrets)


def test_a_machine_too_old_is_told_so():
    assert settings.machine_faults((3, 11, 7), (3, 40, 1)) == []
    assert settings.machine_faults((3, 12, 0), (3, 42, 0)) == []
    assert "3.11" in settings.machine_faults((3, 10, 0), (3, 50, 0))[0]
    assert "3.42" in settings.machine_faults((3, 12, 0), (3, 41, 0))[0]
