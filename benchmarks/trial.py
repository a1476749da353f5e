"""One run of one script by one system: its own process, home and folder, and a bound on its time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

import peers
from measures import Case
from peers import Peer
from servers import ServerMissing, serving

CASES = Path(__file__).parent / "cases"
Figures = dict[str, float]


class TrialFailed(Exception):
    """A script did not report; the message says why."""


def run(case: Case, peer: Peer) -> Figures:
    """Run `case` on `peer` in a home of its own and return its figures, in seconds and bytes.

    Raises:
        TrialFailed: the script failed, or was killed after the case's time.
    """
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as home:
        folder = Path(home)
        environment = environment_of(peer, folder)
        try:
            with serving(peer, folder, environment) if case.server else nullcontext(environment) as environment:
                if case.warm:
                    _process(case, peer, folder, environment)
                return _process(case, peer, folder, environment)
        except ServerMissing as error:
            raise TrialFailed(str(error)) from error


def _process(case: Case, peer: Peer, home: Path, environment: dict[str, str]) -> Figures:
    script = CASES / peer.cases / f"{case.script}.py"
    command = [str(peer.python), str(script), str(case.sizes[peer.name]), *case.arguments]
    errors = home / "errors.txt"
    with errors.open("wb") as stderr:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=home,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=case.timeout_seconds)
            seconds = time.perf_counter() - started
        except subprocess.TimeoutExpired:
            raise TrialFailed(f"killed after {case.timeout_seconds:.0f} s") from None
        finally:
            _end(process)
    if process.returncode:
        raise TrialFailed(_last_line(errors.read_text(errors="replace")) or f"exit status {process.returncode}")
    return {**json.loads(_last_line(output.decode())), "process_seconds": seconds}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever the script left running: its session is its own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def environment_of(peer: Peer, home: Path) -> dict[str, str]:
    """Give every system a home of its own, no console logs, and no calls to the outside."""
    return {
        **peers.environment(),
        "BENCH_SDK": peer.name,
        "PENSTOCK_HOME": str(home / "penstock"),
        "PENSTOCK_LOGGING_LEVEL": "ERROR",
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_LOGGING_LEVEL": "ERROR",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
        "DO_NOT_TRACK": "1",
        "DAGSTER_HOME": str(home),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "RAY_USAGE_STATS_ENABLED": "0",
    }


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""
