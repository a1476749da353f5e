"""`inspect` shows a run whole, `logs` what it said, and runs are found by id, beginning of the id, or name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from penstock.core.state_type import StateType
from penstock.wire.logs import LogRecord
from penstock.wire.states import ErrorRecord, StateRecord

if TYPE_CHECKING:
    from conftest import Cli, Record

from datetime import UTC, datetime

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
ERROR = ErrorRecord(
    "builtins.ValueError", "ValueError: no such\nstation", "Traceback …\nValueError: no such\nstation\n"
)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.fixture
def survey(record: Record) -> UUID:
    """A failed run with tasks that were retried, cached and called by others, and a flow that it called."""
    run = record.flow_run(
        end=StateType.FAILED, seconds=10, error=ERROR, parameters={"stations": ["Po"], "depth": 2}, tags=["nightly"]
    )
    outer = record.task_run(run.id, "outer-0", start=after(1), seconds=4)
    inner = record.task_run(run.id, "inner-0", start=after(2), seconds=1, parent_task_run_id=outer.id)
    cached = record.task_run(run.id, "load-0", start=after(5), seconds=0, state_name="Cached")
    broken = record.task_run(
        run.id, "parse-0", end=StateType.FAILED, start=after(6), error=ERROR, retries=1, run_count=2
    )
    child = record.flow_run("measure", "calm-heron", start=after(7), parent_flow_run_id=run.id)
    deep = record.task_run(child.id, "deep-0", start=after(8))
    logs = [
        LogRecord(after(1), 20, "penstock.flow_runs", "Beginning", run.id),
        LogRecord(after(6), 40, "penstock.task_runs", "It \x1b[31mburns\nTraceback …", run.id, broken.id),
        LogRecord(after(8), 20, "penstock.flow_runs", "of another run", child.id),
    ]
    record.write(outer, inner, cached, broken, deep, logs=logs)
    return run.id


def children(tree: dict[str, Any]) -> dict[str, Any]:
    return {child["name"]: children(child) for child in tree["children"]}


def test_a_run_is_drawn_as_a_tree(cli: Cli, survey: UUID) -> None:
    """Task runs and called flows stand below what called them, in the order of their starts, with what is notable."""
    outcome = cli("flow-run", "inspect", survey)
    assert outcome.code == 0
    tree = outcome.out[
        outcome.out.index("├") : outcome.out.index("\n\n5 task") if "\n\n5 task" in outcome.out else None
    ]
    assert tree.splitlines()[:6] == [
        "├─ ✓ outer-0  4.0s",
        "│  └─ ✓ inner-0  1.0s",
        "├─ ✓ load-0  0ms  Cached",
        "├─ ✗ parse-0  1.0s  2 tries · ValueError: no such",
        "└─ ✓ measure / calm-heron  2.0s",
        "   └─ ✓ deep-0  1.0s",
    ]


def test_a_run_has_its_facts_and_its_error(cli: Cli, survey: UUID) -> None:
    """Above the tree stands what the run was; below it how many tasks there were, and the traceback."""
    out = cli("flow-run", "inspect", survey).out
    assert out.startswith("✗ Failed in 10.0s  survey / swift-otter\n")
    for fact in (str(survey), 'stations=["Po"], depth=2', "nightly", "4 task runs: 3 completed, 1 failed"):
        assert fact in out
    assert out.endswith("Traceback …\nValueError: no such\nstation\n")


def test_a_tree_in_json(cli: Cli, survey: UUID) -> None:
    """JSON holds the same tree, nested, with what kind of run each is."""
    tree = cli("flow-run", "inspect", survey, "-o", "json").json
    assert children(tree) == {
        "outer-0": {"inner-0": {}},
        "load-0": {},
        "parse-0": {},
        "calm-heron": {"deep-0": {}},
    }
    assert [child["kind"] for child in tree["children"]] == ["task_run", "task_run", "task_run", "flow_run"]
    assert tree["task_run_counts"] == {"COMPLETED": 3, "FAILED": 1}
    assert tree["error"]["traceback"] == ERROR.traceback
    assert [state["name"] for state in tree["states"]][-1] == "Failed"


def test_a_tree_fits_a_terminal(cli: Cli, survey: UUID) -> None:
    """On a terminal each line ends within its width, and bars show when runs ran."""
    out = cli("flow-run", "inspect", survey, terminal=True).out
    assert "━" in out
    tree = [line for line in cli("flow-run", "inspect", survey, terminal=True, encoding="utf-8").lines if "─ " in line]
    assert len(tree) == 6


def test_a_large_run_is_bounded(cli: Cli, record: Record) -> None:
    """Of many task runs the failed ones and the oldest are drawn, and how many are not is said."""
    run = record.flow_run()
    record.write(*(record.task_run(run.id, f"measure-{number}", start=after(number / 100)) for number in range(300)))
    record.write(record.task_run(run.id, "bad", end=StateType.FAILED, start=after(9)))
    out = cli("flow-run", "inspect", run.id, "--limit", 10).out
    assert out.count("─ ✓") == 9
    assert "measure-8" in out
    assert "✗ bad" in out
    assert "└─ … 291 more task runs (see --limit)" in out
    tree = cli("flow-run", "inspect", run.id, "--limit", 10, "-o", "json").json
    assert (len(tree["children"]), tree["hidden_task_runs"]) == (10, 291)
    assert len(cli("flow-run", "inspect", run.id, "--limit", 1000, "-o", "json").json["children"]) == 301


def test_many_called_flows_are_bounded(cli: Cli, record: Record) -> None:
    """Called flows count like tasks, and those that are left out are mentioned."""
    run = record.flow_run()
    for number in range(5):
        record.flow_run("child", f"child-{number}", parent_flow_run_id=run.id)
    out = cli("flow-run", "inspect", run.id, "--limit", 3).out
    assert out.count("child / child-") == 3
    assert "more flow runs" in out


def test_a_run_without_tasks(cli: Cli, record: Record) -> None:
    """A run that did nothing of note is shown without a tree."""
    run = record.flow_run(end=None)
    out = cli("flow-run", "inspect", run.name).out
    assert out.startswith("● Running for ")
    assert "─" not in out


def test_a_tree_can_be_ascii(cli: Cli, survey: UUID) -> None:
    """Where the output knows only ASCII, the tree does, too."""
    outcome = cli("flow-run", "inspect", survey, encoding="ascii")
    assert "|- + outer-0" in outcome.out
    assert "|  `- + inner-0" in outcome.out


def test_runs_are_found_by_name_and_beginning(cli: Cli, survey: UUID) -> None:
    """A name, a whole id in any spelling, and enough of its beginning all mean the same run."""
    for reference in ("swift-otter", str(survey), survey.hex, str(survey).upper(), str(survey)[:-4], survey.hex[:28]):
        assert cli("flow-run", "inspect", reference, "-o", "json").json["id"] == str(survey)


def test_task_runs_are_found_and_shown(cli: Cli, record: Record, survey: UUID) -> None:
    """A task run has its history with the time spent in each state, and its error."""
    outcome = cli("task-run", "inspect", "parse-0")
    assert outcome.out.startswith("✗ Failed in 1.0s  measure / parse-0\n")
    for words in ("2 of 2", str(survey), "survey.measure", "Running  2026-11-20", "station"):
        assert words in outcome.out
    run = cli("task-run", "inspect", "parse-0", "-o", "json").json
    assert cli("task-run", "inspect", run["id"][:-3], "-o", "json").json == run
    assert [state["type"] for state in run["states"]] == ["RUNNING", "FAILED"]


@pytest.mark.parametrize("command", ["flow-run", "task-run"])
@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("nobody", "There is no %s 'nobody'. `penstock %s ls` lists them."),
        ("abc", "give at least 6 digits"),
        ("ffffffffff", "There is no %s 'ffffffffff'"),
        ("00000000-0000-7000-8000-000000000000", "There is no %s 00000000-0000-7000-8000-000000000000"),
        ("", "There is no"),
        ("-" * 8, "no such option"),
    ],
)
def test_a_run_that_is_not_there(cli: Cli, command: str, reference: str, words: str) -> None:
    """What means no run gets one line that says so, and no traceback."""
    outcome = cli(command, "inspect", reference)
    assert outcome.code in (1, 2)
    assert outcome.out == ""
    wanted = words.replace("%s", command.replace("-", " "), 1).replace("%s", command)
    assert wanted.lower() in outcome.err.lower()


def test_a_name_that_means_several_runs(cli: Cli, record: Record) -> None:
    """Where a reference could mean several runs, they are listed by id, and none is taken."""
    runs = [record.flow_run(name="twin") for _ in range(2)]
    outcome = cli("flow-run", "inspect", "twin")
    assert (outcome.code, outcome.out) == (1, "")
    for run in runs:
        assert str(run.id) in outcome.err


def test_logs_are_printed(cli: Cli, survey: UUID) -> None:
    """The lines of a run and its tasks are printed in order, each with its level and the task run it is from."""
    outcome = cli("flow-run", "logs", "swift-otter")
    first, second, third = outcome.lines
    assert first.endswith("INFO     Beginning")
    assert second.endswith("ERROR    parse-0: It \\x1b[31mburns")
    assert third == "Traceback …"


@pytest.mark.parametrize(
    ("options", "messages"),
    [
        ([], ["Beginning", "It \x1b[31mburns\nTraceback …"]),
        (["--level", "warning"], ["It \x1b[31mburns\nTraceback …"]),
        (["--level", "40"], ["It \x1b[31mburns\nTraceback …"]),
        (["--grep", "BEGIN"], ["Beginning"]),
        (["--limit", "1"], ["Beginning"]),
        (["--tail", "1"], ["It \x1b[31mburns\nTraceback …"]),
        (["--since", "2026-11-20T12:00:05Z"], ["It \x1b[31mburns\nTraceback …"]),
    ],
)
def test_logs_are_filtered(cli: Cli, survey: UUID, options: list[str], messages: list[str]) -> None:
    """Lines are chosen by level, text, time and number; JSON holds them as they were logged."""
    outcome = cli("flow-run", "logs", survey, "-o", "json", *options)
    assert [line["message"] for line in outcome.json] == messages


def test_logs_that_can_not_be_asked_for(cli: Cli, survey: UUID) -> None:
    """A level that is none, and two ends at once, are refused."""
    assert "'loud' is no log level" in cli("flow-run", "logs", survey, "--level", "loud").err
    assert "either --limit or --tail" in cli("flow-run", "logs", survey, "--limit", 1, "--tail", 1).err
    nothing = cli("flow-run", "logs", survey, "--grep", "xyz")
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "Nothing was logged.\n")


def test_runs_are_deleted(cli: Cli, record: Record, survey: UUID) -> None:
    """A deleted run is gone with its tasks and logs; several can be deleted at once."""
    record.flow_run(name="other")
    outcome = cli("flow-run", "delete", "--yes", "swift-otter", "other")
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == "Deleted survey / swift-otter.\nDeleted survey / other.\n"
    assert cli("flow-run", "inspect", survey).code == 1
    assert "parse-0" not in cli("task-run", "ls").out


def test_nothing_is_deleted_unasked(cli: Cli, survey: UUID) -> None:
    """Where nobody can be asked, and where one of the runs is not there, nothing is deleted."""
    assert "Give --yes" in cli("flow-run", "delete", "swift-otter").err
    assert cli("flow-run", "delete", "--yes", "swift-otter", "nobody").code == 1
    assert cli("flow-run", "inspect", survey).code == 0


def test_states_of_a_task_run_tell_how_long_they_lasted(cli: Cli, record: Record) -> None:
    """The history of a retried task run has a line for each state."""
    run = record.task_run(None, "alone")
    run.states[:0] = [
        StateRecord(StateType.RUNNING, "Running", after(-3)),
        StateRecord(StateType.SCHEDULED, "AwaitingRetry", after(-2), "Try again"),
    ]
    record.write(run)
    history = [line.split()[0] for line in cli("task-run", "inspect", "alone").lines[-4:]]
    assert history == ["Running", "AwaitingRetry", "Running", "Completed"]
