"""A thread that runs one loop while this server leads."""

from __future__ import annotations

import logging
import random
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from penstock.core import clock
from penstock.core.errors import PenstockException
from penstock.server.leader import Leader
from penstock.server.loop import Loop, Turn

_log = logging.getLogger("penstock.server")

_JITTER = 0.1
"""By which part of its length a rest is longer or shorter, by chance: loops do not stay in step."""


@dataclass(frozen=True, slots=True)
class LoopReport:
    """What a loop has done in this process.

    Attributes:
        name: its name.
        interval_seconds: how long it rests between two runs.
        is_running: whether a run is under way.
        last_begun: when the last run began; None before the first.
        last_seconds: how long the last run took that has ended.
        lag_seconds: how much later than it was due the last run began.
        runs: how many runs have ended.
        failures: how many of them failed.
        error: why the last one failed; None where it did not.
    """

    name: str
    interval_seconds: float
    is_running: bool = False
    last_begun: datetime | None = None
    last_seconds: float = 0.0
    lag_seconds: float = 0.0
    runs: int = 0
    failures: int = 0
    error: str | None = None


class LoopRunner:
    """Runs a loop again and again in a thread of its own, whatever a run raises.

    Parameters:
        loop: what to run.
        leader: whether this server leads.
    """

    def __init__(self, loop: Loop, leader: Leader) -> None:
        self._loop = loop
        self._leader = leader
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._term: object = None
        self._thread = threading.Thread(target=self._run, name=f"penstock-{loop.name}", daemon=True)
        self.report = LoopReport(loop.name, loop.interval_seconds)

    def start(self) -> None:
        """Begin; the first run comes after the first rest."""
        self._thread.start()

    def wake(self) -> None:
        """End the present rest."""
        self._wake.set()

    def ask_to_stop(self) -> None:
        """Have no further run begin, and the present one end soon."""
        self._stopping.set()
        self._wake.set()

    def join(self, patience_seconds: float) -> None:
        """Wait until it has stopped, but no longer than `patience_seconds`."""
        self._thread.join(patience_seconds)

    def _run(self) -> None:
        due = self._rest()
        while not self._stopping.is_set():
            if self._leader.leads:
                self.run_now(due)
            due = self._rest()

    def _rest(self) -> float:
        """Rest for about the interval; return when the next run is due."""
        seconds = self._loop.interval_seconds * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  - no secret
        due = clock.current().monotonic() + seconds
        if self._wake.wait(seconds):
            self._wake.clear()
            due = clock.current().monotonic()
        return due

    def run_now(self, due: float) -> None:
        """Run the loop once, and note how that went.

        Parameters:
            due: when it was to be run, as the clock counts.
        """
        began = clock.current().monotonic()
        self._note(is_running=True, last_begun=clock.now(), lag_seconds=max(0.0, began - due))
        error = None
        try:
            if self._leader.term is not self._term:
                self._term = self._leader.term
                self._loop.take_over(None if self._leader.term is None else self._leader.term.led_until)
            self._loop.run_once(Turn(self._stopping, lambda: self._leader.leads))
        except PenstockException as caught:
            error = str(caught)
            _log.warning("The loop %s failed: %s", self._loop.name, caught)
        except Exception as caught:
            error = f"{type(caught).__name__}: {caught}"
            _log.exception("The loop %s failed.", self._loop.name)
        self._note(
            is_running=False,
            last_seconds=clock.current().monotonic() - began,
            runs=self.report.runs + 1,
            failures=self.report.failures + (error is not None),
            error=error,
        )

    def _note(self, **values: Any) -> None:
        self.report = replace(self.report, **values)
