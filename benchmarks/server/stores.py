"""The databases that are measured: made, copied, looked into and dropped, each kind by its own means."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from penstock.server.database.database import Database
from penstock.server.database.dialects.postgresql import Postgresql
from penstock.server.database.dialects.sqlite import Sqlite
from penstock.settings.table import Settings


class Store(ABC):
    """One database of one kind.

    Attributes:
        url: its address.
        kind: `sqlite` or `postgresql`.
    """

    kind: str
    url: str

    @abstractmethod
    def open(self) -> Database:
        """Return the database, as the server opens it."""

    @abstractmethod
    def exists(self) -> bool:
        """Whether it is there."""

    @abstractmethod
    def make(self) -> None:
        """Make room for it."""

    @abstractmethod
    def copy_from(self, other: Store) -> None:
        """Become a copy of another one of the same kind."""

    @abstractmethod
    def drop(self) -> None:
        """Leave nothing of it."""

    @abstractmethod
    def settle(self) -> None:
        """Do what the database does by itself sooner or later, so that it is not measured."""

    @abstractmethod
    def size_bytes(self) -> int:
        """Return how much of the disk it takes."""


class SqliteStore(Store):
    """A file."""

    kind = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path
        self.url = f"sqlite:///{path}"

    def open(self) -> Database:
        """Return the file as a database."""
        return Database(Sqlite(self._path, 30.0), 30.0)

    def exists(self) -> bool:
        """Whether the file is there."""
        return self._path.exists()

    def make(self) -> None:
        """Make its folder."""
        self._path.parent.mkdir(parents=True, exist_ok=True)

    def copy_from(self, other: Store) -> None:
        """Copy the file."""
        assert isinstance(other, SqliteStore)
        self.make()
        shutil.copyfile(other._path, self._path)

    def drop(self) -> None:
        """Delete the file and those that lie beside it."""
        for path in self._path.parent.glob(f"{self._path.name}*"):
            path.unlink()

    def settle(self) -> None:
        """Do nothing: closing it has carried the log over."""

    def size_bytes(self) -> int:
        """Return the size of the file."""
        return self._path.stat().st_size


class PostgresqlStore(Store):
    """A database of a server whose user may make databases."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self._name = urlsplit(url).path.removeprefix("/")
        self._server = urlsplit(url)._replace(path="/postgres").geturl()

    def open(self) -> Database:
        """Return the database as the server opens it."""
        return Database(Postgresql(Settings({"database.url": self.url}, {}).database), 30.0)

    def exists(self) -> bool:
        """Whether the server has it."""
        return bool(self._say("SELECT count(*) FROM pg_database WHERE datname = %s", self._name))

    def make(self) -> None:
        """Have the server make it."""
        self._say(f'CREATE DATABASE "{self._name}"')

    def copy_from(self, other: Store) -> None:
        """Have the server copy it."""
        assert isinstance(other, PostgresqlStore)
        self._say(f'CREATE DATABASE "{self._name}" TEMPLATE "{other._name}"')

    def drop(self) -> None:
        """Have the server drop it, whoever uses it."""
        self._say(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')

    def settle(self) -> None:
        """Have it vacuumed."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")

    def size_bytes(self) -> int:
        """Return what the server says."""
        size = self._say("SELECT pg_database_size(%s)", self._name)
        assert size is not None
        return size

    def _say(self, statement: str, *values: str) -> int | None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            row = cursor.fetchone() if cursor.description else None
            return None if row is None else int(row[0])


def store_at(url: str) -> Store:
    """Return the database at an address."""
    if url.startswith("sqlite:///"):
        return SqliteStore(Path(url.removeprefix("sqlite:///")))
    return PostgresqlStore(url)
