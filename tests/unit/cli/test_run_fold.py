"""Many completed runs of one task are one line of the tree; what went otherwise keeps its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from penstock.cli.views.run_fold import MANY, Fold, folded
from penstock.cli.views.run_tree import RunTree
from penstock.core.state_type import StateType
from penstock.wire.states import StateRecord
from penstock.wire.task_runs import TaskRun

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def run_of(
    task: str, second: float = 0, end: StateType = StateType.COMPLETED, name: str | None = None, tries: int = 1
) -> RunTree:
    states = [
        StateRecord(StateType.RUNNING, "Running", at(second)),
        StateRecord(end, name or end.value.capitalize(), at(second + 1)),
    ]
    return RunTree(TaskRun(uuid4(), f"module.{task}", task, f"{task}-{second}", states, run_count=tries))


def test_many_runs_of_a_task_stand_where_the_first_one_stood() -> None:
    """Between two others, a fold takes the place of a task's runs, even of those that began after another task's."""
    runs = [run_of("measure", number) for number in range(MANY + 1)]
    before, between, after = run_of("find"), run_of("look", 3.5), run_of("load", 99)
    first, fold, second, third = folded([before, *runs[:4], between, *runs[4:], after])
    assert (first, second, third) == (before, between, after)
    assert isinstance(fold, Fold)
    assert fold.label == f"measure × {MANY + 1}"  # noqa: RUF001  # the sign of multiplication is meant
    assert fold.span == (at(0), at(MANY + 1))
    assert fold.seconds == MANY + 1
    assert fold.note == ""


def test_few_runs_stay_by_themselves() -> None:
    """A dozen lines can be read."""
    runs = [run_of("measure", number) for number in range(MANY)]
    assert list(folded(runs)) == runs


def test_what_went_otherwise_stays_by_itself() -> None:
    """Runs that failed, still run or called others are not folded."""
    failed, running = run_of("measure", end=StateType.FAILED), run_of("measure", end=StateType.RUNNING)
    caller = run_of("measure")
    caller.children.append(run_of("inner"))
    *others, fold = folded([failed, running, caller, *(run_of("measure") for _ in range(20))])
    assert others == [failed, running, caller]
    assert isinstance(fold, Fold)
    assert len(fold.runs) == 20


def test_a_fold_tells_what_is_notable() -> None:
    """It counts the runs that came from the cache and those that were retried."""
    cached = [run_of("measure", name="Cached") for _ in range(1_500)]
    retried = [run_of("measure", tries=2) for _ in range(2)]
    (fold,) = folded([*cached, *retried])
    assert isinstance(fold, Fold)
    assert (fold.label, fold.note) == ("measure × 1,502", "1,500 Cached · 2 runs retried")  # noqa: RUF001
