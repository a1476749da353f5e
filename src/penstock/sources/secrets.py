"""Which settings of a source are secrets, and how they are kept out of what people and records see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from penstock.core.errors import InvalidSource
from penstock.settings.setting import MASK
from penstock.sources.references import has_reference

SHORTEST_SECRET = 4
"""Shorter values are not searched for in messages: they would be found everywhere."""

_NAMES = (
    "*password*",
    "*passwd*",
    "*secret*",
    "*token*",
    "*key",
    "*private*",
    "*credential*",
    "*connection_string*",
    "auth",
)
_NO_SECRETS = frozenset({"aws_access_key_id", "requester_pays", "anon", "token_endpoint"})


def revealed(value: Any) -> Any:
    """Return what an object holds that hides a secret (a `SecretStr` of pydantic, a block); other values as they are."""
    for name in ("get_secret_value", "get"):
        reveal = getattr(value, name, None)
        if callable(reveal) and (name == "get_secret_value" or hasattr(value, "get_block_placeholder")):
            return reveal()
    return value


def portable(name: str, value: Any, address: str) -> Any:
    """Return a setting as a pull step may hold it: JSON, with references in the place of secrets.

    Parameters:
        name: the setting's.
        value: its value; an object with `get_block_placeholder()` becomes the reference that it returns.
        address: the source's, for the error.

    Raises:
        InvalidSource: it is a secret as it is, or no JSON.
    """
    placeholder = getattr(value, "get_block_placeholder", None)
    if callable(placeholder):
        return f"{{{{ {placeholder()} }}}}"
    if isinstance(value, Mapping):
        return {str(key): portable(str(key), one, address) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [portable(name, one, address) for one in value]
    if callable(getattr(value, "get_secret_value", None)) or (
        is_secret_name(name) and isinstance(value, str) and value and not has_reference(value)
    ):
        raise InvalidSource(
            f"{name!r} of {address} is a secret, and would be seen by all who may see the deployment. Give a reference "
            f"to it in its place, such as '{{{{ $MY_{name.upper()} }}}}' for an environment variable of the machine "
            "that runs the flow."
        )
    if value is not None and not isinstance(value, (str, int, float, bool)):
        raise InvalidSource(
            f"{name!r} of {address} is of type {type(value).__name__!r}, which can't travel with a deployment. "
            "Give text, numbers, lists or dicts."
        )
    return value


def is_secret_name(name: str) -> bool:
    """Whether the value of a setting of this name is a secret, most likely."""
    lower = name.lower()
    return lower not in _NO_SECRETS and any(fnmatchcase(lower, pattern) for pattern in _NAMES)


def secrets_in(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts in settings, of whatever depth, that are secrets."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from secrets_in(value)
        elif isinstance(value, str) and is_secret_name(str(name)):
            yield value


def without_secrets(text: str, secrets: Iterator[str] | list[str]) -> str:
    """Return a message with every secret in it masked."""
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, MASK)
    return text
