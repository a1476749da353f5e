"""Lock managers: who keeps runs that compute the same result at the same time apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.locking.filesystem import FileSystemLockManager as FileSystemLockManager
    from penstock.locking.memory import MemoryLockManager as MemoryLockManager
    from penstock.locking.protocol import LockManager as LockManager

_HOMES = {"FileSystemLockManager": "filesystem", "LockManager": "protocol", "MemoryLockManager": "memory"}

__all__ = ["FileSystemLockManager", "LockManager", "MemoryLockManager"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
