"""Flow runs chosen by more than one condition: listed, cancelled, deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from penstock.client import transport
from penstock.core.state_type import StateType
from penstock.wire import operations
from penstock.wire.bulk import AuditQuery

if TYPE_CHECKING:
    from conftest import Cli, Record

NOW = datetime.now(UTC)


@pytest.fixture
def runs(record: Record) -> None:
    """Five runs of two flows, in several states."""
    root = record.flow_run("survey", "root", tags=["a"], start=NOW - timedelta(days=3))
    record.flow_run("measure", "called", parent_flow_run_id=root.id, tags=["b"], start=NOW - timedelta(days=2))
    record.flow_run("survey", "broken", end=StateType.FAILED, tags=["a", "b"], start=NOW - timedelta(days=1))
    record.flow_run("survey", "alive", end=None, start=NOW)
    record.flow_run("measure", "active", end=None, start=NOW)


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("--not-state completed", ["active", "alive", "broken"]),
        ("--not-state completed --not-state running", ["broken"]),
        ("--any-tag a --any-tag b", ["broken", "called", "root"]),
        ("--tag a --tag b", ["broken"]),
        ("--text measure", ["active", "called"]),
        ("--text al", ["alive", "called"]),
        ("--until 36h", ["called", "root"]),
        ("--since 60h --until 12h", ["broken", "called"]),
        ("--ended-since 36h", ["broken"]),
        ("--ended-until 60h", ["root"]),
        ("--parent root", ["called"]),
        ("--sort name", ["active", "alive", "broken", "called", "root"]),
        ("--sort oldest", ["root", "called", "broken", "alive", "active"]),
        ("--sort ended", ["broken", "called", "root"]),
    ],
)
@pytest.mark.usefixtures("runs")
def test_conditions(cli: Cli, options: str, names: list[str]) -> None:
    """Each option finds what it says, in the order that is asked for."""
    outcome = cli("flow-run", "ls", *options.split(), "-o", "json")
    assert [run["name"] for run in outcome.json] == names


@pytest.mark.usefixtures("runs")
def test_runs_are_cancelled(cli: Cli) -> None:
    """Runs that have not ended are cancelled, by condition or by name; a process that runs one is told to end it."""
    outcome = cli("flow-run", "cancel", "--flow", "survey", "--yes")
    assert (outcome.code, outcome.err) == (0, "Cancelled 1 flow run; what a process runs ends once it has heard.\n")
    assert cli("flow-run", "cancel", "active", "--yes", "-o", "json").json == {"affected": 1, "refused": []}
    states = {run["name"]: run["state"]["name"] for run in cli("flow-run", "ls", "-o", "json").json}
    assert states["alive"] == states["active"] == "Cancelling"
    assert states["broken"] == "Failed"
    assert cli("flow-run", "cancel", "broken", "--yes").err == "No flow runs match.\n"


@pytest.mark.usefixtures("runs")
def test_runs_are_deleted_by_condition(cli: Cli) -> None:
    """What the options mean is deleted, with what it called; the audit tells of it."""
    outcome = cli("flow-run", "delete", "--until", "12h", "--yes", "-o", "json")
    assert outcome.json == {"affected": 3, "refused": []}
    assert len(cli("flow-run", "ls", "-o", "json").json) == 2
    assert cli("flow-run", "delete", "--until", "12h", "--yes").err == "No flow runs match.\n"
    (line,) = transport.call(operations.AUDIT_LIST, AuditQuery()).items
    assert (line.action, line.affected) == ("flow_runs.delete_many", 3)


@pytest.mark.usefixtures("runs")
def test_which_runs_are_meant_must_be_said(cli: Cli) -> None:
    """Neither runs nor options, or both, are refused; and nothing is done where nobody can be asked."""
    for command in ("cancel", "delete"):
        for arguments in ((), ("root", "--state", "running")):
            outcome = cli("flow-run", command, *arguments, "--yes")
            assert outcome.code == 2
            assert "Give either runs or options" in outcome.err
        assert "Give --yes" in cli("flow-run", command, "--state", "running").err
    assert len(cli("flow-run", "ls", "-o", "json").json) == 5
