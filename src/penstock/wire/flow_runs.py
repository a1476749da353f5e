"""A flow run, what starts one, and what the server decides about its states."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec

from penstock.core.state_type import StateType
from penstock.wire.pausing.pauses import Pause, PauseWanted
from penstock.wire.states import ErrorRecord, StateRecord

SUSPENDED = "Suspended"
"""The name of the state of a paused run that no process waits for."""

RESUMING = "Resuming"
"""The name of the state of a suspended run that waits for a process to carry it on."""


class Lease(msgspec.Struct, frozen=True):
    """The right of one process to carry a flow run on.

    Attributes:
        owner: the process, by the id it made when it started.
        attempt: the fencing token: which start of the run this is, from 1.
        expires: when the right ends unless it is renewed, by the database's clock; UTC.
    """

    owner: str
    attempt: int
    expires: datetime


class FlowRunStart(msgspec.Struct, frozen=True, omit_defaults=True):
    """A process asks to run a flow run now.

    Attributes:
        owner: the process.
        lease_seconds: how long its right is to last before it must be renewed.
        timestamp: when it began, by its own clock; UTC.
    """

    owner: str
    timestamp: datetime
    lease_seconds: float = 45.0


class FlowRunCreate(msgspec.Struct, frozen=True, omit_defaults=True):
    """A new flow run. Creating one twice with the same id, or idempotency key, gives the first one back.

    Attributes:
        id: made by the client.
        flow_name: the flow, made known by this if it is new.
        name: the run's name.
        parameters: by name, bounded and redacted, as JSON values.
        tags: words to find it by.
        states: its history so far, at least one; normally one Pending.
        start: set where the creator runs it at once: it is then created and started in one step.
        parent_flow_run_id: the flow run that called it.
        parent_task_run_id: the task run that called it.
        upstreams: what its arguments came from: ids of task runs and flow runs by parameter name.
        flow_version: the version of the flow's code.
        retries: how many times a failed run is retried.
        recoveries: how many times a crashed run is put back.
        idempotency_key: unique among the flow's runs.
    """

    id: UUID
    flow_name: str
    name: str
    states: list[StateRecord]
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    tags: list[str] = msgspec.field(default_factory=list)
    start: FlowRunStart | None = None
    parent_flow_run_id: UUID | None = None
    parent_task_run_id: UUID | None = None
    upstreams: dict[str, list[UUID]] = msgspec.field(default_factory=dict)
    flow_version: str | None = None
    retries: int = 0
    recoveries: int = 0
    idempotency_key: str | None = None


class Anew(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of a flow run that is carried out anew: no result of before a certain attempt counts for it.

    Attributes:
        attempt: the first attempt whose results count.
        call: names the task or subflow that is carried out anew, with what depends on it and what it calls; None for all.
        callers: names of tasks that call it, and run again for its sake.
    """

    attempt: int
    call: str | None = None
    callers: list[str] = msgspec.field(default_factory=list)


class FlowRun(msgspec.Struct, frozen=True):
    """A flow run, as the server knows it.

    Attributes beyond those of `FlowRunCreate`:
        state: its present state.
        states: its whole history, oldest first; the last one is `state`. Empty in lists.
        run_count: how many times it entered Running.
        lease: who runs it now.
        expected_start: when it was to start.
        start_time: when it first entered Running.
        end_time: when it ended.
        total_run_seconds: time spent in Running.
        error: what it failed with.
        result: where its persisted result lies.
        deployment_id: the deployment that made it.
        deployment_version: which version of that it goes by.
        schedule_id: the deployment's schedule that it was made for.
        backfill_id: the backfill that it belongs to.
        work_pool_name: where it waits for a worker, or waited.
        work_queue_name: in which queue of that.
        worker_id: the worker that claimed it last.
        job_variables: its own values for the pool's base job template.
        pause: what it waits for, where it is paused or suspended. None in lists.
        repeats: the run that it repeats, perhaps with other parameters.
        anew: what retries were to carry out anew, though results may have been kept.
    """

    id: UUID
    flow_id: UUID
    flow_name: str
    name: str
    state: StateRecord
    created: datetime
    states: list[StateRecord] = msgspec.field(default_factory=list)
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    tags: list[str] = msgspec.field(default_factory=list)
    run_count: int = 0
    attempt: int = 0
    lease: Lease | None = None
    parent_flow_run_id: UUID | None = None
    parent_task_run_id: UUID | None = None
    upstreams: dict[str, list[UUID]] = msgspec.field(default_factory=dict)
    flow_version: str | None = None
    retries: int = 0
    recoveries: int = 0
    expected_start: datetime | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    total_run_seconds: float = 0.0
    error: ErrorRecord | None = None
    result: str | None = None
    deployment_id: UUID | None = None
    deployment_version: int | None = None
    schedule_id: UUID | None = None
    backfill_id: UUID | None = None
    work_pool_name: str | None = None
    work_queue_name: str | None = None
    worker_id: str | None = None
    job_variables: dict[str, Any] = msgspec.field(default_factory=dict)
    pause: Pause | None = None
    repeats: UUID | None = None
    anew: list[Anew] = msgspec.field(default_factory=list)


class Decision(str, Enum):
    """What became of a proposed state."""

    ACCEPT = "ACCEPT"
    REJECT = "REJECT"
    WAIT = "WAIT"
    ABORT = "ABORT"


class StateProposal(msgspec.Struct, frozen=True, omit_defaults=True):
    """A flow run asks to enter a state.

    Attributes:
        state: the state.
        attempt: the attempt that asks; None for a person or a policy.
        force: enter it whatever the rules say; for people.
        error: what the run failed with, for Failed and Crashed.
        result: where the persisted result lies, for Completed.
        idempotency_key: repeating a proposal with the same key returns the first verdict.
        pause: what it pauses for, for Paused and Suspended.
    """

    state: StateRecord
    attempt: int | None = None
    force: bool = False
    error: ErrorRecord | None = None
    result: str | None = None
    idempotency_key: str | None = None
    pause: PauseWanted | None = None

    @property
    def lets_go(self) -> bool:
        """Whether the process that proposes it does no more for the run."""
        suspends = self.state.type is StateType.PAUSED and self.state.name == SUSPENDED
        return suspends or self.state.type.is_terminal


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """The server's answer to a proposal.

    Attributes:
        decision: what became of it.
        state: the state the run is in now.
        attempt: the run's live attempt.
        reason: why, where it was not accepted.
        retry_after_seconds: for WAIT, when to ask again.
    """

    decision: Decision
    state: StateRecord
    attempt: int = 0
    reason: str | None = None
    retry_after_seconds: float = 0.0


class FlowRunFilter(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Which flow runs are meant; all conditions must hold. One that is left out always holds, an empty list never does.

    Attributes:
        ids: one of these.
        id_prefix: the id begins with these hexadecimal digits; dashes are left out.
        name: exactly this name.
        names: one of these names.
        name_like: the name contains this text, upper and lower case alike.
        text: the name of the run or that of its flow contains this text, upper and lower case alike.
        flow_ids: of one of these flows.
        flow_names: of one of these flows, by name.
        state_types: in a state of one of these types.
        state_names: in a state of one of these names.
        tags_all: with every one of these tags; an empty list always holds.
        tags_any: with at least one of these tags.
        started_after: first Running at this instant or later.
        started_before: first Running before this instant.
        ended_after: ended at this instant or later.
        ended_before: ended before this instant.
        expected_after: was to start at this instant or later.
        expected_before: was to start before this instant.
        parent_flow_run_id: called by this flow run.
        parent_task_run_id: called by this task run.
        roots_only: called by no other run.
        deployment_ids: made by one of these deployments.
        schedule_ids: made for one of these schedules.
        backfill_ids: belonging to one of these backfills.
        work_pool_names: in one of these work pools.
        work_queue_names: in one of these work queues.
        worker_ids: claimed last by one of these workers.
        parameters: whose parameters of these names have these values, as recorded; at most 10. Runs are looked at one by
            one for this: bound the time, or name flows, where there are many.
        all: each of these holds as well; an empty list always holds.
        any: at least one of these holds as well.
        not_: this does not hold; `not` in JSON.
    """

    ids: list[UUID] | None = None
    id_prefix: str | None = None
    name: str | None = None
    name_like: str | None = None
    flow_names: list[str] | None = None
    state_types: list[StateType] | None = None
    state_names: list[str] | None = None
    tags_all: list[str] | None = None
    tags_any: list[str] | None = None
    started_after: datetime | None = None
    started_before: datetime | None = None
    parent_flow_run_id: UUID | None = None
    roots_only: bool = False
    names: list[str] | None = None
    text: str | None = None
    flow_ids: list[UUID] | None = None
    ended_after: datetime | None = None
    ended_before: datetime | None = None
    expected_after: datetime | None = None
    expected_before: datetime | None = None
    parent_task_run_id: UUID | None = None
    deployment_ids: list[UUID] | None = None
    schedule_ids: list[UUID] | None = None
    backfill_ids: list[UUID] | None = None
    work_pool_names: list[str] | None = None
    work_queue_names: list[str] | None = None
    worker_ids: list[str] | None = None
    parameters: dict[str, Any] | None = None
    all: list[FlowRunFilter] | None = None
    any: list[FlowRunFilter] | None = None
    not_: FlowRunFilter | None = msgspec.field(default=None, name="not")
