"""A server in this process: its database, its locks, and the judge of which runs are dead."""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from datetime import datetime
from pathlib import Path

from penstock.cli.server_process.registry import Registry, RunningServer, only_server_of
from penstock.core import clock
from penstock.local.deaths import Coroner
from penstock.local.opening import database_at, sqlite_file
from penstock.local.owners import Owners
from penstock.reporting.json_lines import JsonFormatter
from penstock.server.dispatcher import Dispatcher
from penstock.server.http.options import ServerOptions
from penstock.server.http.serving import address_of, listening_socket, serve
from penstock.server.loops.sweeper import Judges
from penstock.server.rules.scheduling import Scheduling
from penstock.server.services.leases import HeldRun
from penstock.server.sweep import Judge
from penstock.settings import Settings
from penstock.settings.setting import without_password

_PATIENCE_SECONDS = 5.0
"""For how long a request deletes; what is left of it, the server deletes by and by. A client waits longer than that."""


_MENDED_SQLITE = (3, 51, 3)
_OLD_SQLITE = (
    "SQLite {} can damage a database in rare cases when several programs carry its log over at once (mended in 3.51.3). "
    "Penstock's processes take turns, so they don't: let no other program write to the file."
)


def notes_on(settings: Settings) -> list[str]:
    """Return what whoever starts a server should know of its database."""
    if sqlite_file(settings.database.url) is None or sqlite3.sqlite_version_info >= _MENDED_SQLITE:
        return []
    return [_OLD_SQLITE.format(sqlite3.sqlite_version)]


def serve_here(settings: Settings, options: ServerOptions, on_ready: Callable[[RunningServer], None]) -> None:
    """Serve the database that the settings name until this process is asked to end.

    Parameters:
        settings: of this process.
        options: where, to whom and within which bounds.
        on_ready: called once requests are answered.

    Raises:
        ConfigurationError: the port or the database is another server's.
        StorageError: the database can't be opened.
    """
    _log_to_standard_error(as_json=settings.logging.json)
    file = sqlite_file(settings.database.url)
    with ExitStack() as stack:
        stack.enter_context(nullcontext() if file is None else only_server_of(file))
        listener = stack.enter_context(listening_socket(options))
        server = Dispatcher(database_at(settings), _PATIENCE_SECONDS, scheduling_of(settings), options.keeping)
        judges = judges_of(file)
        # Opens the database, too: what is wrong with it is said now.
        now = server.database.ask(server.database.dialect.now)
        if not judges.by_leases_alone:
            server.sweep(_only_certain(judges.judge_at(now), now))
        url = address_of(listener, options.host)
        running = RunningServer(os.getpid(), url, without_password(settings.database.url), clock.now())
        stack.enter_context(Registry(settings.home).registered(listener.getsockname()[1], running))
        serve(server, options, listener, judges, lambda: on_ready(running))


def scheduling_of(settings: Settings) -> Scheduling:
    """Return how runs of schedules are made ahead by a server with these settings."""
    group = settings.scheduling
    return Scheduling(group.max_scheduled_runs, group.horizon_days, group.late_after_seconds)


def judges_of(database_file: Path | None) -> Judges:
    """Return what makes judges for the runs of a database.

    Beside an SQLite file lie the locks of the processes that write to it themselves; the others have their leases alone.
    """
    if database_file is None:
        return Judges(by_lease, by_leases_alone=True)
    owners = Owners(database_file.parent / "owners")
    return Judges(lambda _now: _Judge(Coroner(owners)))


def by_lease(now: datetime) -> Judge:
    """Return a judge that goes by leases alone, at the instant `now`."""

    def judge(run: HeldRun) -> str | None:
        if run.expires is None or run.expires >= now:
            return None
        host, number = [*run.owner.split(":"), "?"][:2]
        return (
            f"Its process, number {number} on {host}, gave no sign of life: its lease ended at "
            f"{run.expires.isoformat(timespec='seconds')}."
        )

    return judge


class _Judge:
    """Judges by lock where there is one; what was reported over HTTP has none, whatever machine its process is on."""

    def __init__(self, coroner: Coroner) -> None:
        self._coroner = coroner

    def __call__(self, run: HeldRun) -> str | None:
        if run.expires is None and self._coroner.knows_nothing_of(run.owner):
            return None
        return self._coroner(run)


def _only_certain(judge: Judge, now: datetime) -> Judge:
    """Return a judge that leaves leases alone: nobody could renew one while there was no server."""

    def certain(run: HeldRun) -> str | None:
        ended = run.expires is not None and run.expires < now
        return None if ended else judge(run)

    return certain


def _log_to_standard_error(*, as_json: bool) -> None:
    handler = logging.StreamHandler(sys.stderr)
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonFormatter(plain) if as_json else plain)
    for name in ("penstock.server", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
