"""Which process is meant, told so well that a reused process number is not taken for it, and whether it is alive."""

from __future__ import annotations

import os
import socket
from typing import NamedTuple


class ProcessName(NamedTuple):
    """A process, for good.

    Attributes:
        machine: where it runs: host, boot and space of process numbers, as far as the system tells.
        number: its process number there.
        started: when it started, as the system counts; empty where it does not tell.
    """

    machine: str
    number: int
    started: str

    def is_dead(self) -> bool:
        """Whether the process has surely ended; False where it can't be seen from here."""
        if self.machine != _machine():
            return False
        try:
            os.kill(self.number, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
        return self.started != _started(self.number)


def this_process() -> ProcessName:
    """Return the name of this process."""
    number = os.getpid()
    return ProcessName(_machine(), number, _started(number))


def _machine() -> str:
    return f"{socket.gethostname()}/{_boot()}/{_space()}"


def _boot() -> str:
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""


def _space() -> str:
    # Two containers may have the same host name and the same process numbers.
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def _started(number: int) -> str:
    try:
        with open(f"/proc/{number}/stat", "rb") as file:
            # The second field is the program's name in parentheses, and may contain anything; the 22nd is the start.
            return file.read().rpartition(b")")[2].split()[19].decode()
    except (OSError, IndexError):
        return ""
