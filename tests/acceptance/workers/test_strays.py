"""Nothing that a run started outlives it, whatever that did to get away: real workers, runs and daemons (FAULTS 38)."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.deploying.workers import Deployed, working
from support.programs import written
from support.servers import Server, running

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="strays are found on Linux only")

FLOWS = """
import os
import signal
from pathlib import Path

from penstock import flow


def becomes_daemon(note, command=None):
    # Twice forked, in a session of its own, nothing in its environment that tells whose it is.
    ready, written = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            Path(note).write_text(str(os.getpid()))
            os.write(written, b"x")
            if command:
                os.execve(command[0], command, {})
            while True:
                signal.pause()
        os._exit(0)
    os.read(ready, 1)


@flow
def forks(note: str, fifo: str | None = None, number: int = 0):
    becomes_daemon(note)
    if fifo is not None:
        with open(fifo) as end:
            end.read()
    if number:
        os.kill(os.getpid(), number)


@flow
def executes(note: str):
    becomes_daemon(note, ["/bin/sleep", "3600"])


@flow
def breeds(note: str):
    # Each that is killed has started others by then.
    becomes_daemon(note)
    if os.fork() == 0:
        os.setsid()
        for _ in range(6):
            os.fork()
        with open(f"{note}s", "a") as file:
            file.write(f"{os.getpid()} ")
        while True:
            signal.pause()
    while len(Path(f"{note}s").read_text().split() if Path(f"{note}s").exists() else ()) < 64:
        os.sched_yield()
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Run a server on loopback, without a key."""
    with running(tmp_path / "server") as one:
        yield one


@pytest.fixture
def deployed(server: Server, tmp_path: Path) -> Callable[..., Deployed]:
    """Return what deploys a flow of this file."""
    folder = tmp_path / "code"
    folder.mkdir()
    file = written(folder, FLOWS, "straying.py")
    return lambda name, **spec: Deployed(server, file, name, **spec)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _noted(note: Path) -> list[int]:
    return [int(word) for word in note.read_text().split()]


@pytest.mark.parametrize("number", [0, signal.SIGKILL])
def test_a_daemon_that_was_only_forked(
    server: Server, deployed: Callable[..., Deployed], tmp_path: Path, number: int
) -> None:
    """A fork that made a session of its own is gone with its run, whether that ended well or was killed."""
    note = tmp_path / "note"
    forks = deployed("forks")
    with working(server) as worker, forks.watched() as watching:
        ended = watching.ended(forks.run(note=str(note), number=int(number)))
        assert ended.state.name == ("Crashed" if number else "Completed")
        worker.end()
    assert not _alive(*_noted(note))


def test_a_daemon_with_an_environment_of_its_own(
    server: Server, deployed: Callable[..., Deployed], tmp_path: Path
) -> None:
    """A program that was started with an empty environment, in a session of its own, is gone with its run, too."""
    note = tmp_path / "note"
    executes = deployed("executes")
    with working(server) as worker, executes.watched() as watching:
        watching.ended(executes.run(note=str(note)))
        worker.end()
    assert not _alive(*_noted(note))


def test_many_that_start_others(server: Server, deployed: Callable[..., Deployed], tmp_path: Path) -> None:
    """What a run left behind may have started others, which are gone as well."""
    note = tmp_path / "note"
    breeds = deployed("breeds")
    with working(server) as worker, breeds.watched() as watching:
        watching.ended(breeds.run(note=str(note)))
        worker.end()
    left = _noted(Path(f"{note}s"))
    assert len(left) >= 64
    assert not any(_alive(pid) for pid in [*_noted(note), *left])


def test_what_others_left_behind_is_let_be(server: Server, deployed: Callable[..., Deployed], tmp_path: Path) -> None:
    """What a run left behind lives on beside the end of other runs from the same parent, until its own run ends."""
    notes, fifo = [tmp_path / "long", tmp_path / "short"], tmp_path / "fifo"
    os.mkfifo(fifo)
    forks = deployed("forks")
    with working(server) as worker, forks.watched() as watching:
        long = forks.run(note=str(notes[0]), fifo=str(fifo))
        watching.is_in(long, "Running")
        with open(fifo, "w") as end:  # it is past its fork once it reads
            assert watching.ended(forks.run(note=str(notes[1]), number=9)).state.name == "Crashed"
            assert [_alive(*_noted(note)) for note in notes] == [True, False]
            end.write("done")
        assert watching.ended(long).state.name == "Completed"
        worker.end()
    assert not any(_alive(*_noted(note)) for note in notes)


def test_a_killed_worker_leaves_none(server: Server, deployed: Callable[..., Deployed], tmp_path: Path) -> None:
    """Where the worker is killed, its runs end, and what they left behind ends after them."""
    note, fifo = tmp_path / "note", tmp_path / "fifo"
    os.mkfifo(fifo)
    forks = deployed("forks")
    with working(server) as worker, forks.watched() as watching:
        run = forks.run(note=str(note), fifo=str(fifo))
        watching.is_in(run, "Running")
        with open(fifo, "w"):
            [daemon] = _noted(note)
            gone = os.pidfd_open(daemon)
            worker.end(signal.SIGKILL)
            assert watching.ended(run).state.name == "Crashed"
        assert select.select([gone], [], [], 60)[0] == [gone]
        os.close(gone)
