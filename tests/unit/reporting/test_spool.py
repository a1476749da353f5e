"""The spool keeps requests in order and within its bound, and gives back what a dead process left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.requests import batch, flow_run, line, proposal

from penstock.reporting.spool import Spool
from penstock.wire.operations import FLOW_RUNS_CREATE, FLOW_RUNS_PROPOSE, JOURNAL_APPEND

LIMIT = 100_000

LEAVE = """
import os, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from support.requests import batch, line
from penstock.reporting.spool import Spool
from penstock.wire.operations import JOURNAL_APPEND

spool = Spool(Path({path!r}), 100_000)
for number in range(1, 4):
    spool.append(JOURNAL_APPEND, batch(line(message=str(number)), number=number))
spool.drop_head(spool.head())
os.kill(os.getpid(), 9)
"""


def left(path: Path) -> Spool:
    """Return what a process that was killed left: three batches, of which the first was sent."""
    source = LEAVE.format(tests=str(Path(__file__).parents[2]), path=str(path))
    subprocess.run([sys.executable, "-c", source], check=False, timeout=60)
    spool = Spool.left_behind(path, LIMIT)
    assert spool is not None
    return spool


def test_requests_come_back_as_they_were_in_order(tmp_path: Path) -> None:
    """Whatever is appended comes from the front, the same and in the same order; then the file is gone."""
    spool = Spool(tmp_path / "one.spool", LIMIT)
    create = flow_run()
    entries = [
        (FLOW_RUNS_CREATE, create),
        (JOURNAL_APPEND, batch(line(create.id))),
        (FLOW_RUNS_PROPOSE, proposal(create.id, "COMPLETED")),
    ]
    assert not spool
    assert all(spool.append(*entry) for entry in entries)
    found = []
    while (entry := spool.head()) is not None:
        found.append(entry)
        spool.drop_head(entry)
    assert found == entries
    spool.close()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_appended_past_the_bound(tmp_path: Path) -> None:
    """What does not fit is refused, and fits again once there is room."""
    spool = Spool(tmp_path / "one.spool", 1_000)
    entry = JOURNAL_APPEND, batch(line(message="x" * 400))
    assert spool.append(*entry)
    assert not spool.append(JOURNAL_APPEND, batch(line(message="x" * 900)))
    head = spool.head()
    assert head == entry
    spool.drop_head(head)
    assert spool.append(*entry)
    spool.close()
    assert (tmp_path / "one.spool").stat().st_size <= 1_000


def test_what_a_dead_process_left_is_read_from_where_it_was(tmp_path: Path) -> None:
    """After `kill -9`, another process reads what was not sent, and not what was."""
    spool = left(tmp_path / "one.spool")
    found = []
    while (entry := spool.head()) is not None:
        found.append(entry[1].logs[0].message)
        spool.drop_head(entry)
    spool.close()
    assert found == ["2", "3"]


def test_the_last_is_found_behind_the_others(tmp_path: Path) -> None:
    """The request at the end is read without those before it being sent; a torn one is none."""
    path = tmp_path / "one.spool"
    spool = left(path)
    last, head = spool.last(), spool.head()
    assert last is not None
    assert head is not None
    assert (last[1].logs[0].message, head[1].logs[0].message) == ("3", "2")
    spool.close()
    path.write_bytes(path.read_bytes()[:-3])
    torn = Spool.left_behind(path, LIMIT)
    assert torn is not None
    assert torn.last() is None
    torn.close()


def test_a_torn_end_costs_no_more_than_itself(tmp_path: Path) -> None:
    """Where the last entry was not written whole, those before it are read."""
    path = tmp_path / "one.spool"
    left(path).close()
    path.write_bytes(path.read_bytes()[:-3])
    spool = Spool.left_behind(path, LIMIT)
    assert spool is not None
    entry = spool.head()
    assert entry is not None
    assert entry[1].logs[0].message == "2"
    spool.drop_head(entry)
    assert spool.head() is None
    spool.close()


def test_what_two_threads_sent_is_taken_away_once(tmp_path: Path) -> None:
    """Where a program ends while its reporter still waits for an answer, both send the front; the next one stays."""
    spool = Spool(tmp_path / "one.spool", LIMIT)
    for number in (1, 2):
        spool.append(JOURNAL_APPEND, batch(line(message=str(number))))
    sent, sent_too = spool.head(), spool.head()
    assert sent is not None
    assert sent_too is not None
    spool.drop_head(sent)
    unsent = spool.head()
    spool.drop_head(sent_too)
    assert unsent is not None
    assert spool.head() is unsent
    assert unsent[1].logs[0].message == "2"
    spool.close()


def test_a_file_that_is_no_spool_is_left_alone(tmp_path: Path) -> None:
    """A stranger's file is not read, nor changed; nor is one that is not there made."""
    path = tmp_path / "one.spool"
    assert Spool.left_behind(path, LIMIT) is None
    path.write_bytes(b"something else entirely")
    assert Spool.left_behind(path, LIMIT) is None
    assert path.read_bytes() == b"something else entirely"
