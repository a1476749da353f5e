"""How a process is known to be gone: the judge that a sweep is given."""

from __future__ import annotations

import socket
from datetime import datetime

from penstock.core import clock
from penstock.local.owners import Owners, Sign
from penstock.server.services.leases import HeldRun


class Coroner:
    """Says of a run's process how it is known to be gone.

    Its lock tells at once: free means dead, held means alive, even where its lease has ended meanwhile, as on a laptop
    that slept. Where the lock tells nothing, as for a process on another machine, the lease decides.

    Parameters:
        owners: the locks of processes.
    """

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        self._host = socket.gethostname()
        self._signs: dict[str, Sign] = {}

    def __call__(self, run: HeldRun) -> str | None:
        """Return how the process of `run` is known to be gone; None where it may live."""
        sign = self._sign_of(run.owner)
        host, number = [*run.owner.split(":"), "?"][:2]
        is_here = host == self._host
        process = f"Its process, number {number} on {host},"
        if sign is Sign.FREE and is_here:
            return f"{process} is gone: it ended without saying how the run did."
        if sign is Sign.HELD:
            return None
        if run.expires is None:
            return f"{process} is gone: it ended before the run did." if is_here else None
        return _lease_ended(process, run.expires) if run.expires < clock.now() else None

    def knows_nothing_of(self, owner: str) -> bool:
        """Whether the process `owner` never held a lock here, as those do not that report to a server."""
        return self._sign_of(owner) is Sign.MISSING

    def _sign_of(self, owner: str) -> Sign:
        sign = self._signs.get(owner)
        if sign is None:
            sign = self._signs[owner] = self._owners.sign_of(owner)
        return sign


def _lease_ended(process: str, expires: datetime) -> str:
    return f"{process} gave no sign of life: its lease ended at {expires.isoformat(timespec='seconds')}."
