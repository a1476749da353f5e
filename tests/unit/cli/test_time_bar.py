"""Bars show when a run ran within another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from penstock.cli.views.time_bar import TimeBar
from penstock.core.state_type import StateType
from penstock.wire.states import StateRecord
from penstock.wire.task_runs import TaskRun

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def run_of(*states: tuple[StateType, float]) -> TaskRun:
    records = [StateRecord(kind, kind.value.capitalize(), at(second)) for kind, second in states]
    return TaskRun(uuid4(), "m.f", "f", "f-0", records)


RUNNING, COMPLETED, SCHEDULED, PENDING = StateType.RUNNING, StateType.COMPLETED, StateType.SCHEDULED, StateType.PENDING


@pytest.mark.parametrize(
    ("states", "bar"),
    [
        ([(RUNNING, 0), (COMPLETED, 10)], "━━━━━━━━━━"),
        ([(RUNNING, 0), (COMPLETED, 4.5)], "━━━━━"),
        ([(RUNNING, 5), (COMPLETED, 5.01)], "     ━"),
        ([(RUNNING, 10), (COMPLETED, 10)], "         ━"),
        ([(RUNNING, 0), (SCHEDULED, 1.5), (RUNNING, 6), (COMPLETED, 7.5)], "━━╌╌╌╌━━"),
        ([(RUNNING, 8)], "        ━━"),
        ([(PENDING, 2)], ""),
        ([(RUNNING, -5), (COMPLETED, 50)], "━━━━━━━━━━"),
    ],
)
def test_a_bar_shows_when_a_run_ran(states: list[tuple[StateType, float]], bar: str) -> None:
    """A run is solid while it runs, dotted while it waits for its next try, and never outside the bar."""
    assert TimeBar(at(0), at(10), 10).draw(run_of(*states), at(10)) == bar


def test_a_bar_of_no_time_is_drawn() -> None:
    """A run that took no time at all still shows."""
    assert TimeBar(at(0), at(0), 10).draw(run_of((RUNNING, 0), (COMPLETED, 0)), at(0)) == "━"


def test_a_bar_can_be_ascii() -> None:
    """Where a terminal knows only ASCII, bars use that."""
    run = run_of((RUNNING, 0), (SCHEDULED, 2), (RUNNING, 8), (COMPLETED, 10))
    assert TimeBar(at(0), at(10), 10, ascii_only=True).draw(run, at(10)) == "===.....=="
