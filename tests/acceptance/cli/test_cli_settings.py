"""`config`, `profile` and `version`: settings are seen, set and checked, and mistakes never cost a traceback."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Cli


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)


def profiles() -> dict[str, object]:
    return tomllib.loads((Path(os.environ["PENSTOCK_HOME"]) / "profiles.toml").read_text())


def test_a_value_is_set_and_seen(cli: Cli) -> None:
    """A value set by path or by environment name is kept, is in force, and says where it comes from."""
    outcome = cli("config", "set", "logging.level=debug", "PENSTOCK_FLOWS_MAX_DEPTH=50")
    assert (outcome.code, outcome.out) == (0, "")
    assert "Set PENSTOCK_LOGGING_LEVEL to DEBUG in profile 'default'." in outcome.err
    assert profiles()["profiles"] == {"default": {"PENSTOCK_LOGGING_LEVEL": "debug", "PENSTOCK_FLOWS_MAX_DEPTH": "50"}}
    assert ["PENSTOCK_LOGGING_LEVEL", "DEBUG", "profile", "'default'"] in [
        line.split() for line in cli("config", "view").lines
    ]
    assert cli("config", "view", "-o", "json").json["PENSTOCK_FLOWS_MAX_DEPTH"] == {
        "value": 50,
        "source": "profile 'default'",
    }


def test_a_value_is_taken_out(cli: Cli) -> None:
    """A value that is unset has its default again; one that is not set can't be taken out."""
    cli("config", "set", "logging.level=debug")
    assert cli("config", "unset", "logging.level").code == 0
    assert "PENSTOCK_LOGGING_LEVEL" not in cli("config", "view").out
    outcome = cli("config", "unset", "logging.level")
    assert (outcome.code, outcome.err) == (1, "Error: PENSTOCK_LOGGING_LEVEL is not set in profile 'default'.\n")


@pytest.mark.parametrize(
    ("pair", "code", "words"),
    [
        ("logging.levle=DEBUG", 1, "There is no setting 'logging.levle'. Did you mean 'logging.level'?"),
        ("PENSTOCK_LOG_LEVEL=DEBUG", 1, "Did you mean 'PENSTOCK_LOGGING_LEVEL'?"),
        ("logging.level=LOUD", 1, "Expected one of DEBUG"),
        ("flows.max_depth=deep", 1, "PENSTOCK_FLOWS_MAX_DEPTH is 'deep'"),
        ("home=/tmp", 1, "can't stand in a profile"),
        ("logging.level", 2, "not of the form SETTING=VALUE"),
        ("logging.level=", 2, "penstock config unset logging.level"),
    ],
)
def test_a_wrong_value_is_refused(cli: Cli, pair: str, code: int, words: str) -> None:
    """What is no setting, or no value of it, is refused in one line, and nothing is written: not what was right, either."""
    outcome = cli("config", "set", "flows.max_depth=5", pair)
    assert (outcome.code, outcome.out) == (code, "")
    assert words in outcome.err
    assert not (Path(os.environ["PENSTOCK_HOME"]) / "profiles.toml").exists()


def test_the_environment_hides_a_profile(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Setting what the environment sets as well is done, and said to have no effect here."""
    monkeypatch.setenv("PENSTOCK_LOGGING_LEVEL", "ERROR")
    assert "set in the environment, which goes first" in cli("config", "set", "logging.level=debug").err
    assert cli("config", "view", "-o", "json").json["PENSTOCK_LOGGING_LEVEL"] == {
        "value": "ERROR",
        "source": "environment",
    }


def test_secrets_are_masked(cli: Cli) -> None:
    """No command shows a key unless it is told to."""
    key = "pk-canary"
    shown = [
        cli("config", "set", f"api.key={key}"),
        cli("config", "view"),
        cli("config", "view", "-o", "json"),
        cli("profile", "inspect"),
        cli("profile", "inspect", "-o", "json"),
    ]
    assert all(key not in outcome.out + outcome.err for outcome in shown)
    assert key in cli("config", "view", "--show-secrets").out
    assert key in cli("profile", "inspect", "--show-secrets").out


def test_everything_is_valid(cli: Cli) -> None:
    """With nothing wrong anywhere, `validate` says so."""
    outcome = cli("config", "validate")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "All settings are valid.\n")


def test_all_mistakes_are_found(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """`validate` names every mistake in the environment, the project's file and every profile, not only the first."""
    cli("profile", "create", "other")
    home = Path(os.environ["PENSTOCK_HOME"])
    (home / "profiles.toml").write_text(
        "[profiles.default]\nPENSTOCK_LOGGING_LEVEL = 'LOUD'\n[profiles.other]\nPENSTOCK_LOGING_LEVEL = 'INFO'\n"
    )
    Path("penstock.toml").write_text("[flows]\nmax_depth = 0\n")
    monkeypatch.setenv("PENSTOCK_RESULTS_PERSIST", "1")
    monkeypatch.setenv("PENSTOCK_RECORDING_LEASE_SECONDS", "long")
    outcome = cli("config", "validate")
    assert outcome.code == 1
    found = cli("config", "validate", "-o", "json").json
    assert len(outcome.lines) == len(found) == 5
    places = [(one["severity"], one["place"]) for one in found]
    assert places == [
        ("error", "environment"),
        ("warning", "environment"),
        ("error", "penstock.toml"),
        ("error", "profile 'default'"),
        ("error", "profile 'other'"),
    ]
    for words in (
        "'long'",
        "'PENSTOCK_RESULTS_PERSIST'",
        "max_depth",
        "'LOUD'",
        "Did you mean 'PENSTOCK_LOGGING_LEVEL'",
    ):
        assert words.lower() in outcome.out.lower()


def test_a_warning_is_no_failure(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is no setting may belong to something else: it is mentioned, and that is all."""
    monkeypatch.setenv("PENSTOCK_FLOW_MAX_DEPTH", "5")
    outcome = cli("config", "validate")
    assert outcome.code == 0
    assert "There is no setting 'PENSTOCK_FLOW_MAX_DEPTH'. Did you mean 'PENSTOCK_FLOWS_MAX_DEPTH'?" in outcome.out


def test_broken_settings_can_be_mended(cli: Cli) -> None:
    """A profile with a wrong value stops other commands with one line, and `config` can still mend it."""
    home = Path(os.environ["PENSTOCK_HOME"])
    home.mkdir()
    (home / "profiles.toml").write_text("[profiles.default]\nPENSTOCK_FLOWS_MAX_DEPTH = 'deep'\nPENSTOCK_NO_SUCH = 1\n")
    outcome = cli("flow-run", "ls")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("Error: PENSTOCK_FLOWS_MAX_DEPTH is 'deep' (profile 'default').")
    assert cli("config", "unset", "flows.max_depth", "PENSTOCK_NO_SUCH").code == 0
    assert cli("flow-run", "ls").code == 0


def test_profiles_are_made_used_renamed_and_deleted(cli: Cli) -> None:
    """A profile's whole life, with what is in use always known."""
    cli("config", "set", "logging.level=ERROR")
    assert cli("profile", "create", "loud", "--from", "default").code == 0
    assert cli("profile", "use", "loud").code == 0
    cli("config", "set", "logging.level=DEBUG")
    assert cli("profile", "ls", "-o", "json").json == [
        {"name": "default", "in_use": False},
        {"name": "loud", "in_use": True},
    ]
    assert cli("profile", "inspect", "-o", "json").json == {
        "name": "loud",
        "settings": {"PENSTOCK_LOGGING_LEVEL": "DEBUG"},
    }
    assert "is in use" in cli("profile", "delete", "loud", "--yes").err
    assert cli("profile", "rename", "loud", "louder").code == 0
    assert cli("profile", "use", "default").code == 0
    assert "Give --yes" in cli("profile", "delete", "louder").err
    assert cli("profile", "delete", "louder", "--yes").code == 0
    assert [line.split() for line in cli("profile", "ls").lines[1:]] == [["*", "default", "1"]]


def test_a_profile_for_one_command(cli: Cli) -> None:
    """`--profile` before the command holds for it alone."""
    cli("profile", "create", "loud")
    cli("--profile", "loud", "config", "set", "logging.level=DEBUG")
    os.environ.pop("PENSTOCK_PROFILE", None)
    assert profiles()["profiles"] == {"default": {}, "loud": {"PENSTOCK_LOGGING_LEVEL": "DEBUG"}}
    assert "DEBUG" not in cli("config", "view").out


def test_a_profile_that_is_not_there(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown profile is one line that says which ones there are, by option, by variable and by command."""
    cli("profile", "create", "loud")
    for arguments in (["--profile", "lod", "flow-run", "ls"], ["profile", "use", "lod"], ["profile", "inspect", "lod"]):
        outcome = cli(*arguments)
        os.environ.pop("PENSTOCK_PROFILE", None)
        assert (outcome.code, outcome.out) == (1, "")
        assert outcome.err == "Error: There is no profile 'lod'. Did you mean 'loud'?\n"
    monkeypatch.setenv("PENSTOCK_PROFILE", "zzz")
    assert "There is 'default', 'loud'." in cli("version").err


def test_a_home_that_can_not_be_written(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder that is a file is one line that names it."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PENSTOCK_HOME", str(tmp_path / "file"))
    outcome = cli("config", "set", "logging.level=DEBUG")
    assert outcome.code == 1
    assert "profiles.toml can't be written" in outcome.err


def test_the_version_is_told(cli: Cli) -> None:
    """`version` says which Penstock and Python this is and where the record lies; `--version` only the number."""
    facts = cli("version", "-o", "json").json
    assert cli("--version").out == f"{facts['version']}\n"
    assert facts["home"] == os.environ["PENSTOCK_HOME"]
    assert facts["database"].endswith("penstock.db")
    assert cli("version").lines[0].split() == ["version", facts["version"]]
