"""What differs between the kinds of database, and nothing else: the contract. Each kind is a file in `dialects`."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Engine, Table

from penstock.core.errors import StorageBusy, StorageError


@dataclass(frozen=True, slots=True)
class TableSize:
    """What a table takes.

    Attributes:
        rows: how many there are; where `is_exact` is false, about how many.
        bytes: on the disk, with its indexes.
        is_exact: whether the rows were counted.
    """

    rows: int
    bytes: int
    is_exact: bool = True


class Dialect(ABC):
    """One kind of database.

    Attributes:
        place: the database's address, without secrets, as messages name it.
        bind_id: what the driver is given for an id, where a statement goes past SQLAlchemy's types.
        bind_instant: the same for an instant.
        locks_rows: whether several may write at once, each keeping others from the rows it changes; then all must take
            rows in one order, or they would wait for each other.
        is_shared: whether several servers may serve the database at once, so that one of them has to lead.
        most_readers: how many may read at once, so that a connection is left for the writer; None where there is no need.
        longest_pause_seconds: how long to wait at most before something that did not work is tried again.
        retry_seconds: for how long a transaction is tried again that failed by no fault of its own.
    """

    locks_rows = False
    is_shared = False
    most_readers: int | None = None
    longest_pause_seconds = 0.02
    retry_seconds = 0.0
    place: str
    bind_id: Callable[[UUID], Any]
    bind_instant: Callable[[datetime], Any]

    def __init__(self) -> None:
        self._inserts: dict[str, Any] = {}

    @abstractmethod
    def open_engine(self) -> Engine:
        """Return an engine whose transactions begin as readers, or as writers under the option `writes`."""

    @abstractmethod
    def has_moved(self) -> bool:
        """Whether what lies at the address is no longer what was opened."""

    @abstractmethod
    def prepare(self, connection: Connection) -> None:
        """Set what lasts in the database itself and must be set outside of a transaction."""

    @abstractmethod
    def try_turn(self) -> bool:
        """Take the turn to write among processes, if it is free; always True where the database sees to that."""

    @abstractmethod
    def end_turn(self) -> None:
        """Give the turn to write back."""

    @abstractmethod
    def after_commit(self, connection: Connection) -> None:
        """Do what the database needs now and then, while the turn to write is still ours."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what `try_turn` holds."""

    def passes(self, error: BaseException) -> bool:
        """Whether `error` is none that the same transaction need meet again: a lost connection, a broken deadlock."""
        return False

    def receipt(self, connection: Connection) -> str | None:
        """Return what can tell later whether the present transaction was committed; None where a commit never leaves doubt."""
        return None

    def was_committed(self, engine: Engine, receipt: str) -> bool:
        """Whether the transaction of `receipt` was committed, now that its connection is lost.

        Raises:
            StorageError: that can't be found out.
        """
        return False

    @abstractmethod
    def order_commits(self, connection: Connection) -> None:
        """Wait until no other transaction numbers rows, keep others from it until this one ends, and tell its end to them.

        Whatever is numbered after this becomes visible in the order of its numbers. Call it last: a transaction that
        locked rows after it could wait for one that waits for this.
        """

    @abstractmethod
    def listen(self, heard: Callable[[], None], stop: threading.Event) -> None:
        """Call `heard` whenever another process may have committed something numbered, until `stop` is set.

        A call is a hint: some are in vain, and some are lost. Where others can't be heard, this returns at once.

        Raises:
            StorageError: the database refuses, or is lost.
        """

    @abstractmethod
    def lock_schema(self, connection: Connection) -> None:
        """Keep others from changing the schema until the transaction ends."""

    @abstractmethod
    def table_names(self, connection: Connection) -> set[str]:
        """Return the names of the tables there are."""

    @abstractmethod
    def size(self, connection: Connection) -> int:
        """Return how many bytes all of it takes, at once however much that is."""

    @abstractmethod
    def within(self, connection: Connection, seconds: float) -> AbstractContextManager[None]:
        """Break off what is asked in the present reading transaction, and has not answered after `seconds`.

        The transaction goes on; what was broken off raises what the driver makes of it.
        """

    @abstractmethod
    def table_sizes(self, connection: Connection) -> dict[str, TableSize]:
        """Return what each of our tables takes."""

    @abstractmethod
    def back_up(self, engine: Engine, target: Path) -> None:
        """Write all there is at one moment to a new file.

        Raises:
            StorageError: it can't be written.
        """

    @abstractmethod
    def now(self, connection: Connection) -> datetime:
        """Return the present instant by the database's clock."""

    @abstractmethod
    def insert(self, table: Table) -> Any:
        """Return an insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""

    def insert_new(self, table: Table) -> Any:
        """Return an insert that leaves out what is there already; made once, as that costs more than to carry it out."""
        statement = self._inserts.get(table.name)
        if statement is None:
            # How many rows were new is asked after the cursor is closed.
            statement = self.insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
            self._inserts[table.name] = statement
        return statement

    @abstractmethod
    def contains(self, column: Column[str], text: str) -> ColumnElement[bool]:
        """Return the condition that `column` contains `text`, upper and lower case alike."""

    @abstractmethod
    def has_value(self, column: Column[Any], name: str, value: str) -> ColumnElement[bool]:
        """Return the condition that the JSON object in `column` has, under `name`, what `value` is as JSON.

        Numbers are equal by their value, objects whatever the order of their names; what is spoilt has nothing.
        """

    @abstractmethod
    def stretch_of(self, column: ColumnElement[datetime], since: datetime, width: timedelta) -> ColumnElement[int]:
        """Return the number of the stretch of time in which `column` lies, of those that are `width` long from `since` on."""

    @abstractmethod
    def edge_of(self, number: ColumnElement[int], since: datetime, width: timedelta) -> ColumnElement[datetime]:
        """Return the instant at which the stretch of time with this number begins: see `stretch_of`."""

    def unindexed(self, column: Column[Any]) -> ColumnElement[Any]:
        """Return `column`, spelled so that no index is chosen for it where the database would choose wrongly."""
        return column

    @abstractmethod
    def storage_error(self, error: BaseException) -> StorageError | None:
        """Return what `error`, raised by the driver or the system, means to a user; None if it is no matter of storage."""

    @abstractmethod
    def busy(self, seconds: float) -> StorageBusy:
        """Return the error for a database that others kept locked for `seconds`."""

    def crowded(self) -> StorageBusy:
        """Return the error for a database that as many read as may."""
        raise NotImplementedError

    @abstractmethod
    def too_new(self, revision: str, known: str) -> StorageError:
        """Return the error for a database whose schema is of a later `revision` than we know."""

    @abstractmethod
    def not_ours(self, tables: set[str]) -> StorageError:
        """Return the error for a database that holds the tables of some other program."""
