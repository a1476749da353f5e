"""Whatever happens to the record, the flow's own work is done and its value returned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.programs import listed, ran, written

DELETED = """
    import glob, os
    from penstock import flow

    @flow
    def work() -> int:
        for path in glob.glob(os.environ["PENSTOCK_HOME"] + "/penstock.db*"):
            os.unlink(path)
        return 7

    print(work())
"""

UNSTORABLE = """
    from penstock import flow, get_run_logger, tags
    from penstock.states import Completed

    @flow
    def work():
        get_run_logger().log(10**20, "a level no database takes")
        get_run_logger().critical("kept")
        return Completed(name="x" * 600, data=7)

    print(work())
"""

TOO_MUCH = """
    from penstock import flow, tags

    @flow(version="v" * 501)
    def work() -> int:
        return 7

    with tags(*map(str, range(150))):
        print(work())
"""


@pytest.mark.parametrize("source", [DELETED, UNSTORABLE, TOO_MUCH], ids=["deleted", "unstorable", "too much"])
def test_the_value_is_returned(tmp_path: Path, source: str) -> None:
    """The record's refusal is said on standard error, and the program does what it is there for."""
    done = ran(written(tmp_path, source), tmp_path / "home")
    assert (done.returncode, done.stdout.strip()) == (0, "7"), done.stderr
    assert "penstock: " in done.stderr
    assert "Traceback" not in done.stderr


def test_one_entry_that_can_not_be_kept_costs_no_other(tmp_path: Path) -> None:
    """The line and the end of the run after an impossible line are recorded."""
    home = tmp_path / "home"
    ran(written(tmp_path, UNSTORABLE), home)
    (run,) = listed(home, "flow-run", "ls")
    assert run["state"]["type"] == "COMPLETED"
    lines = listed(home, "flow-run", "logs", run["id"])
    assert "kept" in [line["message"] for line in lines]


OUTSIDE_OF_FLOWS = """
    import threading
    from penstock import task

    wait = threading.Event()

    @task
    def slow(number: int) -> int:
        wait.wait(0.5)
        return number

    slow.submit(1)
    slow.submit(2)
"""


def test_tasks_submitted_outside_of_flows_are_waited_for_and_recorded(tmp_path: Path) -> None:
    """A program that ends waits for them, and their ends are in the record."""
    home = tmp_path / "home"
    ran(written(tmp_path, OUTSIDE_OF_FLOWS), home)
    assert [names(run) for run in listed(home, "task-run", "ls")] == [["Pending", "Running", "Completed"]] * 2


CANCELLED_AT_ONCE = """
    import asyncio
    from penstock import flow

    @flow
    async def work() -> None:
        await asyncio.Event().wait()

    async def main() -> None:
        run = asyncio.create_task(work())
        await asyncio.sleep(0)
        run.cancel()
        await asyncio.wait([run])

    asyncio.run(main())
"""

TERMINATED = """
    import asyncio, os, signal
    from penstock import flow

    @flow
    async def work() -> None:
        asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    asyncio.run(work())
"""


@pytest.mark.parametrize(
    ("source", "status", "reason"),
    [(CANCELLED_AT_ONCE, 0, "cancelled by the async program"), (TERMINATED, -15, "signal 15")],
    ids=["cancelled while it begins", "terminated"],
)
def test_an_async_run_that_is_ended_from_outside_says_so(tmp_path: Path, source: str, status: int, reason: str) -> None:
    """Cancelled while its run is being created, or terminated in its event loop: Crashed, with the reason."""
    home = tmp_path / "home"
    done = ran(written(tmp_path, source), home)
    assert done.returncode == status, done.stderr
    (run,) = listed(home, "flow-run", "ls")
    assert run["state"]["type"] == "CRASHED"
    assert reason in run["state"]["message"]


def names(run: dict[str, Any]) -> list[str]:
    """Return the names of the states that a run went through."""
    return [state["name"] for state in run["states"]]
