"""Each source of settings is read, the nearer one wins, and what is wrong in it is said clearly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from penstock import settings
from penstock.core.errors import ConfigurationError, MissingProfileError, ProfileSettingsValidationError
from penstock.settings.home import default_home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder that exists, and an empty working directory."""
    folder = tmp_path / "penstock-home"
    folder.mkdir()
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    return folder


def test_defaults_lie_under_the_home(home: Path) -> None:
    """Where nothing is set, everything is kept under PENSTOCK_HOME."""
    current = settings.current()
    assert current.home == home
    assert current.database.url == f"sqlite:///{home}/penstock.db"
    assert current.results.local_storage_path == home / "storage"
    assert current.profile == "default"


def test_the_nearer_source_wins(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary settings stand before the environment, it before the project's file, that before the profile."""
    profile, project = home / "profiles.toml", Path("penstock.toml")
    profile.write_text("[profiles.default]\nPENSTOCK_FLOWS_MAX_DEPTH = 1\n")
    assert settings.reload().flows.max_depth == 1
    assert settings.current().origins["flows.max_depth"] == "profile 'default'"
    project.write_text("[flows]\nmax_depth = 2\n")
    assert settings.reload().flows.max_depth == 2
    assert settings.current().origins["flows.max_depth"] == "penstock.toml"
    monkeypatch.setenv("PENSTOCK_FLOWS_MAX_DEPTH", "3")
    assert settings.reload().flows.max_depth == 3
    assert settings.current().origins["flows.max_depth"] == "environment"
    with settings.temporary_settings({"flows.max_depth": 4}):
        assert settings.current().flows.max_depth == 4
    assert settings.current().flows.max_depth == 3


def test_the_environment_is_read_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of the environment is seen when a reload is asked for, and not before."""
    assert settings.current().logging.level == "INFO"
    monkeypatch.setenv("PENSTOCK_LOGGING_LEVEL", "debug")
    assert settings.current().logging.level == "INFO"
    assert settings.reload().logging.level == "DEBUG"


def test_an_empty_variable_sets_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`PENSTOCK_X=` is as if it were not there."""
    monkeypatch.setenv("PENSTOCK_FLOWS_MAX_DEPTH", "")
    assert settings.reload().flows.max_depth == 100


def test_pyproject_is_read(home: Path) -> None:
    """The table tool.penstock of pyproject.toml counts, unless there is a penstock.toml."""
    Path("pyproject.toml").write_text("[project]\nname = 'x'\n[tool.penstock.logging]\nlevel = 'ERROR'\n")
    assert settings.reload().logging.level == "ERROR"
    assert settings.current().origins["logging.level"] == "pyproject.toml"
    Path("penstock.toml").write_text("PENSTOCK_FLOWS_MAX_DEPTH = 7\n")
    assert settings.reload().logging.level == "INFO"
    assert settings.current().flows.max_depth == 7


def test_a_key_does_not_go_to_a_server_it_was_not_set_for(home: Path) -> None:
    """A project's file that names a server is not given the key that stands in the user's profile."""
    (home / "profiles.toml").write_text(
        "[profiles.default]\nPENSTOCK_API_URL = 'https://mine/api'\nPENSTOCK_API_KEY = 'k'\n"
    )
    assert settings.reload().api.key == "k"
    Path("penstock.toml").write_text("api.url = 'https://other/api'\n")
    assert settings.reload().api.url == "https://other/api"
    assert settings.current().api.key is None


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (
            "PENSTOCK_FLOWS_MAX_DEPTH",
            "deep",
            "PENSTOCK_FLOWS_MAX_DEPTH is 'deep' (environment). Expected a whole number",
        ),
        ("PENSTOCK_RESULTS_PERSIST_BY_DEFAULT", "maybe", "Expected true or false"),
        ("PENSTOCK_API_URL", "localhost", "Expected an address that begins with http:// or https://"),
        ("PENSTOCK_LOGGING_LEVEL", "LOUD", "Expected one of DEBUG, INFO"),
    ],
)
def test_a_wrong_variable_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    """The error of a wrong value names the variable, the value and what is expected, and keeps them."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        settings.reload()
    assert words in str(caught.value)
    assert caught.value.__dict__["setting"] == name


def test_a_wrong_value_in_a_profile_is_named(home: Path) -> None:
    """A profile's wrong value is an error of its own that names the profile."""
    (home / "profiles.toml").write_text("[profiles.default]\nPENSTOCK_RECORDING_LEASE_SECONDS = 'long'\n")
    with pytest.raises(ProfileSettingsValidationError, match=r"is 'long' \(profile 'default'\)"):
        settings.reload()


def test_a_wrong_secret_is_not_shown(home: Path) -> None:
    """The error of a wrong secret does not hold it."""
    (home / "profiles.toml").write_text("[profiles.default]\nPENSTOCK_API_KEY = 4711\n")
    with pytest.raises(ProfileSettingsValidationError) as caught:
        settings.reload()
    assert "4711" not in str(caught.value)


def test_an_unknown_profile_names_the_nearest(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for a profile that is not there says which one was perhaps meant."""
    (home / "profiles.toml").write_text("[profiles.production]\n")
    monkeypatch.setenv("PENSTOCK_PROFILE", "prodction")
    with pytest.raises(MissingProfileError, match=r"no profile 'prodction'\. Did you mean 'production'"):
        settings.reload()


def test_an_unknown_name_in_a_file_is_said_and_ignored(home: Path) -> None:
    """A name that is no setting's does not stop a program: it may be a newer version's. The nearest is named."""
    Path("penstock.toml").write_text("[results]\npersist_by_defalt = true\n")
    with pytest.warns(
        UserWarning, match=r"no setting 'results.persist_by_defalt'. Did you mean 'results.persist_by_def"
    ):
        assert settings.reload().results.persist_by_default is False


def test_a_file_can_not_move_the_home(home: Path, tmp_path: Path) -> None:
    """Where the files lie is not said in the files."""
    Path("penstock.toml").write_text(f"home = '{tmp_path / 'elsewhere'}'\n")
    with pytest.warns(UserWarning, match="can only be set in the environment"):
        assert settings.reload().home == home


def test_an_unknown_variable_stops_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt variable neither fails nor warns while a program starts; `penstock config validate` names it."""
    monkeypatch.setenv("PENSTOCK_RESULTS_PERSIST", "true")
    assert settings.reload().results.persist_by_default is False


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[profiles.default\n", "not a valid TOML file"),
        ("other = 1\n", "outside of"),
        ("active = 5\n", "name of a profile"),
    ],
)
def test_a_broken_file_of_profiles_is_named(home: Path, content: str, words: str) -> None:
    """A file of profiles that can't be understood is named in one error."""
    (home / "profiles.toml").write_text(content)
    with pytest.raises(ConfigurationError, match=words) as caught:
        settings.reload()
    assert "profiles.toml" in str(caught.value)


def test_a_deleted_working_directory_is_no_obstacle(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings load where the working directory is gone."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert settings.reload().flows.max_depth == 100
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, ".local/share/penstock"),
        ("linux", {"XDG_DATA_HOME": "relative"}, ".local/share/penstock"),
        ("darwin", {}, "Library/Application Support/penstock"),
        ("win32", {}, "AppData/Local/penstock"),
    ],
)
def test_the_home_of_each_platform(platform: str, environment: dict[str, str], expected: str) -> None:
    """The default home is where each platform keeps a user's application data."""
    assert default_home(environment, platform) == Path.home() / expected


def test_the_home_follows_xdg() -> None:
    """XDG_DATA_HOME moves the default home on Unixes."""
    assert default_home({"XDG_DATA_HOME": "/data"}, "linux") == Path("/data/penstock")


def test_importing_and_loading_is_cheap(home: Path) -> None:
    """Settings load without a TOML parser, dataclasses or anything of others, as long as there is no file to read."""
    program = (
        "import sys; before = set(sys.modules); import penstock.settings; penstock.settings.current();"
        "print(*(set(sys.modules) - before))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"tomllib", "dataclasses", "difflib", "inspect", "json", "tempfile", "pydantic", "msgspec", "click"}
    assert heavy.isdisjoint(loaded)
    assert "penstock.settings.profiles" not in loaded
