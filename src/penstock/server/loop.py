"""What the server does by itself, every so often: the contract. Each such loop is a file in `loops`."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime


class Turn:
    """One run of a loop, as the loop sees it: for how long it may go on.

    Parameters:
        stopping: set when the server ends.
        leads: whether this server still leads.
    """

    def __init__(self, stopping: threading.Event, leads: Callable[[], bool]) -> None:
        self._stopping = stopping
        self._leads = leads

    @property
    def is_over(self) -> bool:
        """Whether the run is to end soon, as what is left is another server's, or nobody's."""
        return self._stopping.is_set() or not self._leads()

    def rest(self, seconds: float) -> None:
        """Wait so many seconds, or until the server ends."""
        self._stopping.wait(seconds)


class Loop(ABC):
    """Something that the server does by itself, every so often.

    Of several servers on one database one leads, and runs the loops. Now and then two may run a loop at once, such as when a
    leader was stopped and wakes: what a loop writes must be right all the same.

    Attributes:
        name: what it is called, in one word; unique.
        interval_seconds: how long it rests between two runs.
    """

    name: str
    interval_seconds: float

    @abstractmethod
    def run_once(self, turn: Turn) -> None:
        """Do what is to be done now, in steps that are bounded each; end early where the turn is over.

        One that raises is logged and counted, and run again after its rest.
        """

    def take_over(self, led_until: datetime | None) -> None:  # noqa: B027  - most loops need not know
        """Learn, before the first run, that this server leads now.

        Parameters:
            led_until: until when another server led, by the database's clock; None where none did since this one last led.
        """
