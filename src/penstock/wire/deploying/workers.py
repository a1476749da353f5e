"""Workers: who they are, what they claim, and what they are told. A worker only calls out."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec

from penstock.wire.deploying.deployments import Deployment
from penstock.wire.deploying.work_pools import WorkPool
from penstock.wire.flow_runs import FlowRun
from penstock.wire.requests import LeaseClaim

MOST_CLAIMED_AT_ONCE = 100
"""The most runs that one request claims."""

LONGEST_WAIT_SECONDS = 60.0
"""The longest that a request waits for something to claim."""


class WorkerStatus(str, Enum):
    """Whether a worker lives."""

    ONLINE = "ONLINE"
    DRAINING = "DRAINING"
    OFFLINE = "OFFLINE"


class Worker(msgspec.Struct, frozen=True):
    """A worker, or a process of the user's that serves deployments, as the server knows it.

    Attributes:
        id: made when it started: another start is another worker.
        name: what people call it.
        type: which kind of infrastructure it starts.
        pool_name: the pool it works for; None where it serves deployments.
        started: when it first said something.
        last_heartbeat: when it last did.
        heartbeat_seconds: how often it means to.
        status: OFFLINE after three intervals without a word.
        hostname: the machine it runs on.
        pid: its process there.
        version: of Penstock.
        running: how many runs it carries on.
    """

    id: str
    name: str
    type: str
    pool_name: str | None
    started: datetime
    last_heartbeat: datetime
    heartbeat_seconds: float
    status: WorkerStatus
    hostname: str = ""
    pid: int = 0
    version: str = ""
    running: int = 0


class WorkerById(msgspec.Struct, frozen=True):
    """One worker, by its id, which is a word of its own."""

    worker_id: str


class WorkerHeartbeat(msgspec.Struct, frozen=True, omit_defaults=True):
    """A worker says that it lives, and what it holds. The first one makes it known.

    Attributes:
        id: made when it started.
        name: what people call it.
        type: which kind of infrastructure it starts.
        pool_name: the pool it works for, made where there is none and the server knows the type.
        deployment_ids: what it serves, where it works for no pool.
        heartbeat_seconds: how often it means to say so.
        lease_seconds: for how long its claims are to last from now.
        claims: runs it has claimed that no process of theirs holds yet; their leases are renewed by this.
        running: runs whose processes it watches: their processes renew the leases themselves.
        draining: whether it takes nothing more.
        hostname: the machine it runs on.
        pid: its process there.
        version: of Penstock.
        base_job_template: of its type, for a pool that is made by this.
    """

    id: str
    name: str
    type: str
    pool_name: str | None = None
    deployment_ids: list[UUID] | None = None
    heartbeat_seconds: float = 10.0
    lease_seconds: float = 45.0
    claims: list[LeaseClaim] = msgspec.field(default_factory=list)
    running: list[LeaseClaim] = msgspec.field(default_factory=list)
    draining: bool = False
    hostname: str = ""
    pid: int = 0
    version: str = ""
    base_job_template: dict[str, Any] | None = None


class WorkerOrders(msgspec.Struct, frozen=True):
    """What a worker is told.

    Attributes:
        pool: its pool as it is now; None where it serves deployments, or its pool was deleted.
        lost: attempts that are no longer the live ones: what runs of them must be ended, and nothing said of it.
        cancel: runs that are being cancelled: what runs of them must be ended, and then said to be Cancelled.
    """

    pool: WorkPool | None = None
    lost: list[LeaseClaim] = msgspec.field(default_factory=list)
    cancel: list[LeaseClaim] = msgspec.field(default_factory=list)


class ClaimRuns(msgspec.Struct, frozen=True, omit_defaults=True):
    """A worker asks for runs that are due, and waits for them if there are none.

    A worker asks once at a time. What it has claimed before and says nothing of in `running` has not reached it, as where
    an answer was lost: it is given again. Without a server nothing waits: `next_due` says when to ask again.

    Attributes:
        worker_id: the worker; it must have sent a heartbeat before.
        queue_names: of these queues of its pool; by default of all.
        limit: how many it can take, at most 100; 0 to be told of cancellations only.
        lease_seconds: for how long its claims last, unless heartbeats renew them.
        wait_seconds: how long to wait for one at most; at most 60.
        running: what it holds, claimed or running: it is told at once when one of these is to be cancelled.
    """

    worker_id: str
    queue_names: list[str] | None = None
    limit: int = 10
    lease_seconds: float = 45.0
    wait_seconds: float = 0.0
    running: list[LeaseClaim] = msgspec.field(default_factory=list)


class ClaimedRun(msgspec.Struct, frozen=True):
    """A run that a worker has claimed: it is Pending, and nobody else's until the lease ends.

    Attributes:
        flow_run: the run, with its attempt.
        deployment: how it is run, as the version says that the run goes by; without its schedules.
        job_variables: those of the deployment, the schedule and the run, the last one counting.
        token: what its process shows instead of a key; None where the server asks for none.
    """

    flow_run: FlowRun
    deployment: Deployment
    job_variables: dict[str, Any] = msgspec.field(default_factory=dict)
    token: str | None = None

    def __repr__(self) -> str:
        token = "None" if self.token is None else "'…'"  # it is secret, and what is printed is read by many
        return f"ClaimedRun({self.flow_run!r}, {self.deployment!r}, {self.job_variables!r}, token={token})"


class Claimed(msgspec.Struct, frozen=True):
    """What a worker got.

    Attributes:
        runs: runs to start now, those that are to go first at the front.
        cancel: of what it holds, what is to be cancelled.
        next_due: when the next run it may claim is due, as far as one is known.
    """

    runs: list[ClaimedRun] = msgspec.field(default_factory=list)
    cancel: list[LeaseClaim] = msgspec.field(default_factory=list)
    next_due: datetime | None = None


class HandBack(msgspec.Struct, frozen=True, omit_defaults=True):
    """A worker gives back a run that it has claimed and not started: it is due again, at once or later.

    Attributes:
        id: the flow run.
        attempt: under which it was claimed.
        reason: why.
        delay_seconds: for how long nobody is to claim it.
    """

    id: UUID
    attempt: int
    reason: str | None = None
    delay_seconds: float = 0.0


class WorkerQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of workers, those heard of last first. `after` is the `next` of the page before.

    Attributes:
        pool_names: of one of these pools; by default of any.
        statuses: in one of these; by default in any.
        limit: how many.
        after: where the page begins.
    """

    pool_names: list[str] | None = None
    statuses: list[WorkerStatus] | None = None
    limit: int = 50
    after: str | None = None


class WorkerPage(msgspec.Struct, frozen=True):
    """Some workers, and where the next page begins."""

    items: list[Worker]
    next: str | None = None
