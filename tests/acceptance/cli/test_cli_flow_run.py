"""`penstock flow run` runs a flow from a file: arguments, exit code, what is printed where, and recovery."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from penstock.client import transport
from penstock.settings.active import forget
from penstock.wire.operations import FLOW_RUNS_LIST
from penstock.wire.requests import FlowRunQuery

PENSTOCK = [sys.executable, "-m", "penstock"]

FLOWS = """
import os
import time
from pathlib import Path
from penstock import flow, task
from penstock.states import Cancelled

@task
def double(x):
    return 2 * x

@flow
def add(x: int, y: int = 1, label: str = "none") -> int:
    print(f"adding for {label!r}")
    return double(x) + y

@flow
async def add_async(x: int) -> int:
    return x

@flow
def fail(why: str = "no reason") -> None:
    raise ValueError(f"It failed:\\n{why}")

@flow
def cancelled():
    return Cancelled(message="Enough.")

@flow
def count(n: int):
    yield from range(n)

@flow
def exits():
    raise SystemExit(7)

@flow
def wait_for_ever():
    print("ready", flush=True)
    while True:
        time.sleep(0.05)

@task(persist_result=True)
def expensive(x):
    with Path("calls").open("a") as file:
        file.write("x")
    return x

@flow
def hooked(): pass

@hooked.on_completion
def tell(flow, run, state):
    print(f"{run.name} is {state.name}")

@flow
def fragile(x: int, password: str = "p"):
    expensive(x)
    if not Path("mended").exists():
        raise RuntimeError("not yet")
    return x
"""


@pytest.fixture(autouse=True)
def _flows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flows.py").write_text(FLOWS)


def penstock(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PENSTOCK, *arguments], capture_output=True, text=True, check=False)


def recorded_states() -> list[str]:
    """Return the types of the states of all runs on record, newest run first."""
    forget()
    replaced = transport.use_transport(None)
    runs = transport.call(FLOW_RUNS_LIST, FlowRunQuery()).items
    used = transport.use_transport(replaced)
    assert used is not None
    used.close()
    return [run.state.type.value for run in runs]


def test_a_flow_runs_with_its_arguments() -> None:
    """Arguments are JSON or text; what the flow prints and how it ended stand on standard output, in plain lines."""
    result = penstock("flow", "run", "flows.py:add", "-p", "x=4", "-p", "label=big river", "--name", "first")
    assert result.returncode == 0, result.stderr
    printed, end, hint = result.stdout.splitlines()
    assert printed == "adding for 'big river'"
    assert re.fullmatch(r"✓ Completed in \S+  add / first", end)
    assert hint.startswith("penstock flow-run inspect ")
    assert "\x1b" not in result.stdout + result.stderr


def test_json_has_standard_output_for_itself() -> None:
    """With --output json, standard output is the run as one document; what the flow prints goes to standard error."""
    result = penstock("flow", "run", "flows.py:add", "--params", '{"x": 4, "y": 2}', "--tag", "a", "-o", "json")
    run = json.loads(result.stdout)
    assert run["state"]["type"] == "COMPLETED"
    assert run["parameters"] == {"x": 4, "y": 2, "label": "none"}
    assert run["tags"] == ["a"]
    assert "adding for" in result.stderr


def test_a_name_is_taken_as_it_is() -> None:
    """A name may hold braces, which in code would be a template, and the flow keeps its hooks under it."""
    result = penstock("flow", "run", "flows.py:hooked", "--name", "a {b}")
    assert result.stdout.startswith("a {b} is Completed\n")
    assert "hooked / a {b}\n" in result.stdout


@pytest.mark.parametrize(
    ("flow", "code", "state"),
    [
        ("add_async", 0, "COMPLETED"),
        ("count", 0, "COMPLETED"),
        ("fail", 1, "FAILED"),
        ("cancelled", 3, "CANCELLED"),
        ("exits", 1, "CRASHED"),
    ],
)
def test_the_exit_code_says_how_it_ended(flow: str, code: int, state: str) -> None:
    """0 for Completed, 1 for Failed and Crashed, 3 for what was stopped; sync, async and generator flows alike."""
    arguments = {"add_async": ["-p", "x=1"], "count": ["-p", "n=3"]}.get(flow, [])
    result = penstock("flow", "run", f"flows.py:{flow}", *arguments)
    assert result.returncode == code, result.stderr
    assert recorded_states()[0] == state


def test_a_failure_is_told_in_one_line() -> None:
    """The last lines say that the run failed and why; the traceback of the flow was logged, and ours is not shown."""
    result = penstock("flow", "run", "flows.py:fail", "-p", "why=the disk is full")
    assert re.search(r"✗ Failed in \S+  fail / \S+: .*ValueError: It failed:$", result.stdout, flags=re.MULTILINE)
    assert "cli/flow_execution.py" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["flows.py:add"], 2, "'x'"),
        (["flows.py:add", "-p", "x=four"], 2, "can't take 'four'"),
        (["flows.py:add", "-p", "x=1", "-p", "z=1"], 2, "'z'"),
        (["flows.py:add", "-p", "x"], 2, "not of the form KEY=VALUE"),
        (["flows.py:add", "-p", "x=1", "-p", "x=2"], 2, "'x' is given twice"),
        (["flows.py:add", "--params", "[1]"], 2, "must be a JSON object"),
        (["flows.py:nothing"], 1, "nothing"),
        (["flows.py:double"], 1, "double"),
        (["nowhere.py:add"], 1, "nowhere.py"),
        (["broken.py:add"], 1, "NameError"),
        (["flows.py:add", "--recover", "nobody"], 1, "There is no flow run 'nobody'"),
        (["flows.py:add", "--recover", "x", "--name", "y"], 2, "keeps its name and tags"),
    ],
)
def test_what_can_not_be_run_is_refused(arguments: list[str], code: int, words: str) -> None:
    """A wrong argument, flow or file is one line, with no traceback, and leaves no run on record."""
    Path("broken.py").write_text("from penstock import flow\nundefined\n")
    result = penstock("flow", "run", *arguments)
    assert result.returncode == code, result.stderr
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert recorded_states() == []


def test_the_line_of_a_broken_file_is_told() -> None:
    """A file that raises while it is loaded is named with the line."""
    Path("broken.py").write_text("from penstock import flow\n\nundefined\n")
    assert "(line 3)" in penstock("flow", "run", "broken.py:x").stderr


def test_a_run_is_taken_up_again() -> None:
    """A failed run that is recovered keeps its id, name and arguments, and does not repeat what is persisted."""
    first = penstock(
        "flow", "run", "flows.py:fragile", "-p", "x=3", "-p", "password=secret", "--name", "weak", "-o", "json"
    )
    assert first.returncode == 1
    Path("mended").touch()
    refused = penstock("flow", "run", "flows.py:fragile", "--recover", "weak")
    assert refused.returncode == 1
    assert "'password' is not recorded whole" in refused.stderr
    again = penstock("flow", "run", "flows.py:fragile", "--recover", "weak", "-p", "password=secret", "-o", "json")
    assert again.returncode == 0, again.stderr
    before, after = json.loads(first.stdout), json.loads(again.stdout)
    assert (after["id"], after["name"]) == (before["id"], "weak")
    assert (after["attempt"], after["state"]["type"]) == (2, "COMPLETED")
    assert Path("calls").read_text() == "x"
    assert "is Completed" in penstock("flow", "run", "flows.py:fragile", "--recover", "weak").stderr


def test_an_interrupt_ends_the_run() -> None:
    """Ctrl-C ends the flow, which is recorded, and the command with 130."""
    process = subprocess.Popen(
        [*PENSTOCK, "flow", "run", "flows.py:wait_for_ever"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    state = recorded_states()[0]
    assert state in {"CRASHED", "CANCELLED"}


def test_a_reader_that_stops_does_not_stop_the_run() -> None:
    """A flow goes on to its end although nobody reads what the command prints."""
    read, write = os.pipe()
    os.close(read)
    command = [*PENSTOCK, "flow", "run", "flows.py:add_async", "-p", "x=1"]
    result = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert result.returncode == 141
    assert "Traceback" not in result.stderr
    assert recorded_states()[0] == "COMPLETED"


def until(fd: int, words: bytes) -> bytes:
    """Read a terminal until `words` have been printed, or it is closed; fail where it goes on for a minute without them."""
    seen = b""
    deadline = time.monotonic() + 60
    while words not in seen:
        assert time.monotonic() < deadline, seen
        ready, _, _ = select.select([fd], [], [], 60)
        assert ready, seen
        try:
            part = os.read(fd, 65536)
        except OSError:  # the other end of a pty was closed
            break
        if not part:
            break
        seen += part
    return seen


def test_a_person_sees_the_run_live() -> None:
    """On a terminal a run in progress shows what is running, and the terminal is left as it was."""
    Path("slow.py").write_text(
        "import time\n"
        "from penstock import flow, task\n"
        "@task\n"
        "def napping():\n"
        "    while True: time.sleep(0.05)\n"
        "@flow\n"
        "def slow(): napping()\n"
    )
    terminal, end = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    process = subprocess.Popen(
        [*PENSTOCK, "flow", "run", "slow.py:slow", "--name", "siesta"],
        stdin=end,
        stdout=end,
        stderr=end,
        env=environment,
    )
    os.close(end)
    try:
        seen = until(terminal, b"1 running")
        assert b"siesta" in seen
        assert b"napping-" in seen + until(terminal, b"napping-")
        process.send_signal(signal.SIGINT)
        rest = until(terminal, b"never printed")
        assert b"\x1b[?25l" not in seen + rest  # the cursor was never hidden
        assert process.wait(timeout=60) == 130
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
