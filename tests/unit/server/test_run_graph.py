"""Runs in groups, by the pure rule."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from penstock.server.rules.run_graph import FINEST, NOT_STARTED, Entry, Grouping
from penstock.wire.charts import NodeKind

_KEYS = [(NodeKind.TASK_RUNS, letter) for letter in "abcdefghijklmnopqrst"]
_runs = st.lists(
    st.tuples(
        st.sampled_from(_KEYS),
        st.integers(NOT_STARTED, FINEST - 1),
        st.sampled_from(["RUNNING", "FAILED"]),
        st.lists(st.integers(0, 60), max_size=3, unique=True),
    ),
    max_size=60,
)


@given(_runs, st.integers(10, 30), st.booleans())
def test_nothing_is_lost_in_groups(runs: list[tuple], most: int, each: bool) -> None:  # type: ignore[type-arg]
    """However runs are grouped, the sums are those of the runs, each pair of runs is counted once, and groups are few."""
    grouping = Grouping(each=each)
    for number, (key, bucket, state_type, upstreams) in enumerate(runs):
        grouping.add(Entry(str(number), key, "name", bucket, state_type, number, number, map(str, upstreams)))
    grouping.finish(most)
    assert len(grouping.groups) <= (len(runs) if each else most)
    assert sum(group.count for group in grouping.groups) == len(runs)
    for state_type in ("RUNNING", "FAILED"):
        there = sum(run[2] == state_type for run in runs)
        assert sum(group.by_type[state_type] for group in grouping.groups) == there
    tied = sum(upstream < len(runs) for run in runs for upstream in run[3])
    assert sum(grouping.pairs.values()) == tied
    assert all(0 <= end < len(grouping.groups) for pair in grouping.pairs for end in pair[1:])
    if runs:
        assert min(group.start for group in grouping.groups) == 0
        assert max(group.end for group in grouping.groups) == len(runs) - 1
