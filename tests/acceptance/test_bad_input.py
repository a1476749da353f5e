"""Bad input gets one clear message, and what else was going on is not lost to it."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from textwrap import dedent

import pytest
from support.programs import command, ran, started, written
from support.record import flow_runs, task_runs

from penstock.testing import penstock_test_harness
from penstock.wire.flow_runs import FlowRun
from penstock.wire.task_runs import TaskRun

PREAMBLE = """import sys, threading, os, signal, time, logging
from typing import Any
from penstock import flow, task, get_run_logger
"""


def program(folder: Path, source: str) -> Path:
    """Write a program that begins with the usual imports, and return its path."""
    return written(folder, PREAMBLE + dedent(source))


class Outcome:
    """What a program did: what it printed, how it ended, and what the record says of it."""

    def __init__(self, folder: Path, source: str, **environment: str) -> None:
        self.home = folder / "home"
        done = ran(program(folder, source), self.home, **environment)
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def last_line(self) -> str:
        """The last line on standard error: what a traceback ends with, without the module of our errors."""
        return self.err.strip().splitlines()[-1].removeprefix("penstock.core.errors.")

    @property
    def runs(self) -> list[FlowRun]:
        """The flow runs, oldest first."""
        return recorded_at(self.home)[0]

    @property
    def states(self) -> list[tuple[str, str | None]]:
        """Name and message of each flow run's state, oldest first."""
        return [(run.state.name, run.state.message) for run in self.runs]

    @property
    def task_states(self) -> list[tuple[str, str | None]]:
        """Name and message of each task run's state, oldest first."""
        return [(run.state.name, run.state.message) for run in recorded_at(self.home)[1]]


def recorded_at(home: Path) -> tuple[list[FlowRun], list[TaskRun]]:
    """Return the flow runs and task runs of the record under `home`, oldest first."""
    with penstock_test_harness(home):
        return flow_runs(), task_runs()


# What each program does; the last line of its traceback; how its flow run ended.
FAILING: dict[str, tuple[str, str, tuple[str, str]]] = {
    "parameters of the wrong type": (
        """
        @flow
        def f(number: int, when: bool = True): ...
        f("seven")
        """,
        (
            "ParameterTypeError: Flow 'f' can't take 'seven' (str) as its parameter 'number', annotated "
            "int: input should be a valid integer, unable to parse string as an integer."
        ),
        ("Failed", "Validation of flow parameters failed with error: "),
    ),
    "recursion without end, of flows": (
        """
        @flow
        def f(n: int):
            return f(n + 1)
        f(0)
        """,
        (
            "RecursionTooDeep: Flow 'f' was called 101 runs deep; flows and tasks may lie within one another "
            "100 deep (setting flows.max_depth). Look for a flow or task that calls itself without end."
        ),
        ("Failed", "Run failed with an exception: Flow 'f' was called 101 runs deep"),
    ),
    "recursion without end, of tasks": (
        """
        @task
        def t(n: int):
            return t(n + 1)
        @flow
        def f():
            return t(0)
        f()
        """,
        (
            "RecursionTooDeep: 't' was called 101 runs deep; flows and tasks may lie within one another "
            "100 deep (setting flows.max_depth). Look for a flow or task that calls itself without end."
        ),
        ("Failed", "Run failed with an exception: 't' was called 101 runs deep"),
    ),
    "recursion without end, of submitted tasks": (
        """
        @task
        def t(n: int):
            return t.submit(n + 1).result()
        @flow
        def f():
            return t.submit(0).result()
        f()
        """,
        (
            "RecursionTooDeep: 't' was called 101 runs deep; flows and tasks may lie within one another "
            "100 deep (setting flows.max_depth). Look for a flow or task that calls itself without end."
        ),
        ("Failed", "Run failed with an exception: 't' was called 101 runs deep"),
    ),
    "an exception whose str raises": (
        """
        class Unshowable(Exception):
            def __str__(self): raise RuntimeError("no words")
            __repr__ = __str__
        @task
        def t(): raise Unshowable
        @flow
        def f(): t()
        f()
        """,
        "Unshowable: <exception str() failed>",
        (
            "Failed",
            "Run failed with an exception: Unshowable: <its message can't be shown: __str__ raised RuntimeError>",
        ),
    ),
    "a cycle of futures": (
        """
        ready, futures = threading.Event(), []
        @task
        def t(other: int):
            ready.wait(30)
            return futures[other].result()
        @flow
        def f():
            futures.extend([t.submit(1), t.submit(0)])
            ready.set()
            return futures[0].result()
        f()
        """,
        " would wait for itself: what it waits for depends on its own result. Pass the values it needs as arguments instead.",
        ("Failed", "Run failed with an exception: Task run "),
    ),
    "an unserialisable result": (
        """
        @task(persist_result=True)
        def t(): return threading.Lock()
        @flow
        def f(): return t()
        f()
        """,
        "SerializationError: The result of task 't' could not be persisted. ",
        ("Failed", "Run failed with an exception: The result of task 't' could not be persisted. "),
    ),
    "a result that is too large": (
        """
        @task(persist_result=True)
        def t(): return b"x" * 2_000_000
        @flow
        def f(): return t()
        f()
        """,
        "ResultTooLarge: The result of task 't' could not be persisted. ",
        ("Failed", "Run failed with an exception: The result of task 't' could not be persisted. "),
    ),
}


@pytest.mark.parametrize("name", FAILING)
def test_a_program_that_fails_says_why(name: str, tmp_path: Path) -> None:
    """The traceback ends with one clear message, the exit code is 1, and the run is Failed with the reason."""
    source, last_line, (state, message) = FAILING[name]
    done = Outcome(tmp_path, source, PENSTOCK_RESULTS_MAX_BYTES="1000000")
    assert done.code == 1
    assert last_line in done.last_line
    assert done.states[0][0] == state
    assert (done.states[0][1] or "").startswith(message)


# A definition, and the one line that its traceback ends with.
REFUSED: dict[str, tuple[str, str]] = {
    "a lambda as flow": (
        "flow(lambda: 1)",
        (
            "InvalidNameError: A lambda has no name that a flow could be found by. Give it one, "
            "flow(name='nightly')(lambda: ...), or write it as a function."
        ),
    ),
    "an empty name": (
        "task(name='')(print)",
        "InvalidNameError: '' can't be the name of a task: it is empty. Give it at least one letter.",
    ),
    "a name with NUL": (
        "flow(name='a\\0b')(print)",
        (
            "InvalidNameError: 'a\\x00b' can't be the name of a flow: it holds '\\x00', which can't be shown "
            "on a line. Leave that character out."
        ),
    ),
    "a name with a newline": (
        "flow(name='a\\nb')(print)",
        (
            "InvalidNameError: 'a\\nb' can't be the name of a flow: it holds '\\n', which can't be shown on a "
            "line. Leave that character out."
        ),
    ),
    "a name of 10 KB": (
        "task(name='x' * 10_000)(print)",
        (
            f"InvalidNameError: '{'x' * 59}… can't be the name of a task: it has 10000 characters and may "
            "have 500. Shorten it."
        ),
    ),
    "a missing argument": (
        "flow(name='f')(lambda x: x)()",
        ("ParameterBindError: <lambda>() can't be called like this: 'x' is missing. Its signature is <lambda>(x)."),
    ),
    "a misspelt argument": (
        "task(lambda number: 1)(numbre=1)",
        (
            "ParameterBindError: <lambda>() can't be called like this: 'number' is missing; 'numbre' is not "
            "a parameter (did you mean 'number'?). Its signature is <lambda>(number)."
        ),
    ),
    "a reserved parameter": (
        "task(lambda wait_for: 1)",
        (
            "ReservedArgumentError: The function '<lambda>' has a parameter 'wait_for', a name that every "
            "task keeps for itself. Rename the parameter."
        ),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_definition_that_makes_no_sense_is_refused(name: str, tmp_path: Path) -> None:
    """The traceback ends with what is wrong and what to do; nothing was recorded."""
    source, last_line = REFUSED[name]
    done = Outcome(tmp_path, f"\n        {source}\n")
    assert (done.code, done.last_line) == (1, last_line)
    assert not done.home.joinpath("penstock.db").exists() or done.runs == []


def test_what_looks_bad_and_is_not(tmp_path: Path) -> None:
    """Emoji and 500 characters as names, names used twice, a task that returns itself, parameters that are no JSON."""
    done = Outcome(
        tmp_path,
        """
        @task(name="🐙")
        def itself(): return itself
        @flow(name="x" * 500)
        def long(lock: Any): return itself() is itself
        first = flow(name="same")(lambda: 1)
        second = flow(name="same")(lambda: 2)
        print(long(threading.Lock()), first(), second(), itself.submit().result() is itself)
        """,
    )
    assert (done.code, done.out) == (0, "True 1 2 True\n"), done.err
    assert [name for name, _ in done.states] == ["Completed"] * 3
    assert done.runs[0].parameters["lock"]


INTERRUPTED = """
        @task
        def t(): {action}
        @flow
        def f(): {call}
        f()
"""


@pytest.mark.parametrize("call", ["t()", "t.submit().result()", "t.submit().wait(); t.submit().result()"])
@pytest.mark.parametrize(
    ("action", "code", "message"),
    [
        ("sys.exit(3)", 3, "Execution was aborted by sys.exit(3)."),
        ("sys.exit('words')", 1, "Execution was aborted by sys.exit('words')."),
        ("raise KeyboardInterrupt", -signal.SIGINT, "Execution was aborted by a keyboard interrupt."),
    ],
)
def test_a_task_that_ends_the_program(action: str, code: int, message: str, call: str, tmp_path: Path) -> None:
    """sys.exit and Ctrl-C in a task, called or submitted: task and flow are Crashed, the program ends as it was asked to."""
    done = Outcome(tmp_path, INTERRUPTED.format(action=action, call=call))
    assert done.code == code, done.err
    assert done.states == [("Crashed", message)]
    assert set(done.task_states) == {("Crashed", message)}


def test_ctrl_c_while_tasks_run(tmp_path: Path) -> None:
    """SIGINT to a flow that waits for submitted tasks: all is Crashed and said so, and the program ends by the signal."""
    endless = program(
        tmp_path,
        """
    @task
    def t():
        print("running", flush=True)
        threading.Event().wait()
    @flow
    def f():
        t.submit().result()
    f()
    """,
    )
    process = started(endless, tmp_path / "home")
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    (run,), (task_run,) = recorded_at(tmp_path / "home")
    assert (run.state.name, run.state.message) == ("Crashed", "Execution was aborted by a keyboard interrupt.")
    assert task_run.state.name == "Crashed"


SLEEPERS = {
    "a sync flow": """
    @flow
    def f():
        print("running", flush=True)
        signal.pause()
    f()
    """,
    "an async flow": """
    import asyncio
    @flow
    async def f():
        print("running", flush=True)
        await asyncio.sleep(60)
    asyncio.run(f())
    """,
    "a flow that waits for a task": """
    @task
    def t():
        print("running", flush=True)
        threading.Event().wait()
    @flow
    def f():
        t.submit().result()
    f()
    """,
    "a subflow": """
    @flow
    def inner():
        print("running", flush=True)
        time.sleep(60)
    @flow
    def f():
        inner()
    f()
    """,
    "a flow that catches everything": """
    @flow
    def f():
        try:
            print("running", flush=True)
            time.sleep(60)
        except Exception:
            print("caught")
    f()
    """,
}


@pytest.mark.skipif(os.name != "posix", reason="SIGTERM is a signal of POSIX")
@pytest.mark.parametrize("name", SLEEPERS)
def test_a_program_that_is_asked_to_end(name: str, tmp_path: Path) -> None:
    """SIGTERM: every run in the process is Crashed with the reason, and the process ends by the signal."""
    process = started(program(tmp_path, SLEEPERS[name]), tmp_path / "home")
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGTERM, err
    assert out == ""
    runs, tasks = recorded_at(tmp_path / "home")
    assert {run.state.name for run in [*runs, *tasks]} == {"Crashed"}
    why = "Execution was aborted by signal 15: the process was asked to end."
    assert {run.state.message for run in runs} == {why}


def test_streams_that_are_closed(tmp_path: Path) -> None:
    """A program whose standard streams are closed runs, is recorded, and ends well."""
    source = """
        @task(log_prints=True)
        def t(): print("a line"); return 1
        @flow
        def f(): get_run_logger().warning("logged"); return t()
        {closing}
        f()
        """
    for number, closing in enumerate(
        ["sys.stdout.close(); sys.stderr.close()", "sys.stdout = sys.stderr = None", "os.close(1); os.close(2)"]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        done = Outcome(folder, source.format(closing=closing))
        assert done.states == [("Completed", None)], (closing, done.err)
        assert (done.code, done.out, done.err) == (0, "", ""), closing


def test_a_broken_log_handler_and_a_broken_hook(tmp_path: Path) -> None:
    """A handler and a hook of the program's that raise: the flow completes, each is said once."""
    done = Outcome(
        tmp_path,
        """
        class Broken(logging.Handler):
            def emit(self, record): raise OSError("no space")
        logging.getLogger("penstock.flow_runs").addHandler(Broken())
        def hook(flow, run, state): raise RuntimeError("hook")
        @flow(on_completion=[hook])
        def f(): get_run_logger().info("x" * 100_000 + "\\ud800"); return 1
        print(f())
        """,
    )
    assert (done.code, done.out) == (0, "1\n"), done.err
    assert done.err.count("penstock: a log handler failed with OSError: no space.") == 1
    assert done.states == [("Completed", None)]


def test_a_flow_that_can_not_be_imported(tmp_path: Path) -> None:
    """`penstock flow run` of what is not there, or raises when imported: one line and exit code 1."""
    good = written(tmp_path, "from penstock import flow\n@flow\ndef there(): ...\n", "flows.py")
    broken = written(tmp_path, "import no_such_module\n", "broken.py")
    absent = tmp_path / "absent.py"
    for entrypoint, words in {
        f"{good}:missing": f"{good} has no flow 'missing'. It has there.",
        f"{absent}:f": f"There is no file '{absent}' for the entrypoint '{absent}:f'. Check the path.",
        "no.such.module:f": "There is no module 'no.such.module' for the entrypoint 'no.such.module:f'. Name a file as "
        "path/to/file.py:flow, or install the package.",
        f"{broken}:f": f"{broken} raised ModuleNotFoundError while it was imported: No module named 'no_such_module' "
        "(line 1)",
    }.items():
        done = command(tmp_path / "home", "flow", "run", entrypoint)
        assert (done.returncode, done.stderr) == (1, f"Error: {words}\n")


def test_settings_and_profiles_that_do_not_exist(tmp_path: Path) -> None:
    """A misspelt setting and a profile that is not there are told by one line, in a program and on the command line."""
    done = Outcome(tmp_path, "flow(name='f')(lambda: 1)()", PENSTOCK_PROFILE="nowhere")
    assert (done.code, done.last_line) == (1, "MissingProfileError: There is no profile 'nowhere'. There is 'default'.")
    done = Outcome(tmp_path, "flow(name='f')(lambda: 1)()", PENSTOCK_LOGGING_LEVEL="LOUD")
    assert done.code == 1
    assert done.last_line == (
        "ConfigurationError: PENSTOCK_LOGGING_LEVEL is 'LOUD' (environment). "
        "Expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL."
    )
    for line, words in {
        "config set loging.level=INFO": "There is no setting 'loging.level'. Did you mean 'logging.level'?",
        "profile use nowhere": "There is no profile 'nowhere'. There is 'default'.",
    }.items():
        said = command(tmp_path / "home", *line.split())
        assert (said.returncode, said.stderr) == (1, f"Error: {words}\n")


def test_parameters_on_the_command_line_that_do_not_fit(tmp_path: Path) -> None:
    """Wrong parameters of `penstock flow run` are told by one line; nothing runs."""
    flows = written(tmp_path, "from penstock import flow\n@flow\ndef f(n: int): print('ran')\n", "flows.py")
    for parameters, words in {
        "-p m=1": "f() can't be called like this: 'n' is missing; 'm' is not a parameter. Its signature is f(n).",
        "-p n": "'n' is not of the form KEY=VALUE.",
    }.items():
        done = command(tmp_path / "home", "flow", "run", f"{flows}:f", *parameters.split())
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"Error: {words}\nSee `penstock flow run --help`.\n"
