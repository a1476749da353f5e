"""A run's process does not outlive what started it, nor use more than it may."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping

PARENT = "PENSTOCK__PARENT_PID"
MEMORY = "PENSTOCK__MEMORY_BYTES"

_SET_PARENT_DEATH_SIGNAL = 1
_SET_CHILD_SUBREAPER = 36


def die_with_parent(environment: Mapping[str, str]) -> None:
    """Be asked to end (SIGTERM) when the process that an environment names as the parent ends, if it names one.

    So a run whose worker was killed says that it Crashed. Only Linux can do so; elsewhere the lease ends the run. What the
    process starts stays its own, too, whatever that does to get away: see `adopt_strays`.
    """
    limit_memory(environment)
    named = environment.get(PARENT)
    if named is None or sys.platform != "linux" or not named.isdecimal():
        return
    _prctl(_SET_PARENT_DEATH_SIGNAL, int(signal.SIGTERM))
    adopt_strays()
    if os.getppid() != int(named):
        os.kill(os.getpid(), signal.SIGTERM)  # it ended just before


def adopt_strays() -> None:
    """Become the parent of whatever this process's descendants leave behind, also of what made a session of its own.

    Only Linux can do so (`PR_SET_CHILD_SUBREAPER` of prctl(2)). Where this process ends, they go to the next one above it
    that has asked for the same.
    """
    if sys.platform == "linux":
        _prctl(_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def limit_memory(environment: Mapping[str, str]) -> None:
    """Let this process, and each that it starts, have no more memory than an environment says."""
    named = environment.get(MEMORY)
    if named is None or not named.isdecimal():
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (int(named), int(named)))
