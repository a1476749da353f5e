"""Deployments that a program of the user's serves, and runs that other programs ask for."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from support.programs import TIMEOUT_SECONDS, command, environment, ran, written
from support.servers import Server

SERVES = """
from penstock import flow, serve


@flow
def greets(name: str = "nobody"):
    print(f"hello {name}", flush=True)
    return name


if __name__ == "__main__":
    serve(greets.to_deployment("by-hand", parameters={"name": "Ann"}))
"""

ASKS = """
from penstock import flow
from penstock.deployments import run_deployment


@flow
def asks():
    run = run_deployment("greets/by-hand", parameters={"name": "Bob"}, timeout=60)
    print(run.state.name, run.parameters)
    return str(run.parent_flow_run_id is not None)


if __name__ == "__main__":
    print(asks())
"""

ASKS_ASYNC = """
import asyncio

from penstock.deployments import arun_deployment, run_deployment


async def main():
    run = await run_deployment("greets/by-hand", timeout=60, idempotency_key="once")
    # By position, to the eighth: what stands there must arrive.
    again = await arun_deployment("greets/by-hand", None, None, None, None, 60, 5, None, "once")
    print(run.state.name, run.parameters, again.id == run.id)


asyncio.run(main())
"""


def _serving(program: Path, server: Server) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, str(program)],
        env=environment(server.home, PENSTOCK_API_URL=server.url),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=program.parent,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "Serving greets/by-hand\n"
    return process


def test_served_and_asked_for(server: Server, tmp_path: Path) -> None:
    """A program serves a flow; others have it run, as a flow's own run or from async code, and wait for the end."""
    serving = _serving(written(tmp_path, SERVES, "serves.py"), server)
    try:
        asked = ran(written(tmp_path, ASKS, "asks.py"), server.home, PENSTOCK_API_URL=server.url)
        assert asked.returncode == 0, asked.stderr
        assert asked.stdout.splitlines() == ["Completed {'name': 'Bob'}", "True"]
        asked = ran(written(tmp_path, ASKS_ASYNC, "asks_async.py"), server.home, PENSTOCK_API_URL=server.url)
        assert asked.returncode == 0, asked.stderr
        assert asked.stdout == "Completed {'name': 'Ann'} True\n"
        serving.send_signal(signal.SIGTERM)
        _, err = serving.communicate(timeout=TIMEOUT_SECONDS)
        assert serving.returncode == 0, err
    finally:
        serving.kill()
        serving.communicate()


def test_bad_parameters_are_refused_in_one_line(server: Server, tmp_path: Path) -> None:
    """Whoever asks with parameters that the flow does not take is told which, before any run is made."""
    serving = _serving(written(tmp_path, SERVES, "serves.py"), server)
    try:
        program = """
        from penstock.deployments import run_deployment
        from penstock.exceptions import PenstockException

        try:
            run_deployment("greets/by-hand", parameters={"name": 1})
        except PenstockException as error:
            print(type(error).__name__, "name" in str(error))
        """
        asked = ran(written(tmp_path, program, "asks.py"), server.home, PENSTOCK_API_URL=server.url)
        assert asked.stdout == "InvalidRequest True\n", asked.stderr
    finally:
        serving.kill()
        serving.communicate()


def test_without_a_server(tmp_path: Path) -> None:
    """Serving, and working, without a server is refused in one line that names the remedy."""
    program = """
    from penstock import flow


    @flow
    def greets():
        pass


    if __name__ == "__main__":
        try:
            greets.serve("by-hand")
        except Exception as error:
            print(type(error).__name__, error)
    """
    served = ran(written(tmp_path, program, "serves.py"), tmp_path)
    assert served.stdout.startswith("ConfigurationError Workers, and programs that serve deployments, need a server")
    done = command(tmp_path, "worker", "start", "--pool", "pool")
    assert done.returncode == 1
    assert "penstock server start --background" in done.stderr
    assert "Traceback" not in done.stderr
