"""Runs as the user's code sees them while they run: in hooks, in contexts and through `runtime`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from penstock.core.state import State

if TYPE_CHECKING:
    from penstock.wire.task_runs import TaskRun as TaskRunRecord


class TaskRun:
    """A task run that runs in this process.

    Attributes:
        record: what is recorded of it.
        state: its present state.
    """

    __slots__ = ("record", "state")

    def __init__(self, record: TaskRunRecord, state: State[Any]) -> None:
        self.record = record
        self.state = state

    @property
    def id(self) -> UUID:
        """The run's id."""
        return self.record.id

    @property
    def name(self) -> str:
        """The run's name."""
        return self.record.name

    @property
    def task_key(self) -> str:
        """Which task, stable over runs."""
        return self.record.task_key

    @property
    def flow_run_id(self) -> UUID | None:
        """The flow run it belongs to."""
        return self.record.flow_run_id

    @property
    def tags(self) -> list[str]:
        """The run's tags."""
        return self.record.tags

    @property
    def run_count(self) -> int:
        """How many times it entered Running."""
        return self.record.run_count

    @property
    def cache_key(self) -> str | None:
        """The key of its result."""
        return self.record.cache_key

    @property
    def task_inputs(self) -> dict[str, list[UUID]]:
        """The runs its arguments came from, by parameter."""
        return self.record.upstreams

    @property
    def state_type(self) -> Any:
        """The type of its present state."""
        return self.state.type

    @property
    def state_name(self) -> str:
        """The name of its present state."""
        return self.state.name

    @property
    def start_time(self) -> datetime | None:
        """When it first entered Running; UTC."""
        return self.record.start_time

    @property
    def end_time(self) -> datetime | None:
        """When it ended; UTC."""
        return self.record.end_time

    @property
    def expected_start_time(self) -> datetime:
        """When it was to start; UTC."""
        return self.record.states[0].timestamp

    def __repr__(self) -> str:
        return f"TaskRun(id={str(self.id)!r}, name={self.name!r}, state={self.state})"


class FlowRun:
    """A flow run that runs in this process.

    Attributes:
        id: its id.
        name: its name.
        flow_name: the name of its flow.
        flow_version: the version of the flow's code.
        parameters: its arguments, as they are recorded.
        tags: its tags.
        state: its present state.
        run_count: how many times it entered Running.
        expected_start_time: when it was to start; UTC.
        start_time: when it first entered Running; UTC.
        end_time: when it ended; UTC.
        parent_flow_run_id: the flow run that called it.
        parent_task_run_id: the task run that called it.
        root_flow_run_id: the outermost flow run it lies within; its own id where it is that.
    """

    __slots__ = (
        "end_time",
        "expected_start_time",
        "flow_name",
        "flow_version",
        "id",
        "name",
        "parameters",
        "parent_flow_run_id",
        "parent_task_run_id",
        "root_flow_run_id",
        "run_count",
        "start_time",
        "state",
        "tags",
    )

    def __init__(self, id: UUID, name: str, flow_name: str, state: State[Any], expected_start_time: datetime) -> None:
        self.id = id
        self.name = name
        self.flow_name = flow_name
        self.state = state
        self.expected_start_time = expected_start_time
        self.flow_version: str | None = None
        self.parameters: dict[str, Any] = {}
        self.tags: list[str] = []
        self.run_count = 0
        self.start_time: datetime | None = None
        self.end_time: datetime | None = None
        self.parent_flow_run_id: UUID | None = None
        self.parent_task_run_id: UUID | None = None
        self.root_flow_run_id = id

    @property
    def state_type(self) -> Any:
        """The type of its present state."""
        return self.state.type

    @property
    def state_name(self) -> str:
        """The name of its present state."""
        return self.state.name

    def __repr__(self) -> str:
        return f"FlowRun(id={str(self.id)!r}, name={self.name!r}, state={self.state})"
