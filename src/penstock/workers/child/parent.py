"""A run's process does not outlive what started it, nor use more than it may."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping

PARENT = "PENSTOCK__PARENT_PID"
MEMORY = "PENSTOCK__MEMORY_BYTES"

_SET_PARENT_DEATH_SIGNAL = 1


def die_with_parent(environment: Mapping[str, str]) -> None:
    """Be asked to end (SIGTERM) when the process that an environment names as the parent ends, if it names one.

    So a run whose worker was killed says that it Crashed. Only Linux can do so; elsewhere the lease ends the run.
    """
    limit_memory(environment)
    named = environment.get(PARENT)
    if named is None or sys.platform != "linux" or not named.isdecimal():
        return
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, int(signal.SIGTERM))
    if os.getppid() != int(named):
        os.kill(os.getpid(), signal.SIGTERM)  # it ended just before


def limit_memory(environment: Mapping[str, str]) -> None:
    """Let this process, and each that it starts, have no more memory than an environment says."""
    named = environment.get(MEMORY)
    if named is None or not named.isdecimal():
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (int(named), int(named)))
