"""`ls` lists runs and flows, filtered, as a table or as JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from penstock.core.state_type import StateType
from penstock.wire.flow_runs import FlowRun

if TYPE_CHECKING:
    from conftest import Cli, Outcome, Record

Runs = dict[str, FlowRun]

pytestmark = pytest.mark.usefixtures("record")

COMPLETED, FAILED, RUNNING = StateType.COMPLETED, StateType.FAILED, StateType.RUNNING


@pytest.fixture
def runs(record: Record) -> Runs:
    """Four runs of two flows, one of them called by another."""
    recent = datetime.now(UTC) - timedelta(minutes=5)
    root = record.flow_run("survey", "swift-otter", tags=["nightly", "eu"])
    return {
        "root": root,
        "called": record.flow_run("measure", "calm-heron", parent_flow_run_id=root.id),
        "failed": record.flow_run("survey", "brave-lynx", end=FAILED, start=recent, tags=["nightly"]),
        "running": record.flow_run("survey", "quick-mole", end=None, start=recent),
    }


def names(outcome: Outcome) -> list[str]:
    assert outcome.code == 0, outcome.err
    return [run["name"] for run in outcome.json]


def test_runs_are_listed_newest_first(cli: Cli, runs: Runs) -> None:
    """A table has one line for each run, with its whole id where no terminal limits it."""
    outcome = cli("flow-run", "ls")
    assert outcome.code == 0
    assert outcome.err == ""
    heading, *lines = outcome.lines
    assert heading.split() == ["ID", "FLOW", "RUN", "STATE", "STARTED", "TOOK"]
    assert [line.split()[2] for line in lines] == ["quick-mole", "brave-lynx", "calm-heron", "swift-otter"]
    assert lines[3].split() == [
        str(runs["root"].id),
        "survey",
        "swift-otter",
        "Completed",
        "2026-11-20T12:00:00+00:00",
        "2.0s",
    ]
    assert "\x1b" not in outcome.out


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--state", "failed"], ["failed"]),
        (["--state", "Failed", "--state", "RUNNING"], ["running", "failed"]),
        (["--name", "OTTER"], ["root"]),
        (["--flow", "measure"], ["called"]),
        (["--tag", "nightly"], ["failed", "root"]),
        (["--tag", "nightly", "--tag", "eu"], ["root"]),
        (["--since", "1h"], ["running", "failed"]),
        (["--since", "2026-11-20"], ["running", "failed", "called", "root"]),
        (["--roots"], ["running", "failed", "root"]),
        (["--state", "crashed"], []),
    ],
)
def test_runs_are_filtered(cli: Cli, runs: Runs, options: list[str], found: list[str]) -> None:
    """Each filter lets through what it says, and JSON is printed even where that is nothing."""
    assert names(cli("flow-run", "ls", "-o", "json", *options)) == [runs[one].name for one in found]


def test_a_limit_says_that_there_is_more(cli: Cli, runs: Runs) -> None:
    """What was left out is said on standard error, so that it does not spoil the data."""
    outcome = cli("flow-run", "ls", "-o", "json", "--limit", 2)
    assert names(outcome) == ["quick-mole", "brave-lynx"]
    assert "There are more; these are the newest 2" in outcome.err


def test_a_limit_reaches_over_pages(cli: Cli, record: Record) -> None:
    """More runs than one page holds are fetched page by page."""
    flow_run = record.flow_run()
    record.write(*(record.task_run(flow_run.id, f"measure-{number}") for number in range(450)))
    outcome = cli("task-run", "ls", "-o", "json", "--limit", 430)
    assert len(set(names(outcome))) == 430
    assert "There are more" in outcome.err
    assert cli("task-run", "ls", "-o", "json", "--limit", 450).err == ""


def test_a_person_sees_a_short_table(cli: Cli, runs: Runs) -> None:
    """On a terminal, ids are cut as far as they still tell runs apart, states have signs and colours, times are relative."""
    outcome = cli("flow-run", "ls", terminal=True)
    assert "\x1b[" in outcome.out
    assert "✗ Failed" in outcome.out
    assert "5m ago" in outcome.out
    assert str(runs["root"].id) not in outcome.out
    assert str(runs["root"].id)[:13] in outcome.out


def test_no_color_is_honoured(cli: Cli, runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR leaves signs and words, and no colour."""
    monkeypatch.setenv("NO_COLOR", "1")
    out = cli("flow-run", "ls", terminal=True).out
    assert "✗ Failed" in out
    assert "\x1b[31m" not in out


def test_a_terminal_that_knows_only_ascii(cli: Cli, runs: Runs) -> None:
    """Signs are ASCII where the terminal's encoding is."""
    out = cli("flow-run", "ls", terminal=True, encoding="ascii").out
    assert "x Failed" in out
    assert out.isascii()


def test_names_can_not_steer_the_terminal(cli: Cli, record: Record) -> None:
    """Escape sequences in a name are shown, not carried out, and JSON holds the name as it is."""
    record.flow_run(name="evil\x1b[2J\nname")
    assert "evil\\x1b[2J\\nname" in cli("flow-run", "ls").out
    assert names(cli("flow-run", "ls", "-o", "json")) == ["evil\x1b[2J\nname"]


def test_an_empty_record_is_no_error(cli: Cli) -> None:
    """With nothing on record, commands say so on standard error and succeed."""
    for command, words in (("flow-run", "No flow has run yet."), ("flow", "No flow has"), ("task-run", "No task has")):
        outcome = cli(command, "ls")
        assert (outcome.code, outcome.out) == (0, "")
        assert words in outcome.err
        assert cli(command, "ls", "-o", "json").json == []
    assert "No flow runs match." in cli("flow-run", "ls", "--name", "x").err


def test_flows_are_listed(cli: Cli, runs: Runs) -> None:
    """Flows are listed by name, with how many of their runs are kept."""
    assert [line.split()[:2] for line in cli("flow", "ls").lines[1:]] == [["measure", "1"], ["survey", "3"]]
    assert [(one["name"], one["run_count"]) for one in cli("flow", "ls", "-o", "json", "--name", "SURV").json] == [
        ("survey", 3)
    ]


def test_task_runs_are_filtered(cli: Cli, record: Record, runs: Runs) -> None:
    """Task runs are found by their flow run, name, state, tag and task."""
    first = record.task_run(runs["root"].id, "measure-0", tags=["eu"])
    second = record.task_run(runs["running"].id, "measure-1", end=FAILED)
    record.write(first, second)
    assert names(cli("task-run", "ls", "-o", "json")) == ["measure-1", "measure-0"]
    for options, name in (
        (["--flow-run", "swift-otter"], "measure-0"),
        (["--flow-run", runs["running"].id], "measure-1"),
        (["--state", "failed"], "measure-1"),
        (["--tag", "eu"], "measure-0"),
        (["--name", "sure-1"], "measure-1"),
    ):
        assert names(cli("task-run", "ls", "-o", "json", *options)) == [name]
    assert names(cli("task-run", "ls", "-o", "json", "--task", "survey.measure", "--since", "1h")) == []


def test_the_json_of_a_run_is_complete(cli: Cli, runs: Runs) -> None:
    """Scripts find the state by names, times as ISO 8601 and ids as text."""
    run = cli("flow-run", "ls", "-o", "json", "--name", "swift").json[0]
    assert run["id"] == str(runs["root"].id)
    assert run["state"]["type"] == "COMPLETED"
    assert datetime.fromisoformat(run["end_time"]) - datetime.fromisoformat(run["start_time"]) == timedelta(seconds=2)
    assert run["tags"] == ["nightly", "eu"]
    assert run["parent_flow_run_id"] is None


def test_a_filter_that_makes_no_sense_is_refused(cli: Cli) -> None:
    """Wrong options end with 2, one line that says what is wrong, and where to read on."""
    for options, words in (
        (["--since", "yesterday"], "neither a span"),
        (["--state", "Compelted"], "Did you mean 'Completed'?"),
        (["--limit", "0"], "0 is not in the range"),
        (["--stat", "x"], "--stat"),
    ):
        outcome = cli("flow-run", "ls", *options)
        assert (outcome.code, outcome.out) == (2, "")
        assert words in outcome.err
        assert outcome.err.startswith("Error: ")
        assert "See `penstock flow-run ls --help`." in outcome.err


def test_names_of_runs_are_completed(cli: Cli, runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell is told the names of recent runs that begin as the user has begun."""
    monkeypatch.setenv("_PENSTOCK_COMPLETE", "zsh_complete")
    monkeypatch.setenv("COMP_WORDS", "penstock flow-run inspect swi")
    monkeypatch.setenv("COMP_CWORD", "3")
    assert cli().lines == ["plain", "swift-otter", "survey, Completed"]
