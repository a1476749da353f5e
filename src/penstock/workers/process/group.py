"""A run's process with all that it started: asked to end, and ended, as one."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress

from penstock.core import clock

_LOOK_SECONDS = 0.02
_LOOK_AGAIN_SECONDS = 0.2
_MOST_ROUNDS = 50


class ProcessGroup:
    """The group of a run's process, and what left it.

    A process that made a session of its own is found by the mark in the environment it was given, on Linux.

    Parameters:
        leader: the number of the process that the group is named after.
        mark: `NAME=value`, which stands in the environment of every process of the run and of no other.
    """

    def __init__(self, leader: int, mark: str) -> None:
        self.leader = leader
        self._mark = mark.encode()

    async def end(self, ended: asyncio.Event, grace_seconds: float) -> None:
        """Ask all of it to end; kill what has not after the grace time; return when nothing is left.

        Parameters:
            ended: set when the leader has ended.
            grace_seconds: how long the leader may take.
        """
        # The leader alone: it ends the run in good order, with what it started. A group that is asked as a whole
        # would have a flow's own helpers gone before it has let go of them.
        self._send(signal.SIGTERM, to_leader=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(grace_seconds):
                await ended.wait()
        await self.kill()

    async def kill(self) -> None:
        """Kill all that is left of it, also of a program that starts others faster than they are killed."""
        self._send(signal.SIGKILL)
        for _ in range(_MOST_ROUNDS):
            others = self.strays()
            for pid in others:  # none may start another while the rest are looked for
                _signal(pid, signal.SIGSTOP)
            for pid in others:
                _signal(pid, signal.SIGKILL)
            self._send(signal.SIGKILL)
            if not others:
                return
            await clock.current().sleep_async(_LOOK_SECONDS)

    def _send(self, number: signal.Signals, *, to_leader: bool = False) -> None:
        with suppress(ProcessLookupError, PermissionError):
            if to_leader:
                os.kill(self.leader, number)
            else:
                os.killpg(self.leader, number)

    def strays(self) -> list[int]:
        """Return the processes outside of the group that were started within the run and live."""
        if sys.platform != "linux":
            return []
        numbers = [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdecimal()]
        return [pid for pid in numbers if self._is_ours(pid)]

    def _is_ours(self, pid: int) -> bool:
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                marked = self._mark in file.read().split(b"\0")
            return marked and pid != os.getpid() and not _is_zombie(pid)
        except OSError:
            return False  # it has ended, or is another user's


def _is_zombie(pid: int) -> bool:
    with open(f"/proc/{pid}/stat", "rb") as file:
        return file.read().rpartition(b")")[2].split()[0] in (b"Z", b"X")


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def why_it_ended(status: int) -> str | None:
    """Return how a process ended that did not end well, for people; None where it did.

    Parameters:
        status: its exit code, or the number of the signal that ended it, negative.
    """
    if status == 0:
        return None
    if status > 0:
        return f"Its process ended with exit code {status}."
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    hint = ""
    if -status == signal.SIGKILL:
        hint = " Somebody killed it, or the system did because memory ran out."
    elif -status in (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT):
        hint = " Native code in it broke."
    return f"Its process was ended by {name}.{hint}"
