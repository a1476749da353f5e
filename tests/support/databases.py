"""Databases of every kind for tests: an SQLite file each, and a PostgreSQL schema for each process of the tests."""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from penstock.server.database.database import Database
from penstock.server.database.dialects.postgresql import Postgresql
from penstock.server.database.dialects.sqlite import Sqlite
from penstock.settings.table import Database as Settings
from penstock.settings.table import Settings as AllSettings

KINDS = ("sqlite", "postgresql")

SERVER = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://postgres@127.0.0.1:5432/test")
"""A PostgreSQL whose user may make schemas, roles and databases."""


def settings_for(url: str, **values: object) -> Settings:
    """Return the settings of a database at `url`; `values` by their names in the group."""
    return AllSettings({f"database.{name}": value for name, value in {"url": url, **values}.items()}, {}).database


@cache
def _fault() -> str | None:
    try:
        psycopg.connect(SERVER, connect_timeout=5).close()
    except psycopg.Error as error:
        return f"no PostgreSQL at {SERVER}: {error}"
    return None


def require_postgresql() -> None:
    """Skip the test where there is no PostgreSQL; in CI, fail it."""
    fault = _fault()
    if fault is not None and os.environ.get("CI"):
        pytest.fail(f"{fault}. CI needs one; set TEST_POSTGRESQL_URL or start it there.")
    if fault is not None:
        pytest.skip(fault)


def on_server(statement: str, address: str = SERVER) -> list[tuple[object, ...]]:
    """Carry out a statement as the administrator of the test's server and return its rows."""
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


_FORGOTTEN_AFTER_SECONDS = 6 * 3600


def new_schema() -> str:
    """Make a schema and return its name; it is dropped when this process ends, or hours later if that was killed."""
    name = f"penstock_{int(time.time())}_{uuid4().hex[:8]}"
    on_server(f"CREATE SCHEMA {name}")
    for (other,) in on_server("SELECT nspname FROM pg_namespace WHERE nspname ~ '^penstock_[0-9]{10}_'"):
        if int(str(other).split("_")[1]) < time.time() - _FORGOTTEN_AFTER_SECONDS:
            on_server(f"DROP SCHEMA IF EXISTS {other} CASCADE")
    atexit.register(drop_schema, name)
    return name


def drop_schema(name: str) -> None:
    """Drop a schema, and end what still uses it."""
    on_server(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{name}'")
    on_server(f"DROP SCHEMA IF EXISTS {name} CASCADE")


def schema_url(schema: str) -> str:
    """Return the address of a schema; sessions there bear its name, so that tests can find them."""
    separator = "&" if "?" in SERVER else "?"
    return f"{SERVER}{separator}options=-csearch_path%3D{schema}&application_name={schema}"


@contextmanager
def own_postgresql() -> Iterator[str]:
    """Make a whole database and yield its address, for tests that look at plans.

    A plan goes by what VACUUM has found, and that leaves alone what a transaction in the same database may still see,
    be it another test's.
    """
    name = f"penstock_{int(time.time())}_{uuid4().hex[:8]}"
    on_server(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(SERVER)._replace(path=f"/{name}").geturl()
    finally:
        on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def postgresql(schema: str, **values: object) -> Database:
    """Return the database in a schema."""
    return Database(Postgresql(settings_for(schema_url(schema), **values)), 5.0)


def sqlite(folder: Path) -> Database:
    """Return a database in a folder."""
    return Database(Sqlite(folder / "penstock.db", 5.0), 5.0)


@cache
def shared_schema() -> str:
    """Return the schema that the tests of this process use one after another."""
    return new_schema()


def empty(schema: str) -> None:
    """Leave nothing in the tables of a schema."""
    tables = on_server(f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'")
    ours = [f"{schema}.{name}" for (name,) in tables if name != "alembic_version"]
    if ours:
        on_server(f"TRUNCATE {', '.join(ours)}")
