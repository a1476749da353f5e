"""Keeps secrets out of the record: by the class of a value, by the name it stands under, and by a user's hook."""

from __future__ import annotations

import fnmatch
import re
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

MASK = "********"
"""What is recorded in place of a secret."""

Hook = Callable[[str, Any], Any]

_NAMED_VALUE = re.compile(
    r"""(?P<name>[A-Za-z_][\w-]*)(?P<is>['"]?\s*[=:]\s*)"""
    r"""(?:b?'(?:[^'\\]|\\.)*(?:'|$)|b?"(?:[^"\\]|\\.)*(?:"|$)|[^\s,;)\]}]+)"""
)
_PASSWORD_IN_ADDRESS = re.compile(r"(://[^\s/:@]*:)[^\s/@]+@")


class HookBroken(Exception):
    """The redaction hook can't be loaded or raised, so nothing it should have seen may be recorded."""


class Redaction:
    """Decides what stays secret.

    Parameters:
        name_patterns: patterns, as in a shell, of names whose values are secret; case counts no more than - against _.
        hook: asked about every other value, with where it stands (`config.hosts.0`); returns what to record of it.
    """

    def __init__(self, name_patterns: tuple[str, ...], hook: Hook | None = None) -> None:
        self._is_secret_name = _name_matcher(name_patterns)
        self._hook = hook

    def hides_name(self, name: str) -> bool:
        """Tell whether what stands under `name` is secret."""
        return self._is_secret_name(name.replace("-", "_")) is not None

    def reviewed(self, path: str, value: Any) -> Any:
        """Return what the hook leaves of the value at `path`.

        Raises:
            HookBroken: the hook raised.
        """
        if self._hook is None:
            return value
        try:
            return self._hook(path, value)
        except Exception as error:
            raise HookBroken from error

    def masked_text(self, text: str) -> str:
        """Mask what stands behind a secret name within a text, such as `token='…'` in a repr."""

        def mask(found: re.Match[str]) -> str:
            return f"{found['name']}{found['is']}{MASK}" if self.hides_name(found["name"]) else found[0]

        return masked_addresses(_NAMED_VALUE.sub(mask, text))


def masked_addresses(text: str) -> str:
    """Mask the passwords in addresses such as `postgresql://user:password@host`."""
    if "://" not in text or "@" not in text:
        return text
    return _PASSWORD_IN_ADDRESS.sub(rf"\g<1>{MASK}@", text)


def is_secret(value: Any) -> bool:
    """Tell whether a value is one of pydantic's secrets, without loading pydantic."""
    return "pydantic" in sys.modules and hasattr(type(value), "get_secret_value")


@lru_cache(16)
def _name_matcher(patterns: tuple[str, ...]) -> Callable[[str], Any]:
    if not patterns:
        return lambda _: None
    folded = (pattern.replace("-", "_") for pattern in patterns)
    return re.compile("|".join(fnmatch.translate(pattern) for pattern in folded), re.IGNORECASE).match


@lru_cache(4)
def load_hook(name: str) -> Hook | None:
    """Return the function called `module:function`, or None where it can't be imported."""
    from importlib import import_module

    module_name, _, function_name = name.partition(":")
    try:
        hook = import_module(module_name)
        for part in function_name.split("."):
            hook = getattr(hook, part)
    except Exception:
        return None
    return hook if callable(hook) else None
