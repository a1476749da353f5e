"""One SQLite file and many processes: started at once, forked, holding each other up."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.programs import TIMEOUT_SECONDS, started, written
from support.requests import batch, flow_run, task_run

from penstock.core.errors import StorageBusy
from penstock.local.transport import InProcessTransport, in_process_transport
from penstock.settings import temporary_settings
from penstock.wire import operations as op
from penstock.wire.requests import ById, FlowRunQuery

PROCESSES = 8
RECORDS = 1_000

APPENDS = f"""
    import sys
    from support.requests import batch, flow_run, proposal, task_run
    from penstock.client.owner import owner_id
    from penstock.client.transport import call
    from penstock.wire import operations as op

    print("ready", flush=True)
    sys.stdin.readline()
    run = call(op.FLOW_RUNS_CREATE, flow_run("eightfold", owner=owner_id()))
    for number in range({RECORDS // 50}):
        records = [task_run(run.id) for _ in range(50)]
        receipt = call(op.JOURNAL_APPEND, batch(*records, number=number, owner=owner_id()))
        assert not receipt.stale
    call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED"))
    print("done")
"""


def test_eight_processes_begin_on_no_file_and_all_is_there(tmp_path: Path) -> None:
    """Eight processes make the database at the same moment and append 1,000 records each: none is told "locked"."""
    program, home = written(tmp_path, APPENDS), tmp_path / "home"
    processes = [_waiting_process(program, home) for _ in range(PROCESSES)]
    _all_ready(processes)
    with ThreadPoolExecutor(PROCESSES) as pool:
        outputs = list(pool.map(lambda process: process.communicate("go\n", TIMEOUT_SECONDS), processes))
    assert outputs == [("done\n", "")] * PROCESSES
    transport = InProcessTransport(home / "penstock.db")
    runs = transport.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items
    assert [run.state.name for run in runs] == ["Completed"] * PROCESSES
    for run in runs:
        assert transport.call(op.FLOW_RUNS_COUNTS, ById(run.id)).by_type == {"COMPLETED": RECORDS}
    assert list((home / "owners").iterdir()) == []
    transport.close()
    driver = sqlite3.connect(home / "penstock.db")
    assert driver.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    driver.close()


STARTS = """
    import sys
    from uuid import UUID
    from penstock.client.owner import owner_id
    from penstock.client.transport import call
    from penstock.wire import operations as op
    from penstock.wire.requests import FlowRunQuery, StartFlowRun

    runs = [run.id for run in call(op.FLOW_RUNS_LIST, FlowRunQuery(limit=200)).items]
    print("ready", flush=True)
    sys.stdin.readline()
    verdicts = [call(op.FLOW_RUNS_START, StartFlowRun(run_id, owner_id())) for run_id in runs]
    print(*[verdict.decision.value for verdict in verdicts], flush=True)
    sys.stdin.readline()
"""


def test_eight_processes_race_for_the_same_runs(tmp_path: Path) -> None:
    """Of eight processes that start the same 50 runs at the same moment, each run goes to exactly one."""
    program, home = written(tmp_path, STARTS), tmp_path / "home"
    transport = InProcessTransport(home / "penstock.db")
    for _ in range(50):
        transport.call(op.FLOW_RUNS_CREATE, flow_run(owner=None))
    processes = [_waiting_process(program, home) for _ in range(PROCESSES)]
    _all_ready(processes)
    for process in processes:
        _say_go(process)
    answers = [process.stdout.readline().split() for process in processes if process.stdout is not None]
    # Losers outlive the race, or the sweep of a late opener would take the winner's runs from it.
    for process in processes:
        process.communicate(timeout=TIMEOUT_SECONDS)
    wins = [column.count("ACCEPT") for column in zip(*answers, strict=True)]
    assert wins == [1] * 50
    assert all(run.attempt == 1 for run in transport.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items)
    transport.close()


def _waiting_process(program: Path, home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(program)],
        env={**os.environ, "PENSTOCK_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _all_ready(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"


def _say_go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


@pytest.fixture
def transport(tmp_path: Path) -> InProcessTransport:
    return InProcessTransport(tmp_path / "penstock.db", 5.0)


def _in_child(work: object) -> int:
    """Do `work` in a forked child and return its exit status."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()  # type: ignore[operator]
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_parent_and_child_both_write_after_a_fork(transport: InProcessTransport, tmp_path: Path) -> None:
    """A forked child opens the database for itself; neither harms the other, and the parent still holds its lock."""
    before, after = flow_run(owner="here:1:parent"), flow_run(owner="here:1:parent")
    in_child = flow_run(owner="here:2:child")
    transport.call(op.FLOW_RUNS_CREATE, before)

    def work() -> None:
        transport.call(op.FLOW_RUNS_CREATE, in_child)
        assert transport.call(op.FLOW_RUNS_READ, ById(before.id)).state.name == "Running"
        transport.close()

    assert _in_child(work) == 0
    transport.call(op.FLOW_RUNS_CREATE, after)
    names = [run.state.name for run in transport.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items]
    assert names == ["Running"] * 3
    assert transport.checked_out() == 0
    transport.close()
    driver = sqlite3.connect(tmp_path / "penstock.db")
    assert driver.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    driver.close()


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")  # that is what is tested
def test_a_fork_waits_for_a_write_under_way(transport: InProcessTransport) -> None:
    """While three threads write, two fork: no child hangs on a lock that a thread of its parent had."""
    run = transport.call(op.FLOW_RUNS_CREATE, flow_run())
    stop, written_batches = threading.Event(), []

    def write_on() -> None:
        while not stop.is_set():
            transport.call(op.JOURNAL_APPEND, batch(task_run(run.id), number=len(written_batches)))
            written_batches.append(1)

    def write_in_child() -> None:
        transport.call(op.JOURNAL_APPEND, batch(task_run(run.id), owner=f"here:{os.getpid()}:child"))

    threads = [threading.Thread(target=write_on) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        with ThreadPoolExecutor(2) as pool:
            children = [pool.submit(_in_child, write_in_child) for _ in range(10)]
            assert [child.result() for child in children] == [0] * 10
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    by_type = transport.call(op.FLOW_RUNS_COUNTS, ById(run.id)).by_type
    assert by_type == {"COMPLETED": len(written_batches) + 10}
    transport.close()


def test_a_lock_that_is_held_too_long_is_said_and_gone_afterwards(tmp_path: Path) -> None:
    """Where another program keeps the file locked past the bound, one clear message; afterwards all is well."""
    path = tmp_path / "penstock.db"
    transport = InProcessTransport(path, busy_timeout_seconds=0.2)
    first, refused = flow_run(), flow_run()
    transport.call(op.FLOW_RUNS_CREATE, first)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageBusy, match=f"{path} was locked by another process for 0.2 s") as error:
        transport.call(op.FLOW_RUNS_CREATE, refused)
    assert "PENSTOCK_DATABASE_BUSY_TIMEOUT_SECONDS" in str(error.value)
    assert transport.call(op.FLOW_RUNS_READ, ById(first.id)).id == first.id
    other.execute("ROLLBACK")
    other.close()
    assert transport.call(op.FLOW_RUNS_CREATE, refused).id == refused.id
    assert transport.checked_out() == 0
    transport.close()


def test_a_lock_that_is_let_go_in_time_is_waited_for(tmp_path: Path) -> None:
    """A write that meets a lock waits for its end, and so do those behind it."""
    path = tmp_path / "penstock.db"
    transport = InProcessTransport(path, busy_timeout_seconds=30.0)
    run = transport.call(op.FLOW_RUNS_CREATE, flow_run())
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(4) as pool:
        writes = [
            pool.submit(transport.call, op.JOURNAL_APPEND, batch(task_run(run.id), owner=f"here:1:{number}"))
            for number in range(4)
        ]
        while transport._server.ledger._writer is None:  # type: ignore[union-attr]
            threading.Event().wait(0.001)
        other.execute("COMMIT")
        other.close()
        assert [write.result().stale for write in writes] == [[]] * 4
    transport.close()


HOLDS_THE_TURN = """
    import sys
    from pathlib import Path
    from penstock.server.database.dialects.sqlite_turn import WritersTurn

    turn = WritersTurn(Path(sys.argv[1]))
    assert turn.try_take()
    print("taken", flush=True)
    sys.stdin.readline()
"""


def test_the_turn_to_write_ends_with_its_process(tmp_path: Path) -> None:
    """A process that is killed within its turn to write holds nobody up."""
    path = tmp_path / "penstock.db"
    transport = InProcessTransport(path, busy_timeout_seconds=0.1)
    program = written(tmp_path, HOLDS_THE_TURN)
    holder = started(program, tmp_path, f"{path}-turn")
    assert holder.stdout is not None
    # Standard input is closed: the program ends at once, but not before it has said that it has the turn.
    assert holder.stdout.readline() == "taken\n"
    holder.communicate(timeout=TIMEOUT_SECONDS)
    transport.call(op.FLOW_RUNS_CREATE, flow_run())
    transport.close()


def test_the_log_is_carried_over_into_the_file(transport: InProcessTransport, tmp_path: Path) -> None:
    """The write-ahead log stays small however much is written; a reader that keeps it is waited out."""
    log = tmp_path / "penstock.db-wal"
    run = transport.call(op.FLOW_RUNS_CREATE, flow_run())

    def largest_log_of(batches: int) -> int:
        sizes = []
        for number in range(batches):
            transport.call(op.JOURNAL_APPEND, batch(*[task_run(run.id) for _ in range(1_000)], number=number))
            sizes.append(log.stat().st_size)
        return max(sizes)

    assert largest_log_of(20) < 10_000_000
    reader = sqlite3.connect(tmp_path / "penstock.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM flow_runs").fetchone()
    assert largest_log_of(15) > 10_000_000
    reader.close()
    largest_log_of(8)
    assert log.stat().st_size < 10_000_000
    transport.close()


def test_a_database_that_was_deleted_is_made_anew(tmp_path: Path) -> None:
    """When somebody deletes or replaces the file of a running process, its next runs go where others will look."""
    path = tmp_path / "home" / "penstock.db"
    transport = InProcessTransport(path, 5.0)
    transport.call(op.FLOW_RUNS_CREATE, flow_run())
    for file in path.parent.glob("penstock.db*"):
        file.unlink()
    later = transport.call(op.FLOW_RUNS_CREATE, flow_run())
    other = InProcessTransport(path, 5.0)
    assert [run.id for run in other.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items] == [later.id]
    other.close()
    transport.close()


def test_the_settings_name_the_file(tmp_path: Path) -> None:
    """The database lies where PENSTOCK_DATABASE_URL says, also with odd characters; parents and file are made."""
    path = tmp_path / "a b" / "100% ?#é.db"
    with temporary_settings({"database.url": f"sqlite:///{path}"}):
        transport = in_process_transport()
    run = transport.call(op.FLOW_RUNS_CREATE, flow_run())
    transport.close()
    assert path.exists()
    assert transport.call(op.FLOW_RUNS_READ, ById(run.id)).id == run.id
    transport.close()
