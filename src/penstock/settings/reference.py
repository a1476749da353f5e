"""The reference page of settings, made from the table: `python -m penstock.settings.reference` prints it."""

from __future__ import annotations

from collections.abc import Iterator

from penstock.settings.setting import Group, Setting
from penstock.settings.table import GROUPS, Settings

HEAD = """# Settings

Every setting has one name in three spellings. `results.persist_by_default` in Python and TOML is
`PENSTOCK_RESULTS_PERSIST_BY_DEFAULT` in the environment and, imported from `penstock.settings`, in code.

A value is taken from the first of these that has one:

1. [`temporary_settings`](#changing-settings-in-code) around the code that asks
2. the environment
3. `penstock.toml` in the working directory, else the table `[tool.penstock]` of `pyproject.toml` there
4. the active [profile](../guides/profiles.md)
5. the default

They are read once, when a process first asks for a setting. `penstock config view` shows what is in force and where it
comes from; `penstock config validate` finds misspelt names and wrong values.

An environment variable that is empty counts as not set. A list is written `a,b,c`. Files may spell a setting as
`PENSTOCK_FLOWS_MAX_DEPTH = 50`, as `flows.max_depth = 50`, or as `max_depth = 50` under `[flows]`. An API key in a
profile is not sent to a server that a file in the working directory names.
"""

TAIL = """## Changing settings in code

```python
from penstock.settings import PENSTOCK_LOGGING_LEVEL, get_current_settings, temporary_settings

with temporary_settings({PENSTOCK_LOGGING_LEVEL: "DEBUG", "results.persist_by_default": True}):
    assert get_current_settings().logging.level == "DEBUG"
    assert PENSTOCK_LOGGING_LEVEL.value() == "DEBUG"
```

The change holds inside the `with` and for the runs started there, not for other threads. `penstock.settings.reload()`
reads the environment and the files again.
"""


def page() -> str:
    """Return the page, in Markdown."""
    sections = [_section("General", Settings)]
    sections += [_section(f"{group.__name__.lower()}: {_sentence(group)}", group) for group in GROUPS]
    return "\n".join([HEAD, *sections, TAIL])


def _sentence(group: type[Group]) -> str:
    words = (group.__doc__ or "").splitlines()[0].removesuffix(".")
    return words[0].lower() + words[1:]


def _section(title: str, group: type[Group]) -> str:
    return "\n".join([f"## {title}\n", *(line for setting in group.settings_in_group for line in _entry(setting))])


def _entry(setting: Setting[object]) -> Iterator[str]:
    yield f"### `{setting.path}`\n"
    yield f"{setting.description}\n"
    yield f"- environment: `{setting.name}`"
    yield f"- takes: {setting.kind.expected}"
    yield f"- default: {_default(setting)}\n"


def _default(setting: Setting[object]) -> str:
    if setting.shown_default is not None:
        return f"`{setting.shown_default}`"
    if setting.given_default is None or setting.given_default == ():
        return "not set"
    return f"`{setting.write(setting.given_default)}`"


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
