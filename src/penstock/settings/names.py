"""Finding a setting by whatever name it is called, and saying so where there is none."""

from __future__ import annotations

from typing import Any

from penstock.core.errors import UnknownSettingError
from penstock.settings.setting import MASK, Setting, environment_name, without_password
from penstock.settings.table import BY_NAME, SETTINGS


def find_setting(name: str | Setting[Any]) -> Setting[Any]:
    """Return the setting called `name`: its path, its environment variable, or itself.

    Raises:
        UnknownSettingError: there is none; the message names the nearest one.
    """
    if isinstance(name, Setting):
        return name
    found = SETTINGS.get(name, BY_NAME.get(name.upper()))
    if found is None:
        raise UnknownSettingError(f"There is no setting {name!r}.{nearest_setting(name)}")
    return found


def shown_value(name: str, raw: Any, *, secrets: bool = False) -> str:
    """Return what a file says of the setting called `name`, for people; masked if it is, or may be, a secret."""
    setting = SETTINGS.get(name, BY_NAME.get(name))
    if setting is not None and not setting.is_secret:
        return str(raw) if secrets else without_password(str(raw))
    return str(raw) if secrets else MASK


def nearest_setting(name: str) -> str:
    """Return a sentence that names the setting nearest to `name`, or one that says where they are listed."""
    as_path = "." in name or name.islower()
    names = list(SETTINGS if as_path else BY_NAME)
    close = nearest(name if as_path else environment_name(name).replace("PENSTOCK_PENSTOCK_", "PENSTOCK_"), names)
    return f" Did you mean {close!r}?" if close else " `penstock config view --show-defaults` lists them all."


def nearest(word: str, words: list[str]) -> str | None:
    """Return the one of `words` that is most like `word`, if any is."""
    from difflib import get_close_matches

    found = get_close_matches(word, words, n=1)
    return found[0] if found else None
