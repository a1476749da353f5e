"""The systems Penstock is measured beside, each in a virtual environment of its own under `.bench/`."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = ROOT / ".bench"
INSTALL_TIMEOUT_SECONDS = 900


class PeerMissing(Exception):
    """A peer could not be installed; the message says why."""


@dataclass(frozen=True)
class Peer:
    """One system that runs the cases.

    Attributes:
        name: what the table calls it.
        cases: the folder under `cases/` that holds its scripts.
        requirements: what pip installs; empty for Penstock, which runs in the environment that `make` sets up.
    """

    name: str
    cases: str
    requirements: tuple[str, ...] = ()

    @property
    def home(self) -> Path:
        """The peer's virtual environment."""
        return ENVIRONMENTS / self.name

    @property
    def python(self) -> Path:
        """The interpreter that runs its scripts."""
        return self.home / "bin" / "python" if self.requirements else Path(sys.executable)


PENSTOCK = Peer("penstock", "flow_api")
PEERS = (
    # Prefect 3.8.8 does not start with a newer FastAPI.
    Peer("prefect", "flow_api", ("prefect==3.8.8", "fastapi==0.145.*")),
    Peer("dbos", "dbos", ("dbos==2.*",)),
    Peer("dask", "dask", ("distributed>=2025.1",)),
    Peer("ray", "ray", ("ray>=2.40",)),
    Peer("luigi", "luigi", ("luigi==3.*",)),
    Peer("dagster", "dagster", ("dagster==1.*",)),
)


def environment() -> dict[str, str]:
    """Return the environment that scripts and installs run in: byte code is written and no other project is seen."""
    hidden = ("PYTHON", "PENSTOCK_", "PREFECT_", "DBOS_", "DAGSTER_", "RAY_", "DASK_", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)}


def install(peer: Peer) -> None:
    """Install `peer` unless the same requirements are installed already.

    Raises:
        PeerMissing: it could not be installed.
    """
    stamp = peer.home / "installed"
    wanted = "\n".join(peer.requirements)
    if not peer.requirements or (stamp.exists() and stamp.read_text() == wanted):
        return
    _run([sys.executable, "-m", "venv", "--clear", str(peer.home)])
    _run([str(peer.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer.requirements])
    # A package may carry templates that are not Python: what does not compile is none of ours.
    subprocess.run(
        [str(peer.python), "-m", "compileall", "-q", str(peer.home / "lib")],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=INSTALL_TIMEOUT_SECONDS,
        check=False,
    )
    stamp.write_text(wanted)


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command, env=environment(), capture_output=True, text=True, timeout=INSTALL_TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise PeerMissing(f"installing took longer than {INSTALL_TIMEOUT_SECONDS} s") from error
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise PeerMissing(lines[-1] if lines else f"exit status {done.returncode}")


def version(peer: Peer) -> str:
    """Return the version of `peer` that its environment holds."""
    package = "distributed" if peer.name == "dask" else peer.name
    asked = f"from importlib.metadata import version; print(version({package!r}))"
    done = subprocess.run(
        [str(peer.python), "-c", asked], env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout.strip() or "unknown"
