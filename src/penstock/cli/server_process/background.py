"""A server that outlives the command that starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import msgspec

from penstock.cli.server_process.registry import Registry, RunningServer
from penstock.core import clock
from penstock.server.http.options import ServerOptions
from penstock.settings import Settings
from penstock.settings.private_folder import make_private_folder

_READY_FILE = "_PENSTOCK_SERVER_READY"
"""The variable that holds the number of the pipe by which a server tells its starter that it is ready."""

_STOPPING_SECONDS = 10.0
_PAUSE_SECONDS = 0.02
_PATIENCE_SECONDS = 2.0
_LAST_BYTES = 4_000


def start_in_background(settings: Settings, options: ServerOptions) -> RunningServer:
    """Start a server in a process of its own, and return once it is ready.

    Raises:
        ClickException: it ended before it was; the message is its own.
    """
    folder = settings.home / "servers"
    make_private_folder(folder)
    log = folder / f"{options.port}.log"
    reading, writing = os.pipe()
    with open(reading, "rb") as pipe, log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "penstock", "server", "start", "--host", options.host, "--port", str(options.port)],
            env={**os.environ, _READY_FILE: str(writing)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=output,
            pass_fds=(writing,),
            start_new_session=True,
            cwd=Path.cwd(),
        )
        os.close(writing)
        told = pipe.read()  # all of it: the server closes its end, or ends
    if not told:
        process.wait()
        raise click.ClickException(_last_words(log))
    return msgspec.json.decode(told, type=RunningServer)


def tell_starter(running: RunningServer) -> None:
    """Tell the command that started this process, if one did, that the server is ready."""
    number = os.environ.pop(_READY_FILE, None)
    if number is not None:
        with open(int(number), "wb") as pipe:
            pipe.write(msgspec.json.encode(running))


def stopped(registry: Registry, server: RunningServer, drain_seconds: float) -> None:
    """Ask `server` to end, and return when it has.

    Raises:
        ClickException: it may not be asked, or it does not end.
    """
    try:
        os.kill(server.process, signal.SIGTERM)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise click.ClickException(
            f"Process {server.process} is another user's, so it can't be stopped: {error}."
        ) from error
    until = clock.current().monotonic() + drain_seconds + _STOPPING_SECONDS
    while server in registry.running():
        if clock.current().monotonic() > until:
            raise click.ClickException(
                f"Process {server.process} does not end. `kill -9 {server.process}` ends it; nothing is lost."
            )
        clock.current().sleep(_PAUSE_SECONDS)


def answers(server: RunningServer) -> bool:
    """Whether `server` answers."""
    import urllib3

    try:
        answer = urllib3.request("GET", f"{server.url}/health", timeout=_PATIENCE_SECONDS, retries=False)
    except urllib3.exceptions.HTTPError:
        return False
    return answer.status == 200


def _last_words(log: Path) -> str:
    words = log.read_bytes()[-_LAST_BYTES:].decode("utf-8", "replace").strip().splitlines()
    return f"The server did not start. {words[-1] if words else 'It said nothing.'} Its log is {log}."
