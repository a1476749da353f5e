"""Settings: what they are, where they come from, and which are in use.

    >>> from penstock.settings import PENSTOCK_RESULTS_PERSIST_BY_DEFAULT, current
    >>> current().results.persist_by_default == PENSTOCK_RESULTS_PERSIST_BY_DEFAULT.value()
    True

Every setting can be imported by the name of its environment variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from penstock.settings.active import current as current
from penstock.settings.active import get_current_settings as get_current_settings
from penstock.settings.active import reload as reload
from penstock.settings.active import temporary_settings as temporary_settings
from penstock.settings.active import use_profile as use_profile
from penstock.settings.active import use_settings as use_settings

if TYPE_CHECKING:
    from penstock.settings.profiles import Profile as Profile
    from penstock.settings.profiles import ProfilesCollection as ProfilesCollection
    from penstock.settings.profiles import load_current_profile as load_current_profile
    from penstock.settings.profiles import load_profile as load_profile
    from penstock.settings.profiles import load_profiles as load_profiles
    from penstock.settings.profiles import save_profiles as save_profiles
    from penstock.settings.profiles import update_current_profile as update_current_profile
    from penstock.settings.setting import Setting as Setting
    from penstock.settings.table import Settings as Settings

__all__ = [
    "Profile",
    "ProfilesCollection",
    "Setting",
    "Settings",
    "current",
    "get_current_settings",
    "load_current_profile",
    "load_profile",
    "load_profiles",
    "reload",
    "save_profiles",
    "temporary_settings",
    "update_current_profile",
    "use_profile",
    "use_settings",
]

_LAZY = dict.fromkeys((name for name in __all__ if "rofile" in name and name != "use_profile"), "profiles")
_LAZY |= {"Setting": "setting", "Settings": "table"}


def __getattr__(name: str) -> Any:
    """Return the setting whose environment variable is `name`, or what is loaded only when it is asked for."""
    if name in _LAZY:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
    if name.startswith("PENSTOCK_"):
        from penstock.settings.table import BY_NAME

        if name in BY_NAME:
            return BY_NAME[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    from penstock.settings.table import BY_NAME

    return sorted({*__all__, *BY_NAME})
