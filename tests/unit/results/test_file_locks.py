"""Locks in files: one holder over all processes, and none that is dead."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from penstock.core import clock
from penstock.core.clock import Clock
from penstock.locking import FileSystemLockManager, LockManager
from penstock.locking.process_names import this_process


class SteppingClock(Clock):
    """A clock that stands still but for sleeping, and lets something happen during each sleep."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.sleeps: list[float] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return super().now() + self.ahead

    def monotonic(self) -> float:
        return self.ahead.total_seconds()

    def sleep(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)
        self.sleeps.append(seconds)
        self.meanwhile()


@pytest.fixture
def stepping() -> Iterator[SteppingClock]:
    stepping = SteppingClock()
    before = clock.use(stepping)
    yield stepping
    clock.use(before)


@pytest.fixture
def locks(tmp_path: Path) -> FileSystemLockManager:
    return FileSystemLockManager(tmp_path / "locks")


def run(program: str, folder: Path) -> subprocess.Popen[str]:
    """Start a process that has a lock manager `locks` of the same folder."""
    setup = "import os, sys; from penstock.locking import FileSystemLockManager; locks = FileSystemLockManager(sys.argv[1]);"
    return subprocess.Popen(
        [sys.executable, "-c", setup + program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_lock_has_one_holder(locks: FileSystemLockManager) -> None:
    """Another holder does not get it without waiting; the same one has it still; once released, the other gets it."""
    assert locks.acquire_lock("a", "one")
    assert not locks.acquire_lock("a", "other", acquire_timeout=0)
    assert locks.acquire_lock("a", "one", acquire_timeout=0)
    assert locks.is_locked("a")
    assert locks.is_lock_holder("a", "one")
    assert not locks.is_lock_holder("a", "other")
    locks.release_lock("a", "one")
    assert not locks.is_locked("a")
    assert locks.acquire_lock("a", "other", acquire_timeout=0)


def test_locks_are_the_same_for_all_who_share_the_folder(locks: FileSystemLockManager) -> None:
    """Another manager of the folder, or an unpickled one, sees them; one of another folder does not."""
    locks.acquire_lock("a", "one")
    assert FileSystemLockManager(locks.lock_files_directory).is_locked("a")
    assert pickle.loads(pickle.dumps(locks)) == locks
    assert isinstance(locks, LockManager)
    assert not FileSystemLockManager(locks.lock_files_directory / "other").is_locked("a")


def test_only_the_holder_can_release(locks: FileSystemLockManager) -> None:
    """Releasing what is free, or another's, is an error that names the key and the holder."""
    for _ in range(2):
        with pytest.raises(ValueError, match="lock of 'b' is not held by 'other'"):
            locks.release_lock("b", "other")
        locks.acquire_lock("b", "one")


def test_any_key_can_be_locked(locks: FileSystemLockManager) -> None:
    """Keys that are no names of files are told apart, and stay in the folder."""
    keys = ["../a", "a/b", "a_b", "x" * 1000, "\0", ".", "ä"]
    for key in keys:
        assert locks.acquire_lock(key, "one", acquire_timeout=0)
    assert all(locks.is_locked(key) for key in keys)
    assert len(list(locks.lock_files_directory.glob("*.lock"))) == len(keys)
    assert os.listdir(locks.lock_files_directory.parent) == ["locks"]


def test_a_waiter_looks_again_until_its_timeout(locks: FileSystemLockManager, stepping: SteppingClock) -> None:
    """It pauses between looks, longer each time but never long, and never beyond its timeout."""
    locks.acquire_lock("c", "one")
    for wait in (lambda: locks.acquire_lock("c", "other", acquire_timeout=3), lambda: locks.wait_for_lock("c", 3)):
        stepping.sleeps.clear()
        assert not wait()
        assert sum(stepping.sleeps) == pytest.approx(3)
        assert stepping.sleeps[0] < 0.05
        assert max(stepping.sleeps) == 0.25


def test_a_waiter_gets_the_lock_when_it_is_released(locks: FileSystemLockManager, stepping: SteppingClock) -> None:
    """The first look after the release is enough, for both ways of waiting."""
    locks.acquire_lock("d", "one")
    stepping.meanwhile = lambda: locks.release_lock("d", "one")
    assert locks.wait_for_lock("d")
    assert len(stepping.sleeps) == 1
    locks.acquire_lock("d", "one")
    assert locks.acquire_lock("d", "other")
    assert locks.is_lock_holder("d", "other")


def test_a_lock_runs_out(locks: FileSystemLockManager, stepping: SteppingClock) -> None:
    """After its hold timeout it is free; acquiring it again in time makes it last longer."""
    locks.acquire_lock("e", "one", hold_timeout=60)
    stepping.ahead += timedelta(seconds=59)
    locks.acquire_lock("e", "one", hold_timeout=60)
    stepping.ahead += timedelta(seconds=59)
    assert locks.is_lock_holder("e", "one")
    stepping.ahead += timedelta(seconds=2)
    assert not locks.is_locked("e")
    assert locks.acquire_lock("e", "other", acquire_timeout=0)
    with pytest.raises(ValueError, match="ran out"):
        locks.release_lock("e", "one")
    assert locks.is_lock_holder("e", "other")


def test_a_lock_of_a_living_process_is_respected_and_of_a_dead_one_taken_over(locks: FileSystemLockManager) -> None:
    """While the holder's process lives, nobody else gets the lock; once it is killed, it is free at once."""
    process = run("locks.acquire_lock('f', 'theirs'); print('held', flush=True); input()", locks.lock_files_directory)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    assert not locks.acquire_lock("f", "mine", acquire_timeout=0)
    process.kill()
    process.communicate()
    assert not locks.is_locked("f")
    assert locks.acquire_lock("f", "mine", acquire_timeout=0)


def write_record(locks: FileSystemLockManager, key: str, process: object) -> None:
    locks.lock_files_directory.mkdir(exist_ok=True)
    content = {"holder": "theirs", "expires": None, "process": process}
    (locks.lock_files_directory / f"{key}.lock").write_text(json.dumps(content))


def test_a_process_number_that_was_given_again_is_no_alibi(locks: FileSystemLockManager) -> None:
    """A lock of an earlier process of our number, as after a restart, is free."""
    write_record(locks, "g", this_process()._replace(started="1"))
    assert locks.acquire_lock("g", "mine", acquire_timeout=0)


def test_a_process_on_another_machine_is_taken_for_alive(locks: FileSystemLockManager) -> None:
    """Nobody can see from here whether it is; that is what hold timeouts are for."""
    write_record(locks, "h", this_process()._replace(machine="elsewhere", number=2**22))
    assert not locks.acquire_lock("h", "mine", acquire_timeout=0)


def test_a_damaged_lock_file_is_respected_for_a_minute(locks: FileSystemLockManager, stepping: SteppingClock) -> None:
    """What a loss of power leaves behind does not lock for ever."""
    locks.lock_files_directory.mkdir()
    (locks.lock_files_directory / "i.lock").write_bytes(b"")
    assert not locks.acquire_lock("i", "mine", acquire_timeout=0)
    stepping.ahead += timedelta(seconds=61)
    assert locks.acquire_lock("i", "mine", acquire_timeout=0)


def test_processes_that_race_for_a_lock_get_it_in_turn(locks: FileSystemLockManager, tmp_path: Path) -> None:
    """Four processes add to a number in a file, 25 times each, reading and writing under the lock: none is lost."""
    number = tmp_path / "number"
    number.write_text("0")
    program = (
        "from pathlib import Path; number = Path(sys.argv[1]).parent / 'number'; print('ready', flush=True); input()\n"
        "for turn in range(25):\n"
        "    locks.acquire_lock('number', str(os.getpid()))\n"
        "    number.write_text(str(int(number.read_text()) + 1))\n"
        "    locks.release_lock('number', str(os.getpid()))"
    )
    processes = [run(program, locks.lock_files_directory) for _ in range(4)]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=120)
        assert process.returncode == 0
    assert number.read_text() == "100"
    assert [path.name for path in locks.lock_files_directory.iterdir()] == [".guard"]
