"""The database that the settings name, opened for a server in this process."""

from __future__ import annotations

from pathlib import Path

from penstock.core.errors import ConfigurationError
from penstock.server.database.database import Database
from penstock.server.database.dialects.sqlite import Sqlite
from penstock.settings import Settings
from penstock.settings.setting import without_password

_SQLITE_PREFIX = "sqlite:///"


def sqlite_file(url: str) -> Path | None:
    """Return the file that a database's address names; None where it names none."""
    path = url.removeprefix(_SQLITE_PREFIX)
    return None if path == url or not path or path == ":memory:" else Path(path).absolute()


def database_at(settings: Settings) -> Database:
    """Return the database that `settings` name.

    Raises:
        ConfigurationError: it is of no kind that can be served.
    """
    database = settings.database
    if database.url.partition("://")[0].partition("+")[0].lower() == "postgresql":
        # Only here: SQLite is not to wait for the import of another dialect.
        try:
            from penstock.server.database.dialects.postgresql import Postgresql
        except ImportError as error:
            raise ConfigurationError(
                f"PENSTOCK_DATABASE_URL names a PostgreSQL, and its driver can't be loaded ({error}). Run: pip install "
                "'penstock[postgresql]'"
            ) from error
        return Database(Postgresql(database), database.lock_timeout_seconds)
    file = sqlite_file(database.url)
    if file is None:
        raise ConfigurationError(
            f"PENSTOCK_DATABASE_URL is {without_password(database.url)!r}. "
            f"Set it to sqlite:///<path of a file> or to postgresql://<user>@<host>/<database>, or unset it."
        )
    sqlite = Sqlite(file, database.busy_timeout_seconds, database.statement_timeout_seconds)
    return Database(sqlite, database.busy_timeout_seconds)
