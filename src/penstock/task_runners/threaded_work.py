"""One submitted task in a pool of threads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from penstock.core.state import State
from penstock.core.state_makers import Crashed
from penstock.futures import PenstockFuture, Work, may_help, works_here
from penstock.task_runners.pool import ThreadPool, worker_pool

if TYPE_CHECKING:
    from penstock.task_runners.task_runner import PreparedCall


class ThreadedWork(Work):
    """A prepared call, and who runs it.

    Parameters:
        call: what to run.
        pool: where.
    """

    __slots__ = ("_abandoned", "_claims", "_ended", "call", "pool", "waits")

    def __init__(self, call: PreparedCall, pool: ThreadPool) -> None:
        self.call = call
        self.pool = pool
        # Whoever pops the one item runs the call: popping a list is atomic.
        self._claims = [True]
        self._ended = [True]
        self._abandoned = False
        self.waits = 0
        call.on_overdue = self.abandon
        pool.admit(self)

    def claim(self) -> bool:
        """Take the right to run the call; False where somebody has it."""
        try:
            return self._claims.pop()
        except IndexError:
            return False

    def enqueue(self) -> None:
        """Have the pool run the call: its dependencies are done."""
        self.pool.enqueue(self)

    def run(self) -> None:
        """Run the call in this thread, whose right to do so has been claimed."""
        try:
            self.end(self.call.execute((*works_here(), self)))
        except BaseException as error:
            # Never the user's doing: the engine takes that in. Whoever waits must not wait for ever all the same.
            message = f"The task run was lost to an error of the engine: {type(error).__name__}."
            self.end(self.call.give_up(Crashed(message=message, data=error)))
        finally:
            if self._abandoned:
                self.pool.count_stuck(-1)

    def end(self, state: State[Any]) -> None:
        """Complete the future with `state`, once."""
        try:
            self._ended.pop()
        except IndexError:
            return
        try:
            self.call.future.complete(state)
        finally:
            self.pool.settle(self)

    def live_state(self) -> State[Any]:
        """The state of the run now."""
        return self.call.live_state()

    def blockers(self) -> Iterable[PenstockFuture[Any]]:
        """The futures among the call's arguments."""
        return self.call.dependencies

    def stand_by(self, change: int, in_place: bool) -> None:
        """Note that this work waits for one thing more or less: see `Work.stand_by`."""
        self.pool.count_waits(self, change, in_place)

    def moves_beside(self, other: Work) -> bool:
        """Whether this work runs already, in a thread of the same pool as `other`."""
        return isinstance(other, ThreadedWork) and other.pool is self.pool and not self._claims

    def abandon(self, state: State[Any]) -> None:
        """End the call in `state` although its thread is still in it, and let another thread take its place."""
        self._abandoned = True
        self.pool.count_stuck(+1)
        self.end(state)

    def help(self) -> bool:
        """Run the call in this thread, if it is a thread of the same pool that may, and nobody has begun it.

        What the call depends on is run first, the same way; the way down is a list, so a chain may be of any length.
        """
        if worker_pool() is not self.pool or not self._claims or not may_help():
            return False
        path = [self]
        while path:
            work = path[-1]
            pending = next((one for one in work.call.dependencies if not one.done()), None)
            if pending is None:
                path.pop()
                if work.claim():
                    work.run()
                elif work is self:
                    return False
                continue
            behind = pending._work
            if isinstance(behind, ThreadedWork) and behind.pool is self.pool and behind._claims:
                path.append(behind)
            else:
                pending.wait()
        return True
