"""The settings in use: those of the process, or those that the code around us put in their place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from penstock.core.errors import ConfigurationError
from penstock.settings.setting import Setting

if TYPE_CHECKING:
    from pathlib import Path

    from penstock.settings.table import Settings

_of_process: Settings | None = None
_in_place: ContextVar[Settings | None] = ContextVar("penstock_settings", default=None)


def current() -> Settings:
    """Return the settings in use here.

    The environment and the files are read when the first settings are asked for, and again after `reload`.

    Raises:
        ConfigurationError: a value can't be its setting's, or a file can't be read.
        MissingProfileError: the profile that is asked for does not exist.
    """
    return _in_place.get() or _of_process or reload()


def get_current_settings() -> Settings:
    """Return the settings in use here. See `current`."""
    return current()


def reload() -> Settings:
    """Read the environment and the files again, for the whole process, and return what they say."""
    global _of_process
    from penstock.settings.loading import load

    _of_process = load(os.environ)
    return _of_process


def forget() -> None:
    """Let the next one who asks read the environment and the files again."""
    global _of_process
    _of_process = None


def current_home() -> Path:
    """Return the home folder, even where other settings are wrong: it is needed to mend them."""
    from penstock.settings.home import default_home
    from penstock.settings.sources import ENVIRONMENT, read_value
    from penstock.settings.table import Settings

    in_use = _in_place.get() or _of_process
    if in_use is not None:
        return in_use.home
    raw = os.environ.get(Settings.home.name)
    home: Path = read_value(Settings.home, raw, ENVIRONMENT) if raw else default_home(os.environ)
    return home


def current_profile_name() -> str:
    """Return the name of the profile in use, even where other settings are wrong."""
    from penstock.settings.profiles import DEFAULT_PROFILE, read_profiles
    from penstock.settings.table import Settings

    in_use = _in_place.get() or _of_process
    if in_use is not None:
        return in_use.profile
    return os.environ.get(Settings.profile.name) or read_profiles(current_home()).active_name or DEFAULT_PROFILE


@contextmanager
def temporary_settings(
    updates: Mapping[Any, Any] | None = None,
    set_defaults: Mapping[Any, Any] | None = None,
    restore_defaults: Iterable[Any] | None = None,
) -> Iterator[Settings]:
    """Change settings for the code inside the `with`, and for the runs it starts.

    It holds for this thread or coroutine and for what Penstock starts from it; another thread is not affected. A
    setting is named by its constant, its environment variable or its path.

    Parameters:
        updates: values to set.
        set_defaults: values to set where nothing else has set one.
        restore_defaults: settings that are to have their defaults.

    Yields:
        The settings in use inside.

    Raises:
        UnknownSettingError: a name is no setting's.
        ConfigurationError: a value can't be the setting's.

    Example:
        >>> from penstock.settings import current, temporary_settings
        >>> with temporary_settings({"results.persist_by_default": True}):
        ...     current().results.persist_by_default
        True
    """
    base = current().without(_paths(restore_defaults or ()))
    defaults = {path: value for path, value in _values(set_defaults or {}).items() if path not in base.explicit}
    with use_settings(base.changed({**defaults, **_values(updates or {})}, "temporary settings")) as settings:
        yield settings


@contextmanager
def use_settings(settings: Settings) -> Iterator[Settings]:
    """Put `settings` in use for the code inside the `with`."""
    token = _in_place.set(settings)
    try:
        yield settings
    finally:
        _in_place.reset(token)


@contextmanager
def use_profile(name: str) -> Iterator[Settings]:
    """Use the profile `name`, with the environment over it as always, for the code inside the `with`.

    Raises:
        MissingProfileError: there is none.
    """
    from penstock.settings.loading import load

    with use_settings(load(os.environ, profile=name)) as settings:
        yield settings


def _paths(names: Iterable[str | Setting[Any]]) -> list[str]:
    from penstock.settings.names import find_setting

    return [find_setting(name).path for name in names]


def _values(given: Mapping[str | Setting[Any], Any]) -> dict[str, Any]:
    from penstock.settings.names import find_setting
    from penstock.settings.sources import read_value

    settings = [(find_setting(name), value) for name, value in given.items()]
    if any(setting.path == "profile" for setting, _ in settings):
        raise ConfigurationError("Temporary settings can't switch to another profile. `use_profile` can.")
    return {setting.path: read_value(setting, value, "temporary settings") for setting, value in settings}
