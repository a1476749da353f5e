"""What can be asked about task runs, by the client that waits for each answer. Made by scripts/generate_client.py."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from penstock.client.transport import Transport
from penstock.wire.charts import Histogram, TaskRunHistogramQuery
from penstock.wire.operations import (
    TASK_RUNS_COUNT,
    TASK_RUNS_EVENTS,
    TASK_RUNS_HISTOGRAM,
    TASK_RUNS_LIST,
    TASK_RUNS_READ,
)
from penstock.wire.requests import ById, Count, EventPage, TaskRunCountQuery, TaskRunPage, TaskRunQuery
from penstock.wire.sorts import TaskRunSort
from penstock.wire.task_runs import TaskRun, TaskRunFilter


class TaskRuns:
    """What can be asked of a server about task runs."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def read(self, id: UUID) -> TaskRun:
        """`GET /api/task_runs/{id}`: read of task runs.

        One object, by its id.
        """
        request = ById(
            id=id,
        )
        return self._transport.call(TASK_RUNS_READ, request)

    def list(
        self,
        *,
        filter: TaskRunFilter | None = None,
        limit: int = 50,
        after: str | None = None,
        sort: TaskRunSort | None = None,
    ) -> TaskRunPage:
        """`POST /api/task_runs/filter`: list of task runs.

        A page of task runs. `after` is the `next` of the page before.
        """
        request = TaskRunQuery(
            filter=TaskRunFilter() if filter is None else filter,
            limit=limit,
            after=after,
            sort=sort,
        )
        return self._transport.call(TASK_RUNS_LIST, request)

    def count(self, *, filter: TaskRunFilter | None = None) -> Count:
        """`POST /api/task_runs/count`: count of task runs.

        How many task runs there are.
        """
        request = TaskRunCountQuery(
            filter=TaskRunFilter() if filter is None else filter,
        )
        return self._transport.call(TASK_RUNS_COUNT, request)

    def histogram(
        self,
        *,
        after: datetime,
        before: datetime,
        buckets: int = 60,
        filter: TaskRunFilter | None = None,
    ) -> Histogram:
        """`POST /api/task_runs/histogram`: histogram of task runs.

        How many task runs started over time, by the type of the state they are in now.
        """
        request = TaskRunHistogramQuery(
            after=after,
            before=before,
            buckets=buckets,
            filter=TaskRunFilter() if filter is None else filter,
        )
        return self._transport.call(TASK_RUNS_HISTOGRAM, request)

    def events(self, id: UUID) -> EventPage:
        """`GET /api/task_runs/{id}/events`: events of task runs.

        One object, by its id.
        """
        request = ById(
            id=id,
        )
        return self._transport.call(TASK_RUNS_EVENTS, request)
