"""References in text: `{{ step.output }}`, `{{ $NAME }}` and their like, which stand for values known only where code runs.

They are put in once, as they are: nothing is computed, and what is put in is not looked through again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from penstock.core.errors import ConfigurationError

MOST_CHARACTERS = 1_000_000
MOST_DEPTH = 32
MOST_VALUES = 10_000

RESOLVERS: dict[str, Callable[[str], Any]] = {}
"""What finds the value of `{{ penstock.KIND.NAME }}`, by kind: a function of the name. Who keeps such values adds it here."""

_REFERENCE = re.compile(r"\{\{\s{0,100}(\$?[A-Za-z_][\w.-]{0,255})\s{0,100}\}\}")
_OURS = re.compile(r"(?:penstock|prefect)\.([a-z_]+)\.(.+)")


def has_reference(value: Any) -> bool:
    """Whether a value is text with a reference in it."""
    return isinstance(value, str) and _REFERENCE.search(value) is not None


def resolve(value: Any, known: Mapping[str, Any] | None = None) -> Any:
    """Return a value with all references in it replaced.

    Text that is nothing but one reference becomes the value itself, of whatever type; within other text it becomes text.
    `{{ $NAME }}` is an environment variable, `{{ a.b }}` is `known["a"]["b"]`, and `{{ penstock.KIND.NAME }}` is what
    the resolver of its kind finds. Double braces around anything else are no reference, and stay.

    Parameters:
        value: text, a list or a dict, of whatever depth; other values stay as they are.
        known: values by name, those that steps returned for instance.

    Raises:
        ConfigurationError: a reference stands for nothing, or the bounds on size and depth are passed.
    """
    return _Resolution(known or {}).of(value, MOST_DEPTH)


def resolve_known(value: Any, known: Mapping[str, Any]) -> Any:
    """Return a value with those references replaced that begin with a name in `known`; all others stay as they are.

    So a step that runs elsewhere is told what is known here, and finds its secrets where it runs.

    Raises:
        ConfigurationError: what is known has no such part, or the bounds on size and depth are passed.
    """
    return _Resolution(known, leave_others=True).of(value, MOST_DEPTH)


class _Resolution:
    """One walk through a value.

    Parameters:
        known: values by name.
        leave_others: whether references to anything else stay as they are.
    """

    def __init__(self, known: Mapping[str, Any], *, leave_others: bool = False) -> None:
        self._known = known
        self._leave_others = leave_others
        self._values_left = MOST_VALUES
        self._characters_left = MOST_CHARACTERS

    def of(self, value: Any, depth_left: int) -> Any:
        self._values_left -= 1
        if depth_left == 0 or self._values_left < 0:
            raise ConfigurationError(
                f"A value with references is nested deeper than {MOST_DEPTH}, or has more than {MOST_VALUES:,} parts. "
                "Make it smaller."
            )
        if isinstance(value, str):
            return self._of_text(value)
        if isinstance(value, Mapping):
            return {name: self.of(one, depth_left - 1) for name, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.of(one, depth_left - 1) for one in value]
        return value

    def _of_text(self, text: str) -> Any:
        self._count(text)
        whole = _REFERENCE.fullmatch(text.strip())
        if whole is not None:
            return text if self._stays(whole[1]) else self._find(whole[1])
        return _REFERENCE.sub(lambda found: found[0] if self._stays(found[1]) else self._as_text(found[1]), text)

    def _stays(self, name: str) -> bool:
        return self._leave_others and name.partition(".")[0] not in self._known

    def _count(self, text: str) -> None:
        self._characters_left -= len(text)
        if self._characters_left < 0:
            raise ConfigurationError(
                f"A value with references has more than {MOST_CHARACTERS:,} characters. Make it smaller."
            )

    def _as_text(self, name: str) -> str:
        found = self._find(name)
        if isinstance(found, bool) or not isinstance(found, (str, int, float)):
            raise ConfigurationError(
                f"{{{{ {name} }}}} is of type {type(found).__name__!r}, which can't stand within other text. "
                "Let it stand alone."
            )
        text = str(found)
        self._count(text)
        return text

    def _find(self, name: str) -> Any:
        if name.startswith("$"):
            return _environment_variable(name)
        ours = _OURS.fullmatch(name)
        if ours is not None:
            return _resolved(name, ours[1], ours[2])
        found: Any = self._known
        for part in name.split("."):
            if not isinstance(found, Mapping) or part not in found:
                raise ConfigurationError(
                    f"{{{{ {name} }}}} stands for nothing. {_offer(self._known)} "
                    "An environment variable is written {{ $NAME }}."
                )
            found = found[part]
        return found


def _environment_variable(name: str) -> str:
    found = os.environ.get(name[1:])
    if found is None:
        raise ConfigurationError(
            f"{{{{ {name} }}}} stands for nothing: there is no environment variable {name[1:]!r} here. Set it."
        )
    return found


def _resolved(name: str, kind: str, rest: str) -> Any:
    if kind not in RESOLVERS:
        known = ", ".join(f"penstock.{one}" for one in sorted(RESOLVERS)) or "no such kind of value yet"
        raise ConfigurationError(f"{{{{ {name} }}}} stands for nothing: there is {known}.")
    return RESOLVERS[kind](rest)


def _offer(known: Mapping[str, Any]) -> str:
    names = ", ".join(sorted(map(str, known))[:20])
    return f"There is {names}." if names else "No step before it has returned anything."
