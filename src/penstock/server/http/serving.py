"""A server from its start to its end: it listens, sweeps, and on SIGTERM lets requests under way end first."""

from __future__ import annotations

import errno
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from penstock.core.errors import ConfigurationError
from penstock.server.caretaker import Caretaker
from penstock.server.dispatcher import Dispatcher
from penstock.server.http.app import Application
from penstock.server.http.metrics import Metrics
from penstock.server.http.options import ServerOptions
from penstock.server.loop import Loop
from penstock.server.loops.backfiller import Backfiller
from penstock.server.loops.lateness import Lateness
from penstock.server.loops.pauses import ExpiredPauses
from penstock.server.loops.purger import Purger
from penstock.server.loops.scheduler import Scheduler
from penstock.server.loops.sweeper import Judges, Sweeper
from penstock.server.loops.waiting import WaitingRuns
from penstock.server.loops.workers import Workers

_BACKLOG = 2_048
_MOST_HEADER_BYTES = 64 * 1024
_IDLE_SECONDS = 75
_LOOPS_END_SECONDS = 10.0


def listening_socket(options: ServerOptions) -> socket.socket:
    """Return a socket that listens where `options` say.

    Raises:
        ConfigurationError: it can't, most often because another program listens there.
    """
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    # The protocol is named: without it asyncio does not switch Nagle's algorithm off, and every answer takes 40 ms more.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((options.host, options.port))
        listener.listen(_BACKLOG)
        return listener
    except (OSError, OverflowError) as error:
        listener.close()
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        fact = "is taken by another program" if taken else f"can't be listened on ({error})"
        remedy = "`penstock server status` says whether it is a server of yours; --port takes another one."
        raise ConfigurationError(f"Port {options.port} of {options.host} {fact}. {remedy}") from error


def address_of(listener: socket.socket, host: str) -> str:
    """Return the address that clients set as `PENSTOCK_API_URL`."""
    port = listener.getsockname()[1]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{name}:{port}/api"


def serve(
    server: Dispatcher,
    options: ServerOptions,
    listener: socket.socket,
    judges: Judges,
    on_ready: Callable[[], None],
) -> None:
    """Serve until the process is asked to end (SIGTERM, SIGINT); then let requests under way end, and return.

    Parameters:
        server: what carries operations out; it is closed at the end.
        options: keys and bounds.
        listener: a socket that listens.
        judges: makes what says of a run's process how it is known to be gone.
        on_ready: called once requests are answered.
    """
    application = Application(server, options)
    caretaker = Caretaker(server, _loops(server, options, judges, application.metrics))
    application.metrics.watch_loops(caretaker)
    config = uvicorn.Config(
        application,
        lifespan="off",
        http="h11",  # the one that bounds headers while they come in
        ws="none",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=max(1, round(options.drain_seconds)),
        # Who a request comes from is not asked anywhere; so no header is believed about it.
        proxy_headers=False,
    )
    caretaker.start()
    try:
        _Serving(config, on_ready, application.end_waits).run(sockets=[listener])
    finally:
        caretaker.stop(_LOOPS_END_SECONDS)
        application.lanes.close()
        server.close()


def _loops(server: Dispatcher, options: ServerOptions, judges: Judges, metrics: Metrics) -> list[Loop]:
    """Return what the server does by itself; each is measured."""
    sweeper = Sweeper(server, judges, options.sweep_seconds, options.grace_seconds)
    metrics.watch_sweeper(sweeper)
    purger = Purger(server, options.keeping, options.purge_seconds, options.purge_rows)
    metrics.watch_purger(purger)
    waiting = WaitingRuns(server, options.limits, options.sweep_seconds, options.grace_seconds)
    workers = Workers(server, options.sweep_seconds, options.grace_seconds)
    seconds = options.schedule_seconds
    scheduling = [Scheduler(server, seconds), Lateness(server, seconds), Backfiller(server, seconds)]
    return [sweeper, waiting, workers, ExpiredPauses(server, options.sweep_seconds), purger, *scheduling]


class _Serving(uvicorn.Server):
    """uvicorn's server, which says when it is ready, and whose end by a signal is an ordinary one."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None], end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._end_streams = end_streams

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let requests under way end; streams never do, so they are ended."""
        self._end_streams()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals that ask for an end."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        replaced = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in replaced.items():
                signal.signal(number, handler)
