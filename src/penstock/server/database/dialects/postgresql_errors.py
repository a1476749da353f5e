"""What PostgreSQL and its driver mean by their errors, said with the place, the fact and the remedy."""

from __future__ import annotations

from psycopg import Error, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from penstock.core.errors import (
    StorageBusy,
    StorageCorrupt,
    StorageError,
    StorageFull,
    StorageReadOnly,
    StorageUnreachable,
)
from penstock.settings.table import Database as Settings

# Codes of https://www.postgresql.org/docs/current/errcodes-appendix.html
_BROKEN_OFF = {"40001", "40P01"}  # for the sake of another transaction: again, it succeeds
_AWAY = {"57P01", "57P02", "57P03", "57P05", "25P03", "25P04"}  # shut down, starting, or it let go of our session
_LOCKED = {"55P03"}
_TOO_LONG = {"57014"}
_CROWDED = {"53300"}
_FULL = {"53100"}
_READ_ONLY = {"25006", "42501"}
_DAMAGED = {"XX001", "XX002"}

# A refused connection has no code, only words; where a server speaks another language, its words are passed on.
_STARTING = ("the database system is", "server closed the connection unexpectedly")
_REFUSALS = (
    ("password authentication failed", "Correct the user or the password in PENSTOCK_DATABASE_URL."),
    ("no password supplied", "Put the password in PENSTOCK_DATABASE_URL, or in ~/.pgpass."),
    ("authentication failed", "Correct the user in PENSTOCK_DATABASE_URL, or the server's pg_hba.conf."),
    ("no pg_hba.conf entry", "Let this machine and user in by the server's pg_hba.conf."),
    ("role ", "Correct the user in PENSTOCK_DATABASE_URL, or make it: CREATE ROLE … LOGIN."),
    ("database ", "Correct the name in PENSTOCK_DATABASE_URL, or make the database: CREATE DATABASE …."),
    ("ssl", "Correct `sslmode` in PENSTOCK_DATABASE_URL, or the server's certificate."),
)


def passes(error: BaseException) -> bool:
    """Whether `error` need not be met again when the same is tried once more."""
    if not isinstance(error, Error):
        return False
    code = error.sqlstate
    if code is not None:
        return code in _BROKEN_OFF or code in _AWAY or code.startswith("08")
    return isinstance(error, (OperationalError, InterfaceError)) and _refusal(error) is None


def of(error: BaseException, place: str, settings: Settings) -> StorageError | None:
    """Return what `error` means; None where the fault is in a statement, not in the database."""
    if isinstance(error, PoolTimeoutError):
        return in_use(place, settings)
    if not isinstance(error, Error):
        return None
    code = error.sqlstate
    if code is None:
        return _without_code(error, place)
    if code in _LOCKED:
        return locked(place, settings.lock_timeout_seconds)
    if code in _TOO_LONG:
        return StorageBusy(
            f"The database {place} took longer than {settings.statement_timeout_seconds:g} s over a statement. Look what "
            f"keeps it busy, or raise PENSTOCK_DATABASE_STATEMENT_TIMEOUT_SECONDS."
        )
    return _by_code(code, _words(error), place)


def _by_code(code: str, fact: str, place: str) -> StorageError | None:
    if code in _BROKEN_OFF:
        return StorageBusy(f"The database {place} broke a transaction off again and again: {fact}. Try again later.")
    if code in _AWAY or code.startswith("08"):
        return unreachable(place, fact)
    if code in _CROWDED:
        return _crowded(place, fact)
    if code in _FULL:
        return StorageFull(f"The disk under the database {place} is full. Free some space.")
    if code in _READ_ONLY:
        return StorageReadOnly(
            f"The database {place} can't be written: {fact}. Name the primary server and a user with the right to write."
        )
    if code in _DAMAGED:
        return StorageCorrupt(f"The database {place} is damaged: {fact}. Restore it from a backup.")
    if code.startswith(("53", "57", "58")):
        return StorageError(f"The database {place} is in trouble: {fact}. Look at the server's log.")
    return None


def _without_code(error: Error, place: str) -> StorageError | None:
    if not isinstance(error, (OperationalError, InterfaceError)):
        return None
    fact = _words(error)
    if "too many clients" in fact or "remaining connection slots" in fact or "too many connections" in fact:
        return _crowded(place, fact)
    remedy = _refusal(error)
    if remedy is not None:
        return StorageError(f"The database {place} refuses us: {fact}. {remedy}")
    return unreachable(place, fact)


def _refusal(error: Error) -> str | None:
    fact = _words(error).lower()
    if "connection refused" in fact or any(words in fact for words in _STARTING):
        return None
    found = fact.partition("fatal:")[2] or fact
    return next((remedy for words, remedy in _REFUSALS if words in found), None)


def _words(error: Error) -> str:
    message = error.diag.message_primary or str(error)
    lines = [line.strip() for line in message.splitlines() if line.strip()] or [type(error).__name__]
    told = next((line for line in lines if "FATAL:" in line), lines[0])
    return told.rpartition("FATAL:")[2].strip().rstrip(".")


def _crowded(place: str, fact: str) -> StorageBusy:
    return StorageBusy(
        f"The database {place} takes no more connections: {fact}. Lower PENSTOCK_DATABASE_POOL_SIZE of its processes, or "
        f"raise the server's max_connections."
    )


def in_use(place: str, settings: Settings) -> StorageBusy:
    """Return the error for a process that has all its connections in use."""
    return StorageBusy(
        f"All {settings.pool_size} connections of this process to {place} are in use. Ask it less at once, or raise "
        f"PENSTOCK_DATABASE_POOL_SIZE."
    )


def locked(place: str, seconds: float) -> StorageBusy:
    """Return the error for a database of which others held a lock for `seconds`."""
    return StorageBusy(
        f"The database {place} was locked by others for {seconds:g} s. End what holds the lock (pg_stat_activity shows it), "
        f"or raise PENSTOCK_DATABASE_LOCK_TIMEOUT_SECONDS."
    )


def unreachable(place: str, fact: str) -> StorageUnreachable:
    """Return the error for a server that does not answer, because of `fact`."""
    return StorageUnreachable(
        f"The database {place} can't be reached: {fact}. Start PostgreSQL, or correct PENSTOCK_DATABASE_URL."
    )


def in_doubt(place: str) -> StorageUnreachable:
    """Return the error for a transaction of which nobody says whether it was committed."""
    return StorageUnreachable(
        f"The database {place} was lost during a commit and does not say whether that was done. Ask again with the same ids "
        f"and keys: what was done is not done twice."
    )


def too_old(place: str, version: str) -> StorageError:
    """Return the error for a server of a `version` we do not run on."""
    return StorageError(f"The database {place} is PostgreSQL {version}. Penstock needs version 14 or newer.")


def not_utf8(place: str, encoding: str) -> StorageError:
    """Return the error for a database that can't hold all characters."""
    return StorageError(
        f"The database {place} is encoded in {encoding}. Make one that holds every character: CREATE DATABASE penstock "
        f"ENCODING 'UTF8' TEMPLATE template0."
    )


def no_schema(place: str) -> StorageError:
    """Return the error for a search path that leads nowhere."""
    return StorageError(
        f"The database {place} has no schema to make tables in: none on this user's search_path exists. Make it with CREATE "
        f"SCHEMA, or correct the search_path."
    )
