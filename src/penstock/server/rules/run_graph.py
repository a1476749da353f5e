"""How many runs become few nodes: those of one task that started in the same stretch of time share one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from penstock.wire.charts import EdgeKind, NodeKind

FINEST = 64
"""Into how many stretches the time of a flow run is divided at first."""

NOT_STARTED = -1
"""The stretch of what has not started."""

_OTHERS = (NodeKind.OTHERS, "")

Key = tuple[NodeKind, str]
Pair = tuple[EdgeKind, int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One run.

    Attributes:
        id: its id, as text.
        key: which task or flow it is of.
        name: the name of that.
        bucket: the stretch of time in which it started, from 0 to below `FINEST`, or `NOT_STARTED`.
        state_type: the type of its state.
        start: when it started, in whatever unit orders instants.
        end: when it ended, in the same.
        upstreams: the ids of the runs its arguments came from.
        parent: the id of the task run that called it.
    """

    id: str
    key: Key
    name: str
    bucket: int
    state_type: str
    start: Any = None
    end: Any = None
    upstreams: Iterable[str] = ()
    parent: str | None = None


@dataclass(slots=True)
class Group:
    """Runs that share a node.

    Attributes:
        key: which task or flow they are of.
        name: the name of that.
        bucket: the stretch of time they started in.
        first: the id of the one that was added first.
        count: how many.
        by_type: how many are in a state of each type.
        start: when the first of them started.
        end: when the last of them ended.
    """

    key: Key
    name: str
    bucket: int
    first: str
    count: int = 0
    by_type: Counter[str] = field(default_factory=Counter)
    start: Any = None
    end: Any = None

    def take(self, other: Group) -> None:
        """Take in the runs of another group."""
        self.count += other.count
        self.by_type += other.by_type
        self.widen(other.start, other.end)

    def widen(self, start: Any, end: Any) -> None:
        """Reach from `start` to `end` as well."""
        if start is not None and (self.start is None or start < self.start):
            self.start = start
        if end is not None and (self.end is None or end > self.end):
            self.end = end


class Grouping:
    """Gathers runs into groups, and what hangs together into pairs of groups.

    Parameters:
        each: whether each run is to have a group of its own.
    """

    def __init__(self, *, each: bool) -> None:
        self._each = each
        self._numbers: dict[Any, int] = {}
        self._group_of: dict[str, int] = {}
        self._awaited: list[tuple[EdgeKind, str, int]] = []
        self.groups: list[Group] = []
        self.pairs: Counter[Pair] = Counter()

    def add(self, run: Entry) -> None:
        """Take a run in."""
        place = run.id if self._each else (run.key, run.bucket)
        number = self._numbers.setdefault(place, len(self.groups))
        if number == len(self.groups):
            self.groups.append(Group(run.key, run.name, run.bucket, run.id))
        group = self.groups[number]
        group.count += 1
        group.by_type[run.state_type] += 1
        group.widen(run.start, run.end)
        self._group_of[run.id] = number
        for upstream in run.upstreams:
            self._tie(EdgeKind.UPSTREAM, upstream, number)
        if run.parent is not None:
            self._tie(EdgeKind.CALL, run.parent, number)

    def _tie(self, kind: EdgeKind, source: str, target: int) -> None:
        number = self._group_of.get(source)
        if number is None:
            self._awaited.append((kind, source, target))
        else:
            self.pairs[kind, number, target] += 1

    def finish(self, most: int) -> None:
        """Tie up what came in another order, and put groups together until there are at most `most`."""
        for kind, source, target in self._awaited:
            number = self._group_of.get(source)
            if number is not None:
                self.pairs[kind, number, target] += 1
        if self._each:
            return
        width = 1
        while len(self.groups) > most and width < FINEST:
            width *= 2
            self._merge([(group.key, -1 if group.bucket < 0 else group.bucket // 2) for group in self.groups])
        if len(self.groups) > most:
            self._merge([(group.key, 0) for group in self.groups])
        if len(self.groups) > most:
            largest = sorted(range(len(self.groups)), key=lambda number: -self.groups[number].count)[: most - 1]
            kept = set(largest)
            self._merge([(group.key if n in kept else _OTHERS, 0) for n, group in enumerate(self.groups)])

    def _merge(self, places: list[tuple[Key, int]]) -> None:
        numbers: dict[tuple[Key, int], int] = {}
        merged: list[Group] = []
        for place, group in zip(places, self.groups, strict=True):
            number = numbers.setdefault(place, len(merged))
            if number == len(merged):
                merged.append(group)
                group.key, group.bucket = place
            else:
                merged[number].take(group)
        becomes = [numbers[place] for place in places]
        pairs: Counter[Pair] = Counter()
        for (kind, source, target), count in self.pairs.items():
            pairs[kind, becomes[source], becomes[target]] += count
        self.groups, self.pairs = merged, pairs
