"""When storage refuses: one clear message that names the file, the fact and the remedy, and all well once it is mended."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import event
from support.programs import TIMEOUT_SECONDS, written
from support.requests import batch, flow_run, task_run

from penstock.core.errors import (
    ConfigurationError,
    StorageCorrupt,
    StorageError,
    StorageFull,
    StorageReadOnly,
    StorageTooNew,
)
from penstock.local.transport import InProcessTransport, in_process_transport
from penstock.server.database.schema import REVISION
from penstock.settings import temporary_settings
from penstock.wire import operations as op
from penstock.wire.requests import ById, FlowRunQuery, TaskRunQuery

ELSEWHERE = "PENSTOCK_DATABASE_URL"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "penstock.db"


@pytest.fixture
def transport(path: Path) -> Iterator[InProcessTransport]:
    transport = InProcessTransport(path, 5.0)
    yield transport
    assert transport.checked_out() == 0
    transport.close()


def _fill(transport: InProcessTransport, batches: int = 40) -> None:
    """Record one flow run and so many batches of 50 task runs."""
    run = transport.call(op.FLOW_RUNS_CREATE, flow_run())
    for number in range(batches):
        transport.call(op.JOURNAL_APPEND, batch(*[task_run(run.id) for _ in range(50)], number=number))


def _read_everything(transport: InProcessTransport) -> None:
    page = transport.call(op.TASK_RUNS_LIST, TaskRunQuery(limit=200))
    while page.next is not None:
        page = transport.call(op.TASK_RUNS_LIST, TaskRunQuery(limit=200, after=page.next))


def _is_well(transport: InProcessTransport) -> None:
    """The database takes a run and gives it back."""
    made = transport.call(op.FLOW_RUNS_CREATE, flow_run())
    assert transport.call(op.FLOW_RUNS_READ, ById(made.id)) == made
    driver = sqlite3.connect(transport.path)
    assert driver.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    driver.close()


def _move_away(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.rename(file.with_name(f"old-{file.name}"))


# ---- not a sound database


@pytest.mark.parametrize(
    "content", [b"This is a letter, not a database. " * 200, b"SQLite format 3\0" + b"\xff" * 8192]
)
def test_an_overwritten_header(transport: InProcessTransport, path: Path, content: bytes) -> None:
    """A file that is no database is said to be damaged and left as it is; moved away, a new one is made."""
    path.write_bytes(content)
    for request in (flow_run(), flow_run()):
        with pytest.raises(StorageCorrupt, match=f"The database {path} is damaged") as error:
            transport.call(op.FLOW_RUNS_CREATE, request)
        assert "Move it away" in str(error.value)
        assert "\n" not in str(error.value)
    assert path.read_bytes() == content
    _move_away(path)
    _is_well(transport)


def test_a_torn_page(transport: InProcessTransport, path: Path) -> None:
    """Pages overwritten in the middle of the file are found when they are read, also while it is open."""
    _fill(transport)
    transport.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xa5" * (size - 3 * 4096))
    for _ in range(2):
        with pytest.raises(StorageCorrupt, match=f"The database {path} is damaged"):
            transport.call(op.TASK_RUNS_LIST, TaskRunQuery())
    _move_away(path)
    _is_well(transport)


def test_a_truncated_file(transport: InProcessTransport, path: Path) -> None:
    """A file of which the end is missing is said to be damaged."""
    _fill(transport)
    transport.close()
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(StorageCorrupt, match=f"The database {path} is damaged"):
        _read_everything(transport)
    _move_away(path)
    _is_well(transport)


# ---- not our database


def test_a_newer_schema(transport: InProcessTransport, path: Path) -> None:
    """A file of a later version is refused and left as it is, for the newer Penstock that wrote it."""
    _fill(transport, 1)
    transport.close()
    driver = sqlite3.connect(path)
    driver.execute("UPDATE alembic_version SET version_num = '0042'")
    driver.commit()
    driver.close()
    with pytest.raises(StorageTooNew, match=f"{path} was written by a newer Penstock.*'0042'.*Upgrade") as error:
        transport.call(op.FLOW_RUNS_LIST, FlowRunQuery())
    assert ELSEWHERE in str(error.value)
    driver = sqlite3.connect(path)
    driver.execute("UPDATE alembic_version SET version_num = ?", (REVISION,))
    driver.commit()
    driver.close()
    _is_well(transport)


def test_the_database_of_another_program(transport: InProcessTransport, path: Path) -> None:
    """A file with somebody else's tables is not touched."""
    driver = sqlite3.connect(path)
    driver.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY)")
    driver.close()
    with pytest.raises(StorageError, match=r"belongs to another program: it holds tables \(customers\)"):
        transport.call(op.FLOW_RUNS_CREATE, flow_run())
    driver = sqlite3.connect(path)
    assert driver.execute("SELECT name FROM sqlite_master").fetchall() == [("customers",)]
    assert driver.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    driver.close()


def test_a_folder_in_the_place_of_the_file(transport: InProcessTransport, path: Path) -> None:
    """A folder where the file should be is said to be one."""
    path.mkdir()
    with pytest.raises(StorageError, match=f"The database {path} is a folder"):
        transport.call(op.FLOW_RUNS_CREATE, flow_run())
    path.rmdir()
    _is_well(transport)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    """A home that is a file can't hold a database, and says so."""
    (tmp_path / "home").touch()
    transport = InProcessTransport(tmp_path / "home" / "penstock.db")
    with pytest.raises(StorageError, match="can't be opened"):
        transport.call(op.FLOW_RUNS_CREATE, flow_run())
    (tmp_path / "home").unlink()
    _is_well(transport)
    transport.close()


@pytest.mark.parametrize("url", ["sqlite:///", "sqlite:///:memory:", "postgresql://db.example/penstock"])
def test_an_address_that_is_no_file(url: str) -> None:
    """Without a server only a file can be recorded in, and the message says what to set."""
    with (
        temporary_settings({"database.url": url}),
        pytest.raises(ConfigurationError, match="set it to sqlite:///<path of a file>"),
    ):
        in_process_transport()


# ---- read-only

TRIES_TO_WRITE = """
    import os, sys
    sys.path.insert(0, sys.argv[1])
    from pathlib import Path
    from support.requests import flow_run
    from penstock.core.errors import StorageReadOnly
    from penstock.local.transport import InProcessTransport
    from penstock.wire import operations as op
    from penstock.wire.requests import FlowRunQuery

    home = Path(sys.argv[2])
    warm = InProcessTransport(home / "writable" / "penstock.db")
    warm.call(op.FLOW_RUNS_CREATE, flow_run())
    warm.close()
    prepared = InProcessTransport(home / "prepared" / "penstock.db")
    prepared.call(op.FLOW_RUNS_CREATE, flow_run())
    prepared.close()
    (home / "empty").mkdir()
    for folder in ("empty", "prepared"):
        os.chmod(home / folder, 0o555)
    os.chmod(home / "prepared" / "penstock.db", 0o444)
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)  # permissions mean nothing to root
    for name in ("empty/penstock.db", "empty/deeper/penstock.db", "prepared/penstock.db"):
        transport = InProcessTransport(home / name)
        try:
            transport.call(op.FLOW_RUNS_CREATE, flow_run())
        except StorageReadOnly as error:
            print(name, error)
        assert transport.checked_out() == 0
        transport.close()
"""


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_a_read_only_folder(tmp_path: Path) -> None:
    """A user who may not write the folder, or the file in it, is told which and what to do."""
    program = written(tmp_path, TRIES_TO_WRITE)
    with TemporaryDirectory() as home:  # the folders of pytest can't be entered by other users
        os.chmod(home, 0o755)
        done = subprocess.run(
            [sys.executable, str(program), str(Path(__file__).parents[1]), home],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
        for folder in ("empty", "prepared"):
            os.chmod(Path(home) / folder, 0o755)
        lines = done.stdout.splitlines()
        assert done.stderr == ""
        assert len(lines) == 3, done.stdout
        for said, name in zip(
            lines, ("empty/penstock.db", "empty/deeper/penstock.db", "prepared/penstock.db"), strict=True
        ):
            assert said.startswith(f"{name} The database {home}/{name} can't be written: ")
            assert ELSEWHERE in said
        os.chmod(Path(home) / "prepared" / "penstock.db", 0o644)
        transport = InProcessTransport(Path(home) / "prepared" / "penstock.db")
        _is_well(transport)
        assert len(transport.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items) == 2
        transport.close()


# ---- full


def _mount(*arguments: str) -> bool:
    try:
        return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not _mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)):
        pytest.skip("only root may mount a small disk; the bound on pages below stands in for it")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_read_only_disk(small_disk: Path) -> None:
    """A disk that turns read-only under an open database is said, and well again once it is writable."""
    transport = InProcessTransport(small_disk / "penstock.db")
    run = transport.call(op.FLOW_RUNS_CREATE, flow_run())
    transport.close()
    assert _mount("-o", "remount,ro", str(small_disk))
    try:
        with pytest.raises(StorageReadOnly, match=f"The database {small_disk}/penstock.db can't be written"):
            transport.call(op.JOURNAL_APPEND, batch(task_run(run.id)))
    finally:
        assert _mount("-o", "remount,rw", str(small_disk))
    _is_well(transport)
    transport.close()


def _fill_up(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            return ballast
    raise AssertionError("the disk took everything")


def _append_until_full(transport: InProcessTransport) -> int:
    """Append batches of 50 records until the disk is full; return how many were acknowledged."""
    run = transport.call(op.FLOW_RUNS_CREATE, flow_run())
    acknowledged: list[int] = []

    def append_on() -> None:
        for number in range(10_000):
            transport.call(op.JOURNAL_APPEND, batch(*[task_run(run.id) for _ in range(50)], number=number))
            acknowledged.append(number)

    with pytest.raises(StorageFull, match=f"The disk under the database {transport.path} is full. Free some space"):
        append_on()
    counted = transport.call(op.FLOW_RUNS_COUNTS, ById(run.id)).by_type
    assert counted.get("COMPLETED", 0) == 50 * len(acknowledged)
    return len(acknowledged)


def test_a_disk_that_becomes_full(small_disk: Path) -> None:
    """Nothing is acknowledged that is not kept; reading goes on; with some room all is well by itself."""
    transport = InProcessTransport(small_disk / "penstock.db")
    (small_disk / "reserve").write_bytes(b"\0" * 1_000_000)
    assert _append_until_full(transport) > 0
    (small_disk / "reserve").unlink()
    _is_well(transport)
    assert transport.checked_out() == 0
    transport.close()


def test_a_disk_that_is_full_from_the_start(small_disk: Path) -> None:
    """There is no room for the database at all: the message says so, and with room it is made."""
    ballast = _fill_up(small_disk)
    transport = InProcessTransport(small_disk / "home" / "penstock.db")
    with pytest.raises(StorageFull, match="is full. Free some space"):
        transport.call(op.FLOW_RUNS_CREATE, flow_run())
    ballast.unlink()
    _is_well(transport)
    transport.close()


def test_a_bound_on_pages(transport: InProcessTransport) -> None:
    """The same without a disk of our own: SQLite itself refuses to let the file grow."""
    _is_well(transport)
    engine = transport._server.database._opened()  # type: ignore[union-attr]

    def bound(driver: sqlite3.Connection, *_: object) -> None:
        driver.execute("PRAGMA max_page_count = 100")

    event.listen(engine, "connect", bound)
    engine.dispose()
    with pytest.raises(StorageFull, match="is full"):
        _fill(transport, 200)
    event.remove(engine, "connect", bound)
    engine.dispose()
    _is_well(transport)
