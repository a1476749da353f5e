"""SIGTERM at any moment: the run says so in the record, and the process ends by the signal."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from support.programs import listed, ran, started, written

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGTERM is a signal of POSIX")

UNDER_LOAD = """
    import os, random, signal, sys, threading
    from itertools import count
    from penstock import flow, task
    from penstock.transactions import transaction

    begun = threading.Event()

    def strike(seed: int) -> None:
        begun.wait()
        threading.Event().wait(random.Random(seed).uniform(0.0, 0.3))
        os.kill(os.getpid(), signal.SIGTERM)

    @task
    def step(number: int) -> int:
        return number

    @task(persist_result=True, on_rollback=[lambda _: None])
    def kept(number: int) -> int:
        return number

    @flow
    def inner(number: int) -> int:
        return step(number)

    @flow
    def busy() -> None:
        begun.set()
        for number in count():
            step(number)
            with transaction():
                kept(number)
            sum(step.map(range(5)).result())
            if number % 10 == 0:
                inner(number)

    @flow
    async def busy_in_a_loop() -> None:
        import asyncio

        begun.set()
        for number in count():
            step(number)
            await asyncio.sleep(0)

    threading.Thread(target=strike, args=(int(sys.argv[1]),), daemon=True).start()
    if sys.argv[2] == "async":
        import asyncio

        asyncio.run(busy_in_a_loop())
    else:
        busy()
"""


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("seed", [*range(5), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(5, 60))])
def test_at_random_moments_under_load(seed: int, kind: str, tmp_path: Path) -> None:
    """Wherever it comes, also amid our own work: nothing hangs, every run has ended, and the outermost says why."""
    home = tmp_path / "home"
    done = ran(written(tmp_path, UNDER_LOAD), home, str(seed), kind)
    assert done.returncode == -signal.SIGTERM, done.stderr
    runs = listed(home, "flow-run", "ls", "--limit", "200")
    (outer,) = [run for run in runs if run["flow_name"].startswith("busy")]
    assert outer["state"]["type"] == "CRASHED"
    assert "signal 15" in outer["state"]["message"]
    assert {run["state"]["type"] for run in runs} <= {"COMPLETED", "CRASHED"}
    tasks = listed(home, "task-run", "ls", "--flow-run", outer["id"], "--limit", "1000")
    assert {task["state"]["type"] for task in tasks} <= {"COMPLETED", "CRASHED"}


AMID_OUR_OWN_WORK = """
    import os, signal, sys, threading
    from penstock import flow, task
    from penstock.reporting.journal import Journal

    record = Journal.record
    struck = False

    def strike_within(journal, task_run):
        global struck
        with journal._lock:
            if not struck and armed:
                struck = True
                signal.raise_signal(signal.SIGTERM)
                print("our own work went on", flush=True)
        return record(journal, task_run)

    # It takes the place of ours, and so the file: the interruption is to see it as ours.
    strike_within.__code__ = strike_within.__code__.replace(co_filename=record.__code__.co_filename)
    Journal.record = strike_within
    armed = False

    @task
    def step() -> None:
        pass

    @flow
    def held() -> None:
        global armed
        armed = True
        {body}

    held()
"""


@pytest.mark.parametrize(
    "body",
    ["step(); threading.Event().wait()", "step(); step(); print('not reached')"],
    ids=["then users' code waits", "then users' code calls a task"],
)
def test_amid_our_own_work_it_is_held_back(body: str, tmp_path: Path) -> None:
    """What holds a lock goes on; then it is raised in users' code, where that waits or at its next call of a task."""
    home = tmp_path / "home"
    done = ran(written(tmp_path, AMID_OUR_OWN_WORK.replace("{body}", body)), home)
    assert (done.returncode, done.stdout) == (-signal.SIGTERM, "our own work went on\n"), done.stderr
    (run,) = listed(home, "flow-run", "ls")
    assert run["state"]["type"] == "CRASHED"


STUBBORN = """
    import os, signal, threading
    from penstock import flow

    @flow
    def stubborn() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            threading.Event().wait()
        except BaseException as error:
            print(type(error).__name__, flush=True)
        {body}

    stubborn()
    print("not reached")
"""


@pytest.mark.parametrize(
    ("body", "state"), [("threading.Event().wait()", "CRASHED"), ("return", "COMPLETED")], ids=["goes on", "ends"]
)
def test_a_flow_that_swallows_it(body: str, state: str, tmp_path: Path) -> None:
    """It gets it again; one that ends nevertheless has ended as it did, and the process still ends by the signal."""
    home = tmp_path / "home"
    done = ran(written(tmp_path, STUBBORN.replace("{body}", body)), home)
    assert (done.returncode, done.stdout) == (-signal.SIGTERM, "TerminationSignal\n"), done.stderr
    (run,) = listed(home, "flow-run", "ls")
    assert run["state"]["type"] == state


LATE = """
    import asyncio, os, signal
    from penstock import flow

    @flow
    async def late() -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    asyncio.run(late())
    print("not reached")
"""


def test_in_the_last_step_of_an_async_flow(tmp_path: Path) -> None:
    """Nothing is left to be cancelled, or only our own work: the run has one end, and the process ends by the signal."""
    home = tmp_path / "home"
    done = ran(written(tmp_path, LATE), home)
    assert (done.returncode, done.stdout) == (-signal.SIGTERM, ""), done.stderr
    (run,) = listed(home, "flow-run", "ls")
    assert run["state"]["type"] in ("COMPLETED", "CRASHED")


SIDE_BY_SIDE = """
    import asyncio, os, signal
    from penstock import flow

    ended, waits, swallows = asyncio.Event(), asyncio.Event(), {swallows}

    @flow
    async def first() -> None:
        ended.set()

    @flow
    async def second() -> None:
        await ended.wait()
        await waits.wait()
        await asyncio.sleep(0.0)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    @flow
    async def third() -> None:
        waits.set()
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if not swallows:
                    raise

    async def main() -> None:
        await asyncio.gather(first(), second(), third())

    asyncio.run(main())
"""


@pytest.mark.parametrize("swallows", [False, True], ids=["", "one swallows it"])
def test_async_flows_side_by_side(tmp_path: Path, swallows: bool) -> None:
    """All that are under way are cancelled and say so; one that goes on nevertheless is not waited for for long."""
    home = tmp_path / "home"
    done = ran(written(tmp_path, SIDE_BY_SIDE.replace("{swallows}", str(swallows))), home)
    assert done.returncode == -signal.SIGTERM, done.stderr
    runs = {run["flow_name"]: run["state"] for run in listed(home, "flow-run", "ls")}
    assert "signal 15" in runs["second"]["message"]
    assert runs["third"]["type"] == "CRASHED"
    assert ("signal 15" in runs["third"]["message"]) is not swallows


SYNC_IN_A_LOOP = """
    import asyncio, threading
    from penstock import flow

    @flow
    def stuck() -> None:
        print("waiting", flush=True)
        threading.Event().wait()

    async def main() -> None:
        stuck()

    asyncio.run(main())
"""


def test_a_sync_flow_in_an_event_loop_is_not_waited_for(tmp_path: Path) -> None:
    """It blocks the loop, so cancelling a coroutine would come too late; it is raised in the flow."""
    home = tmp_path / "home"
    process = started(written(tmp_path, SYNC_IN_A_LOOP), home)
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    process.terminate()
    _, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGTERM, err
    (run,) = listed(home, "flow-run", "ls")
    assert "signal 15" in run["state"]["message"]
