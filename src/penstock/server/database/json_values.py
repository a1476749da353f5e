"""Values of JSON, compared as PostgreSQL compares them: for a database that can't."""

from __future__ import annotations

from typing import Any

import msgspec


def has_value(text: str | None, name: str, value: str) -> bool:
    """Whether the JSON object `text` has, under `name`, what `value` is as JSON. What is spoilt has nothing."""
    try:
        found = msgspec.json.decode(text or "")
        return isinstance(found, dict) and name in found and is_same(found[name], msgspec.json.decode(value))
    except (msgspec.MsgspecError, RecursionError):
        return False


def is_same(one: Any, other: Any) -> bool:
    """Whether two values of JSON are the same: numbers by their value, objects whatever the order of their names."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other)
