"""The one table of what can be asked of a server.

From it come the in-process calls, the client's methods, the permission check and, over HTTP, the routes and
the OpenAPI document. An operation is declared here once; its handler has the same name in a service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from penstock.wire import bulk as b
from penstock.wire import charts as c
from penstock.wire import requests as r
from penstock.wire.deploying import backfills as f
from penstock.wire.deploying import deployment_schedules as s
from penstock.wire.deploying import deployments as d
from penstock.wire.deploying import work_pools as p
from penstock.wire.deploying import workers as w
from penstock.wire.flow_runs import FlowRun, FlowRunCreate, Verdict
from penstock.wire.flows import Flow
from penstock.wire.pausing import inputs as i
from penstock.wire.pausing import pauses as u
from penstock.wire.servers import info as n
from penstock.wire.servers import loops as l
from penstock.wire.task_runs import TaskRun
from penstock.wire.viewing import views as v

Request = TypeVar("Request")
Response = TypeVar("Response")
Permission = Literal["read", "run", "write", "delete"]


@dataclass(frozen=True, slots=True)
class Operation(Generic[Request, Response]):
    """One thing that can be asked of a server.

    Attributes:
        name: `<resource>.<verb>`, unique.
        method: the HTTP method.
        path: the HTTP path under `/api`; `{id}` is taken from the request.
        request: the model of what is asked.
        response: the model of the answer.
        permission: what the principal must be allowed to do: `<permission>` on `<resource>`.
        writes: whether it changes anything, so that it is audited and retried only where that is safe.
        safe_to_repeat: whether asking twice changes nothing more.
        waits: whether the answer may be long in coming: the request says in `wait_seconds` how long.
    """

    name: str
    method: str
    path: str
    request: type[Request]
    response: type[Response]
    permission: Permission
    writes: bool = False
    safe_to_repeat: bool = True
    waits: bool = False


FLOWS_READ = Operation("flows.read", "GET", "/flows/{id}", r.ById, Flow, "read")
FLOWS_LIST = Operation("flows.list", "POST", "/flows/filter", r.FlowQuery, r.FlowPage, "read")
FLOWS_COUNT = Operation("flows.count", "POST", "/flows/count", r.FlowCountQuery, r.Count, "read")

FLOW_RUNS_CREATE = Operation("flow_runs.create", "POST", "/flow_runs", FlowRunCreate, FlowRun, "run", writes=True)
FLOW_RUNS_START = Operation(
    "flow_runs.start", "POST", "/flow_runs/{id}/start", r.StartFlowRun, Verdict, "run", writes=True
)
FLOW_RUNS_PROPOSE = Operation(
    "flow_runs.propose", "POST", "/flow_runs/{id}/propose", r.Propose, Verdict, "run", writes=True
)
FLOW_RUNS_RENEW = Operation(
    "flow_runs.renew_leases", "POST", "/flow_runs/leases", r.RenewLeases, r.LeasesRenewed, "run", writes=True
)
FLOW_RUNS_READ = Operation("flow_runs.read", "GET", "/flow_runs/{id}", r.ById, FlowRun, "read")
FLOW_RUNS_LIST = Operation("flow_runs.list", "POST", "/flow_runs/filter", r.FlowRunQuery, r.FlowRunPage, "read")
FLOW_RUNS_COUNT = Operation("flow_runs.count", "POST", "/flow_runs/count", r.FlowRunCountQuery, r.Count, "read")
FLOW_RUNS_COUNTS = Operation("flow_runs.counts", "GET", "/flow_runs/{id}/counts", r.ById, r.RunCounts, "read")
FLOW_RUNS_HISTOGRAM = Operation(
    "flow_runs.histogram", "POST", "/flow_runs/histogram", c.FlowRunHistogramQuery, c.Histogram, "read"
)
FLOW_RUNS_GRAPH = Operation("flow_runs.graph", "POST", "/flow_runs/{id}/graph", c.GraphQuery, c.Graph, "read")
FLOW_RUNS_DELETE = Operation("flow_runs.delete", "DELETE", "/flow_runs/{id}", r.ById, r.Done, "delete", writes=True)
FLOW_RUNS_DELETE_MANY = Operation(
    "flow_runs.delete_many",
    "POST",
    "/flow_runs/delete",
    b.DeleteFlowRuns,
    b.BulkOutcome,
    "delete",
    writes=True,
    safe_to_repeat=False,
)
FLOW_RUNS_CANCEL_MANY = Operation(
    "flow_runs.cancel_many", "POST", "/flow_runs/cancel", b.CancelFlowRuns, b.BulkOutcome, "run", writes=True
)
FLOW_RUNS_SET_STATE_MANY = Operation(
    "flow_runs.set_state_many", "POST", "/flow_runs/set_state", b.SetFlowRunStates, b.BulkOutcome, "run", writes=True
)

FLOW_RUNS_CLAIM = Operation(
    "flow_runs.claim", "POST", "/flow_runs/claim", w.ClaimRuns, w.Claimed, "run", writes=True, waits=True
)
FLOW_RUNS_HAND_BACK = Operation(
    "flow_runs.hand_back", "POST", "/flow_runs/{id}/hand_back", w.HandBack, Verdict, "run", writes=True
)
FLOW_RUNS_RETRY = Operation(
    "flow_runs.retry", "POST", "/flow_runs/{id}/retry", r.RetryFlowRun, Verdict, "run", writes=True
)
FLOW_RUNS_RERUN = Operation(
    "flow_runs.rerun", "POST", "/flow_runs/{id}/rerun", r.RerunFlowRun, d.DeploymentRun, "run", writes=True
)
FLOW_RUNS_RESUME = Operation(
    "flow_runs.resume", "POST", "/flow_runs/{id}/resume", r.ResumeFlowRun, Verdict, "run", writes=True
)
# What people tell runs may be secret, so that it takes more than reading to see it.
FLOW_RUNS_READ_PAUSE = Operation(
    "flow_runs.read_pause", "POST", "/flow_runs/{id}/pause", u.ReadPause, u.PauseStanding, "run"
)
FLOW_RUNS_SEND_INPUT = Operation(
    "flow_runs.send_input", "POST", "/flow_runs/{id}/inputs", i.SendInput, i.FlowRunInput, "run", writes=True
)
FLOW_RUNS_LIST_INPUTS = Operation(
    "flow_runs.list_inputs", "POST", "/flow_runs/{id}/inputs/filter", i.InputQuery, i.InputList, "run"
)
FLOW_RUNS_DELETE_INPUT = Operation(
    "flow_runs.delete_input", "POST", "/flow_runs/{id}/inputs/delete", i.InputByKey, r.Done, "run", writes=True
)

TASK_RUNS_READ = Operation("task_runs.read", "GET", "/task_runs/{id}", r.ById, TaskRun, "read")
TASK_RUNS_LIST = Operation("task_runs.list", "POST", "/task_runs/filter", r.TaskRunQuery, r.TaskRunPage, "read")
TASK_RUNS_COUNT = Operation("task_runs.count", "POST", "/task_runs/count", r.TaskRunCountQuery, r.Count, "read")
TASK_RUNS_HISTOGRAM = Operation(
    "task_runs.histogram", "POST", "/task_runs/histogram", c.TaskRunHistogramQuery, c.Histogram, "read"
)

LOGS_LIST = Operation("logs.list", "POST", "/logs/filter", r.LogQuery, r.LogPage, "read")
LOGS_AROUND = Operation("logs.around", "POST", "/logs/around", r.LogContextQuery, r.LogContext, "read")


EVENTS_LIST = Operation("events.list", "POST", "/events/filter", r.EventQuery, r.EventPage, "read")
EVENTS_APPEND = Operation("events.append", "POST", "/events", r.EventBatch, r.EventsTaken, "run", writes=True)
TASK_RUNS_EVENTS = Operation("task_runs.events", "GET", "/task_runs/{id}/events", r.ById, r.EventPage, "read")

AUDIT_LIST = Operation("audit.list", "POST", "/audit/filter", b.AuditQuery, b.AuditPage, "read")

LOOPS_LIST = Operation("loops.list", "GET", "/loops", l.ListLoops, l.LoopList, "read")
SERVERS_INFO = Operation("servers.info", "GET", "/server", n.ReadInfo, n.ServerInfo, "read")

VIEWS_CREATE = Operation("views.create", "POST", "/views", v.ViewCreate, v.View, "write", writes=True)
VIEWS_READ = Operation("views.read", "GET", "/views/{id}", r.ById, v.View, "read")
VIEWS_LIST = Operation("views.list", "POST", "/views/filter", v.ViewQuery, v.ViewPage, "read")
VIEWS_UPDATE = Operation("views.update", "POST", "/views/{id}/update", v.ViewChanges, v.View, "write", writes=True)
VIEWS_DELETE = Operation("views.delete", "DELETE", "/views/{id}", r.ById, r.Done, "delete", writes=True)

JOURNAL_APPEND = Operation("journal.append", "POST", "/journal", r.JournalBatch, r.JournalReceipt, "run", writes=True)

WORK_POOLS_CREATE = Operation(
    "work_pools.create",
    "POST",
    "/work_pools",
    p.WorkPoolCreate,
    p.WorkPool,
    "write",
    writes=True,
    safe_to_repeat=False,
)
WORK_POOLS_READ = Operation("work_pools.read", "POST", "/work_pools/read", p.WorkPoolByName, p.WorkPool, "read")
WORK_POOLS_LIST = Operation("work_pools.list", "POST", "/work_pools/filter", p.WorkPoolQuery, p.WorkPoolPage, "read")
WORK_POOLS_UPDATE = Operation(
    "work_pools.update", "POST", "/work_pools/update", p.WorkPoolChanges, p.WorkPool, "write", writes=True
)
WORK_POOLS_DELETE = Operation(
    "work_pools.delete", "POST", "/work_pools/delete", p.WorkPoolByName, r.Done, "delete", writes=True
)

WORK_QUEUES_CREATE = Operation(
    "work_queues.create", "POST", "/work_queues", p.WorkQueueCreate, p.WorkQueue, "write", writes=True
)
WORK_QUEUES_READ = Operation("work_queues.read", "POST", "/work_queues/read", p.WorkQueueByName, p.WorkQueue, "read")
WORK_QUEUES_LIST = Operation(
    "work_queues.list", "POST", "/work_queues/filter", p.WorkQueueQuery, p.WorkQueuePage, "read"
)
WORK_QUEUES_UPDATE = Operation(
    "work_queues.update", "POST", "/work_queues/update", p.WorkQueueChanges, p.WorkQueue, "write", writes=True
)
WORK_QUEUES_DELETE = Operation(
    "work_queues.delete", "POST", "/work_queues/delete", p.WorkQueueByName, r.Done, "delete", writes=True
)

WORKERS_HEARTBEAT = Operation(
    "workers.heartbeat", "POST", "/workers/heartbeat", w.WorkerHeartbeat, w.WorkerOrders, "run", writes=True
)
WORKERS_LIST = Operation("workers.list", "POST", "/workers/filter", w.WorkerQuery, w.WorkerPage, "read")
WORKERS_DELETE = Operation("workers.delete", "POST", "/workers/delete", w.WorkerById, r.Done, "delete", writes=True)

DEPLOYMENTS_APPLY = Operation(
    "deployments.apply", "POST", "/deployments", d.ApplyDeployment, d.Deployment, "write", writes=True
)
DEPLOYMENTS_READ = Operation("deployments.read", "GET", "/deployments/{id}", r.ById, d.Deployment, "read")
DEPLOYMENTS_READ_BY_NAME = Operation(
    "deployments.read_by_name", "POST", "/deployments/name", d.DeploymentByName, d.Deployment, "read"
)
DEPLOYMENTS_LIST = Operation(
    "deployments.list", "POST", "/deployments/filter", d.DeploymentQuery, d.DeploymentPage, "read"
)
DEPLOYMENTS_COUNT = Operation(
    "deployments.count", "POST", "/deployments/count", d.DeploymentCountQuery, r.Count, "read"
)
DEPLOYMENTS_UPDATE = Operation(
    "deployments.update", "POST", "/deployments/{id}/update", d.DeploymentChanges, d.Deployment, "write", writes=True
)
DEPLOYMENTS_VERSIONS = Operation(
    "deployments.versions",
    "POST",
    "/deployments/{id}/versions",
    d.DeploymentVersionQuery,
    d.DeploymentVersionPage,
    "read",
)
DEPLOYMENTS_READ_VERSION = Operation(
    "deployments.read_version", "POST", "/deployments/{id}/version", d.ReadVersion, d.DeploymentVersion, "read"
)
DEPLOYMENTS_PROMOTE = Operation(
    "deployments.promote", "POST", "/deployments/{id}/promote", d.PromoteVersion, d.Deployment, "write", writes=True
)
DEPLOYMENTS_RUN = Operation(
    "deployments.run", "POST", "/deployments/{id}/run", d.RunDeployment, d.DeploymentRun, "run", writes=True
)
DEPLOYMENTS_DELETE = Operation(
    "deployments.delete", "DELETE", "/deployments/{id}", r.ById, r.Done, "delete", writes=True
)

SCHEDULES_UPCOMING = Operation("schedules.upcoming", "POST", "/schedules/upcoming", s.UpcomingQuery, s.Upcoming, "read")

BACKFILLS_CREATE = Operation("backfills.create", "POST", "/backfills", f.BackfillCreate, f.Backfill, "run", writes=True)
BACKFILLS_READ = Operation("backfills.read", "GET", "/backfills/{id}", r.ById, f.Backfill, "read")
BACKFILLS_LIST = Operation("backfills.list", "POST", "/backfills/filter", f.BackfillQuery, f.BackfillPage, "read")
BACKFILLS_CANCEL = Operation(
    "backfills.cancel", "POST", "/backfills/{id}/cancel", r.ById, f.Backfill, "run", writes=True
)

OPERATIONS: dict[str, Operation[Any, Any]] = {
    operation.name: operation
    for operation in (
        FLOWS_READ,
        FLOWS_LIST,
        FLOWS_COUNT,
        FLOW_RUNS_CREATE,
        FLOW_RUNS_START,
        FLOW_RUNS_PROPOSE,
        FLOW_RUNS_RENEW,
        FLOW_RUNS_READ,
        FLOW_RUNS_LIST,
        FLOW_RUNS_COUNT,
        FLOW_RUNS_COUNTS,
        FLOW_RUNS_HISTOGRAM,
        FLOW_RUNS_GRAPH,
        FLOW_RUNS_DELETE,
        FLOW_RUNS_DELETE_MANY,
        FLOW_RUNS_CANCEL_MANY,
        FLOW_RUNS_SET_STATE_MANY,
        FLOW_RUNS_CLAIM,
        FLOW_RUNS_HAND_BACK,
        FLOW_RUNS_RETRY,
        FLOW_RUNS_RERUN,
        FLOW_RUNS_RESUME,
        FLOW_RUNS_READ_PAUSE,
        FLOW_RUNS_SEND_INPUT,
        FLOW_RUNS_LIST_INPUTS,
        FLOW_RUNS_DELETE_INPUT,
        TASK_RUNS_READ,
        TASK_RUNS_LIST,
        TASK_RUNS_COUNT,
        TASK_RUNS_HISTOGRAM,
        LOGS_LIST,
        LOGS_AROUND,
        EVENTS_LIST,
        EVENTS_APPEND,
        TASK_RUNS_EVENTS,
        AUDIT_LIST,
        LOOPS_LIST,
        SERVERS_INFO,
        VIEWS_CREATE,
        VIEWS_READ,
        VIEWS_LIST,
        VIEWS_UPDATE,
        VIEWS_DELETE,
        JOURNAL_APPEND,
        WORK_POOLS_CREATE,
        WORK_POOLS_READ,
        WORK_POOLS_LIST,
        WORK_POOLS_UPDATE,
        WORK_POOLS_DELETE,
        WORK_QUEUES_CREATE,
        WORK_QUEUES_READ,
        WORK_QUEUES_LIST,
        WORK_QUEUES_UPDATE,
        WORK_QUEUES_DELETE,
        WORKERS_HEARTBEAT,
        WORKERS_LIST,
        WORKERS_DELETE,
        DEPLOYMENTS_APPLY,
        DEPLOYMENTS_READ,
        DEPLOYMENTS_READ_BY_NAME,
        DEPLOYMENTS_LIST,
        DEPLOYMENTS_COUNT,
        DEPLOYMENTS_UPDATE,
        DEPLOYMENTS_VERSIONS,
        DEPLOYMENTS_READ_VERSION,
        DEPLOYMENTS_PROMOTE,
        DEPLOYMENTS_RUN,
        DEPLOYMENTS_DELETE,
        SCHEDULES_UPCOMING,
        BACKFILLS_CREATE,
        BACKFILLS_READ,
        BACKFILLS_LIST,
        BACKFILLS_CANCEL,
    )
}

OPEN_TO_RUNS = frozenset(
    {
        "flows.read",
        "flows.list",
        "flows.count",
        "flow_runs.create",
        "flow_runs.start",
        "flow_runs.propose",
        "flow_runs.renew_leases",
        "flow_runs.read",
        "flow_runs.list",
        "flow_runs.count",
        "flow_runs.counts",
        "flow_runs.stream",
        "flow_runs.read_pause",
        "flow_runs.send_input",
        "flow_runs.list_inputs",
        "flow_runs.delete_input",
        "task_runs.read",
        "task_runs.list",
        "task_runs.count",
        "task_runs.events",
        "task_runs.stream",
        "logs.list",
        "logs.around",
        "logs.stream",
        "events.list",
        "events.append",
        "events.stream",
        "journal.append",
        "deployments.read",
        "deployments.read_by_name",
        "deployments.read_version",
        "deployments.list",
        "deployments.count",
        "deployments.run",
    }
)
"""What the process of a run may ask for, and follow, with the run's own token. All else is closed to it, what is new too."""
