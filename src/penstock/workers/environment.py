"""The environment of a run's process: what it needs, and nothing else of the worker's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING

from penstock import settings

if TYPE_CHECKING:
    from penstock.wire.flow_runs import FlowRun

FLOW_RUN_ID = "PENSTOCK__FLOW_RUN_ID"
ATTEMPT = "PENSTOCK__FLOW_RUN_ATTEMPT"

_OF_THE_SYSTEM = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "PYTHONPATH",
    "PYTHONHOME",
    "VIRTUAL_ENV",
    "LD_LIBRARY_PATH",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
)
_OURS = "PENSTOCK_"
_NOT_FOR_RUNS = ("PENSTOCK_SERVER_", "PENSTOCK_API_KEY", "PENSTOCK_WORKER_", "PENSTOCK__")
_OF_THE_DATABASE = "PENSTOCK_DATABASE_"

token: ContextVar[str | None] = ContextVar("penstock_run_token", default=None)
"""What the process of the run that is being prepared shows the server instead of a key."""


def base_environment(flow_run: FlowRun) -> dict[str, str]:
    """Return what every run's process finds in its environment, wherever it is started."""
    current = settings.current()
    env = run_environment(flow_run)
    if current.api.url is not None:
        env["PENSTOCK_API_URL"] = current.api.url
    key = token.get()
    if key is not None:
        env["PENSTOCK_API_KEY"] = key
    return env


def run_environment(flow_run: FlowRun) -> dict[str, str]:
    """Return what says which run a process is there for; no deployment may say otherwise."""
    return {FLOW_RUN_ID: str(flow_run.id), ATTEMPT: str(flow_run.attempt)}


def local_environment(of_worker: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what a process on the worker's own machine has from the worker's environment.

    The system's variables, those that say how Python finds its modules, and Penstock's settings: without the keys and
    addresses that are the worker's or a server's own.
    """
    environment = os.environ if of_worker is None else of_worker
    env = {name: environment[name] for name in _OF_THE_SYSTEM if name in environment}
    reports = settings.current().api.url is not None
    for name, value in environment.items():
        if name.startswith(_OURS) and not name.startswith(_NOT_FOR_RUNS):
            if reports and name.startswith(_OF_THE_DATABASE):
                continue  # its runs tell the server, and must not be able to go past it
            env[name] = value
    env["PENSTOCK_HOME"] = str(settings.current().home)
    return env


def run_environment_names() -> frozenset[str]:
    """Return the variables that say which run it is: what differs between two runs of one deployment."""
    return frozenset({FLOW_RUN_ID, ATTEMPT, "PENSTOCK_API_KEY"})
