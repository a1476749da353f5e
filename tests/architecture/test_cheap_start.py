"""Starting is cheap: what every program imports loads nothing that only some programs need."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Each costs milliseconds, and none is needed before the first flow runs.
HEAVY_MODULES = {
    "alembic",
    "asyncio",
    "click",
    "cloudpickle",
    "concurrent.futures.process",
    "cronsim",
    "cryptography",
    "dateutil",
    "email",
    "fastapi",
    "fsspec",
    "greenlet",
    "http.client",
    "httpx",
    "importlib.metadata",
    "jinja2",
    "msgspec",
    "multiprocessing",
    "numpy",
    "opentelemetry",
    "penstock.client.http",
    "penstock.engine.tracing",
    "penstock.reporting.backlog",
    "prometheus_client",
    "pandas",
    "polars",
    "pydantic",
    "pydantic_core",
    "rich",
    "sqlalchemy",
    "sqlite3",
    "ssl",
    "starlette",
    "tomllib",
    "unittest",
    "urllib3",
    "urllib.request",
    "uvicorn",
    "yaml",
}

DEFINITIONS = """
from penstock import flow, task

@task(retries=3, tags={"a"})
def double(x: int) -> int:
    return 2 * x

@flow(log_prints=True)
def pipeline(x: int = 1) -> int:
    return double(x)
"""


def modules_after(statement: str) -> set[str]:
    """Run a statement in a new interpreter and list what it loaded beyond a bare start."""
    program = f"import sys\nbefore = set(sys.modules)\n{statement}\nprint(*(set(sys.modules) - before))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(result.stdout.split())


@pytest.mark.parametrize("statement", ["import penstock", "from penstock import flow, task"])
def test_importing_loads_nothing_heavy(statement: str) -> None:
    """The first line of every program loads none of the modules that cost."""
    assert modules_after(statement) & HEAVY_MODULES == set()


def test_defining_loads_nothing_heavy() -> None:
    """Decorating functions, as every imported module of flows does, loads none of them either."""
    assert modules_after(DEFINITIONS) & HEAVY_MODULES == set()


@pytest.mark.parametrize("module", ["penstock.testing", "penstock.testing.utilities"])
def test_importing_the_harness_loads_nothing_heavy(module: str) -> None:
    """A test module that imports the harness pays for nothing before it is used."""
    assert modules_after(f"import {module}") & HEAVY_MODULES == set()


def test_the_check_sees_what_is_loaded() -> None:
    """A module that is imported is found."""
    assert modules_after("import sqlite3") & HEAVY_MODULES >= {"sqlite3"}


RUN = f"""
{DEFINITIONS}
pipeline()
"""

ONLY_FOR_A_SERVERS_CLIENT = {
    "urllib3",
    "penstock.client.http",
    "penstock.reporting.backlog",
    "penstock.reporting.spool",
}
ONLY_FOR_THE_RECORD_ON_THIS_MACHINE = {"sqlalchemy", "sqlite3", "penstock.server", "penstock.local"}
ONLY_FOR_A_SERVER = {"starlette", "uvicorn", "prometheus_client"}


def test_running_without_traces_loads_nothing_of_them() -> None:
    """A run that makes no spans pays nothing for those that others make."""
    assert modules_after(RUN) & {"opentelemetry", "penstock.engine.tracing"} == set()


def test_recording_on_this_machine_loads_no_client() -> None:
    """A run without a server's address loads nothing that speaks to one, and nothing that serves."""
    assert modules_after(RUN) & (ONLY_FOR_A_SERVERS_CLIENT | ONLY_FOR_A_SERVER) == set()


def test_reporting_to_a_server_loads_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that reports to a server loads neither a database nor the server's core."""
    monkeypatch.setenv("PENSTOCK_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PENSTOCK_API_RETRY_SECONDS", "0")
    monkeypatch.setenv("PENSTOCK_RECORDING_SHUTDOWN_TIMEOUT_SECONDS", "0")
    monkeypatch.setenv("PENSTOCK_RECORDING_HAND_OVER_SECONDS", "0")
    loaded = modules_after(RUN)
    assert loaded & (ONLY_FOR_THE_RECORD_ON_THIS_MACHINE | ONLY_FOR_A_SERVER) == set()
    assert "urllib3" in loaded
