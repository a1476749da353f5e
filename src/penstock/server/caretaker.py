"""What a server does by itself: its loops, each in a thread, while it leads."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core import clock
from penstock.server.context import Context
from penstock.server.dispatcher import Dispatcher
from penstock.server.leader import Leader
from penstock.server.loop import Loop
from penstock.server.loop_runner import LoopReport, LoopRunner
from penstock.server.services.loops import listing as told


class Caretaker:
    """Runs the loops of a server while it leads, and tells the database what they do.

    Parameters:
        server: what carries operations out.
        loops: what to run.

    Attributes:
        leader: whether this server leads.
        runners: a thread each loop.
    """

    def __init__(self, server: Dispatcher, loops: Sequence[Loop]) -> None:
        self.leader = Leader(server, self._tell)
        self.runners = [LoopRunner(loop, self.leader) for loop in loops]

    @property
    def reports(self) -> list[LoopReport]:
        """What each loop has done in this process."""
        return [runner.report for runner in self.runners]

    def start(self) -> None:
        """Begin."""
        self.leader.start()
        for runner in self.runners:
            runner.start()

    def stop(self, patience_seconds: float) -> None:
        """End; runs that are under way may take so long all together, and what they do then is whole or not at all."""
        until = clock.current().monotonic() + patience_seconds
        for runner in self.runners:
            runner.ask_to_stop()
        for runner in self.runners:
            runner.join(max(0.0, until - clock.current().monotonic()))
        self.leader.stop(max(0.0, until - clock.current().monotonic()))

    def _tell(self, context: Context, begins: bool) -> None:
        """Write what the loops have done, in the place of what another server wrote of its own."""
        if begins:
            told.forget_all(context)
        told.tell(self.reports, context)
