"""What is drawn of many runs: how many were in which state when, and how those of one flow run hang together."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from uuid import UUID

import msgspec

from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.task_runs import TaskRunFilter


class RunTime(str, Enum):
    """Which time of a run counts."""

    START_TIME = "START_TIME"
    END_TIME = "END_TIME"


class FlowRunHistogramQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many flow runs there were over time, by the type of the state they are in now.

    Attributes:
        after: where the first bucket begins.
        before: where the last bucket ends.
        buckets: into how many buckets of the same length the time is divided, at most 500.
        by: which time of a run counts; a run that has none yet is left out.
        filter: which flow runs are meant.
    """

    after: datetime
    before: datetime
    buckets: int = 60
    by: RunTime = RunTime.START_TIME
    filter: FlowRunFilter = msgspec.field(default_factory=FlowRunFilter)


class TaskRunHistogramQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many task runs started over time, by the type of the state they are in now.

    Attributes:
        after: where the first bucket begins.
        before: where the last bucket ends.
        buckets: into how many buckets of the same length the time is divided, at most 500.
        filter: which task runs are meant.
    """

    after: datetime
    before: datetime
    buckets: int = 60
    filter: TaskRunFilter = msgspec.field(default_factory=TaskRunFilter)


class Bucket(msgspec.Struct, frozen=True):
    """Runs of one stretch of time.

    Attributes:
        start: where it begins; it ends where the next one begins.
        by_type: how many runs are in a state of each type.
    """

    start: datetime
    by_type: dict[str, int]


class Histogram(msgspec.Struct, frozen=True):
    """Runs over time.

    Attributes:
        buckets: all of them, oldest first, the empty ones too.
        bucket_seconds: how long each one is.
        counted_from: set where there are too many to count: only the runs from then on are in the buckets.
    """

    buckets: list[Bucket]
    bucket_seconds: float
    counted_from: datetime | None = None


class GraphQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the runs within one flow run hang together.

    Attributes:
        id: the flow run.
        nodes: how many nodes the answer has at most, from 10 to 2,000. Where there are more runs, those of one task or
            flow that started in the same stretch of time share a node.
        started_after: only runs that started at this instant or later: with the bounds a part is looked at more closely.
        started_before: only runs that started before this instant.
    """

    id: UUID
    nodes: int = 500
    started_after: datetime | None = None
    started_before: datetime | None = None


class NodeKind(str, Enum):
    """What a node stands for."""

    TASK_RUNS = "TASK_RUNS"
    FLOW_RUNS = "FLOW_RUNS"
    OTHERS = "OTHERS"


class EdgeKind(str, Enum):
    """How two runs hang together: one had its arguments from the other, or one called the other."""

    UPSTREAM = "UPSTREAM"
    CALL = "CALL"


class Node(msgspec.Struct, frozen=True):
    """One run, or several of one task or flow.

    Attributes:
        kind: what it stands for.
        name: the name of the run, if it is one; else that of the task or flow.
        key: the task's key, or the flow's id.
        count: how many runs.
        by_type: how many of them are in a state of each type.
        first: the id of one of them, the one that was made first.
        start_time: when the first of them started.
        end_time: when the last of them ended, as far as they have.
    """

    kind: NodeKind
    name: str
    key: str
    count: int
    by_type: dict[str, int]
    first: UUID
    start_time: datetime | None = None
    end_time: datetime | None = None


class Edge(msgspec.Struct, frozen=True):
    """What hangs together.

    Attributes:
        kind: in which way.
        source: the number of the node, from 0, that is upstream or that calls.
        target: the number of the node that is downstream or is called.
        count: how many pairs of runs it stands for.
    """

    kind: EdgeKind
    source: int
    target: int
    count: int


class Graph(msgspec.Struct, frozen=True):
    """How the runs within one flow run hang together.

    Attributes:
        nodes: in the order in which their first runs were made.
        edges: those that stand for the most pairs first.
        runs: how many runs were looked at.
        is_grouped: whether some nodes stand for several runs because there are too many.
        is_capped: whether there are runs or edges that were left out because there are too many.
        age_seconds: how long ago it was drawn, where runs have changed since: one of more than 1,000 runs that go on is
            drawn again every few seconds only, and is at most 30 seconds old.
    """

    nodes: list[Node]
    edges: list[Edge]
    runs: int
    is_grouped: bool
    is_capped: bool
    age_seconds: float = 0.0
