"""A system's server: for the cases that report to one it is started before the clock runs, and killed after it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from peers import Peer

START_TIMEOUT_SECONDS = 120
_PAUSE_SECONDS = 0.02
# Where proc(5) has them, counted from what follows the program's name.
_USER_TIME, _SYSTEM_TIME = 11, 12


class ServerMissing(Exception):
    """A server did not start; the message says why."""


@dataclass(frozen=True)
class Running:
    """A server that is ready.

    Attributes:
        url: where its API is.
        process: the server.
        ready_seconds: from its start until it said that it is ready.
    """

    url: str
    process: subprocess.Popen[bytes]
    ready_seconds: float

    def memory_bytes(self) -> int:
        """Return what the process holds of the machine's memory now."""
        return self._status("VmRSS")

    def most_memory_bytes(self) -> int:
        """Return the most that the process has held."""
        return self._status("VmHWM")

    def processor_seconds(self) -> float:
        """Return how long the process has had a processor, all its threads together."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[_USER_TIME]) + int(fields[_SYSTEM_TIME])) / os.sysconf("SC_CLK_TCK")

    def _status(self, name: str) -> int:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        found = next(line for line in lines if line.startswith(f"{name}:"))
        return int(found.split()[1]) * 1_024


@contextmanager
def serving(peer: Peer, home: Path, environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """Run the server of `peer` for the block, and give the environment in which programs report to it.

    Raises:
        ServerMissing: it did not start.
    """
    with running(peer, home, environment) as server:
        yield {**environment, f"{peer.name.upper()}_API_URL": server.url}


@contextmanager
def running(peer: Peer, home: Path, environment: dict[str, str]) -> Iterator[Running]:
    """Run the server of `peer` for the block.

    Raises:
        ServerMissing: it did not start.
    """
    port = _free_port()
    program = Path(peer.python).with_name(peer.name)
    url = f"http://127.0.0.1:{port}/api"
    began = time.perf_counter()
    with (home / "server.txt").open("ab") as output:
        process = subprocess.Popen(
            [str(program), "server", "start", "--port", str(port)],
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_for(f"{url}/ready", process)
        yield Running(url, process, time.perf_counter() - began)
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  - the address is our own
                return
        except (urllib.error.URLError, OSError):
            time.sleep(_PAUSE_SECONDS)
    raise ServerMissing("its server did not start")
