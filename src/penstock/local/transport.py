"""The transport that carries operations to the server inside this process."""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

from penstock import settings
from penstock.core.errors import ConfigurationError, StorageBusy, StorageFull, StorageReadOnly
from penstock.local import owners as owner_locks
from penstock.local.deaths import Coroner
from penstock.local.owners import Owners
from penstock.server.database.database import Database
from penstock.server.database.dialects.sqlite import Sqlite
from penstock.server.dispatcher import Dispatcher
from penstock.settings.setting import without_password
from penstock.wire.flow_runs import FlowRunCreate
from penstock.wire.operations import Operation
from penstock.wire.streams import Download

Request = TypeVar("Request")
Response = TypeVar("Response")

_SQLITE_PREFIX = "sqlite:///"
_FORK_PATIENCE_SECONDS = 10.0


class InProcessTransport:
    """Calls the server's handlers directly, on a database that is opened with the first call.

    It can be used from several threads, and after a fork by parent and child.

    Parameters:
        path: the SQLite file.
        busy_timeout_seconds: how long to wait for other processes that write to it.
    """

    def __init__(self, path: Path, busy_timeout_seconds: float = 30.0) -> None:
        self.path = path
        self._busy_timeout_seconds = busy_timeout_seconds
        self._owners = Owners(path.parent / "owners")
        self._opening = threading.Lock()
        self._server: Dispatcher | None = None
        self._held: set[str] = set()
        _transports.add(self)

    def call(self, operation: Operation[Request, Response], request: Request) -> Response:
        """Carry `operation` out and return its answer, once what it wrote is committed. See `Transport.call`."""
        server = self._server or self._open()
        owner = _owner_in(request)
        if owner is not None and owner not in self._held:
            # Before the write: a run must not be seen without the lock of its process.
            self._owners.hold(owner)
            self._held.add(owner)
        return server.call(operation, request)

    def download(self, download: Download, request: Any) -> Iterator[bytes]:
        """Yield the parts of a file, as they are read. See `Transport.download`."""
        yield from (self._server or self._open()).download(download, request)

    def close(self) -> None:
        """Let go of connections and files. A closed transport opens anew when it is called."""
        with self._opening:
            server, self._server = self._server, None
            held, self._held = self._held, set()
        if server is not None:
            server.close()
        for owner in held:
            self._owners.let_go(owner)

    def checked_out(self) -> int:
        """Return how many connections to the database are in use."""
        return 0 if self._server is None else self._server.database.checked_out()

    def _open(self) -> Dispatcher:
        with self._opening:
            if self._server is None:
                database = Database(Sqlite(self.path, self._busy_timeout_seconds), self._busy_timeout_seconds)
                server = Dispatcher(database)
                self._sweep(server)
                self._server = server
            return self._server

    def _sweep(self, server: Dispatcher) -> None:
        try:
            server.sweep(Coroner(self._owners))
        except (StorageReadOnly, StorageFull, StorageBusy):
            return  # Reading may work all the same; the next one to open the database sweeps.
        self._owners.remove_old()

    def _ready_to_fork(self, stack: ExitStack) -> None:
        # A child must neither inherit an SQLite connection nor a lock that a thread of the parent holds.
        if self._opening.acquire(timeout=_FORK_PATIENCE_SECONDS):
            stack.callback(self._opening.release)
        if self._server is not None:
            stack.enter_context(self._server.ledger.paused(_FORK_PATIENCE_SECONDS))
            self._server.database.close_idle()

    def _begin_anew(self) -> None:
        # Kept for ever: what other threads had open must not be closed here, as that would reach into the parent's files.
        _inherited.append(self._server)
        self._opening = threading.Lock()
        self._server = None
        self._held = set()


def in_process_transport() -> InProcessTransport:
    """Return a transport to the database that the settings name.

    Raises:
        ConfigurationError: it is no SQLite file.
    """
    database = settings.current().database
    path = database.url.removeprefix(_SQLITE_PREFIX)
    if path == database.url or not path or path == ":memory:":
        raise ConfigurationError(
            f"PENSTOCK_DATABASE_URL is {without_password(database.url)!r}. Without a server, runs are recorded in an "
            f"SQLite file: set it to sqlite:///<path of a file>, or unset it."
        )
    return InProcessTransport(Path(path).absolute(), database.busy_timeout_seconds)


def _owner_in(request: Any) -> str | None:
    if isinstance(request, FlowRunCreate):
        return None if request.start is None else request.start.owner
    owner: str | None = getattr(request, "owner", None)
    return owner


_transports: weakref.WeakSet[InProcessTransport] = weakref.WeakSet()
_inherited: list[Dispatcher | None] = []
_inherited_locks: list[ExitStack] = []
_forking = threading.Lock()
_until_forked = ExitStack()


def _before_fork() -> None:
    _forking.acquire()
    for transport in sorted(_transports, key=id):
        transport._ready_to_fork(_until_forked)


def _after_fork_in_parent() -> None:
    _until_forked.close()
    _forking.release()


def _after_fork_in_child() -> None:
    global _forking, _until_forked
    _inherited_locks.append(_until_forked)
    _forking, _until_forked = threading.Lock(), ExitStack()
    owner_locks.forget_after_fork()
    for transport in list(_transports):
        transport._begin_anew()


def _close_all() -> None:
    for transport in list(_transports):
        transport.close()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
