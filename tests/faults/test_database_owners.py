"""Who is dead and who only looks it: the locks of processes, and what a new process concludes from them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from support.programs import TIMEOUT_SECONDS, environment, written
from support.requests import batch, flow_run, task_run

from penstock.core import clock
from penstock.core.state_type import StateType
from penstock.local.owners import Owners, Sign
from penstock.local.transport import InProcessTransport
from penstock.wire import operations as op
from penstock.wire.flow_runs import FlowRun, FlowRunStart
from penstock.wire.requests import ById

HERE = socket.gethostname()

HOLDS_A_RUN = """
    import sys
    sys.path.insert(0, sys.argv[1])
    from support.requests import batch, flow_run, task_run
    from penstock.client.owner import owner_id
    from penstock.client.transport import call, current_transport
    from penstock.core import clock
    from penstock.wire import operations as op
    from penstock.wire.flow_runs import FlowRunStart

    start = FlowRunStart(owner_id(), clock.now(), lease_seconds=0.001)
    run = call(op.FLOW_RUNS_CREATE, flow_run(start=start))
    alone = task_run(kinds="RUNNING")
    call(op.JOURNAL_APPEND, batch(alone, owner=owner_id()))
    print(run.id, alone.id, flush=True)
    if sys.stdin.readline() == "leave\\n":
        sys.exit()
"""


class Holder:
    """A process that holds a run, whose lease has ended at once, and a task run outside of flows."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(written(folder, HOLDS_A_RUN)), str(Path(__file__).parents[1])],
            env=environment(home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.run_id, self.task_run_id = map(UUID, self.process.stdout.readline().split())

    def states(self, transport: InProcessTransport) -> list[StateType]:
        """Return how both runs are."""
        run = transport.call(op.FLOW_RUNS_READ, ById(self.run_id))
        task = transport.call(op.TASK_RUNS_READ, ById(self.task_run_id))
        return [run.state.type, task.state.type]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def holder(tmp_path: Path, home: Path) -> Iterator[Holder]:
    holder = Holder(tmp_path, home)
    yield holder
    holder.process.kill()
    holder.process.communicate(timeout=TIMEOUT_SECONDS)


def _newly_opened(home: Path) -> InProcessTransport:
    return InProcessTransport(home / "penstock.db", 5.0)


def test_a_living_process_is_left_alone_though_its_lease_ended(home: Path, holder: Holder) -> None:
    """A laptop that slept renews nothing; its lock says that it lives. Once it is killed, the same look says so."""
    transport = _newly_opened(home)
    assert holder.states(transport) == [StateType.RUNNING, StateType.RUNNING]
    transport.close()
    holder.process.kill()
    holder.process.wait(TIMEOUT_SECONDS)
    assert holder.states(transport) == [StateType.CRASHED, StateType.CRASHED]
    run = transport.call(op.FLOW_RUNS_READ, ById(holder.run_id))
    assert run.state.message is not None
    assert f"Its process, number {holder.process.pid} on {HERE}, is gone" in run.state.message
    transport.close()
    assert list((home / "owners").iterdir()) == []


def test_a_process_that_left_in_order_leaves_no_file(home: Path, holder: Holder) -> None:
    """A clean exit removes the lock's file; what it left unfinished is found all the same."""
    assert holder.process.stdin is not None
    holder.process.communicate("leave\n", timeout=TIMEOUT_SECONDS)
    assert list((home / "owners").iterdir()) == []
    transport = _newly_opened(home)
    assert holder.states(transport) == [StateType.CRASHED, StateType.CRASHED]
    transport.close()


@pytest.mark.parametrize(
    ("owner", "expires_in_seconds", "expected"),
    [
        (f"{HERE}:1:gone", -1, StateType.CRASHED),
        (f"{HERE}:1:gone", 100, StateType.RUNNING),
        ("another-machine:1:there", -1, StateType.CRASHED),
        ("another-machine:1:there", 100, StateType.RUNNING),
        ("odd", -1, StateType.CRASHED),
    ],
)
def test_without_a_lock_the_lease_decides(
    home: Path, owner: str, expires_in_seconds: float, expected: StateType
) -> None:
    """Where no lock tells, as of another machine, a run is Crashed when its lease has ended, and not before."""
    transport = _newly_opened(home)
    made = _run_with_lease(transport, owner, expires_in_seconds)
    transport.close()
    assert transport.call(op.FLOW_RUNS_READ, ById(made.id)).state.type is expected
    transport.close()


def _run_with_lease(transport: InProcessTransport, owner: str, seconds: float) -> FlowRun:
    """Make a run whose lease ends in so many seconds, and let the owner's lock be as if it had never been."""
    start = FlowRunStart(owner, clock.now(), lease_seconds=abs(seconds) * (1 if seconds > 0 else 1e-6))
    made = transport.call(op.FLOW_RUNS_CREATE, flow_run(start=start))
    transport._owners.let_go(owner)
    return made


def test_a_task_run_of_another_machine_is_left_alone(home: Path) -> None:
    """A task run outside of flows has no lease: of another machine's nothing can be known."""
    transport = _newly_opened(home)
    here, there = task_run(kinds="RUNNING"), task_run(kinds="RUNNING")
    for record, owner in ((here, f"{HERE}:1:gone"), (there, "another-machine:1:there")):
        transport.call(op.JOURNAL_APPEND, batch(record, owner=owner))
        transport._owners.let_go(owner)
    transport.close()
    found = [transport.call(op.TASK_RUNS_READ, ById(record.id)).state.type for record in (here, there)]
    assert found == [StateType.CRASHED, StateType.RUNNING]
    transport.close()


def test_locks(tmp_path: Path) -> None:
    """A lock is held by its process only, until the last of its holders lets go."""
    owners = Owners(tmp_path / "owners")
    assert owners.sign_of("me") is Sign.MISSING
    owners.hold("me")
    owners.hold("me")
    assert owners.sign_of("me") is Sign.HELD
    child = os.fork()
    if child == 0:
        # Seen from another process it is held, though the child had the file by inheritance.
        os._exit(0 if owners.sign_of("me") is Sign.HELD else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    owners.let_go("me")
    assert owners.sign_of("me") is Sign.HELD
    owners.let_go("me")
    assert owners.sign_of("me") is Sign.MISSING
    owners.let_go("me")


def test_old_files_are_removed_and_held_ones_kept(tmp_path: Path) -> None:
    """Files that killed processes left are removed; that of a living process, here this one, is kept."""
    owners = Owners(tmp_path)
    owners.hold("me")
    (tmp_path / "old.lock").touch()
    (tmp_path / "other.txt").touch()
    owners.remove_old()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["me.lock", "other.txt"]
    assert owners.sign_of("me") is Sign.HELD
    owners.let_go("me")


def test_a_lock_that_can_not_be_had_stops_nobody(tmp_path: Path) -> None:
    """Where there is no room for the lock's file, the run goes on by its lease."""
    (tmp_path / "owners").touch()
    owners = Owners(tmp_path / "owners")
    owners.hold("me")
    assert owners.sign_of("me") is Sign.MISSING


def test_a_transport_holds_the_lock_before_it_writes(home: Path) -> None:
    """There is no moment at which a run is seen without the lock of its process; closing lets go."""
    transport = _newly_opened(home)
    owner = f"{HERE}:{os.getpid()}:test"
    transport.call(op.FLOW_RUNS_CREATE, flow_run(owner=owner))
    assert transport._owners.sign_of(owner) is Sign.HELD
    transport.close()
    assert transport._owners.sign_of(owner) is Sign.MISSING
    transport.call(op.JOURNAL_APPEND, batch(owner=owner))
    assert transport._owners.sign_of(owner) is Sign.HELD
    transport.close()
