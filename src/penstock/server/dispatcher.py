"""From an operation to what carries it out: the permission is checked, the unit of work opened, writes go by the ledger."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, StatementError

from penstock.core.errors import Forbidden, InvalidRequest
from penstock.server.context import DEFAULT_KEEPING, DEFAULT_SCHEDULING, LOCAL_ADMINISTRATOR, Context, Principal
from penstock.server.database.database import Database
from penstock.server.handlers import DASHBOARD_HANDLERS, DEPLOYMENT_HANDLERS, PAUSE_HANDLERS
from penstock.server.ledger import Ledger
from penstock.server.rules.retention import Keeping, due
from penstock.server.rules.scheduling import Scheduling
from penstock.server.services import (
    flow_run_states,
    flow_runs,
    flows,
    journal,
    leases,
    logs,
    retention,
    task_runs,
)
from penstock.server.services.bulk import actions, audit
from penstock.server.services.charts import graphs, histograms
from penstock.server.services.charts.kept_graphs import KeptGraphs
from penstock.server.services.deletion import requests as deletion
from penstock.server.services.downloads import logs as log_download
from penstock.server.services.events import arrival
from penstock.server.services.events import listing as events
from penstock.server.services.flow_run_rows import lock_rows
from penstock.server.services.loops import listing as loops
from penstock.server.services.retention import Purged
from penstock.server.services.work import claiming, hand_backs, pools, queues, workers
from penstock.server.steps import Steps
from penstock.server.sweep import Judge, Sweep
from penstock.wire.deploying.workers import WorkerHeartbeat
from penstock.wire.operations import Operation
from penstock.wire.requests import JournalBatch, RenewLeases
from penstock.wire.streams import Download

Response = TypeVar("Response")
T = TypeVar("T")

HANDLERS: dict[str, Callable[[Any, Any], Any]] = {
    "flows.read": flows.read,
    "flows.list": flows.list_,
    "flows.count": flows.count,
    "flow_runs.create": flow_runs.create,
    "flow_runs.start": flow_run_states.start,
    "flow_runs.propose": flow_run_states.propose,
    "flow_runs.renew_leases": leases.renew,
    "flow_runs.read": flow_runs.read,
    "flow_runs.list": flow_runs.list_,
    "flow_runs.count": flow_runs.count,
    "flow_runs.counts": flow_runs.counts,
    "flow_runs.histogram": histograms.of_flow_runs,
    "flow_runs.graph": graphs.of_flow_run,
    "flow_runs.delete": deletion.delete_flow_run,
    "flow_runs.delete_many": actions.delete,
    "flow_runs.cancel_many": actions.cancel,
    "flow_runs.set_state_many": actions.set_states,
    "flow_runs.claim": claiming.claim,
    "flow_runs.hand_back": hand_backs.hand_back,
    "flow_runs.retry": flow_run_states.retry,
    "audit.list": audit.list_,
    "task_runs.read": task_runs.read,
    "task_runs.list": task_runs.list_,
    "task_runs.count": task_runs.count,
    "task_runs.histogram": histograms.of_task_runs,
    "logs.list": logs.list_,
    "logs.around": logs.around,
    "events.list": events.list_,
    "events.append": arrival.append,
    "task_runs.events": events.of_task_run,
    "loops.list": loops.list_,
    "journal.append": journal.append,
    "work_pools.create": pools.create,
    "work_pools.read": pools.read,
    "work_pools.list": pools.list_,
    "work_pools.update": pools.update_,
    "work_pools.delete": pools.delete_,
    "work_queues.create": queues.create,
    "work_queues.read": queues.read,
    "work_queues.list": queues.list_,
    "work_queues.update": queues.update_,
    "work_queues.delete": queues.delete_,
    "workers.heartbeat": workers.heartbeat,
    "workers.list": workers.list_,
    "workers.delete": workers.delete_,
    **DEPLOYMENT_HANDLERS,
    **PAUSE_HANDLERS,
    **DASHBOARD_HANDLERS,
}
"""What carries each operation out. A test holds it equal to the table of operations."""

_IN_STEPS = frozenset({"flow_runs.delete", "flow_runs.delete_many", "deployments.delete"})
"""These are given what carries out several transactions, the others the context of one."""

DOWNLOADS: dict[str, Callable[[Any, Any], Iterator[bytes]]] = {"logs.download": log_download.parts}
"""What reads each download, by operations. A test holds it equal to the table of downloads."""

_PATIENCE_SECONDS = 5.0

_UNFIT = (DataError, OverflowError, UnicodeEncodeError)
"""What drivers raise for values that the database can't hold: not of the column's type, too large, half characters."""


class Dispatcher:
    """Carries operations out on one database.

    Parameters:
        database: the database.
        patience_seconds: for how long a request that takes many transactions goes on; what is then left, `purge` finishes.
            Without a bound there is nobody who purges.
        scheduling: how runs of schedules are made ahead.
        keeping: how long what has ended is kept.
    """

    def __init__(
        self,
        database: Database,
        patience_seconds: float = math.inf,
        scheduling: Scheduling = DEFAULT_SCHEDULING,
        keeping: Keeping = DEFAULT_KEEPING,
    ) -> None:
        self.database = database
        self.patience_seconds = patience_seconds
        self.scheduling = scheduling
        self.keeping = keeping
        self.ledger = Ledger(database, lock_rows)
        self.graphs = KeptGraphs(database.ask, lambda connection: Context(connection, database.dialect))

    def call(
        self, operation: Operation[Any, Response], request: Any, principal: Principal = LOCAL_ADMINISTRATOR
    ) -> Response:
        """Carry `operation` out and return its answer, once what it wrote is committed.

        Parameters:
            operation: one of the table of operations.
            request: what is asked.
            principal: who asks.

        Raises:
            Forbidden: the principal may not do this.
            InvalidRequest: the request is not of the operation's model.
            RequestError: the service refused.
            StorageError: the database refused.
        """
        _check(operation.name, operation.permission, operation.request, request, principal)
        handler: Callable[[Any, Any], Response] = HANDLERS[operation.name]
        if operation.name in _IN_STEPS:
            return handler(request, self._steps(operation, principal))
        serve = self._serving(operation, principal, lambda context: handler(request, context))
        if operation.writes:
            # A claim locks what others wait for in another order: where rows are locked, it has a transaction of its own.
            alone = operation.name == "flow_runs.claim"
            return self.ledger.write(serve, lambda: _flow_runs_of(operation, request), alone=alone)
        return self.database.ask(serve)

    def download(self, download: Download, request: Any, principal: Principal = LOCAL_ADMINISTRATOR) -> Iterator[bytes]:
        """Return the parts of a file, each of which is read when it is asked for, in a transaction of its own.

        Parameters:
            download: one of the table of downloads.
            request: what is asked.
            principal: who asks.

        Raises:
            Forbidden: the principal may not do this.
            InvalidRequest: the request is not of the download's model; or, with the first part, it makes no sense.
            StorageError: the database refused; this and the other refusals of a service may come with any part.
        """
        _check(download.name, download.permission, download.request, request, principal)
        return DOWNLOADS[download.name](request, lambda operation, query: self.call(operation, query, principal))

    @staticmethod
    def admit(name: str, permission: str, principal: Principal) -> None:
        """Check that `principal` may ask for something.

        Parameters:
            name: of an operation, a stream or a download.
            permission: which it takes.
            principal: who asks.

        Raises:
            Forbidden: it may not.
        """
        if not principal.may_ask(name, permission):
            action = f"{permission} {name.partition('.')[0]}" if principal.only is None else f"ask for {name}"
            raise Forbidden(f"{principal.name} may not {action}. Ask an administrator for the right.")

    def _steps(self, operation: Operation[Any, Any], principal: Principal) -> Steps:
        def write(work: Callable[[Context], T], locks: Iterable[UUID] = ()) -> T:
            return self.ledger.write(self._serving(operation, principal, work), lambda: locks)

        return Steps(write, self.patience_seconds, is_helped=not math.isinf(self.patience_seconds))

    def _serving(
        self, operation: Operation[Any, Any], principal: Principal, work: Callable[[Context], T]
    ) -> Callable[[Connection], T]:
        def serve(connection: Connection) -> T:
            try:
                context = Context(
                    connection,
                    self.database.dialect,
                    principal,
                    scheduling=self.scheduling,
                    graphs=self.graphs,
                    keeping=self.keeping,
                )
                return work(context)
            except _UNFIT as error:
                raise InvalidRequest(
                    f"{operation.name} was given a value of the wrong type: {_first_line(error)}."
                ) from error
            except StatementError as error:
                if isinstance(error, DBAPIError):
                    raise
                raise InvalidRequest(
                    f"{operation.name} was given a value of the wrong type: {_first_line(error.orig)}."
                ) from error

        return serve

    def ask(self, work: Callable[[Context], T]) -> T:
        """Return what `work`, which only reads, makes of one moment of the database: for what the server does by itself.

        Raises:
            StorageError: the database refused.
        """
        return self.database.ask(lambda connection: work(self._own_context(connection)))

    def write(self, work: Callable[[Context], T]) -> T:
        """Do `work` in a transaction and return its result once that is committed: for what the server does by itself.

        Raises:
            StorageError: the database refused.
        """
        return self.ledger.write(lambda connection: work(self._own_context(connection)))

    def _own_context(self, connection: Connection) -> Context:
        return Context(connection, self.database.dialect, scheduling=self.scheduling)

    def sweep(self, judge: Judge, expired_before: datetime | None = None) -> int:
        """Declare the runs Crashed whose process is gone; return how many there were.

        Parameters:
            judge: returns how the process that holds a run is known to be gone; None where it may live.
            expired_before: look only at leases that ended before; for a judge to whom the others are alive anyway.

        Raises:
            StorageError: the database refused.
        """
        return Sweep(self.database, self.ledger, judge, expired_before).carry_out()

    def purge(self, keeping: Keeping, limit: int) -> Purged:
        """Delete at most `limit` rows of what has been kept long enough.

        Parameters:
            keeping: how long that is.
            limit: how many rows; others who write wait for as long as deleting them takes.

        Returns:
            What was deleted: less than `limit` where there is no more of it.

        Raises:
            StorageError: the database refused.
        """

        def delete(connection: Connection) -> Purged:
            context = Context(connection, self.database.dialect)
            return retention.purge(due(keeping, context.now()), limit, context)

        return self.ledger.write(delete)

    def close(self) -> None:
        """Close the database, after a write that is under way. It opens anew when it is called again."""
        self.graphs.close()
        with self.ledger.paused(_PATIENCE_SECONDS):
            self.database.close()


def _check(name: str, permission: str, model: type[Any], request: Any, principal: Principal) -> None:
    Dispatcher.admit(name, permission, principal)
    if not isinstance(request, model):
        raise InvalidRequest(f"{name} takes a {model.__name__}, not a {type(request).__name__}.")


def _first_line(error: BaseException | None) -> str:
    cause = error.orig if isinstance(error, DataError) else error
    return str(cause).partition("\n")[0].rstrip(".")


def _flow_runs_of(operation: Operation[Any, Any], request: Any) -> set[UUID]:
    """Return the flow runs that a request changes or relies on, as far as it names them."""
    if isinstance(request, JournalBatch):
        named = {run.flow_run_id for run in request.task_runs} | {line.flow_run_id for line in request.logs}
        return {flow_run_id for flow_run_id in named if flow_run_id is not None}
    if isinstance(request, (RenewLeases, WorkerHeartbeat)):
        return {claim.flow_run_id for claim in request.claims}
    named_run = getattr(request, "id", None)
    return {named_run} if named_run is not None and operation.name.startswith("flow_runs.") else set()
