"""What is asked of a full database: the lists, counts, charts and searches of a user interface."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.asking import Asker, Times
from server.fill import LARGEST, RARE_WORD

from penstock.core.state_type import StateType
from penstock.wire import operations as op
from penstock.wire import requests as r
from penstock.wire.charts import FlowRunHistogramQuery, GraphQuery, TaskRunHistogramQuery
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.logs import LogFilter
from penstock.wire.operations import Operation
from penstock.wire.sorts import TaskRunSort
from penstock.wire.task_runs import TaskRunFilter

AIM_MS = 50.0
_DAY = timedelta(days=1)
_F, _T, _L = FlowRunFilter, TaskRunFilter, LogFilter


@dataclass(frozen=True)
class Question:
    """One kind of question, and the requests that it is asked in, in turn.

    Attributes:
        group: what it counts as: `list`, `filter`, `count`, `histogram`, `graph` or `search`.
        title: what the row is called.
        operation: what is asked.
        requests: with other values each, so that no two in a row are the same.
    """

    group: str
    title: str
    operation: Operation[Any, Any]
    requests: list[Any]


@dataclass(frozen=True)
class Known:
    """What the questions name.

    Attributes:
        runs: ordinary flow runs.
        largest: the largest flow run.
        now: when the newest of them ended.
    """

    runs: list[UUID]
    largest: UUID
    now: datetime


def known(asker: Asker) -> Known:
    """Return what a filled database holds that questions can name."""
    page = asker.call(op.FLOW_RUNS_LIST, r.FlowRunQuery(limit=40))
    largest = asker.call(op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(name=LARGEST))).items[0]
    assert largest.start_time is not None
    runs = [run.id for run in page.items if run.id != largest.id]
    return Known(runs, largest.id, largest.start_time + _DAY)


def questions(its: Known) -> list[Question]:
    """Return what is asked."""
    return [*_lists(its), *_filters(its), *_counts(its), *_charts(its), *_searches(its)]


def _days(its: Known) -> list[datetime]:
    return [its.now - days * _DAY for days in range(2, 42, 5)]


def _lists(its: Known) -> Iterator[Question]:
    yield Question("list", "list flow runs", op.FLOW_RUNS_LIST, [r.FlowRunQuery(), r.FlowRunQuery(limit=100)])
    yield Question(
        "list",
        "list task runs of the largest run",
        op.TASK_RUNS_LIST,
        [
            r.TaskRunQuery(_T(flow_run_ids=[its.largest]), sort=sort)
            for sort in (TaskRunSort.ID_ASC, TaskRunSort.ID_DESC)
        ],
    )
    yield Question(
        "list",
        "list its log",
        op.LOGS_LIST,
        [r.LogQuery(_L([its.largest]), newest_first=newest) for newest in (False, True)],
    )


def _filters(its: Known) -> Iterator[Question]:
    kinds = (StateType.FAILED, StateType.CRASHED, StateType.CANCELLED)
    yield Question(
        "filter",
        "flow runs by state",
        op.FLOW_RUNS_LIST,
        [r.FlowRunQuery(_F(state_types=[kind])) for kind in kinds],
    )
    yield Question(
        "filter", "flow runs by tag", op.FLOW_RUNS_LIST, [r.FlowRunQuery(_F(tags_all=[f"team-{n}"])) for n in range(8)]
    )
    yield Question(
        "filter",
        "flow runs by two tags",
        op.FLOW_RUNS_LIST,
        [r.FlowRunQuery(_F(tags_all=[f"team-{n}", "hourly"])) for n in range(8)],
    )
    yield Question(
        "filter",
        "flow runs by flow and time",
        op.FLOW_RUNS_LIST,
        [
            r.FlowRunQuery(_F(flow_names=[f"{team}-train"], started_after=day))
            for team in ("ads", "crm")
            for day in _days(its)
        ],
    )
    yield Question(
        "filter",
        "flow runs by a part of the name",
        op.FLOW_RUNS_LIST,
        [r.FlowRunQuery(_F(name_like=f"heron-{n:02x}")) for n in range(8)],
    )
    yield Question(
        "filter",
        "failed task runs of a day",
        op.TASK_RUNS_LIST,
        [
            r.TaskRunQuery(_T(state_types=[StateType.FAILED], started_after=day, started_before=day + _DAY))
            for day in _days(its)
        ],
    )
    yield Question(
        "filter",
        "task runs by tag",
        op.TASK_RUNS_LIST,
        [r.TaskRunQuery(_T(tags_all=["critical"])), r.TaskRunQuery(_T(tags_any=["critical"]))],
    )


def _counts(its: Known) -> Iterator[Question]:
    kinds = (StateType.FAILED, StateType.COMPLETED)
    yield Question(
        "count",
        "count flow runs",
        op.FLOW_RUNS_COUNT,
        [r.FlowRunCountQuery(), *(r.FlowRunCountQuery(_F(state_types=[kind])) for kind in kinds)],
    )
    yield Question(
        "count",
        "count flow runs by tag",
        op.FLOW_RUNS_COUNT,
        [r.FlowRunCountQuery(_F(tags_all=[f"team-{n}"])) for n in range(8)],
    )
    yield Question(
        "count",
        "count task runs",
        op.TASK_RUNS_COUNT,
        [r.TaskRunCountQuery(), r.TaskRunCountQuery(_T(state_types=[StateType.FAILED]))],
    )
    yield Question("count", "count the largest run's task runs", op.FLOW_RUNS_COUNTS, [r.ById(its.largest)])


def _charts(its: Known) -> Iterator[Question]:
    stretches = [
        (its.now - days * _DAY - n * timedelta(seconds=1), its.now, 60) for n, days in enumerate((90, 30, 7, 90, 1))
    ]
    yield Question(
        "histogram",
        "histogram of flow runs",
        op.FLOW_RUNS_HISTOGRAM,
        [FlowRunHistogramQuery(*one) for one in stretches],
    )
    yield Question(
        "histogram",
        "histogram of task runs",
        op.TASK_RUNS_HISTOGRAM,
        [TaskRunHistogramQuery(*one) for one in stretches],
    )
    yield Question("graph", "graph of a run", op.FLOW_RUNS_GRAPH, [GraphQuery(run) for run in its.runs])
    yield Question("graph", "graph of the largest run", op.FLOW_RUNS_GRAPH, [GraphQuery(its.largest)])


def _searches(its: Known) -> Iterator[Question]:
    words = ("page 7", "parquet", RARE_WORD, "customer", "status 500")
    yield Question(
        "search",
        "search all logs, newest first",
        op.LOGS_LIST,
        [r.LogQuery(_L(text=word), newest_first=True) for word in words],
    )
    yield Question(
        "search",
        "search the largest run's log",
        op.LOGS_LIST,
        [r.LogQuery(_L([its.largest], text=word)) for word in words],
    )
    yield Question(
        "search", "search a run's log", op.LOGS_LIST, [r.LogQuery(_L([run], text="rows")) for run in its.runs]
    )
    yield Question(
        "search",
        "errors of a day in the log",
        op.LOGS_LIST,
        [r.LogQuery(_L(level_at_least=40, after=day, before=day + _DAY)) for day in _days(its)],
    )


def ask_all(asker: Asker, asked: list[Question], rounds: int) -> dict[str, Times]:
    """Ask every question once a round, in turn; return how long the answers took, by title."""
    times: dict[str, Times] = {question.title: [] for question in asked}
    for number in range(rounds):
        for question in asked:
            request = question.requests[number % len(question.requests)]
            times[question.title].append(asker.seconds(question.operation, request))
    return times
