"""Profiles: named sets of settings in `profiles.toml` under the home folder, one of which is active."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from penstock.core.errors import ConfigurationError, MissingProfileError
from penstock.settings.names import find_setting, nearest
from penstock.settings.setting import Setting
from penstock.settings.table import SETTINGS
from penstock.settings.toml_file import flattened, read_toml, write_toml

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_PROFILE = "default"
MAX_NAME_CHARS = 100


class Profile:
    """A named set of settings.

    Parameters:
        name: its name.
        settings: values as they stand in the file, by the name of the environment variable. Names that are no
            setting's are kept: a newer version may know them.
    """

    def __init__(self, name: str, settings: Mapping[str, Any] | None = None) -> None:
        self.name = name
        self.settings: dict[str, Any] = dict(settings or {})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Profile) and (self.name, self.settings) == (other.name, other.settings)

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"Profile(name={self.name!r}, settings={sorted(self.settings)})"


class ProfilesCollection:
    """All profiles, and the name of the active one.

    Parameters:
        profiles: the profiles.
        active: the name of the active one.
    """

    def __init__(self, profiles: Iterable[Profile], active: str | None = None) -> None:
        self.profiles_by_name = {profile.name: profile for profile in profiles}
        self.active_name = active

    @property
    def names(self) -> set[str]:
        """The names of all profiles."""
        return set(self.profiles_by_name)

    @property
    def active_profile(self) -> Profile | None:
        """The active profile, if there is one of that name."""
        return self.profiles_by_name.get(self.active_name or "")

    def set_active(self, name: str) -> None:
        """Make the profile `name` the active one.

        Raises:
            MissingProfileError: there is none.
        """
        self.active_name = self[name].name

    def add_profile(self, profile: Profile) -> None:
        """Add a profile.

        Raises:
            ConfigurationError: there is one of that name, or the name can't be one.
        """
        check_profile_name(profile.name)
        if profile.name in self.profiles_by_name:
            raise ConfigurationError(
                f"There is a profile {profile.name!r} already. Give another name, or delete that one first."
            )
        self.profiles_by_name[profile.name] = profile

    def remove_profile(self, name: str) -> None:
        """Remove the profile `name`.

        Raises:
            MissingProfileError: there is none.
        """
        del self.profiles_by_name[self[name].name]
        if self.active_name == name:
            self.active_name = None

    def rename_profile(self, name: str, new_name: str) -> None:
        """Call the profile `name` by another name; it stays active if it is.

        Raises:
            MissingProfileError: there is none.
            ConfigurationError: there is one of the new name, or the name can't be one.
        """
        self.add_profile(Profile(new_name, self[name].settings))
        was_active = self.active_name == name
        self.remove_profile(name)
        if was_active:
            self.active_name = new_name

    def __getitem__(self, name: str) -> Profile:
        try:
            return self.profiles_by_name[name]
        except KeyError:
            raise _missing(name, self.profiles_by_name) from None

    def __contains__(self, name: object) -> bool:
        return name in self.profiles_by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self.profiles_by_name)


def _missing(name: str, names: Iterable[str]) -> MissingProfileError:
    known = sorted(names)
    close = nearest(name, known)
    hint = f"Did you mean {close!r}?" if close else f"There is {', '.join(map(repr, known))}."
    return MissingProfileError(f"There is no profile {name!r}. {hint}")


def check_profile_name(name: str) -> None:
    """Refuse names that could not be typed, printed or kept.

    Raises:
        ConfigurationError: `name` can't be a profile's name.
    """
    if not name.strip() or name != name.strip() or len(name) > MAX_NAME_CHARS or not name.isprintable():
        raise ConfigurationError(
            f"{name[:MAX_NAME_CHARS]!r} can't be the name of a profile. It must be 1 to {MAX_NAME_CHARS} printable "
            "characters, with no space at either end."
        )


def profiles_path(home: Path) -> Path:
    """Return the file that holds the profiles of a home folder."""
    return home / "profiles.toml"


def read_profiles(home: Path) -> ProfilesCollection:
    """Return the profiles of a home folder; there is always one called `default`.

    Raises:
        ConfigurationError: the file can't be read or is not made as profiles are.
    """
    path = profiles_path(home)
    content = read_toml(path)
    tables, active = content.pop("profiles", {}), content.pop("active", None)
    if content:
        raise ConfigurationError(f"{path} holds {next(iter(content))!r}, which stands outside of [profiles.<name>].")
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise ConfigurationError(f"{path}: profiles must be tables such as [profiles.default].")
    if active is not None and not isinstance(active, str):
        raise ConfigurationError(f"{path}: active must be the name of a profile, not {active!r}.")
    profiles = [Profile(name, dict(_by_variable(table))) for name, table in tables.items()]
    if DEFAULT_PROFILE not in tables:
        profiles.insert(0, Profile(DEFAULT_PROFILE))
    return ProfilesCollection(profiles, active)


def _by_variable(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in flattened(table):
        setting = SETTINGS.get(key)
        yield (key if setting is None else setting.name), value


def write_profiles(home: Path, profiles: ProfilesCollection) -> None:
    """Replace the profiles of a home folder.

    Raises:
        ConfigurationError: the file can't be written.
    """
    top = {"active": profiles.active_name} if profiles.active_name else {}
    tables: dict[tuple[str, ...], dict[str, Any]] = {
        ("profiles", name): profile.settings for name, profile in profiles.profiles_by_name.items()
    }
    write_toml(profiles_path(home), top, tables)


def load_profiles() -> ProfilesCollection:
    """Return the profiles of the current home folder."""
    from penstock.settings.active import current_home

    return read_profiles(current_home())


def save_profiles(profiles: ProfilesCollection) -> None:
    """Replace the profiles of the current home folder."""
    from penstock.settings.active import current_home

    write_profiles(current_home(), profiles)


def load_profile(name: str) -> Profile:
    """Return the profile `name` of the current home folder.

    Raises:
        MissingProfileError: there is none.
    """
    return load_profiles()[name]


def load_current_profile() -> Profile:
    """Return the profile in use."""
    from penstock.settings.active import current_profile_name

    return load_profile(current_profile_name())


def update_current_profile(settings: Mapping[str | Setting[Any], Any]) -> Profile:
    """Set values in the profile in use, for later processes; None takes one out. Return the profile.

    Raises:
        UnknownSettingError: a name is no setting's.
        ConfigurationError: a value can't be the setting's, or the setting can't stand in a file.
    """
    from penstock.settings.active import current_profile_name
    from penstock.settings.sources import read_value

    profiles = load_profiles()
    profile = profiles[current_profile_name()]
    for name, value in settings.items():
        if value is None and name in profile.settings:  # it may be a name that is no setting's
            del profile.settings[str(name)]
            continue
        setting = find_setting(name)
        if not setting.anywhere:
            raise ConfigurationError(f"{setting.name} can't stand in a profile: set it as an environment variable.")
        if value is None:
            profile.settings.pop(setting.name, None)
        else:
            read_value(setting, value, f"profile {profile.name!r}")
            profile.settings[setting.name] = str(value) if isinstance(value, os.PathLike) else value
    save_profiles(profiles)
    return profile
