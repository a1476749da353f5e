"""What the operations take and give back, beside the objects themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from penstock.wire.events import Event, EventFilter
from penstock.wire.flow_runs import FlowRun, FlowRunFilter, StateProposal
from penstock.wire.flows import Flow, FlowFilter
from penstock.wire.logs import LogFilter, LogRecord
from penstock.wire.sorts import FlowRunSort, FlowSort, TaskRunSort
from penstock.wire.task_runs import TaskRun, TaskRunFilter

PAGE_LIMIT = 200
"""The most objects one page holds."""

LOG_PAGE_LIMIT = 5_000
"""The most log lines one page holds."""


class ById(msgspec.Struct, frozen=True):
    """One object, by its id."""

    id: UUID


class Propose(msgspec.Struct, frozen=True):
    """A state proposed for one flow run."""

    id: UUID
    proposal: StateProposal


class StartFlowRun(msgspec.Struct, frozen=True, omit_defaults=True):
    """A process asks to run an existing flow run: a higher attempt and a lease are issued.

    Attributes:
        id: the flow run.
        owner: the process.
        lease_seconds: how long its right is to last before it must be renewed.
        idempotency_key: asking again with the same key gives the first verdict again, and no further attempt.
        attempt: under which a worker claimed the run for this process: it takes that attempt over.
        recoveries: how many times a crashed run is put back, as the flow says now; by default as the run was made.
        retries: how many times a failed run is retried, as the flow says now; by default as the run was made.
        from_start: no result of an earlier attempt counts; then an ended run is started, too, however it ended.
        from_task_run_id: so it is for this task run, for what depends on it and for what it calls.
    """

    id: UUID
    owner: str
    lease_seconds: float = 45.0
    idempotency_key: str | None = None
    attempt: int | None = None
    recoveries: int | None = None
    retries: int | None = None
    from_start: bool = False
    from_task_run_id: UUID | None = None


class RetryFlowRun(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person has a run that a deployment made, and that has ended, carried out again: it waits for a worker anew.

    Unless it is said from where, it has to have ended badly, and what completed and has kept its result does not run again.

    Attributes:
        id: the flow run.
        delay_seconds: for how long it is not taken up.
        reason: why, in a few words.
        from_start: everything runs again, however the run ended.
        from_task_run_id: this task run, of the flow run or of one that it called, runs again, and so does what depends on it
            and what it called; so does a subflow that it is in, as a whole.
    """

    id: UUID
    delay_seconds: float = 0.0
    reason: str | None = None
    from_start: bool = False
    from_task_run_id: UUID | None = None


class RerunFlowRun(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person has a run that a deployment made repeated by a new one. The same new id again gives the first one back.

    Attributes:
        id: the run that is repeated.
        flow_run_id: of the new run, made by the client.
        name: the new run's name; by default one is made.
        parameters: over those that the run had, by name.
        scheduled_time: when it is to start; by default now.
    """

    id: UUID
    flow_run_id: UUID
    name: str | None = None
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    scheduled_time: datetime | None = None


class ResumeFlowRun(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person has a paused run go on: where its process waits, there; where it is suspended, wherever a worker takes it up.

    Attributes:
        id: the flow run.
        reason: why, in a few words.
        input: what the run is given, by name, where it waits for input.
        pause_key: which pause is meant, so that no other one is answered; by default the last that it went into.
    """

    id: UUID
    reason: str | None = None
    input: dict[str, Any] | None = None
    pause_key: str | None = None


class LeaseClaim(msgspec.Struct, frozen=True):
    """One attempt of one flow run."""

    flow_run_id: UUID
    attempt: int


class RenewLeases(msgspec.Struct, frozen=True):
    """The owner of these attempts is alive. At most 10,000 at once.

    Attributes:
        owner: the process.
        claims: what it runs.
        lease_seconds: how long the leases are to last from now, by the database's clock.
        alone: whether the owner also runs tasks outside of flows, which have no leases.
    """

    owner: str
    claims: list[LeaseClaim]
    lease_seconds: float = 45.0
    alone: bool = False


class LeasesRenewed(msgspec.Struct, frozen=True):
    """What has become of the attempts that a process holds.

    Attributes:
        lost: they are no longer the live ones: their process must stop them.
        cancelling: of the live ones, what is being cancelled: their process ends them, and says that they are Cancelled.
    """

    lost: list[LeaseClaim]
    cancelling: list[LeaseClaim] = msgspec.field(default_factory=list)


class JournalBatch(msgspec.Struct, frozen=True):
    """What a process recorded since its last batch. Sending one again, or a part of one, changes nothing more.

    Attributes:
        owner: the process.
        journal: names a sequence of log lines, which are sent in their order. A line sent after a later one is taken for
            one that was sent before.
        first_line: how many lines of the journal come before these.
        task_runs: task runs that have grown.
        logs: lines that runs logged.
    """

    owner: str
    journal: str
    first_line: int = 0
    task_runs: list[TaskRun] = msgspec.field(default_factory=list)
    logs: list[LogRecord] = msgspec.field(default_factory=list)


class JournalReceipt(msgspec.Struct, frozen=True):
    """The batch is committed.

    Attributes:
        stale: flow runs whose live attempt is another one: nothing of theirs was written.
        refused: task runs whose records make no sense (no state, an instant without a time zone); the rest is written.
        refused_lines: how many log lines make no sense, such as those of a level that no number is.
    """

    stale: list[UUID] = msgspec.field(default_factory=list)
    refused: list[UUID] = msgspec.field(default_factory=list)
    refused_lines: int = 0


class FlowRunQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of flow runs. `after` is the `next` of the page before.

    Without a `sort` the newest come first: by their start where the filter bounds that, else by their making.
    """

    filter: FlowRunFilter = msgspec.field(default_factory=FlowRunFilter)
    limit: int = 50
    after: str | None = None
    sort: FlowRunSort | None = None


class TaskRunQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of task runs. `after` is the `next` of the page before.

    Without a `sort` the oldest come first: by their start where the filter bounds that, else by their making.
    """

    filter: TaskRunFilter = msgspec.field(default_factory=TaskRunFilter)
    limit: int = 50
    after: str | None = None
    sort: TaskRunSort | None = None


class LogQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of log lines, oldest first unless `newest_first`. `after` is the `next` of the page before.

    A search looks at a bounded number of lines for one page: a page with fewer lines than asked for, or none, has a
    `next` where there are lines that were not looked at.
    """

    filter: LogFilter = msgspec.field(default_factory=LogFilter)
    limit: int = 200
    after: str | None = None
    newest_first: bool = False


class FlowQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of flows, by name unless another `sort` is given. `after` is the `next` of the page before."""

    filter: FlowFilter = msgspec.field(default_factory=FlowFilter)
    limit: int = 50
    after: str | None = None
    sort: FlowSort = FlowSort.NAME_ASC


class FlowRunCountQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many flow runs there are."""

    filter: FlowRunFilter = msgspec.field(default_factory=FlowRunFilter)


class TaskRunCountQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many task runs there are."""

    filter: TaskRunFilter = msgspec.field(default_factory=TaskRunFilter)


class FlowCountQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many flows there are."""

    filter: FlowFilter = msgspec.field(default_factory=FlowFilter)


class Count(msgspec.Struct, frozen=True):
    """How many there are.

    Attributes:
        count: the number, which stops at 10,000.
        is_capped: whether there are more.
    """

    count: int
    is_capped: bool = False


class LogContextQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """The lines around one: those that the same run logged before it and after it, in the order they arrived.

    Attributes:
        id: the line.
        before: how many lines before it, at most 200.
        after: how many lines after it, at most 200.
    """

    id: int
    before: int = 5
    after: int = 5


class LogContext(msgspec.Struct, frozen=True):
    """A line and what was logged around it, oldest first.

    Attributes:
        before: the lines before it.
        line: the line.
        after: the lines after it.
    """

    before: list[LogRecord]
    line: LogRecord
    after: list[LogRecord]


class FlowRunPage(msgspec.Struct, frozen=True):
    """Some flow runs, and where the next page begins."""

    items: list[FlowRun]
    next: str | None = None


class TaskRunPage(msgspec.Struct, frozen=True):
    """Some task runs, and where the next page begins."""

    items: list[TaskRun]
    next: str | None = None


class LogPage(msgspec.Struct, frozen=True):
    """Some log lines, and where the next page begins."""

    items: list[LogRecord]
    next: str | None = None


class EventQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of events, oldest first unless `newest_first`. `after` is the `next` of the page before."""

    filter: EventFilter = msgspec.field(default_factory=EventFilter)
    limit: int = 200
    after: str | None = None
    newest_first: bool = False


class EventBatch(msgspec.Struct, frozen=True):
    """Events that a program tells. At most 10,000 at once; one that is told twice is kept once."""

    events: list[Event]


class EventsTaken(msgspec.Struct, frozen=True):
    """The events are committed.

    Attributes:
        refused: those that make no sense: without a name or a resource, or too large; the rest is written.
    """

    refused: list[UUID] = msgspec.field(default_factory=list)


class EventPage(msgspec.Struct, frozen=True):
    """Some events, and where the next page begins."""

    items: list[Event]
    next: str | None = None


class FlowPage(msgspec.Struct, frozen=True):
    """Some flows, and where the next page begins."""

    items: list[Flow]
    next: str | None = None


class RunCounts(msgspec.Struct, frozen=True):
    """How many task runs of a flow run are in each type of state.

    Attributes:
        by_type: the numbers, each of which stops at 10,000.
        capped: the types of which there are more.
    """

    by_type: dict[str, int]
    capped: list[str] = msgspec.field(default_factory=list)


class Done(msgspec.Struct, frozen=True):
    """The operation was carried out.

    Attributes:
        affected: how many objects it touched.
    """

    affected: int = 1


class Info(msgspec.Struct, frozen=True):
    """Where the record is kept.

    Attributes:
        version: Penstock's version.
        database: the database's address, without secrets.
        details: more, by name.
    """

    version: str
    database: str
    details: dict[str, Any] = msgspec.field(default_factory=dict)
