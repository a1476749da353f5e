"""What names a call of a task or subflow, the same in every attempt of its flow run, and the keys of its result."""

from __future__ import annotations

import re
from typing import Literal
from uuid import UUID

_SALT = re.compile(r"~[0-9a-f]{32}:\d+$")


def call_name(kind: Literal["task", "flow"], name: str, key: str | None) -> str:
    """Return what names a call among those of a flow run, in each of its attempts.

    Parameters:
        kind: what is called.
        name: that of the task or flow.
        key: the key that its result is found by; without one it runs in every attempt, and all calls of the name are one.
    """
    return f"{kind}:{name}" if key is None else f"key:{key_of_first(key)}"


def key_of_first(key: str) -> str:
    """Return the key that the first attempt had for a result, where `key` is one that `key_from` made of that."""
    return _SALT.sub("", key) if "~" in key else key


def key_from(attempt: int, flow_run_id: UUID, key: str) -> str:
    """Return the key under which a result is kept of which none counts that an attempt before `attempt` made."""
    return f"{key}~{flow_run_id.hex}:{attempt}"
