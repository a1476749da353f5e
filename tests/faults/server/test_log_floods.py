"""A program that logs more than can be kept: lines are cut, or dropped and counted; states are not touched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support import databases
from support.programs import ran, written
from support.record import history, only_flow_run, task_runs
from support.servers import asked_by_this_process, running_on

from penstock.client.transport import call
from penstock.wire.logs import LogRecord
from penstock.wire.operations import LOGS_LIST
from penstock.wire.requests import LOG_PAGE_LIMIT, LogQuery

LINES = 100_000

FLOODS = f"""
    from penstock import flow, get_run_logger, task

    @task
    def nothing(number):
        pass

    @flow
    def floods():
        log = get_run_logger()
        log.info("long %s", "x" * 10_000_000)
        log.info("undecodable %s", b"caf\\xe9 \\xff".decode("utf-8", "surrogateescape"))
        for number in range({LINES}):
            log.info("line %d", number)
            if number % 1_000 == 0:
                nothing(number)
        return 7

    print(floods())
"""


def all_lines() -> list[LogRecord]:
    """Return every line on record."""
    found: list[LogRecord] = []
    after: str | None = None
    while True:
        page = call(LOGS_LIST, LogQuery(limit=LOG_PAGE_LIMIT, after=after))
        found += page.items
        after = page.next
        if after is None:
            return found


@pytest.mark.parametrize("kind", databases.KINDS)
def test_a_flood_of_lines(kind: str, tmp_path: Path) -> None:
    """100,000 lines as fast as they come, one of 10 MB and one that is no text: all is kept, or cut, or counted."""
    with running_on(kind, tmp_path / "server") as server:
        done = ran(
            written(tmp_path, FLOODS),
            tmp_path / "home",
            PENSTOCK_API_URL=server.url,
            PENSTOCK_LOGGING_TO_CONSOLE="false",
            PENSTOCK_RECORDING_JOURNAL_LIMIT="500",
        )
        assert (done.returncode, done.stdout) == (0, "7\n"), done.stderr
        (dropped,) = re.findall(r"(\d+) log lines of this process came too fast, and are not recorded", done.stderr)
        with asked_by_this_process(server.url):
            assert history(only_flow_run()) == "Pending Running Completed"
            assert [history(run) for run in task_runs()] == ["Pending Running Completed"] * (LINES // 1_000)
            kept = [line.message for line in all_lines()]
    (long,) = [message for message in kept if message.startswith("long")]
    assert len(long) < 100_000
    assert long.endswith("(10000005 characters)")
    assert "undecodable caf? ?" in kept
    numbers = [int(message.removeprefix("line ")) for message in kept if message.startswith("line ")]
    assert numbers == sorted(set(numbers))
    theirs = [message for message in kept if message.startswith(("line ", "long", "undecodable"))]
    assert LINES + 2 <= len(theirs) + int(dropped) <= LINES + 4  # the first and the last line of the flow run are ours
