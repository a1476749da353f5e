"""Transactions for ordinary code and for async code: the same steps, carried out in a thread or in an event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Self

from penstock.core.steps import drive, drive_async
from penstock.transactions.base import BaseTransaction
from penstock.transactions.states import CommitMode, IsolationLevel

if TYPE_CHECKING:
    from types import TracebackType

    from penstock.results.record import ResultRecord
    from penstock.results.store import ResultStore


class Transaction(BaseTransaction):
    """A transaction for `with`. See `transaction` and `BaseTransaction`."""

    def __enter__(self) -> Self:
        """Begin."""
        drive(self.enter_steps())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Commit, or roll back if `error` was raised."""
        drive(self.exit_steps(error))

    def begin(self) -> None:
        """Acquire the lock, if there is to be one, and see whether the key has a record. `with` does it."""
        drive(self.begin_steps())

    def read(self) -> ResultRecord[Any] | None:
        """Return the record of the key, or None where there is none."""
        return drive(self.read_steps())

    def commit(self) -> bool:
        """Commit now, and return whether that was possible. See `BaseTransaction.commit_steps`."""
        return drive(self.commit_steps())

    def rollback(self) -> bool:
        """Roll back now, and return whether that was possible. See `BaseTransaction.rollback_steps`."""
        return drive(self.rollback_steps())


class AsyncTransaction(BaseTransaction):
    """A transaction for `async with`. See `atransaction` and `BaseTransaction`.

    Async hooks are awaited in the event loop; other hooks, reading and writing happen in threads beside it.
    """

    async def __aenter__(self) -> Self:
        """Begin."""
        await drive_async(self.enter_steps())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Commit, or roll back if `error` was raised."""
        await drive_async(self.exit_steps(error))

    async def begin(self) -> None:
        """Acquire the lock, if there is to be one, and see whether the key has a record. `async with` does it."""
        await drive_async(self.begin_steps())

    async def read(self) -> ResultRecord[Any] | None:
        """Return the record of the key, or None where there is none."""
        return await drive_async(self.read_steps())

    async def commit(self) -> bool:
        """Commit now, and return whether that was possible. See `BaseTransaction.commit_steps`."""
        return await drive_async(self.commit_steps())

    async def rollback(self) -> bool:
        """Roll back now, and return whether that was possible. See `BaseTransaction.rollback_steps`."""
        return await drive_async(self.rollback_steps())

    def __enter__(self) -> NoReturn:
        """Refuse."""
        raise NotImplementedError("An async transaction is opened with `async with`, not with `with`.")

    def __exit__(self, *_: object) -> NoReturn:
        """Refuse."""
        raise NotImplementedError("An async transaction is opened with `async with`, not with `with`.")


def transaction(
    key: str | None = None,
    store: ResultStore | None = None,
    commit_mode: CommitMode | None = None,
    isolation_level: IsolationLevel | str | None = None,
    overwrite: bool = False,
    write_on_commit: bool = True,
    logger: Any = None,
) -> Transaction:
    """Return a transaction for `with`.

    Parameters:
        key: names what is done, once: if there is a record of it, the transaction is committed from the start.
        store: where the record is; by default the result store of the run.
        commit_mode: when it is committed; by default as the transaction around it, or LAZY.
        isolation_level: how it is kept apart from others with the same key; by default as the transaction around it,
            or READ_COMMITTED.
        overwrite: whether an earlier record does not count.
        write_on_commit: whether a commit writes the staged value under the key.
        logger: is told of hooks and failures.

    Example:
        >>> with transaction() as txn:
        ...     txn.set("path", "a.csv")
        ...     txn.stage("done", on_rollback_hooks=[lambda txn: print("remove", txn.get("path"))])
    """
    return Transaction(_store_for(key, store), key, commit_mode, isolation_level, overwrite, write_on_commit, logger)


def atransaction(
    key: str | None = None,
    store: ResultStore | None = None,
    commit_mode: CommitMode | None = None,
    isolation_level: IsolationLevel | str | None = None,
    overwrite: bool = False,
    write_on_commit: bool = True,
    logger: Any = None,
) -> AsyncTransaction:
    """Return a transaction for `async with`. The parameters are those of `transaction`."""
    return AsyncTransaction(
        _store_for(key, store), key, commit_mode, isolation_level, overwrite, write_on_commit, logger
    )


def _store_for(key: str | None, store: ResultStore | None) -> ResultStore | None:
    if store is not None or not key:
        return store
    from penstock.results.current import get_result_store

    return get_result_store()
