"""Looking for what is wrong in all the places that settings come from, used or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from penstock.core.errors import ConfigurationError
from penstock.settings.active import current_home
from penstock.settings.loading import stranger_message
from penstock.settings.names import nearest_setting
from penstock.settings.profiles import read_profiles
from penstock.settings.sources import ENVIRONMENT, from_table, project_table, read_value, unknown_variables
from penstock.settings.table import BY_NAME, Settings


class Problem(NamedTuple):
    """Something wrong with settings.

    Attributes:
        severity: an `error` stops runs or means that a file does not say what its writer thinks; a `warning` may
            be meant for another version or another program.
        place: where it stands.
        message: what is wrong.
    """

    severity: Literal["error", "warning"]
    place: str
    message: str


def problems(environment: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what is wrong in the environment, in the project's file and in every profile."""
    yield from _in_environment(environment)
    yield from _in_project()
    yield from _in_profiles(environment.get(Settings.profile.name))


def _in_environment(environment: Mapping[str, str]) -> Iterator[Problem]:
    for name, setting in BY_NAME.items():
        if raw := environment.get(name):
            try:
                read_value(setting, raw, ENVIRONMENT)
            except ConfigurationError as error:
                yield Problem("error", ENVIRONMENT, str(error))
    for name in unknown_variables(environment):
        yield Problem("warning", ENVIRONMENT, f"There is no setting {name!r}.{nearest_setting(name)}")


def _in_project() -> Iterator[Problem]:
    try:
        table, name = project_table(Path.cwd())
    except ConfigurationError as error:
        yield Problem("error", "working directory", str(error))
        return
    yield from _in_table(table, name)


def _in_profiles(wanted: str | None) -> Iterator[Problem]:
    try:
        profiles = read_profiles(current_home())
        _ = profiles[wanted or profiles.active_name or "default"]
    except ConfigurationError as error:
        yield Problem("error", "profiles", str(error))
        return
    for profile in profiles.profiles_by_name.values():
        yield from _in_table(profile.settings, f"profile {profile.name!r}")


def _in_table(table: Mapping[str, Any], place: str) -> Iterator[Problem]:
    for name, raw in table.items():
        try:
            _, strangers = from_table({name: raw}, place)
        except ConfigurationError as error:
            yield Problem("error", place, str(error))
        else:
            yield from (Problem("error", place, _sentence(stranger_message(stranger))) for stranger in strangers)


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
