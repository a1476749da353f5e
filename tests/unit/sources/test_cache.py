"""The cache of pulled code: made once, shared, bounded, and never taken from who uses it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from penstock.core.errors import SourceError
from penstock.sources.cache import CodeCache, Held
from penstock.sources.entry_lock import EntryLock

SOON = float("inf")


def obtain(cache: CodeCache, key: str, size: int = 100) -> Held:
    """Get an entry of so many bytes."""

    def build(folder: Path) -> None:
        folder.mkdir()
        (folder / "code.py").write_bytes(b"#" * size)

    return cache.obtain(key, key, SOON, build)


def test_an_entry_is_made_once(tmp_path: Path) -> None:
    """The second who asks gets what the first had made."""
    cache, made = CodeCache(tmp_path, 10_000), []

    def build(folder: Path) -> None:
        made.append(folder)
        folder.mkdir()

    first = cache.obtain("a", "a", SOON, build)
    second = cache.obtain("a", "a", SOON, build)
    assert first.path == second.path
    assert len(made) == 1
    other = cache.obtain("b", "b", SOON, build)
    assert other.path != first.path
    for held in (first, second, other):
        held.release()


def test_threads_that_race_make_it_once(tmp_path: Path) -> None:
    """Of many that ask at once, one makes the entry and all get it."""
    cache, made, paths = CodeCache(tmp_path, 10_000), [], []
    together = threading.Barrier(8)

    def build(folder: Path) -> None:
        made.append(folder)
        folder.mkdir()

    def ask() -> None:
        together.wait()
        held = cache.obtain("a", "a", SOON, build)
        paths.append(held.path)
        held.release()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len(set(paths)) == 1
    assert len(paths) == 8


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    """Past the bound, the entry that was used longest ago is removed; to be found counts as to be used."""
    cache = CodeCache(tmp_path, 250)
    for age, key in enumerate(("a", "b")):
        held = obtain(cache, key)
        held.release()
        lock = held.path.parent / "lock"
        os.utime(lock, (age, age))
    obtain(cache, "a").release()
    obtain(cache, "c").release()
    assert [cache.find(key) is not None for key in ("a", "b", "c")] == [True, False, True]


def test_what_is_in_use_stays(tmp_path: Path) -> None:
    """An entry that somebody uses is not removed, even past the bound; when it was let go, it is."""
    cache = CodeCache(tmp_path, 150)
    used = obtain(cache, "used")
    obtain(cache, "b").release()
    obtain(cache, "c").release()
    assert (used.path / "code.py").exists()
    used.release()
    obtain(cache, "d").release()
    assert not used.path.exists()


def test_what_another_process_uses_stays(tmp_path: Path) -> None:
    """A process that uses an entry keeps it, one that ended does not, whether it let it go or not."""
    cache = CodeCache(tmp_path, 150)
    obtain(cache, "used").release()
    program = (
        "import sys\nfrom pathlib import Path\nfrom penstock.sources.cache import CodeCache\n"
        "held = CodeCache(Path(sys.argv[1]), 150).find('used')\nassert held\nprint('held', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        obtain(cache, "b").release()
        assert cache._folder("used").exists()
        process.kill()
    obtain(cache, "c").release()
    assert not cache._folder("used").exists()


def test_a_forked_process_keeps_what_its_parent_had(tmp_path: Path) -> None:
    """What a process had in use when it was forked stays until both have let it go, or ended."""
    cache = CodeCache(tmp_path, 150)
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom penstock.sources.cache import CodeCache\n"
        "cache = CodeCache(Path(sys.argv[1]), 150)\n"
        "held = cache.find('used')\n"
        "if os.fork() == 0:\n"
        "    held.release()\n"
        "    os._exit(0)\n"
        "os.wait()\nprint('held', flush=True)\nsys.stdin.read()\n"
    )
    obtain(cache, "used").release()
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        obtain(cache, "b").release()
        assert cache._folder("used").exists()
        process.kill()


def test_what_can_not_be_made_leaves_nothing(tmp_path: Path) -> None:
    """When making an entry fails there is none, and the next who asks makes it."""
    cache = CodeCache(tmp_path, 10_000)

    def fail(folder: Path) -> None:
        folder.mkdir()
        (folder / "half.py").touch()
        raise SourceError("The host went away.")

    with pytest.raises(SourceError, match="went away"):
        cache.obtain("a", "a", SOON, fail)
    assert cache.find("a") is None
    held = obtain(cache, "a")
    assert [path.name for path in held.path.iterdir()] == ["code.py"]
    held.release()


def test_what_a_killed_process_left_is_in_nobodys_way(tmp_path: Path) -> None:
    """A half-made entry, and one half removed, are cleared by the next who comes."""
    cache = CodeCache(tmp_path, 10_000)
    half = cache._folder("a") / "building"
    half.mkdir(parents=True)
    (half / "half.py").touch()
    trash = tmp_path / ".trash-1"
    trash.mkdir()
    held = obtain(cache, "a")
    assert [path.name for path in held.path.iterdir()] == ["code.py"]
    assert not half.exists()
    assert not trash.exists()
    held.release()


def test_an_entry_for_one_goes_with_them(tmp_path: Path) -> None:
    """Code without a version is found by nobody else, and is gone when it is released."""
    cache = CodeCache(tmp_path, 10_000)
    held = cache.obtain_once("a", SOON, lambda folder: folder.mkdir())
    assert held.path.is_dir()
    held.release()
    assert list(tmp_path.iterdir()) == []


def test_waiting_for_another_ends(tmp_path: Path) -> None:
    """Who waits for an entry that another process makes gives up at the deadline, and says what held it up."""
    cache = CodeCache(tmp_path, 10_000)
    lock = EntryLock(cache._folder("a"))
    assert lock.try_alone()
    with pytest.raises(SourceError, match="the-address.*too long"):
        cache.obtain("a", "the-address", float("-inf"), lambda folder: folder.mkdir())
    lock.release()


def test_a_lock_on_what_was_removed_is_none(tmp_path: Path) -> None:
    """A lock that is got on the file of an entry which was removed meanwhile does not count."""
    folder = tmp_path / "entry"
    first = EntryLock(folder)
    assert first.try_alone()
    (folder / "lock").rename(tmp_path / "elsewhere")
    assert not first.share_instead()
    assert first.try_alone()
    assert (folder / "lock").exists()
    first.release()


def test_a_home_that_is_no_folder(tmp_path: Path) -> None:
    """Where the home can't be written, the error says so."""
    (tmp_path / "code").write_text("a file")
    with pytest.raises(SourceError, match="PENSTOCK_HOME"):
        obtain(CodeCache(tmp_path / "code", 10_000), "a")


def test_a_full_disk(tmp_path: Path) -> None:
    """Where the disk is full the error says so, and nothing is left."""
    cache = CodeCache(tmp_path, 10_000)

    def fill(folder: Path) -> None:
        folder.mkdir()
        with open("/dev/full", "wb", buffering=0) as full:
            full.write(b"x")

    with pytest.raises(SourceError, match="No space left.*See to the disk"):
        cache.obtain("a", "a", SOON, fill)
    assert cache.find("a") is None
