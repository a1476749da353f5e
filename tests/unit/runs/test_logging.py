"""The run logger, captured prints, and what is kept of them in the record."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import threading
from typing import Any

import pytest
from support.log_lines import captured
from support.record import fresh_record, logs, messages, only_flow_run, only_task_run

from penstock import flow, get_run_logger, settings, task
from penstock.context import FlowRunContext, TaskRunContext
from penstock.exceptions import MissingContextError
from penstock.logging import disable_run_logger, get_logger


def of_user(found: list[str]) -> list[str]:
    """Return the lines that are not the engine's own."""
    return [line for line in found if not line.startswith(("Beginning", "Finished"))]


def test_lines_of_flows_and_tasks_are_kept_with_their_runs() -> None:
    """Each line has its time, level, logger and run; a task's line has its flow run too."""

    @task
    def speaks() -> None:
        get_run_logger().warning("from the task: %s %d", "x", 5)

    @flow
    def speaks_too() -> None:
        get_run_logger().info("from the flow")
        speaks()

    speaks_too()
    flow_run, task_run = only_flow_run(), only_task_run()
    lines = logs(flow_run_ids=[flow_run.id])
    first, line, task_line, last = lines
    assert first.message == f"Beginning flow run {flow_run.name!r} for flow 'speaks-too'"
    assert last.message == "Finished in state Completed()"
    assert (line.message, line.level, line.logger) == ("from the flow", logging.INFO, "penstock.flow_runs")
    assert line.task_run_id is None
    assert (task_line.message, task_line.level) == ("from the task: x 5", logging.WARNING)
    assert (task_line.logger, task_line.task_run_id) == ("penstock.task_runs", task_run.id)
    assert [one.timestamp for one in lines] == sorted(one.timestamp for one in lines)
    assert messages(task_run_ids=[task_run.id]) == ["from the task: x 5"]
    assert messages(level_at_least=logging.WARNING) == ["from the task: x 5"]


def test_levels_exceptions_and_children() -> None:
    """Every method of a logger works; tracebacks are kept without our own frames; DEBUG is below the level."""

    @flow
    def logs_all() -> None:
        log = get_run_logger()
        log.debug("debug")
        log.log(logging.ERROR, "error")
        log.getChild("child").critical("child %s", "x")
        try:
            int("caught")
        except ValueError:
            log.exception("with traceback")

    logs_all()
    got = logs()[1:-1]
    assert [line.level for line in got] == [logging.ERROR, logging.CRITICAL, logging.ERROR]
    assert got[1].logger == "penstock.flow_runs.child"
    assert got[2].message.startswith("with traceback\nTraceback (most recent call last):")
    assert got[2].message.endswith("ValueError: invalid literal for int() with base 10: 'caught'")


def test_the_level_is_a_setting() -> None:
    """With DEBUG, debug lines are kept; with ERROR, the engine's own lines are not."""

    @flow
    def speaks() -> None:
        get_run_logger().debug("debug")
        get_run_logger().error("error")

    for level, kept in (("DEBUG", ["debug", "error"]), ("ERROR", ["error"])):
        with settings.temporary_settings({"logging.level": level}), fresh_record():
            speaks()
            found = [line for line in of_user(messages()) if "hook" not in line]
            assert found == kept


def test_fields_and_contexts() -> None:
    """More fields for every line can be given, and the logger of another run asked for by its context."""
    seen: list[Any] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append((record.getMessage(), getattr(record, "batch", None), getattr(record, "task_run_name", None)))

    handler = Keep()
    logging.getLogger("penstock").addHandler(handler)
    try:

        @task(task_run_name="t")
        def speaks() -> None:
            get_run_logger(batch="7").info("one", extra={"other": 1})
            get_run_logger(FlowRunContext.get()).info("as the flow")
            get_run_logger(TaskRunContext.get(), batch="8").info("as the task")

        flow(name="f")(speaks.__call__)()
    finally:
        logging.getLogger("penstock").removeHandler(handler)
    assert [one for one in seen if one[0] in {"one", "as the flow", "as the task"}] == [
        ("one", "7", "t"),
        ("as the flow", None, None),
        ("as the task", "8", "t"),
    ]


def test_outside_of_runs_there_is_no_run_logger() -> None:
    """The error says what is missing; within `disable_run_logger` lines go nowhere."""

    def function() -> int:
        get_run_logger().info("unheard")
        return 1

    with pytest.raises(MissingContextError, match="^No flow run or task run is running here. Call this from within a"):
        function()
    with captured("penstock") as lines, disable_run_logger():
        assert task(function).fn() == flow(name="f")(function).fn() == 1
    assert lines == []
    with pytest.raises(MissingContextError):
        function()
    assert get_logger().name == "penstock"
    assert get_logger("mine").name == "penstock.mine"


def test_prints_become_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """With log_prints, print is a line of the innermost run that wants it; separators count, other files do not."""

    @task
    def inherits() -> None:
        print("in the task", 1, sep="|")

    @task(log_prints=False)
    def refuses() -> None:
        print("plainly")

    @flow(log_prints=True)
    def prints() -> None:
        print("in the flow", {"a": 1}, None)
        print()
        print("elsewhere", file=sys.stderr)
        buffer = io.StringIO()
        print("buffered", end="!", file=buffer)
        inherits()
        inherits.submit().wait()
        refuses()
        assert buffer.getvalue() == "buffered!"

    prints()
    assert of_user(messages()) == ["in the flow {'a': 1} None", "", "in the task|1", "in the task|1"]
    out, err = capsys.readouterr()
    assert out == "plainly\n"
    assert "elsewhere\n" in err


def test_prints_stay_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """Without log_prints, outside of runs, and in threads without a run, print prints."""

    @flow(log_prints=True)
    def prints() -> None:
        thread = threading.Thread(target=lambda: print("of a thread"))
        thread.start()
        thread.join()

    flow(name="f")(lambda: print("of a flow"))()
    prints()
    print("outside", end="\n\n")
    assert capsys.readouterr().out == "of a flow\nof a thread\noutside\n\n"


def test_log_prints_by_setting_and_by_parent(capsys: pytest.CaptureFixture[str]) -> None:
    """A subflow and a task do as the flow around them; the outermost as the setting says."""

    @flow
    def inner() -> None:
        print("inner")

    @task
    def alone() -> None:
        print("alone")

    flow(name="outer", log_prints=True)(inner.__call__)()
    with settings.temporary_settings({"logging.log_prints": True}):
        inner()
        alone()
        flow(name="not", log_prints=False)(inner.__call__)()
    assert of_user(messages()) == ["inner", "inner", "alone"]
    assert capsys.readouterr().out == "inner\n"


def test_prints_of_async_runs() -> None:
    """Coroutines that run at once each print to their own run."""

    @task(log_prints=True, task_run_name="t{n}")
    async def prints(n: int) -> None:
        print(f"first of {n}")
        await asyncio.sleep(0)
        print(f"second of {n}")

    @flow
    async def around() -> None:
        await asyncio.gather(*[prints(n) for n in range(5)])

    asyncio.run(around())
    lines = [line for line in logs() if " of " in line.message]
    by_run: dict[Any, list[str]] = {}
    for line in lines:
        by_run.setdefault(line.task_run_id, []).append(line.message)
    assert sorted(by_run.values()) == [[f"first of {n}", f"second of {n}"] for n in range(5)]


def test_what_can_not_be_shown_or_stored() -> None:
    """Percent signs, NUL, very long lines and objects whose str raises do not harm a run."""

    class Unshowable:
        def __str__(self) -> str:
            raise RuntimeError("no words")

    @flow(log_prints=True)
    def speaks() -> str:
        print("100%s", "%d")
        get_run_logger().info("nul \0")
        get_run_logger().info("x" * 50_000)
        get_run_logger().info("%s", Unshowable())
        get_run_logger().info("%d", "wrong")
        return "done"

    assert speaks() == "done"
    percent, odd, long = of_user(messages())[:3]
    assert percent == "100%s %d"
    assert odd.startswith("nul ")
    assert len(long) < 11_000
    assert long.endswith("(50000 characters)")


def test_a_broken_handler_breaks_no_run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A handler of the program's that raises is reported once on standard error, with what to do; runs go on."""
    monkeypatch.setattr("penstock.engine.run_logs.run_loggers._complained", False)

    class Broken(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise OSError("no space")

    broken = Broken()
    logging.getLogger("penstock").addHandler(broken)
    try:
        assert flow(name="f")(lambda: get_run_logger().info("line") or 5)() == 5
        assert flow(name="f")(lambda: task(lambda: 1)() + 1)() == 2
    finally:
        logging.getLogger("penstock").removeHandler(broken)
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("penstock: ")]
    (line,) = said
    assert line == (
        "penstock: a log handler failed with OSError: no space. The run goes on without its lines; mend the handler. "
        "Further failures are not reported."
    )
    assert "line" in messages()


@pytest.mark.parametrize("stream", ["closed", "none", "broken"])
def test_a_console_that_is_gone_breaks_no_run(stream: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard error may be closed, missing or refuse to be written; the record keeps the lines."""

    class Refuses(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    gone = io.StringIO()
    gone.close()
    monkeypatch.setattr(sys, "stderr", {"closed": gone, "none": None, "broken": Refuses()}[stream])
    assert flow(name="f")(lambda: get_run_logger().info("line") or 5)() == 5
    assert of_user(messages()) == ["line"]


def test_loggers_of_others_can_be_kept_too() -> None:
    """Lines of loggers named in the settings belong to the run that runs where they are logged."""
    other = logging.getLogger("somelibrary")
    other.setLevel(logging.INFO)
    with settings.temporary_settings({"logging.extra_loggers": ["somelibrary"]}), fresh_record():

        @task
        def uses_it() -> None:
            other.getChild("part").warning("in the task")

        @flow
        def uses() -> None:
            other.info("in the flow")
            uses_it()

        other.info("outside")
        uses()
        found = [(line.logger, line.message, line.task_run_id is not None) for line in logs()]
        assert ("somelibrary", "in the flow", False) in found
        assert ("somelibrary.part", "in the task", True) in found
        assert not [one for one in found if one[1] == "outside"]
