"""A real container engine for tests: podman, by the socket that speaks Docker's language, and an image of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

IMAGE = "localhost/penstock-tests:latest"
"""An image with nothing in it: what runs in its containers is this machine's, mounted."""

_PATIENCE_SECONDS = 60.0

# Without systemd, and with no more than a container's init may ask for within another container.
_CONFIGURATION = """
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""

_FOLDERS = (
    "usr",
    "lib",
    "lib64",
    "bin",
    "etc",
    "tmp",
    "proc",
    "sys",
    "dev",
    "root",
    "run",
    "var",
    "work",
    "home",
    "opt",
)


def require_podman() -> None:
    """Skip the test where there is no podman; in CI, fail it."""
    missing = [name for name in ("podman", "runc") if shutil.which(name) is None]
    fault = f"no {' and no '.join(missing)} here" if missing else "podman needs root here" if os.geteuid() else None
    if fault is not None and os.environ.get("CI"):
        pytest.fail(f"{fault}. scripts/podman installs it.")
    if fault is not None:
        pytest.skip(fault)


@contextmanager
def engine(folder: Path) -> Iterator[dict[str, str]]:
    """Run podman's socket for the block; yield the variables by which a program finds it.

    Parameters:
        folder: for its files, with a short path: a socket's may have 108 characters.
    """
    require_podman()
    configuration = folder / "containers.conf"
    configuration.write_text(_CONFIGURATION)
    variables = {**os.environ, "CONTAINERS_CONF": str(configuration)}
    _make_image(folder, variables)
    socket = folder / "podman.sock"
    service = subprocess.Popen(
        ["podman", "system", "service", "--time=0", f"unix://{socket}"],
        env=variables,
        cwd=folder,  # where it notes that a container ran out of memory
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(socket, service)
        yield {"DOCKER_HOST": f"unix://{socket}"}
    finally:
        _remove_ours(variables)
        service.terminate()
        service.wait()


def _make_image(folder: Path, variables: dict[str, str]) -> None:
    root = folder / "root"
    for name in _FOLDERS:
        (root / name).mkdir(parents=True, exist_ok=True)
    archive = folder / "root.tar"
    subprocess.run(["tar", "-C", str(root), "-cf", str(archive), "."], check=True)
    subprocess.run(
        ["podman", "import", "--quiet", str(archive), IMAGE], check=True, env=variables, stdout=subprocess.DEVNULL
    )


def _remove_ours(variables: dict[str, str]) -> None:
    """Remove what killed workers have left."""
    command = ["podman", "ps", "--all", "--quiet", "--filter", "label=penstock.io/flow-run-id"]
    found = subprocess.run(command, check=True, env=variables, capture_output=True, text=True).stdout.split()
    if found:
        remove = ["podman", "rm", "--force", "--time", "0", *found]
        subprocess.run(remove, check=False, env=variables, capture_output=True)


def _await(socket: Path, service: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not socket.exists():
        if service.poll() is not None or time.monotonic() > until:
            pytest.fail("podman's socket did not come up.")
        os.sched_yield()


def of_this_machine(*more: Path) -> dict[str, object]:
    """Return the job variables by which a container finds this machine's Python, the code under test, and `more`."""
    places = {Path("/usr"), Path("/lib"), Path("/lib64"), Path("/bin"), Path(sys.prefix), Path(sys.base_prefix)}
    places |= {Path(__file__).resolve().parents[3], *more}
    return {
        "image": IMAGE,
        "image_pull_policy": "Never",
        "network_mode": "host",
        "volumes": [f"{place}:{place}" for place in sorted(places) if place.exists()],
        "env": {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"},
    }
