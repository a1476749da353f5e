"""A server, a worker and a deployment on a schedule, all on this machine: watch its runs arrive.

    python examples/demo.py      at a terminal it goes on until Ctrl-C; elsewhere it ends after a few runs

The flow is the one of `survey.py`, over a small part of Python's standard library. Whatever is started here ends with
this program. The record lies in a home of its own, so that nothing of it gets in the way of yours.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from survey import LIBRARY, survey

from penstock.client import Client, get_client
from penstock.core.state_type import TERMINAL_STATES
from penstock.settings import current, temporary_settings
from penstock.wire.flow_runs import FlowRun, FlowRunFilter

POOL = "demo"
EVERY_SECONDS = 3
RUNS_WITHOUT_A_TERMINAL = 3
LOOK_SECONDS = 0.2
END_SECONDS = 15.0


def free_port() -> int:
    """Return the port that servers listen on by default; where it is taken, 0: any other."""
    wanted = current().server.port
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            print(f"Port {wanted} is taken, so the server takes another.")
            return 0
    return wanted


def own_environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment without your settings: neither your database nor your server is to know of the demo."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PENSTOCK_")}
    return {**kept, "PENSTOCK_HOME": str(home), **more}


@contextmanager
def program(home: Path, *arguments: str, ready: str, **more: str) -> Iterator[str]:
    """Run a command of `penstock` for the block; yields what it said, once it is ready.

    Parameters:
        home: its home folder, where what it logs is kept, too.
        arguments: the command.
        ready: how the line begins in which it says that it is ready; the rest of that line is yielded.
        more: variables of its environment.
    """
    log = home / f"{arguments[0]}.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "penstock", *arguments],
            env=own_environment(home, **more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,  # Ctrl-C comes to this program alone, which ends the others in order
        )
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line.startswith(ready):
                raise SystemExit(f"`penstock {' '.join(arguments)}` did not start:\n{line}{log.read_text()}")
            yield line.removeprefix(ready).strip()
        finally:
            end(process)


def end(process: subprocess.Popen[str]) -> None:
    """Ask a program to end, and wait until it has; one that takes too long is killed."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # asked for once is enough: what is started is ended in order
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def arrivals(client: Client, deployment_id: UUID) -> Iterator[FlowRun]:
    """Yield the runs of a deployment that start from now on, as they end, for ever."""
    ended = FlowRunFilter(
        deployment_ids=[deployment_id], started_after=datetime.now(UTC), state_types=sorted(TERMINAL_STATES)
    )
    told: set[UUID] = set()
    while True:
        for run in reversed(client.flow_runs.list(filter=ended).items):
            if run.id not in told:
                told.add(run.id)
                yield run
        time.sleep(LOOK_SECONDS)


def show(run: FlowRun) -> None:
    """Print a line about a run that has ended."""
    took = f"{run.total_run_seconds:.1f} s" if run.start_time is not None else "not started"
    print(
        f"  {datetime.now().astimezone():%H:%M:%S}  {run.state.name:<10} {run.flow_name} / {run.name:<22} {took}",
        flush=True,
    )


def watch(home: Path, url: str) -> None:
    """Deploy the survey, and show its runs as they arrive."""
    with temporary_settings({"api.url": url, "home": home}), get_client() as client:
        deployment_id = survey.deploy(
            "every-few-seconds",
            work_pool_name=POOL,
            interval=EVERY_SECONDS,
            parameters={"library": LIBRARY / "email", "database": home / "survey.sqlite"},
            print_next_steps=False,
        )
        stays = sys.stdin is not None and sys.stdin.isatty()
        until = "until you press Ctrl-C" if stays else f"{RUNS_WITHOUT_A_TERMINAL} of them"
        print(
            f"Deployed survey/every-few-seconds: a run every {EVERY_SECONDS} s. Here they arrive, {until}:\n",
            flush=True,
        )
        runs = arrivals(client, deployment_id)
        try:
            for run in runs if stays else islice(runs, RUNS_WITHOUT_A_TERMINAL):
                show(run)
        finally:
            client.deployments.update(deployment_id, paused=True)  # no run is to wait for the next time
        print(f"\n$ penstock flow-run inspect {run.id}\n", flush=True)
        inspect = [sys.executable, "-m", "penstock", "flow-run", "inspect", str(run.id)]
        subprocess.run(inspect, env=own_environment(home, PENSTOCK_API_URL=url), check=True)


def main() -> None:
    """Start all of it, show what comes, and end all of it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    home = current().home / "demo"
    home.mkdir(parents=True, exist_ok=True)
    with suppress(KeyboardInterrupt), ExitStack() as stack:
        url = stack.enter_context(
            program(home, "server", "start", "--port", str(free_port()), ready="The server is ready at ")
        )
        print(f"The server is ready at {url}")
        worker = program(home, "worker", "start", "--pool", POOL, ready="Worker ", PENSTOCK_API_URL=url)
        print(f"Worker {stack.enter_context(worker)}")
        watch(home, url)
    print(f"\nAll of it has ended. Its record is kept; to look at it:\n\n  PENSTOCK_HOME={home} penstock server start")


if __name__ == "__main__":
    main()
