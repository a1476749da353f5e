"""One call of a task: its arguments, its run, and what is recorded of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from penstock import settings
from penstock.context import FlowRunContext, TagsContext, TaskRunContext, run_here
from penstock.core import clock
from penstock.core.errors import RecursionTooDeep, StaleAttempt
from penstock.core.ids import uuid7
from penstock.core.state import State
from penstock.core.state_type import StateType
from penstock.engine.arguments.inputs import futures_in, is_plain, listed, upstreams_of
from penstock.engine.runs import TaskRun
from penstock.futures import PenstockFuture, Work, enter_works
from penstock.reporting.error_records import error_record
from penstock.reporting.log_lines import configure_logging
from penstock.reporting.recorder import current_recorder
from penstock.wire.states import ErrorRecord, StateRecord
from penstock.wire.task_runs import TaskRun as TaskRunRecord

if TYPE_CHECKING:
    from penstock.engine.definitions.task_definition import TaskDefinition


_WITH_ERROR = (StateType.FAILED, StateType.CRASHED)


class TaskCall:
    """A task with its arguments and the context it is called from, ready to run once.

    Parameters:
        task: the task.
        parameters: the arguments by name; futures and states may be among them.
        wait_for: futures, states and results to wait for, whose values are not needed.
        future: whether somebody holds a future of it.
    """

    __slots__ = (
        "_ends",
        "context",
        "dependencies",
        "flow_context",
        "future",
        "on_overdue",
        "parameters",
        "plain",
        "processes",
        "recorder",
        "rolled_back",
        "run",
        "surroundings",
        "task",
        "value",
        "wait_for",
    )

    def __init__(
        self,
        task: TaskDefinition,
        parameters: dict[str, Any],
        wait_for: Iterable[Any] | None = None,
        future: bool = False,
    ) -> None:
        self.task = task
        self.parameters = parameters
        self.wait_for = wait_for = listed(wait_for)
        self.value: Any = None
        # Whoever pops the one item ends the run: the run itself, or a watchdog from outside.
        self._ends = [True]
        self.on_overdue: Callable[[State[Any]], None] | None = None
        self.processes: Any = None
        self.rolled_back = False
        configure_logging(run_here)
        self.recorder = current_recorder()
        self.flow_context = flow_context = FlowRunContext.__var__.get()
        caller = TaskRunContext.__var__.get()
        now = clock.now()
        self.plain = wait_for is None and all(map(is_plain, parameters.values()))
        self.run = run = TaskRun(self._record(flow_context, caller, now), State(StateType.PENDING, timestamp=now))
        self.refuse_what_is_lost()
        depth = caller.depth + 1 if caller else flow_context.depth + 1 if flow_context else 1
        _refuse_depth(depth, task.name)
        self.context = TaskRunContext(task, run, parameters, now, depth)
        self.future: Any = None
        self.dependencies: list[PenstockFuture[Any]] = []
        if future:
            self.future = PenstockFuture(run.record.id)
            self.surroundings = copy_context()
            if not self.plain:
                self.dependencies = [one for one in futures_in([parameters, wait_for]) if not one.done()]

    def _record(self, flow_context: FlowRunContext | None, caller: TaskRunContext | None, now: Any) -> TaskRunRecord:
        task = self.task
        run_id = uuid7()
        tags = TagsContext.__var__.get()
        origins = None if flow_context is None else flow_context.origins
        return TaskRunRecord(
            run_id,
            task.task_key,
            task.name,
            f"{task.name}-{run_id.hex[-3:]}",
            [StateRecord(StateType.PENDING, "Pending", now)],
            None if flow_context is None else flow_context.flow_run.id,
            0 if flow_context is None else flow_context.attempt,
            None if caller is None else caller.task_run.record.id,
            sorted(tags | task.tags) if tags or task.tags else [],
            self._upstreams(origins),
            0,
            task.retries,
        )

    def _upstreams(self, origins: Any) -> dict[str, list[Any]]:
        upstreams = {}
        if not self.plain or (origins is not None and len(origins)):
            upstreams = upstreams_of(self.parameters, origins)
        if self.wait_for is not None:
            upstreams.update(upstreams_of({"wait_for": list(self.wait_for)}, origins))
        return upstreams

    def enter(self, state: State[Any]) -> None:
        """Put the run into `state`, which is not final, and record it."""
        if not self.run.state.is_final():
            self._enter(state, StateRecord.of(state), None)

    def _enter(self, state: State[Any], state_record: StateRecord, error: ErrorRecord | None) -> None:
        run = self.run
        run.state = state
        record = run.record
        if state.type is StateType.RUNNING:
            record.run_count += 1
        record.error = error
        record.states.append(state_record)
        self.recorder.record(record)

    def refuse_what_is_lost(self) -> None:
        """Let nothing begin in a flow run that this process may have lost while it slept, before that is known.

        Raises:
            StaleAttempt: another attempt has taken the flow run over.
        """
        flow_context = self.flow_context
        if flow_context is None:
            return
        recorder = self.recorder
        if clock.current().elapsed() > recorder.heartbeat.overdue_from:
            recorder.heartbeat.await_news()
        if recorder.lost and flow_context.flow_run.id in recorder.lost:
            raise StaleAttempt(
                f"Flow run {flow_context.flow_run.name!r} was taken over by another attempt; this process stops its own."
            )

    def is_traced(self) -> bool:
        """Whether its attempts make spans: as the flow run around it says, or the settings where there is none."""
        flow_context = self.flow_context
        return settings.current().tracing.enabled if flow_context is None else flow_context.traced

    def live_state(self) -> State[Any]:
        """The state of the run now."""
        return self.run.state

    def execute(self, works: tuple[Work, ...]) -> State[Any]:
        """Run the call in the calling thread, in the context it was submitted from; return its final state."""
        return self.surroundings.run(self._execute, works)

    def _execute(self, works: tuple[Work, ...]) -> State[Any]:
        from penstock.engine.task_engine import run_submitted

        enter_works(works)
        return run_submitted(self)

    def end(self, state: State[Any]) -> bool:
        """Put the run into the final `state`; False where it has ended already."""
        # First, for it may raise: whoever takes the right to end the run has to end it.
        error = error_record(state) if state.type in _WITH_ERROR else None
        state_record = StateRecord.of(state)
        try:
            self._ends.pop()
        except IndexError:
            return False
        self._enter(state, state_record, error)
        if self.rolled_back:
            self._enter_rolled_back()
        return True

    def roll_back(self) -> None:
        """Record that what the run did is undone, once it has completed: its transaction was rolled back."""
        self.rolled_back = True
        if self.run.state.is_final():
            self._enter_rolled_back()

    def _enter_rolled_back(self) -> None:
        done = self.run.state
        if done.type is not StateType.COMPLETED or done.name == "RolledBack":
            return
        message = "The transaction of this task run was rolled back."
        state: State[Any] = State(StateType.COMPLETED, "RolledBack", message, data=done.data)
        self.run.record.result = None
        self._enter(state, StateRecord.of(state), None)

    def give_up(self, state: State[Any]) -> State[Any]:
        """End the run in `state` from outside, unless it has ended; return its final state."""
        self.end(state)
        return self.run.state


def _refuse_depth(depth: int, name: str) -> None:
    bound = settings.current().flows.max_depth
    if depth > bound:
        raise RecursionTooDeep(
            f"{name!r} was called {depth} runs deep; flows and tasks may lie within one another {bound} deep "
            "(setting flows.max_depth). Look for a flow or task that calls itself without end."
        )
