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
