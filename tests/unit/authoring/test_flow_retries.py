"""A retried flow takes up where its last attempt left, and never runs beside it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock import flow, settings, task
from penstock.client.transport import call
from penstock.reporting.recorder import current_recorder
from penstock.testing import penstock_test_harness
from penstock.wire.operations import LOGS_LIST
from penstock.wire.requests import LogQuery


@pytest.fixture(autouse=True)
def _own_record(tmp_path: Path) -> Iterator[None]:
    with penstock_test_harness(tmp_path / "home"):
        yield


# Of the module: what a task's function closes over is part of its key, and these change or have no stable hash.
slow_runs: list[int] = []
slow_begun, slow_may_end = threading.Event(), threading.Event()


@task(persist_result=True)
def slow(number: int) -> int:
    slow_runs.append(number)
    slow_begun.set()
    slow_may_end.wait(10)
    return number


def test_a_retry_waits_for_what_the_failed_attempt_left_running() -> None:
    """The task that was running ends first; its kept result is taken, and it is not run twice."""
    tries: list[int] = []
    slow_runs.clear()

    @flow(retries=1)
    def work() -> int:
        tries.append(1)
        future = slow.submit(1)
        slow_begun.wait(10)
        if len(tries) == 1:
            threading.Timer(0.05, slow_may_end.set).start()
            raise ValueError("once")
        return future.result()

    assert (work(), slow_runs) == (1, [1])


def test_a_durable_flow_calls_a_child_again_whose_result_was_not_kept() -> None:
    """A child that completed and left nothing to take is run anew."""
    calls: list[str] = []

    @flow(persist_result=False)
    def child() -> int:
        calls.append("child")
        return 5

    @flow(recoveries=1, retries=1)
    def parent() -> int:
        calls.append("parent")
        value = child()
        if calls.count("parent") == 1:
            raise ValueError("once")
        return value

    assert (parent(), calls) == (5, ["parent", "child", "parent", "child"])


def test_lines_of_other_loggers_are_kept_where_the_settings_name_them() -> None:
    """`logging.extra_loggers` puts a library's lines into the record of the run in which they are logged."""

    @task
    def use_library() -> None:
        logging.getLogger("mylib").warning("from a library")

    @flow
    def work() -> None:
        use_library()

    with settings.temporary_settings({"logging.extra_loggers": ["mylib"]}):
        work()
        current_recorder().flush()
        lines = call(LOGS_LIST, LogQuery()).items
        assert [line.task_run_id is not None for line in lines if line.message == "from a library"] == [True]
