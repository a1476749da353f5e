"""Where values come from: the environment, the active profile, and a file in the working directory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from penstock.core.errors import ConfigurationError, ProfileSettingsValidationError
from penstock.settings.setting import MASK, Setting
from penstock.settings.table import BY_NAME, SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT = "environment"
PROJECT_FILE = "penstock.toml"
PYTHON_PROJECT_FILE = "pyproject.toml"


def read_value(setting: Setting[Any], raw: Any, origin: str) -> Any:
    """Return the value `raw` stands for.

    Raises:
        ConfigurationError: it stands for none. The error names the setting, the value, what is expected and
            `origin`; it keeps the first three as `setting`, `value` and `expected`.
    """
    try:
        return setting.read(raw)
    except (ValueError, TypeError, OverflowError):
        pass
    shown = MASK if setting.is_secret else repr(raw)[:200]
    kind = ProfileSettingsValidationError if origin.startswith("profile ") else ConfigurationError
    error = kind(f"{setting.name} is {shown} ({origin}). Expected {setting.kind.expected}.")
    error.setting, error.value, error.expected = setting.name, shown, setting.kind.expected  # type: ignore[attr-defined]
    raise error


def from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what the environment sets, by path. An empty variable sets nothing."""
    return {
        setting.path: read_value(setting, raw, ENVIRONMENT)
        for name, setting in BY_NAME.items()
        if (raw := environment.get(name))
    }


def from_table(table: Mapping[str, Any], origin: str) -> tuple[dict[str, Any], list[str]]:
    """Return what a table of a TOML file sets, by path, and the names in it that a file can't set."""
    values: dict[str, Any] = {}
    strangers: list[str] = []
    for name, raw in table.items():
        setting = SETTINGS.get(name, BY_NAME.get(name))
        if setting is None or not setting.anywhere:
            strangers.append(name)
        else:
            values[setting.path] = read_value(setting, raw, origin)
    return values, strangers


def project_table(folder: Path) -> tuple[dict[str, Any], str]:
    """Return what the project in `folder` sets, by name, and the file it stands in.

    That is `penstock.toml`, else the table `tool.penstock` of `pyproject.toml`. Where there is neither, this costs
    two looks for a file.
    """
    for name, table_name in ((PROJECT_FILE, None), (PYTHON_PROJECT_FILE, b"tool.penstock")):
        path = folder / name
        if not path.is_file():
            continue
        from penstock.settings.toml_file import flattened, parse_toml, read_bytes

        content = read_bytes(path)
        if table_name and table_name not in content:
            continue
        table = parse_toml(content, path)
        if table_name:
            table = table.get("tool", {}).get("penstock", {})
        return dict(flattened(table)), name
    return {}, PROJECT_FILE


def unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the environment variables that look like settings and are none."""
    yield from (name for name in sorted(environment) if name.startswith("PENSTOCK_") and name not in BY_NAME)
