"""Profiles are kept in a TOML file that is replaced as a whole, and only its owner can read."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock import settings
from penstock.core.errors import ConfigurationError, MissingProfileError, UnknownSettingError
from penstock.settings import Profile, ProfilesCollection
from penstock.settings.profiles import profiles_path
from penstock.settings.toml_file import write_toml

# Lone surrogates are no text; TOML files are UTF-8.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | TEXT, st.lists, max_leaves=5
)


def test_there_is_always_a_default_profile() -> None:
    """With no file at all there is one empty profile."""
    profiles = settings.load_profiles()
    assert profiles.names == {"default"}
    assert profiles.active_name is None
    assert settings.load_current_profile() == Profile("default")


def test_profiles_survive_the_file() -> None:
    """What is saved is loaded again, and the active profile takes effect."""
    profiles = ProfilesCollection([Profile("default"), Profile("quiet one", {"PENSTOCK_LOGGING_LEVEL": "ERROR"})])
    profiles.set_active("quiet one")
    settings.save_profiles(profiles)
    assert settings.load_profile("quiet one").settings == {"PENSTOCK_LOGGING_LEVEL": "ERROR"}
    assert settings.reload().profile == "quiet one"
    assert settings.current().logging.level == "ERROR"


def test_the_file_is_its_owners_only() -> None:
    """Profiles hold keys: nobody else may read the file, and nothing is left beside it."""
    settings.save_profiles(settings.load_profiles())
    path = profiles_path(settings.current().home)
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in path.parent.iterdir()] == ["profiles.toml"]


def test_the_profile_in_use_can_be_updated() -> None:
    """Values are set and taken out of the profile in use, and count from the next load on."""
    settings.update_current_profile({"flows.max_depth": 5, "PENSTOCK_LOGGING_LEVEL": "ERROR"})
    assert settings.reload().flows.max_depth == 5
    settings.update_current_profile({"flows.max_depth": None})
    assert settings.load_current_profile().settings == {"PENSTOCK_LOGGING_LEVEL": "ERROR"}


def test_a_bad_update_leaves_the_file_alone() -> None:
    """An unknown name, a wrong value or a setting that no file can hold is refused, and the file stays as it was."""
    settings.update_current_profile({"flows.max_depth": 5})
    for update, error in (
        ({"flows.max_dept": 1}, UnknownSettingError),
        ({"flows.max_depth": "deep"}, ConfigurationError),
        ({"home": "/x"}, ConfigurationError),
    ):
        with pytest.raises(error):
            settings.update_current_profile(update)
    assert settings.load_current_profile().settings == {"PENSTOCK_FLOWS_MAX_DEPTH": 5}


def test_nested_tables_are_understood() -> None:
    """A profile may be written by hand with groups as tables."""
    path = profiles_path(settings.current().home)
    path.parent.mkdir()
    path.write_text("[profiles.default.results]\npersist_by_default = true\n")
    assert settings.reload().results.persist_by_default is True
    assert settings.load_current_profile().settings == {"PENSTOCK_RESULTS_PERSIST_BY_DEFAULT": True}


def test_a_profile_can_be_renamed_and_removed() -> None:
    """An active profile that is renamed stays active; one that is removed is active no more."""
    profiles = ProfilesCollection([Profile("a", {"PENSTOCK_LOGGING_LEVEL": "ERROR"})], active="a")
    profiles.rename_profile("a", "b")
    assert (profiles.active_name, profiles.names) == ("b", {"b"})
    assert profiles["b"].settings == {"PENSTOCK_LOGGING_LEVEL": "ERROR"}
    profiles.remove_profile("b")
    assert (profiles.active_name, profiles.names) == (None, set())


def test_names_of_profiles_are_checked() -> None:
    """There is no profile of a name that is taken, empty, very long or not printable."""
    profiles = ProfilesCollection([Profile("a")])
    for name in ("a", "", " a", "a\nb", "a\0", "x" * 101):
        with pytest.raises(ConfigurationError):
            profiles.add_profile(Profile(name))
    with pytest.raises(MissingProfileError, match="There is 'a'"):
        profiles["zzz"]
    profiles.add_profile(Profile("naïve 🚀"))


def test_use_profile_holds_for_a_while() -> None:
    """Another profile can be used for the code inside a `with`."""
    settings.save_profiles(ProfilesCollection([Profile("b", {"PENSTOCK_FLOWS_MAX_DEPTH": 3})]))
    with settings.use_profile("b") as used:
        assert (used.profile, used.flows.max_depth) == ("b", 3)
    assert settings.current().flows.max_depth == 100


def test_a_folder_that_can_not_be_written_is_named() -> None:
    """A home that is a file gives one clear error."""
    home = settings.current().home
    home.write_text("not a folder")
    with pytest.raises(ConfigurationError, match=r"profiles\.toml can't be written"):
        settings.save_profiles(ProfilesCollection([]))


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """A value that TOML has no word for stops the write before the file is touched."""
    path = tmp_path / "x.toml"
    write_toml(path, {"a": 1}, {})
    with pytest.raises(ConfigurationError, match="by hand"):
        write_toml(path, {"a": object()}, {})
    assert path.read_text() == "a = 1\n"


@given(top=st.dictionaries(TEXT, VALUES), name=TEXT, values=st.dictionaries(TEXT, VALUES))
def test_whatever_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, top: dict[str, Any], name: str, values: dict[str, Any]
) -> None:
    """Any keys and values come back from the file as they were."""
    top.pop("tables", None)
    path = tmp_path_factory.getbasetemp() / "whatever.toml"
    write_toml(path, top, {("tables", name): values})
    assert tomllib.loads(path.read_text()) == {**top, "tables": {name: values}}
