"""A submitted task's function under a time limit that holds even where its thread can't be interrupted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from penstock.engine.invocation.effects import Invoke
from penstock.engine.outcomes import failed

if TYPE_CHECKING:
    from penstock.engine.task_call import TaskCall

GRACE_SECONDS = 1.0
"""How long an interrupted function may take to clean up before its run is ended without it."""


class WatchedInvoke(Invoke):
    """Call the user's function; where it is still running after its time and a grace, end the run without it.

    Parameters:
        call: the call whose run is ended. The others are those of `Invoke`.
    """

    __slots__ = ("call",)

    def __init__(
        self,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        timeout_seconds: float,
        overdue: Callable[[], BaseException],
        call: TaskCall,
    ) -> None:
        super().__init__(fn, args, kwargs, timeout_seconds, overdue)
        self.call = call

    def perform(self) -> Any:
        """Call the function in this thread, watched."""
        from penstock.engine.timeouts import Watchdog

        assert self.timeout_seconds is not None
        cancel = Watchdog.after(self.timeout_seconds + GRACE_SECONDS, self._end_without_it)
        try:
            return super().perform()
        finally:
            cancel()

    def _end_without_it(self) -> None:
        if self.call.end(failed(self.overdue(), self.call.run.id)) and self.call.on_overdue is not None:
            self.call.on_overdue(self.call.run.state)
