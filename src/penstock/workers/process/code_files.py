"""Which files a warm parent has imported, and whether they are still the same."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Mapping

State = tuple[int, int]
"""A file's time of change in nanoseconds, and its size."""

_INSTALLED = tuple(sysconfig.get_paths()[kind] for kind in ("stdlib", "platstdlib", "purelib", "platlib"))


def states_of_files(modules: Iterable[str]) -> dict[str, State]:
    """Return the state of each file that modules came from, by its path; what is installed is left out."""
    states = {}
    for name in modules:
        path = getattr(sys.modules.get(name), "__file__", None)
        if isinstance(path, str) and not path.startswith(_INSTALLED):
            state = _state(path)
            if state is not None:
                states[path] = state
    return states


def are_unchanged(states: Mapping[str, State]) -> bool:
    """Whether every file is as it was."""
    return all(_state(path) == tuple(state) for path, state in states.items())


def _state(path: str) -> State | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
