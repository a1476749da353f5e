"""A server for each test of workers, and files with flows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.programs import written
from support.servers import Server, running

FLOWS = """
import atexit
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from penstock import flow, get_run_logger, task


@task
def double(number):
    return 2 * number


@flow
def adds(number: int = 1, other: int = 2):
    get_run_logger().info("adding in %s", os.getcwd())
    print("printed by the process", flush=True)
    os.write(2, b"written to standard error\\n")
    return sum(double.map([number, other]).result())


@flow
def lingers(fifo: str):
    # What is registered at exit runs after the run has ended.
    atexit.register(_waits_and_writes, fifo)


def _waits_and_writes(fifo):
    with open(fifo) as end:
        end.read()
    print("last words", flush=True)


@flow
def fails():
    raise ValueError("no luck")


@flow
def environment():
    get_run_logger().info("\\n".join(f"{name}={value}" for name, value in sorted(os.environ.items())))


@flow
def dies(number: int = 9):
    os.kill(os.getpid(), number)


@flow
def leaves():
    os._exit(7)


@flow
def eats():
    bytearray(4 * 1024**3)


@flow
def eats_pages():
    pages = bytearray(1024**3)
    pages[:: 4096] = b"x" * len(pages[:: 4096])


@flow(on_cancellation=[lambda flow, run, state: Path(os.environ["MARK"]).write_text(state.name)])
def waits(fifo: str):
    with open(fifo) as end:
        end.read()


@flow
def leaves_others(note: str):
    # One that stays in the group, and one that leaves it.
    stays = subprocess.Popen(["sleep", "3600"])
    goes = subprocess.Popen(["sleep", "3600"], start_new_session=True)
    Path(note).write_text(f"{stays.pid} {goes.pid}")
    os.kill(os.getpid(), signal.SIGKILL)


@flow
def leaves_daemon(note: str):
    # A fork that leaves the group without starting another program, and holds the run's output.
    ready, written = os.pipe()
    if os.fork() == 0:
        os.setsid()
        Path(note).write_text(str(os.getpid()))
        os.write(written, b"x")
        while True:
            signal.pause()
    os.read(ready, 1)
    print("the last word", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Run a server on loopback, without a key."""
    with running(tmp_path / "server") as one:
        yield one


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    """Return a file with flows."""
    folder = tmp_path / "code"
    folder.mkdir()
    return written(folder, FLOWS, "flows_of_tests.py")
