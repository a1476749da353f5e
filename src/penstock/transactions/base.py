"""A transaction, as steps that a thread or an event loop can carry out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextvars import Token
from threading import Lock
from typing import TYPE_CHECKING, Any

from penstock.core.annotations import NotSet
from penstock.core.errors import ConfigurationError, ResultTooLarge, SerializationError, TransactionError
from penstock.core.steps import Block, RunHook, Steps
from penstock.filesystems.unique_names import unique_name
from penstock.transactions.active import active
from penstock.transactions.effects import AcquireLock
from penstock.transactions.states import CommitMode, IsolationLevel, TransactionState

if TYPE_CHECKING:
    from penstock.results.record import ResultRecord
    from penstock.results.store import ResultStore

Hook = Callable[[Any], Any]

_SETTLED = (TransactionState.COMMITTED, TransactionState.ROLLED_BACK)


class BaseTransaction:
    """Code whose effects are committed together or rolled back together, once for each key.

    Parameters:
        store: where the record of the key is.
        key: names what is done; a record of it means that it is done.
        commit_mode: when it is committed; by default as the transaction around it, or LAZY.
        isolation_level: how it is kept apart from others with the same key; by default as the transaction around it,
            or READ_COMMITTED.
        overwrite: whether an earlier record does not count.
        write_on_commit: whether a commit writes the staged value under the key.
        logger: is told of hooks and failures.

    Attributes:
        state: what has become of it.
        parent: the transaction around it.
        children: the transactions within it that have ended.
        on_commit_hooks: called when it is committed, in order.
        on_rollback_hooks: called when it is rolled back, the last one first.
        commit_error: why it could not be committed.
        when_rolled_back: called once its rollback hooks have run.
    """

    def __init__(
        self,
        store: ResultStore | None = None,
        key: str | None = None,
        commit_mode: CommitMode | None = None,
        isolation_level: IsolationLevel | str | None = None,
        overwrite: bool = False,
        write_on_commit: bool = True,
        logger: Any = None,
    ) -> None:
        self.store = store
        self.key = key
        self.commit_mode = None if commit_mode is None else CommitMode(commit_mode)
        self.isolation_level = None if isolation_level is None else IsolationLevel(isolation_level)
        self.overwrite = overwrite
        self.write_on_commit = write_on_commit
        self.logger = logger or logging.getLogger("penstock.transactions")
        self.state = TransactionState.PENDING
        self.parent: BaseTransaction | None = None
        self.children: list[BaseTransaction] = []
        self.on_commit_hooks: list[Hook] = []
        self.on_rollback_hooks: list[Hook] = []
        self.commit_error: Exception | None = None
        self.when_rolled_back: Callable[[], None] | None = None
        self._values: dict[str, Any] = {}
        self._staged: Any = None
        self._holder = unique_name()
        self._token: Token[BaseTransaction | None] | None = None
        self._mutex = Lock()
        self._ending = False
        self._locked = False

    @classmethod
    def get_active(cls) -> BaseTransaction | None:
        """Return the innermost transaction that is open here, or None."""
        return active.get()

    def get_parent(self) -> BaseTransaction | None:
        """Return the transaction around this one, or None."""
        return self.parent

    def is_pending(self) -> bool:
        """Whether it has not begun."""
        return self.state is TransactionState.PENDING

    def is_active(self) -> bool:
        """Whether it has begun, and nothing is staged."""
        return self.state is TransactionState.ACTIVE

    def is_staged(self) -> bool:
        """Whether a value is staged, and waits to be committed."""
        return self.state is TransactionState.STAGED

    def is_committed(self) -> bool:
        """Whether it is committed, now or by an earlier one with its key."""
        return self.state is TransactionState.COMMITTED

    def is_rolled_back(self) -> bool:
        """Whether it is rolled back."""
        return self.state is TransactionState.ROLLED_BACK

    def set(self, name: str, value: Any) -> None:
        """Keep `value` under `name`, for hooks and for the transactions within this one."""
        self._values[name] = value

    def get(self, name: str, default: Any = NotSet) -> Any:
        """Return a copy of the value that was set under `name` here or in a transaction around this one.

        Parameters:
            name: the name.
            default: what to return where there is none.

        Raises:
            ValueError: there is none, and no default.
        """
        if name in self._values:
            from copy import deepcopy

            return deepcopy(self._values[name])
        if self.parent is not None:
            return self.parent.get(name, default)
        if default is NotSet:
            raise ValueError(f"Nothing is set under {name!r} in this transaction. Set it, or give a default.")
        return default

    def stage(
        self,
        value: Any,
        on_rollback_hooks: Iterable[Hook] | None = None,
        on_commit_hooks: Iterable[Hook] | None = None,
    ) -> None:
        """Stage a value, which a commit will write under the key, and add hooks. A committed transaction takes neither.

        Parameters:
            value: the value, or a record that a result store made.
            on_rollback_hooks: called when the transaction is rolled back.
            on_commit_hooks: called when the transaction is committed.
        """
        if self.state is TransactionState.COMMITTED:
            return
        self._staged = value
        self.on_rollback_hooks.extend(on_rollback_hooks or ())
        self.on_commit_hooks.extend(on_commit_hooks or ())
        self.state = TransactionState.STAGED

    def enter_steps(self) -> Steps[None]:
        """Begin, and become the transaction that is open here."""
        if self._token is not None:
            raise TransactionError("The transaction is open already. Open another one inside of it.")
        self._settle_configuration(active.get())
        yield from self.begin_steps()
        self._token = active.set(self)

    def _settle_configuration(self, parent: BaseTransaction | None) -> None:
        self.parent = parent
        if self.commit_mode is None:
            inherited_mode = None if parent is None else parent.commit_mode
            self.commit_mode = inherited_mode or CommitMode.LAZY
        if self.isolation_level is None:
            inherited_level = None if parent is None else parent.isolation_level
            self.isolation_level = inherited_level or IsolationLevel.READ_COMMITTED
        if self.store is not None and self.key and not self.store.supports_isolation_level(self.isolation_level):
            raise ConfigurationError(
                f"The transaction {self.key!r} can't be {self.isolation_level}: its result store has no lock manager. "
                "Give it one, such as ResultStore(lock_manager=FileSystemLockManager(folder))."
            )
        self.state = TransactionState.ACTIVE

    def begin_steps(self) -> Steps[None]:
        """Acquire the lock, if there is to be one, and see whether the key has a record."""
        store, key = self.store, self.key
        if store is None or not key:
            return
        if self.isolation_level is IsolationLevel.SERIALIZABLE:
            yield AcquireLock(store, key, self._holder)
            self._locked = True
        try:
            if not self.overwrite and (yield Block(lambda: store.exists(key))):
                self.state = TransactionState.COMMITTED
        except BaseException:
            self._release_lock()
            raise

    def read_steps(self) -> Steps[ResultRecord[Any] | None]:
        """Return the record of the key, or None; one that turns out to be unreadable does not commit the transaction."""
        store, key = self.store, self.key
        if store is None or not key:
            return None
        record: ResultRecord[Any] | None = yield Block(lambda: store.find(key, self._holder))
        if record is None and self.state is TransactionState.COMMITTED and not self._ending:
            self.state = TransactionState.ACTIVE
        return record

    def exit_steps(self, error: BaseException | None) -> Steps[None]:
        """End: commit, roll back, or leave that to the transaction around this one.

        Parameters:
            error: what was raised inside, if anything.
        """
        if self._token is None:
            raise TransactionError("The transaction is not open, so it can't be left.")
        try:
            if error is not None:
                yield from self.rollback_steps()
            elif self.commit_mode is CommitMode.EAGER:
                yield from self.commit_steps()
            elif self.parent is None:
                yield from self.rollback_steps() if self.commit_mode is CommitMode.OFF else self.commit_steps()
        finally:
            active.reset(self._token)
            self._token = None
            if self.state in _SETTLED:
                self._release_lock()
            if self.parent is not None:
                self.parent.children.append(self)
        if self.parent is not None:
            yield from self._follow(self.parent)

    def _follow(self, parent: BaseTransaction) -> Steps[None]:
        """Roll `parent` back if this one is; share its fate if that is decided already, as it may be by another thread."""
        if self.state is TransactionState.ROLLED_BACK:
            yield from parent.rollback_steps()
        elif parent.state is TransactionState.ROLLED_BACK:
            yield from self.rollback_steps()
        elif parent.state is TransactionState.COMMITTED:
            yield from self.commit_steps()

    def _claim_end(self) -> bool:
        """Whether the caller, and nobody else, is to end the transaction; runs in other threads may try to as well."""
        with self._mutex:
            if self._ending or self.state in _SETTLED:
                return False
            self._ending = True
            return True

    def commit_steps(self) -> Steps[bool]:
        """Commit what is within, call the hooks and write the staged value; return whether that was possible.

        A failure is logged and the transaction rolled back; nothing is raised.
        """
        if not self._claim_end():
            return False
        try:
            yield from self._commit_children()
            for hook in self.on_commit_hooks:
                yield from self._call(hook, "commit")
            # A hook may have opened transactions of its own.
            yield from self._commit_children()
            if self.store is not None and self.key and self.write_on_commit:
                yield Block(self._write)
        except Exception as error:
            self.commit_error = error
            self._say_commit_failed(error)
            yield from self._roll_back()
            return False
        except GeneratorExit:
            self._release_lock()
            raise
        except BaseException:
            # The process is asked to end, or the coroutine to stop: what has been done is undone first.
            self._ending = False
            yield from self.rollback_steps()
            raise
        self.state = TransactionState.COMMITTED
        self._release_lock()
        return True

    def _commit_children(self) -> Steps[None]:
        for child in list(self.children):
            yield from child.commit_steps()

    def _write(self) -> None:
        from penstock.results.record import ResultRecord

        if self.store is None:
            return
        if isinstance(self._staged, ResultRecord):
            self.store.persist_result_record(self._staged, self._holder)
        else:
            self.store.write(self._staged, self.key, holder=self._holder)

    def _say_commit_failed(self, error: Exception) -> None:
        name = "The transaction" if self.key is None else f"The transaction {self.key!r}"
        if isinstance(error, (SerializationError, ResultTooLarge)):
            self.logger.warning("%s could not be committed, and is rolled back. %s", name, error)
        else:
            self.logger.error("%s could not be committed, and is rolled back.", name, exc_info=error)

    def _call(self, hook: Hook, noun: str) -> Steps[None]:
        from inspect import iscoroutinefunction

        name = getattr(hook, "__name__", None) or repr(hook)
        self.logger.info("Running %s hook %r", noun, name)
        yield RunHook(lambda: hook(self), in_thread=not iscoroutinefunction(hook))
        self.logger.info("Finished %s hook %r", noun, name)

    def rollback_steps(self) -> Steps[bool]:
        """Call the rollback hooks, the last one first, and roll back what is within, the last one first.

        A hook that raises is logged, and the rest go on.

        Returns:
            Whether it was rolled back, and every hook succeeded. What is committed can't be rolled back any more.
        """
        if not self._claim_end():
            return False
        return (yield from self._roll_back())

    def _roll_back(self) -> Steps[bool]:
        self.state = TransactionState.ROLLED_BACK
        succeeded = True
        try:
            for hook in reversed(self.on_rollback_hooks):
                try:
                    yield from self._call(hook, "rollback")
                except Exception:
                    succeeded = False
                    self.logger.exception("The rollback hook %r of the transaction %r failed.", hook, self.key)
            if self.when_rolled_back is not None:
                self.when_rolled_back()
            for child in reversed(self.children):
                yield from child.rollback_steps()
        finally:
            self._release_lock()
        return succeeded

    def _release_lock(self) -> None:
        if not self._locked or self.store is None or not self.key:
            return
        self._locked = False
        try:
            self.store.release_lock(self.key, self._holder)
        except Exception as error:
            self.logger.warning("The lock of the transaction %r was lost before its end. %s", self.key, error)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(key={self.key!r}, state={self.state})"
