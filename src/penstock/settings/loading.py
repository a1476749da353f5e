"""Putting all sources together: what stands nearer to the run wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from penstock.settings.home import default_home
from penstock.settings.sources import ENVIRONMENT, from_environment, from_table, project_table
from penstock.settings.table import Settings

if TYPE_CHECKING:
    from pathlib import Path


def load(environment: Mapping[str, str], profile: str | None = None) -> Settings:
    """Return the settings that the environment, the working directory and the active profile make.

    Parameters:
        environment: the environment variables.
        profile: the profile to use, whatever the environment and `profiles.toml` say.

    Raises:
        ConfigurationError: a value can't be its setting's, or a file can't be read.
        MissingProfileError: there is no such profile.
    """
    from_variables = from_environment(environment)
    if profile is not None:
        from_variables["profile"] = profile
    home = from_variables.get("home") or default_home(environment)

    profile_name, from_profile = _active_profile(home, from_variables.get("profile"))
    from_project, project_file = _project()
    if "api.url" in from_project:
        # A key is for the server it was set beside: a folder that names another server must not be sent it.
        from_profile.pop("api.key", None)

    explicit: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for values, origin in (
        (from_profile, f"profile {profile_name!r}"),
        (from_project, project_file),
        (from_variables, ENVIRONMENT),
    ):
        explicit.update(values)
        origins.update(dict.fromkeys(values, origin))
    if profile_name != "default":
        explicit.setdefault("profile", profile_name)
        origins.setdefault("profile", "profiles.toml")
    return Settings(explicit, origins)


def _active_profile(home: Path, wanted: str | None) -> tuple[str, dict[str, Any]]:
    """Return the name of the profile in use, and what it sets; there is nothing to read where there is no file."""
    if wanted in (None, "default") and not (home / "profiles.toml").exists():
        return "default", {}
    from penstock.settings.profiles import DEFAULT_PROFILE, profiles_path, read_profiles

    profiles = read_profiles(home)
    profile = profiles[wanted or profiles.active_name or DEFAULT_PROFILE]
    values, strangers = from_table(profile.settings, f"profile {profile.name!r}")
    _warn_of(strangers, f"{profiles_path(home)}, profile {profile.name!r}")
    return profile.name, values


def _project() -> tuple[dict[str, Any], str]:
    from pathlib import Path

    try:
        folder = Path.cwd()
    except OSError:  # the working directory has been deleted
        return {}, ""
    table, name = project_table(folder)
    values, strangers = from_table(table, name)
    _warn_of(strangers, str(folder / name))
    return values, name


def _warn_of(strangers: Iterable[str], place: str) -> None:
    for name in strangers:
        import warnings

        warnings.warn(f"{place}: {stranger_message(name)}", UserWarning, stacklevel=4)


def stranger_message(name: str) -> str:
    """Return what is wrong with a name in a file that a file can't set."""
    from penstock.settings.names import nearest_setting
    from penstock.settings.table import BY_NAME, SETTINGS

    if name in SETTINGS or name in BY_NAME:
        return f"{name!r} can only be set in the environment; it is ignored here."
    return f"there is no setting {name!r}.{nearest_setting(name)}"
