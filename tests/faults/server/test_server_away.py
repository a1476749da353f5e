"""A server that goes away, and answers that get lost, change nothing about what is recorded in the end."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support import databases
from support.programs import ran, written
from support.proxies import proxy_before
from support.record import flow_runs, history, logs, only_flow_run, task_runs
from support.servers import Server, asked_by_this_process, running, running_on

from penstock import flow, get_run_logger, task
from penstock.core import clock
from penstock.reporting.recorder import current_recorder

NO_PATIENCE = {"api.retry_seconds": 0, "recording.flush_interval_seconds": 0.01}


@pytest.fixture(params=databases.KINDS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    with running_on(request.param, tmp_path / "server") as one:
        yield one


@task
def double(x: int) -> int:
    get_run_logger().info("doubling %d", x)
    return 2 * x


@flow
def inner(x: int) -> int:
    return double(x)


def test_lost_answers_change_nothing(server: Server) -> None:
    """When every third answer is lost after its commit, each run, state, task run and log line is recorded once."""

    @flow
    def unlucky() -> list[int]:
        return [inner(number) for number in range(10)]

    with proxy_before(server.port) as proxy:
        proxy.lose = lambda number: number % 3 == 0
        with asked_by_this_process(proxy.url, **{"recording.flush_interval_seconds": 0.01}):
            assert unlucky() == [2 * number for number in range(10)]
        assert proxy.lost > 5
    with asked_by_this_process(server.url):
        runs = flow_runs()
        assert len(runs) == 11
        assert {history(run) for run in runs} == {"Pending Running Completed"}
        assert [history(run) for run in task_runs() if run.task_name == "double"] == ["Pending Running Completed"] * 10
        said = [line.message for line in logs() if line.message.startswith("doubling")]
        assert sorted(said) == [f"doubling {number}" for number in range(10)]


def test_flows_go_on_while_the_server_is_away(server: Server, tmp_path: Path) -> None:
    """Killed in the middle of a flow and back before its end: all is recorded in order, with the times it happened at."""
    spools = tmp_path / "program"
    moments = []

    @flow
    def outer() -> list[int]:
        before = double(1)
        port = server.port
        server.end(signal.SIGKILL)
        moments.append(clock.now())
        away = [double(2), inner(3)]
        moments.append(clock.now())
        assert list(spools.glob("spool/*/*.spool"))
        server.start(port)
        return [before, *away, double(4), inner(5)]

    with asked_by_this_process(server.url, home=str(spools), **NO_PATIENCE):
        assert outer() == [2, 4, 6, 8, 10]
    assert not list(spools.glob("spool/*/*.spool"))
    with asked_by_this_process(server.url):
        runs = {run.flow_name: run for run in flow_runs()}
        assert {history(run) for run in flow_runs()} == {"Pending Running Completed"}
        assert len(flow_runs()) == 3
        while_away = next(run for run in flow_runs() if run.parameters == {"x": 3})
        assert moments[0] <= while_away.states[0].timestamp <= while_away.states[-1].timestamp <= moments[1]
        assert runs["outer"].state.name == "Completed"
        doubles = [run for run in task_runs() if run.task_name == "double"]
        assert [history(run) for run in doubles] == ["Pending Running Completed"] * 5
        within = [run for run in doubles if moments[0] <= run.states[0].timestamp <= moments[1]]
        assert len(within) == 2
        assert all(run.states[-1].timestamp <= moments[1] for run in within)
        said = [line.message for line in logs() if line.message.startswith("doubling")]
        assert said == [f"doubling {number}" for number in range(1, 6)]


PROGRAM = """
    from penstock import flow, task

    @task
    def double(x):
        return 2 * x

    @flow(name="{name}")
    def work():
        return [double(number) for number in range(100)]

    print(sum(work()))
"""


def test_what_a_program_could_not_tell_the_next_one_does(tmp_path: Path) -> None:
    """A program whose server never answers keeps its record on disk, and says where; the next program sends it."""
    with running(tmp_path / "server") as server:
        port = server.port
        server.end()
        away = {"PENSTOCK_API_URL": server.url, "PENSTOCK_API_RETRY_SECONDS": "0"}
        first = ran(
            written(tmp_path, PROGRAM.format(name="first"), "first.py"),
            tmp_path / "home",
            **away,
            PENSTOCK_RECORDING_SHUTDOWN_TIMEOUT_SECONDS="0",
        )
        assert (first.returncode, first.stdout) == (0, "9900\n")
        assert ".spool: the next program that reports to it sends it." in first.stderr
        server.start(port)
        second = ran(written(tmp_path, PROGRAM.format(name="second"), "second.py"), tmp_path / "home", **away)
        assert (second.returncode, second.stderr.count("penstock:")) == (0, 0), second.stderr
        assert not list((tmp_path / "home").glob("spool/*/*.spool"))
        with asked_by_this_process(server.url):
            assert [(run.flow_name, history(run)) for run in flow_runs()] == [
                ("first", "Pending Running Completed"),
                ("second", "Pending Running Completed"),
            ]
            assert len(task_runs()) == 200


CLOSED = """
    import os, sys
    from penstock import flow, get_run_logger, task

    @task(log_prints=True)
    def speak():
        print("a line")

    @flow
    def closed():
        get_run_logger().warning("logged")
        speak()

    {closing}
    closed()
"""


def test_a_program_without_streams_whose_server_is_away(tmp_path: Path) -> None:
    """Where nobody can be told that the server does not answer, the record is kept and sent later all the same."""
    with running(tmp_path / "server") as server:
        port = server.port
        server.end()
        away = {"PENSTOCK_API_URL": server.url, "PENSTOCK_API_RETRY_SECONDS": "0"}
        no_patience = {"PENSTOCK_RECORDING_SHUTDOWN_TIMEOUT_SECONDS": "0"}
        closings = [
            "sys.stdout.close(); sys.stderr.close()",
            "sys.stdout = sys.stderr = None",
            "os.close(1); os.close(2)",
        ]
        for closing in closings:
            program = written(tmp_path, CLOSED.format(closing=closing), "closed.py")
            done = ran(program, tmp_path / "home", **away, **no_patience)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), closing
        server.start(port)
        assert ran(written(tmp_path, PROGRAM.format(name="next")), tmp_path / "home", **away).returncode == 0
        with asked_by_this_process(server.url):
            assert [history(run) for run in flow_runs(flow_names=["closed"])] == ["Pending Running Completed"] * 3
            assert [line.message for line in logs()].count("a line") == 3


class AheadClock(clock.Clock):
    """The system's clock, moved forward.

    Attributes:
        seconds: how far.
    """

    seconds = 0.0

    def now(self) -> datetime:
        """Return the present instant, moved."""
        return super().now() + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Return the seconds, moved."""
        return super().monotonic() + self.seconds

    def elapsed(self) -> float:
        """Return the seconds, moved."""
        return super().elapsed() + self.seconds


@pytest.fixture
def ahead() -> Iterator[AheadClock]:
    """A clock that goes, and can be moved forward."""
    moved = AheadClock()
    replaced = clock.use(moved)
    yield moved
    clock.use(replaced)


def test_ten_minutes_without_a_server(
    server: Server, tmp_path: Path, ahead: AheadClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """A flow whose server is away for ten minutes goes on; the bound holds, and what is sent has its order and its times.

    Log lines give way to states, and how many did is said. The run is not taken for dead, although its lease has ended.
    """
    minutes, lines, bound = 10, 40, 120_000
    home = tmp_path / "program"
    moments: list[datetime] = []
    sizes: list[int] = []

    @flow
    def long() -> int:
        double(-1)
        port = server.port
        server.end(signal.SIGKILL)
        for number in range(2 * minutes):
            ahead.seconds += 30
            moments.append(clock.now())
            for which in range(lines):
                get_run_logger().info("waiting %d.%d %s", number, which, "x" * 80)
            double(number)
            current_recorder().flush()
            sizes.append(sum(path.stat().st_size for path in home.glob("spool/*/*.spool")))
        moments.append(clock.now())
        server.let_leases_end(60 * minutes)
        server.start(port)
        return 7

    bounds = {"recording.spool_max_bytes": bound}
    with asked_by_this_process(server.url, home=str(home), **NO_PATIENCE, **bounds):
        assert long() == 7
    assert bound / 2 < max(sizes) <= bound
    assert sizes == sorted(sizes)
    assert not list(home.glob("spool/*/*.spool"))
    (dropped,) = re.findall(r"(\d+) log lines of this process came too fast", capsys.readouterr().err)
    with asked_by_this_process(server.url):
        run = only_flow_run()
        assert history(run) == "Pending Running Completed"
        assert (run.states[-1].timestamp - run.states[0].timestamp).total_seconds() > 60 * minutes
        while_away = [one for one in task_runs() if one.states[0].timestamp > moments[0]]
        assert [history(one) for one in while_away] == ["Pending Running Completed"] * 2 * minutes
        for one, before, after in zip(while_away, moments, moments[1:], strict=False):
            assert before <= one.states[0].timestamp <= one.states[-1].timestamp <= after
        said = [line for line in logs() if line.message.startswith("waiting")]
        assert 0 < len(said) < 2 * minutes * lines
        assert [line.timestamp for line in said] == sorted(line.timestamp for line in said)
        assert len({line.message for line in said}) == len(said)
        doubled = [line for line in logs() if line.message.startswith("doubling")]
        logged = 2 * minutes * (lines + 1) + 1
        assert len(said) + len(doubled) + int(dropped) in (logged, logged + 1)  # the run's last line is ours


def test_a_full_spool_slows_the_flow_and_is_said(server: Server, tmp_path: Path) -> None:
    """Where nothing more fits on disk, nothing breaks: the work is done, and what is not recorded is counted."""

    @flow
    def large() -> int:
        server.end(signal.SIGKILL)
        for number in range(300):
            double(number)
        return 7

    bounds = {
        "recording.spool_max_bytes": 2_000,
        "recording.journal_limit": 20,
        "recording.shutdown_timeout_seconds": 0,
    }
    with asked_by_this_process(server.url, home=str(tmp_path / "program"), **NO_PATIENCE, **bounds):
        assert large() == 7
    kept = list((tmp_path / "program").glob("spool/*/*.spool"))
    assert sum(path.stat().st_size for path in kept) <= 2_000


def test_one_flow_run_without_any_trouble(server: Server, tmp_path: Path) -> None:
    """Where nothing goes wrong nothing is kept on disk."""
    with asked_by_this_process(server.url, home=str(tmp_path / "program")):
        assert inner(1) == 2
        assert history(only_flow_run()) == "Pending Running Completed"
    assert not (tmp_path / "program" / "spool").exists()
