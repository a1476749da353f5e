"""A task run: one record, which grows while it runs and travels again whenever it has grown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from penstock.core.state_type import StateType
from penstock.wire.states import ErrorRecord, StateRecord


class TaskRun(msgspec.Struct, omit_defaults=True):
    """A task run with its whole history. A later record of the same id replaces an earlier one.

    Attributes:
        id: made by the client.
        task_key: which task, stable over runs: the qualified name of its function with its module.
        name: the run's name.
        states: its history, oldest first.
        flow_run_id: the flow run it belongs to; None for a task called outside of flows.
        flow_run_attempt: which start of that flow run made it.
        parent_task_run_id: the task run that called it.
        tags: words to find it by.
        upstreams: what its arguments came from: ids of task runs and flow runs by parameter name; `wait_for` and
            `__parents__` name those that came another way.
        run_count: how many times it entered Running.
        retries: how many times it may be retried.
        cache_key: the key of its result.
        result: where its persisted result lies.
        error: what it failed with.
        task_name: the name of the task.
    """

    id: UUID
    task_key: str
    task_name: str
    name: str
    states: list[StateRecord]
    flow_run_id: UUID | None = None
    flow_run_attempt: int = 0
    parent_task_run_id: UUID | None = None
    tags: list[str] = msgspec.field(default_factory=list)
    upstreams: dict[str, list[UUID]] = msgspec.field(default_factory=dict)
    run_count: int = 0
    retries: int = 0
    cache_key: str | None = None
    result: str | None = None
    error: ErrorRecord | None = None

    @property
    def state(self) -> StateRecord:
        """The present state."""
        return self.states[-1]

    @property
    def start_time(self) -> datetime | None:
        """When it first entered Running."""
        for state in self.states:
            if state.type is StateType.RUNNING:
                return state.timestamp
        return None

    @property
    def end_time(self) -> datetime | None:
        """When it ended."""
        last = self.states[-1]
        return last.timestamp if last.type.is_terminal else None

    @property
    def total_run_seconds(self) -> float:
        """Time spent in Running, up to the last state that is known."""
        spans = zip(self.states, self.states[1:], strict=False)
        return sum(
            (after.timestamp - before.timestamp).total_seconds()
            for before, after in spans
            if before.type is StateType.RUNNING
        )


class TaskRunFilter(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Which task runs are meant; all conditions must hold. One that is left out always holds, an empty list never does.

    Attributes:
        ids: one of these.
        id_prefix: the id begins with these hexadecimal digits; dashes are left out.
        name: exactly this name.
        names: one of these names.
        name_like: the name contains this text, upper and lower case alike.
        text: the name of the run or that of its task contains this text, upper and lower case alike.
        flow_run_ids: of one of these flow runs.
        parent_task_run_ids: called by one of these task runs; quick together with `flow_run_ids`.
        task_keys: of one of these tasks.
        task_names: of tasks with one of these names.
        state_types: in a state of one of these types.
        state_names: in a state of one of these names.
        tags_all: with every one of these tags; an empty list always holds.
        tags_any: with at least one of these tags.
        started_after: first Running at this instant or later.
        started_before: first Running before this instant.
        ended_after: ended at this instant or later.
        ended_before: ended before this instant.
        all: each of these holds as well; an empty list always holds.
        any: at least one of these holds as well.
        not_: this does not hold; `not` in JSON.
    """

    ids: list[UUID] | None = None
    id_prefix: str | None = None
    name: str | None = None
    flow_run_ids: list[UUID] | None = None
    name_like: str | None = None
    task_keys: list[str] | None = None
    state_types: list[StateType] | None = None
    state_names: list[str] | None = None
    tags_all: list[str] | None = None
    tags_any: list[str] | None = None
    started_after: datetime | None = None
    started_before: datetime | None = None
    names: list[str] | None = None
    text: str | None = None
    parent_task_run_ids: list[UUID] | None = None
    task_names: list[str] | None = None
    ended_after: datetime | None = None
    ended_before: datetime | None = None
    all: list[TaskRunFilter] | None = None
    any: list[TaskRunFilter] | None = None
    not_: TaskRunFilter | None = msgspec.field(default=None, name="not")
