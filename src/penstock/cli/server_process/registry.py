"""Which servers of this home run: each holds a lock on a file of its own, which the system ends with it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import msgspec

from penstock.core.errors import ConfigurationError
from penstock.settings.private_folder import make_private_folder


class RunningServer(msgspec.Struct, frozen=True):
    """A server that runs, or ran.

    Attributes:
        process: its number.
        url: what clients set as `PENSTOCK_API_URL`.
        database: the address of its database, without secrets.
        started: when; UTC.
    """

    process: int
    url: str
    database: str
    started: datetime


class Registry:
    """The servers of one home.

    Parameters:
        home: the folder that holds everything of this user's.
    """

    def __init__(self, home: Path) -> None:
        self.folder = home / "servers"

    @contextmanager
    def registered(self, port: int, server: RunningServer) -> Iterator[None]:
        """Be known as the server at `port` within the block."""
        make_private_folder(self.folder)
        path = self.folder / f"{port}.json"
        with _lock_held(path) as file:
            if file is None:
                raise ConfigurationError(f"A server of this home says that it has port {port} already: {path}.")
            os.ftruncate(file, 0)
            os.write(file, msgspec.json.encode(server))
            try:
                yield
            finally:
                with suppress(OSError):
                    path.unlink()

    def running(self) -> list[RunningServer]:
        """Return the servers that run, in the order of their ports."""
        found = [server for path in sorted(self.folder.glob("*.json")) if (server := _if_running(path)) is not None]
        return sorted(found, key=lambda server: server.started)


@contextmanager
def only_server_of(database_file: Path) -> Iterator[None]:
    """Be the only server of an SQLite file within the block.

    Raises:
        ConfigurationError: another one is.
    """
    make_private_folder(database_file.parent)
    path = database_file.with_name(f"{database_file.name}.server")
    with _lock_held(path) as file:
        if file is None:
            raise ConfigurationError(
                f"Another server serves {database_file}. `penstock server status` shows it, `penstock server stop` stops it; "
                "set PENSTOCK_DATABASE_URL or PENSTOCK_HOME to serve another database."
            )
        yield


@contextmanager
def _lock_held(path: Path) -> Iterator[int | None]:
    """Hold the lock of the file at `path` within the block, and give the file; None where another process holds it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield file
    finally:
        os.close(file)


def _if_running(path: Path) -> RunningServer | None:
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        try:
            return msgspec.json.decode(path.read_bytes(), type=RunningServer)
        except (OSError, msgspec.DecodeError):
            return None  # it is just being written, or just gone
    else:
        return None
    finally:
        os.close(file)
