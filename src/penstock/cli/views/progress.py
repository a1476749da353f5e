"""A flow run's progress, live: how many tasks are in which state, and which have been running longest."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self
from uuid import UUID

from penstock.cli.screen import states
from penstock.cli.screen.output import console, on_terminal
from penstock.cli.screen.words import duration, one_line
from penstock.client import transport
from penstock.core import clock
from penstock.core.errors import PenstockException
from penstock.core.state_type import StateType
from penstock.wire import operations
from penstock.wire.requests import ById, TaskRunQuery
from penstock.wire.task_runs import TaskRun, TaskRunFilter

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.live import Live
    from rich.text import Text

FIRST_LOOK_SECONDS = 0.4
"""A run that ends before shows nothing but its end."""
LOOK_SECONDS = 0.25
SHARE_OF_TIME = 20
"""Looking takes at most one part in so many of the time: a busy database is left to the run."""
SHOWN_TASK_RUNS = 5


def _console() -> Console:
    """Return a console on standard error that leaves the cursor alone: a run that is killed can't give it back."""
    drawing = console(stderr=True)
    drawing.show_cursor = lambda show=True: False  # type: ignore[method-assign]  # noqa: ARG005
    return drawing


class Progress:
    """Watches one flow run on standard error, from a thread of its own, while the run has the main thread."""

    def __init__(self) -> None:
        self.run_id: UUID | None = None
        self._title = ""
        self._encoding = getattr(sys.stderr, "encoding", None)
        self._since = clock.current().monotonic()
        self._counts: dict[str, int] = {}
        self._running: list[TaskRun] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look_until_stopped, name="penstock-progress", daemon=True)
        self._live: Live | None = None

    def watch(self, run_id: UUID, flow_name: str, run_name: str) -> None:
        """Show the run `run_id` from now on."""
        self._title = one_line(f"{flow_name} / {run_name}")
        self.run_id = run_id

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        if self._live is not None:
            self._live.stop()

    def _look_until_stopped(self) -> None:
        pause = FIRST_LOOK_SECONDS
        while not self._stop.wait(pause):
            if self.run_id is None:
                continue
            began = clock.current().monotonic()
            self._look(self.run_id)
            pause = max(LOOK_SECONDS, (clock.current().monotonic() - began) * SHARE_OF_TIME)
            self._show()

    def _look(self, run_id: UUID) -> None:
        running = TaskRunFilter(flow_run_ids=[run_id], state_types=[StateType.RUNNING])
        try:
            self._counts = transport.call(operations.FLOW_RUNS_COUNTS, ById(run_id)).by_type
            query = TaskRunQuery(running, limit=SHOWN_TASK_RUNS)
            self._running = transport.call(operations.TASK_RUNS_LIST, query).items
        except PenstockException:
            # The run is not recorded, or the record is out of reach: that has been said, and elapsed time is shown.
            self._counts, self._running = {}, []

    def _show(self) -> None:
        from rich.live import Live

        if self._live is None:
            self._live = Live(
                console=_console(),
                get_renderable=self._drawn,
                refresh_per_second=8,
                transient=True,
                redirect_stdout=on_terminal(),
                redirect_stderr=True,
            )
            self._live.start()

    def _drawn(self) -> Group:
        from rich.console import Group
        from rich.text import Text

        elapsed = duration(clock.current().monotonic() - self._since)
        sign, style = states.sign(StateType.RUNNING, self._encoding), states.style(StateType.RUNNING)
        lines = [Text.assemble((f"{sign} Running", f"{style} bold"), f" for {elapsed}  ", (self._title, "bold"))]
        if self._counts:
            lines.append(self._drawn_counts())
        now = clock.now()
        for run in self._running:
            began = run.start_time or run.state.timestamp
            took = duration((now - began).total_seconds())
            lines.append(Text.assemble("  ", (sign, style), f" {one_line(run.name)}  ", (took, "dim")))
        hidden = self._counts.get(StateType.RUNNING.value, 0) - len(self._running)
        if self._running and hidden > 0:
            lines.append(Text(f"  … and {hidden:,} more", style="dim"))
        for line in lines:
            line.no_wrap, line.overflow = True, "ellipsis"
        return Group(*lines)

    def _drawn_counts(self) -> Text:
        from rich.text import Text

        parts = [
            (f"{states.sign(kind, self._encoding)} {count:,} {kind.value.lower()}  ", look.style)
            for kind, look in states.LOOKS.items()
            if (count := self._counts.get(kind.value, 0))
        ]
        return Text.assemble("  ", *parts)
