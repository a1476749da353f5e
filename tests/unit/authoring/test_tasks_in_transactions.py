"""Tasks take part in the transaction around them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from support.record import task_runs
from support.recorded import flow_run, log_messages

from penstock import flow, task
from penstock.context import get_run_context
from penstock.states import StateType
from penstock.testing import penstock_test_harness
from penstock.transactions import CommitMode, Transaction, transaction


@pytest.fixture(autouse=True)
def _own_record(tmp_path: Path) -> Iterator[None]:
    with penstock_test_harness(tmp_path / "home"):
        yield


def test_a_failed_task_undoes_what_came_before_it_in_the_transaction() -> None:
    """It does so at once, also where its error is not raised in the transaction."""
    undone: list[str] = []

    @task(on_rollback=[lambda _: undone.append("write")])
    def write() -> int:
        return 1

    @task
    def refuse() -> None:
        raise ValueError("no")

    @flow
    def release() -> bool:
        with transaction() as around:
            write()
            refuse(return_state=True)
            return around.is_rolled_back()

    assert (release(), undone) == (True, ["write"])


def test_a_try_that_fails_undoes_nothing_while_a_retry_is_left() -> None:
    """Only a run that has failed for good rolls the transaction back."""
    events: list[str] = []

    @task(on_commit=[lambda _: events.append("committed")], on_rollback=[lambda _: events.append("undone")])
    def write() -> int:
        return 1

    @task(retries=1)
    def unsteady() -> None:
        events.append("tried")
        if events.count("tried") == 1:
            raise ValueError("no")

    @flow
    def release() -> Transaction:
        with transaction() as around:
            write()
            unsteady()
        return around

    assert release().is_committed()
    assert events == ["tried", "tried", "committed"]


@task
def write() -> int:
    return 1


@task
def refuse() -> None:
    raise ValueError("no")


def histories() -> dict[str, list[str]]:
    """Return the names of the states that each task's run went through."""
    return {run.task_name: [state.name for state in run.states] for run in task_runs()}


def test_what_is_rolled_back_is_recorded_as_that_after_its_hooks() -> None:
    """Each completed task run of the transaction ends RolledBack, a kind of Completed; the failed one stays Failed."""
    seen: list[str] = []

    @task(persist_result=True)
    def keep() -> int:
        return 2

    @task
    def undoable() -> str:
        return get_run_context().task_run.name  # type: ignore[union-attr]

    @undoable.on_rollback
    def undo(_: Transaction) -> None:
        seen.extend(run.state.name for run in task_runs() if run.task_name == "undoable")

    @flow
    def release() -> None:
        with transaction():
            write()
            keep.submit().wait()
            undoable()
            refuse()

    release(return_state=True)
    assert seen == ["Completed"]
    undone = ["Pending", "Running", "Completed", "RolledBack"]
    assert histories() == {
        "write": undone,
        "keep": undone,
        "undoable": undone,
        "refuse": ["Pending", "Running", "Failed"],
    }
    rolled_back = [run for run in task_runs() if run.task_name != "refuse"]
    assert {(run.state.type, run.result) for run in rolled_back} == {(StateType.COMPLETED, None)}


def test_a_failed_rollback_hook_does_not_hide_the_rollback() -> None:
    """The hook's error is logged; the task run is RolledBack all the same, and so is the one before it."""

    @task(on_rollback=[lambda _: 1 / 0])
    def stubborn() -> None:
        pass

    @flow
    def release() -> None:
        with transaction():
            write()
            stubborn()
            raise ValueError("no")

    release(return_state=True)
    assert {name: states[-1] for name, states in histories().items()} == {
        "write": "RolledBack",
        "stubborn": "RolledBack",
    }
    assert any("rollback hook" in line for line in log_messages())


def test_what_is_committed_stays_completed() -> None:
    """A transaction that commits leaves Completed, and so does an eager one in a transaction that is rolled back."""

    @flow
    def release() -> None:
        with transaction():
            write.with_options(name="kept")()
        with transaction():
            with transaction(commit_mode=CommitMode.EAGER):
                write.with_options(name="eager")()
            raise ValueError("no")

    release(return_state=True)
    assert {states[-1] for states in histories().values()} == {"Completed"}


def test_a_task_that_ends_after_its_transaction_was_rolled_back() -> None:
    """It completes, and is RolledBack at once."""
    begun, go_on = threading.Event(), threading.Event()

    @task
    def slow() -> int:
        begun.set()
        go_on.wait()
        return 1

    @flow
    def release() -> None:
        with suppress(ValueError), transaction():
            slow.submit()
            begun.wait()
            raise ValueError("no")
        go_on.set()

    release()
    assert histories()["slow"] == ["Pending", "Running", "Completed", "RolledBack"]


def test_a_result_that_cannot_be_written_fails_and_is_not_rolled_back() -> None:
    """The commit of the task's own transaction failed, so its run never completed."""

    @task(persist_result=True, result_serializer="json")
    def unwritable() -> object:
        return object()

    @flow
    def release() -> None:
        unwritable()

    release(return_state=True)
    assert histories()["unwritable"] == ["Pending", "Running", "Failed"]


def test_a_flow_within_a_transaction_that_is_rolled_back() -> None:
    """Its run has ended and stays so; this process is not told that it lost the run, and goes on recording."""

    @flow
    def inner() -> None:
        write()

    with suppress(ValueError), transaction():
        inner()
        raise ValueError("no")
    assert flow_run("inner").state.name == "Completed"
    assert histories()["write"][-1] == "RolledBack"
