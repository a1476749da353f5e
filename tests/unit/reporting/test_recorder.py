"""The recorder negotiates flow runs, ships the rest, and never lets a broken record stop a run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from penstock.client.owner import owner_id
from penstock.client.transport import call
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.reporting.recorder import Recorder
from penstock.testing import penstock_test_harness
from penstock.wire.flow_runs import FlowRunCreate, FlowRunStart, StateProposal
from penstock.wire.operations import FLOW_RUNS_DELETE, FLOW_RUNS_READ, TASK_RUNS_LIST
from penstock.wire.requests import ById, TaskRunQuery
from penstock.wire.states import StateRecord
from penstock.wire.task_runs import TaskRun

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    with penstock_test_harness(tmp_path / "home"):
        recorder = Recorder()
        yield recorder
        recorder.close()


def flow_run() -> FlowRunCreate:
    pending = StateRecord(StateType.PENDING, "Pending", NOW)
    return FlowRunCreate(uuid7(), "etl", "swift-otter", [pending], start=FlowRunStart(owner_id(), NOW))


def completed() -> StateProposal:
    return StateProposal(StateRecord(StateType.COMPLETED, "Completed", NOW), attempt=1)


def test_a_flow_run_is_committed_when_it_has_begun(recorder: Recorder) -> None:
    """Beginning a run creates it, starts it and issues its first attempt."""
    create = flow_run()
    begun = recorder.begin(create)
    assert begun is not None
    assert begun.attempt == 1
    run = call(FLOW_RUNS_READ, ById(create.id))
    assert [state.type for state in run.states] == [StateType.PENDING, StateType.RUNNING]


def test_task_runs_are_committed_before_the_end_of_their_flow_run(recorder: Recorder) -> None:
    """When the final state is acknowledged, everything recorded before it is in the database."""
    create = flow_run()
    assert recorder.begin(create) is not None
    states = [StateRecord(StateType.PENDING, "Pending", NOW), StateRecord(StateType.RUNNING, "Running", NOW)]
    recorder.record(TaskRun(uuid7(), "etl.load", "load", "load-1", states, create.id, 1))
    recorder.propose(create.id, completed())
    (task_run,) = call(TASK_RUNS_LIST, TaskRunQuery()).items
    assert (task_run.name, [state.name for state in task_run.states]) == ("load-1", ["Pending", "Running"])
    assert call(FLOW_RUNS_READ, ById(create.id)).state.type is StateType.COMPLETED


def test_a_broken_record_is_said_once_and_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the file is no database, runs are let through unrecorded, with one message that names file and remedy."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "penstock.db").write_bytes(b"no database" * 1000)
    with penstock_test_harness(home):
        recorder = Recorder()
        first, second = flow_run(), flow_run()
        assert recorder.begin(first) is recorder.begin(second) is None
        assert recorder.propose(first.id, completed()) is None
        recorder.record(TaskRun(uuid7(), "etl.load", "load", "load-1", []))
        recorder.close()
    (message,) = capsys.readouterr().err.splitlines()
    assert str(home / "penstock.db") in message
    assert "not recorded" in message


def test_a_recorder_that_is_switched_off_opens_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With recording.enabled=false nothing is written anywhere."""
    from penstock import settings

    home = tmp_path / "home"
    with penstock_test_harness(home), settings.temporary_settings({"recording.enabled": False}):
        recorder = Recorder()
        assert recorder.begin(flow_run()) is None
        recorder.record(TaskRun(uuid7(), "etl.load", "load", "load-1", []))
        recorder.close()
    assert not home.exists()


def test_a_run_that_is_deleted_while_it_runs_goes_on(recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    """Its end has nowhere to be recorded, which is said; nothing is raised into the run."""
    create = flow_run()
    recorder.begin(create)
    call(FLOW_RUNS_DELETE, ById(create.id))
    assert recorder.propose(create.id, completed()) is None
    assert f"{create.id} was deleted while it ran" in capsys.readouterr().err
