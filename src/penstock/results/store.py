"""The result store: reads and writes results by key."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from penstock import settings
from penstock.core.errors import ConcurrencyError, MissingResult, ResultTooLarge, SerializationError
from penstock.filesystems.filesystem import WritableFileSystem
from penstock.filesystems.names import safe_path
from penstock.filesystems.resolve import resolve_file_system
from penstock.results.defaults import get_default_result_serializer, get_default_result_storage
from penstock.results.envelope import DamagedRecord
from penstock.results.metadata import ResultRecordMetadata
from penstock.results.payload_cache import PayloadCache
from penstock.results.record import ResultRecord
from penstock.results.record_file import NOT_THERE, RecordFile, open_record, write_metadata
from penstock.results.storage_keys import StorageKeyTemplate, random_storage_key
from penstock.results.store_locks import StoreLocks
from penstock.serializers.serializer import Serializer, resolve_serializer

if TYPE_CHECKING:
    from penstock.locking import LockManager

logger = logging.getLogger("penstock.results")


class ResultStore(StoreLocks):
    """Reads and writes results by key.

    Parameters:
        result_storage: where results are: a storage, a path or an address; by default what the settings name.
        metadata_storage: where to look whether there is a result and until when it counts; by default the storage of
            the results.
        lock_manager: keeps the locks of keys.
        cache_result_in_memory: whether the bytes of results that had to be fetched are kept for a while.
        serializer: writes results; by default the one that the settings name.
        storage_key_fn: makes the key of a result that is written without one.
    """

    def __init__(
        self,
        result_storage: WritableFileSystem | str | Path | None = None,
        metadata_storage: WritableFileSystem | str | Path | None = None,
        lock_manager: LockManager | None = None,
        cache_result_in_memory: bool = True,
        serializer: Serializer[Any] | str | None = None,
        storage_key_fn: Callable[[], str] = random_storage_key,
    ) -> None:
        self._result_storage = None if result_storage is None else resolve_file_system(result_storage)
        self.metadata_storage = None if metadata_storage is None else resolve_file_system(metadata_storage)
        self.lock_manager = lock_manager
        self.cache_result_in_memory = cache_result_in_memory
        self.serializer = get_default_result_serializer() if serializer is None else resolve_serializer(serializer)
        self.storage_key_fn = storage_key_fn
        self.cache = PayloadCache()
        self._derived: tuple[dict[str, Any], Self] | None = None

    @property
    def result_storage(self) -> WritableFileSystem:
        """Where results are."""
        if self._result_storage is None:
            self._result_storage = get_default_result_storage()
        return self._result_storage

    def copy(self, **changes: Any) -> Self:
        """Return a store in which what is named is replaced. The parameters are those of the class."""
        given = {
            "result_storage": self._result_storage,
            "metadata_storage": self.metadata_storage,
            "lock_manager": self.lock_manager,
            "cache_result_in_memory": self.cache_result_in_memory,
            "serializer": self.serializer,
            "storage_key_fn": self.storage_key_fn,
        }
        copied = type(self)(**{**given, **changes})
        if copied._result_storage == self._result_storage:
            copied.cache = self.cache
        return copied

    def _with(self, changes: dict[str, Any]) -> Self:
        """Return a store in which what is named is replaced: the one of last time where the changes are the same."""
        last = self._derived
        if last is None or last[0] != changes:
            last = self._derived = (changes, self.copy(**changes))
        return last[1]

    def update_for_flow(self, flow: Any) -> Self:
        """Return the store for a flow's runs: as the flow says and, where it says nothing, as this one."""
        return self._with(_said_by(flow))

    def update_for_task(self, task: Any, variables: Callable[[], Mapping[str, Any]] = dict) -> Self:
        """Return the store for a task's runs: as the task says and, where it says nothing, as this one.

        Parameters:
            task: the task.
            variables: returns what a `result_storage_key` may name in braces, when a key is made.
        """
        from penstock.transactions import get_transaction

        changes = _said_by(task)
        if task.result_storage_key is not None:
            changes["storage_key_fn"] = StorageKeyTemplate(task.result_storage_key, variables)
        transaction = get_transaction()
        if transaction is not None and transaction.store is not None:
            changes["lock_manager"] = transaction.store.lock_manager
        if task.cache_policy is not None:
            policy = {"metadata_storage": task.cache_policy.key_storage, "lock_manager": task.cache_policy.lock_manager}
            changes.update({name: value for name, value in policy.items() if value is not None})
        return self._with(changes)

    def path_of(self, key: str) -> str:
        """Return the path of the result with this key in its storage; what leads into the storage is its own path."""
        if "/" in key:
            base = self.result_storage.location("").rstrip("/")
            key = key.removeprefix(f"{base}/") if base else key
        return safe_path(key)

    def exists(self, key: str) -> bool:
        """Whether there is a result with this key that counts still. The result itself is not read."""
        return self._file_that_counts(self.path_of(key)) is not None

    def find(self, key: str, holder: str | None = None) -> ResultRecord[Any] | None:
        """Return the result with this key, or None where there is none that counts still and can be read.

        Parameters:
            key: the key.
            holder: who has the lock of the key, if it is the caller; another holder is waited for.
        """
        self.wait_for_others(key, holder)
        path = self.path_of(key)
        file = self._file_that_counts(path)
        if file is None:
            return None
        try:
            record = self._read(path, file)
            _ = record.result
        except SerializationError as error:
            logger.warning("The result at %s is passed over. %s", self.result_storage.location(path), error)
            return None
        except NOT_THERE as error:
            _say_if_damaged(self.result_storage, path, error)
            return None
        return record

    def read(self, key: str, holder: str | None = None) -> ResultRecord[Any]:
        """Return the result with this key, expired or not.

        Parameters:
            key: the key, or the path of the result.
            holder: as for `find`.

        Raises:
            MissingResult: there is none, or it is damaged.
        """
        self.wait_for_others(key, holder)
        path = self.path_of(key)
        try:
            return self._read(path, None)
        except NOT_THERE as error:
            _say_if_damaged(self.result_storage, path, error)
            raise MissingResult(
                f"There is no result at {self.result_storage.location(path)!r}: it was removed or damaged, or it was "
                "written to another storage. Run again what made it."
            ) from error

    def _file_that_counts(self, path: str) -> RecordFile | None:
        """Return the file that says of the result at `path` that it counts still."""
        storage = self.metadata_storage or self.result_storage
        try:
            file = open_record(storage, path)
            return None if file.metadata.is_expired() else file
        except NOT_THERE as error:
            _say_if_damaged(storage, path, error)
            return None

    def _read(self, path: str, file: RecordFile | None) -> ResultRecord[Any]:
        if file is None or self.metadata_storage is not None:
            file = open_record(self.result_storage, path)
        return file.read(self.cache if self.cache_result_in_memory else None)

    def create_result_record(
        self, obj: Any, key: str | None = None, expiration: datetime | None = None
    ) -> ResultRecord[Any]:
        """Return a record of a result, which is not written yet.

        Parameters:
            obj: the result.
            key: its key; by default a new one.
            expiration: from when on it does not stand in for a run any more.
        """
        path = self.path_of(key or self.storage_key_fn())
        return ResultRecord(obj, ResultRecordMetadata(path, expiration, self.serializer, storage=self.result_storage))

    def write(
        self, obj: Any, key: str | None = None, expiration: datetime | None = None, holder: str | None = None
    ) -> None:
        """Write a result.

        Parameters:
            obj: the result.
            key: its key; by default a new one.
            expiration: from when on it does not stand in for a run any more.
            holder: who has the lock of the key, if it is the caller.

        Raises:
            SerializationError: the serializer can't write it.
            ResultTooLarge: it has more bytes than `results.max_bytes` allows.
            ConcurrencyError: another holder has the lock of the key.
        """
        self.persist_result_record(self.create_result_record(obj, key, expiration), holder)

    def persist_result_record(self, result_record: ResultRecord[Any], holder: str | None = None) -> None:
        """Write a record that `create_result_record` made. The rest is as for `write`."""
        metadata = result_record.metadata
        path = metadata.storage_key
        if path is None:
            raise ValueError(
                "The record has no storage_key, so it can't be written. Make it with create_result_record."
            )
        if self.is_locked_by_another(path, holder):
            raise ConcurrencyError(
                f"The result {path!r} can't be written: another holder has the lock of its key. Wait for it, or use a "
                "transaction of the isolation level SERIALIZABLE."
            )
        payload = result_record.serialize_result()
        _check_size(path, payload)
        self.result_storage.write_path(path, result_record.serialize(payload))
        metadata.storage = self.result_storage
        if self.metadata_storage is not None:
            write_metadata(self.metadata_storage, path, metadata)
        result_record.mark_persisted()

    def __repr__(self) -> str:
        return f"ResultStore(result_storage={self.result_storage!r}, serializer={self.serializer!r})"


def _said_by(definition: Any) -> dict[str, Any]:
    """Return what a flow or task says of how its results are kept."""
    said = {"result_storage": definition.result_storage, "serializer": definition.result_serializer}
    changes = {name: value for name, value in said.items() if value is not None}
    return {"cache_result_in_memory": definition.cache_result_in_memory, **changes}


def _say_if_damaged(storage: WritableFileSystem, path: str, error: Exception) -> None:
    if isinstance(error, DamagedRecord):
        logger.warning("The result at %s is passed over: %s.", storage.location(path), error)


def _check_size(path: str, payload: bytes) -> None:
    most_bytes = settings.current().results.max_bytes
    if len(payload) > most_bytes:
        raise ResultTooLarge(
            f"The result {path!r} has {len(payload):,} bytes, more than the {most_bytes:,} that are allowed. Write it "
            "to a file and return its path, raise PENSTOCK_RESULTS_MAX_BYTES, or give persist_result=False."
        )
