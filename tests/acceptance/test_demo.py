"""The demo: a server, a worker and a deployment on a schedule, which end when the demo does."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support.programs import TIMEOUT_SECONDS, environment, listed

DEMO = Path(__file__).parents[2] / "examples" / "demo.py"


def _started(home: Path, stdin: int, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(DEMO)],
        env=environment(home, PENSTOCK_SERVER_PORT=str(port)),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _left_over(home: Path) -> list[str]:
    """Return the programs whose home is the demo's, and what they have started."""
    mark, found = f"PENSTOCK_HOME={home / 'demo'}".encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # it has ended
    return found


def test_runs_arrive(tmp_path: Path) -> None:
    """Without a terminal it shows some runs of the schedule, which the record has, and ends with all it started."""
    process = _started(tmp_path, subprocess.DEVNULL, 0)
    said, _ = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 0, said
    assert "\x1b" not in said
    assert "The server is ready at http://127.0.0.1:" in said
    shown = [line.split() for line in said.splitlines() if " survey / " in line and line.startswith("  ")]
    assert [words[1] for words in shown if len(words) > 1][:3] == ["Completed"] * 3
    assert "read_file" in said.split("$ penstock flow-run inspect")[1]
    record = tmp_path / "demo"
    runs = listed(record, "flow-run", "ls", "--flow", "survey", "--state", "Completed")
    assert len(runs) >= 3
    assert [one["spec"]["paused"] for one in listed(record, "deployment", "ls")] == [True]
    assert _left_over(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stays_at_a_terminal_until_it_is_asked_to_end(number: signal.Signals, tmp_path: Path) -> None:
    """At a terminal it goes on until Ctrl-C or SIGTERM; all it started ends with it. A port that is taken is no trouble."""
    ours, terminal = pty.openpty()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = _started(tmp_path, terminal, port)
        with process:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            said = next(line for line in lines if "Port" in line)
            assert f"Port {port} is taken" in said
            for _ in range(4):  # more than it shows without a terminal
                next(line for line in lines if " survey / " in line)
            assert _left_over(tmp_path)
            process.send_signal(number)
            rest = process.stdout.read()
            assert process.wait(TIMEOUT_SECONDS) == 0, rest
    os.close(ours)
    os.close(terminal)
    assert "All of it has ended" in rest
    assert _left_over(tmp_path) == []
