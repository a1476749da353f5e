"""PostgreSQL servers of a test's own, which it may stop, crash and start."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

import pytest

_USER = "postgres"


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "")]
    return found[-1].parent if found[-1].is_file() else None


class Cluster:
    """A PostgreSQL server in a folder of its own.

    Parameters:
        settings: of its configuration.
    """

    def __init__(self, **settings: object) -> None:
        binaries = _binaries()
        if binaries is None:
            pytest.fail("CI needs PostgreSQL's own programs") if os.environ.get("CI") else pytest.skip("no initdb here")
        self._binaries = binaries
        self._folder = Path(mkdtemp(prefix="penstock-pg-"))
        if os.geteuid() == 0:
            shutil.chown(self._folder, _USER)
        with closing(socket.create_server(("127.0.0.1", 0))) as listener:
            self._port: int = listener.getsockname()[1]
        self.url = f"postgresql://{_USER}@127.0.0.1:{self._port}/postgres"
        self._call("initdb", f"--username={_USER}", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        lines = {"port": self._port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", **settings}
        with (self._folder / "data/postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in lines.items())
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._call("pg_ctl", "start", "--wait", "--silent", f"--log={self._folder}/log")

    def crash(self) -> None:
        """Stop it at once, as a power cut does: the next start recovers."""
        self._call("pg_ctl", "stop", "--mode=immediate", "--wait", "--silent")

    def remove(self) -> None:
        """Stop it and delete all it has."""
        self._call("pg_ctl", "stop", "--mode=immediate", "--silent", check=False)
        shutil.rmtree(self._folder)

    def _call(self, program: str, *arguments: str, check: bool = True) -> None:
        command = [str(self._binaries / program), f"--pgdata={self._folder}/data", *arguments]
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            command = ["runuser", "--user", _USER, "--", *command]
        # Not to a pipe: the server would keep it open, and this would wait for the server's end.
        with (self._folder / "out").open("a") as out:
            done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False)
        if check and done.returncode:
            raise AssertionError(f"{program} failed: {(self._folder / 'out').read_text()}")
