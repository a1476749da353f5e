"""Tasks take part in the transaction around them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock import flow, task
from penstock.testing import penstock_test_harness
from penstock.transactions import Transaction, transaction


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
