"""Real servers, in processes of their own, as a user starts them."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import urllib3
from support import databases
from support.programs import TIMEOUT_SECONDS, environment

READY = "The server is ready at "


class Server:
    """A server's process.

    Attributes:
        home: its home folder.
        schema: of a PostgreSQL, where its record is; None where that is a file in its home.
        url: what programs set as PENSTOCK_API_URL.
    """

    def __init__(self, home: Path, port: int = 0, **more: str) -> None:
        self.home = home
        self.schema: str | None = None
        self._more = more
        self.start(port)

    def start(self, port: int = 0) -> None:
        """Start it, and return once it says that it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "penstock", "server", "start", "--port", str(port)],
            env=environment(self.home, **self._more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith(READY):
            raise AssertionError(f"{line}{self.process.communicate()[1]}")
        self.url = line.removeprefix(READY).strip()

    @property
    def port(self) -> int:
        """The port it listens on."""
        port = urllib3.util.parse_url(self.url).port
        assert port is not None
        return port

    def ask(self, method: str, path: str, **options: Any) -> urllib3.BaseHTTPResponse:
        """Send one request to a path of the server, from its root."""
        root = self.url.removesuffix("/api")
        return urllib3.request(method, f"{root}{path}", retries=False, redirect=False, timeout=60, **options)

    def let_leases_end(self, seconds: int) -> None:
        """Have all leases end so much earlier, as if the time had passed."""
        if self.schema is None:
            with closing(sqlite3.connect(self.home / "penstock.db")) as database:
                database.execute("UPDATE flow_runs SET lease_expires = lease_expires - ?", (seconds * 1_000_000,))
                database.commit()
        else:
            table = f"{self.schema}.flow_runs"
            databases.on_server(f"UPDATE {table} SET lease_expires = lease_expires - interval '{seconds} seconds'")

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send it a signal that ends it; return its exit code and what it said on standard error."""
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=TIMEOUT_SECONDS)
        return self.process.returncode, err


@contextmanager
def running(home: Path, port: int = 0, **more: str) -> Iterator[Server]:
    """Run a server for the block, and end it after it."""
    server = Server(home, port, **more)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
        server.process.wait()
        for pipe in (server.process.stdout, server.process.stderr):
            if pipe is not None:
                pipe.close()


@contextmanager
def running_on(kind: str, home: Path, **more: str) -> Iterator[Server]:
    """Run a server for the block on a database of a kind: `sqlite`, or a PostgreSQL schema of its own."""
    if kind == "sqlite":
        with running(home, **more) as server:
            yield server
        return
    databases.require_postgresql()
    schema = databases.new_schema()
    try:
        with running(home, PENSTOCK_DATABASE_URL=databases.schema_url(schema), **more) as server:
            server.schema = schema
            yield server
    finally:
        databases.drop_schema(schema)


@contextmanager
def asked_by_this_process(url: str, **settings_in_use: Any) -> Iterator[None]:
    """Have what this test itself runs and asks go to the server at `url`."""
    from penstock import settings
    from penstock.client.transport import use_transport
    from penstock.reporting.log_lines import reset_logging
    from penstock.reporting.recorder import use_recorder

    recorder, transport = use_recorder(None), use_transport(None)
    try:
        with settings.temporary_settings({"api.url": url, **settings_in_use}):
            try:
                yield
            finally:
                mine = use_recorder(recorder)
                if mine is not None:
                    mine.close()
                asked = use_transport(transport)
                if asked is not None:
                    asked.close()
                reset_logging()
    finally:
        use_recorder(recorder)
        use_transport(transport)
