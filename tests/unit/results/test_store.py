"""The result store: what is written under a key can be read, and nothing else is taken for it."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from penstock.cache_policies import INPUTS
from penstock.core import clock
from penstock.core.clock import Clock
from penstock.core.state_makers import Completed
from penstock.exceptions import (
    ConcurrencyError,
    ConfigurationError,
    MissingResult,
    ResultTooLarge,
    SerializationError,
)
from penstock.filesystems import FileStart, LocalFileSystem, RemoteFileSystem, WritableFileSystem
from penstock.locking import FileSystemLockManager, MemoryLockManager
from penstock.results import ResultRecord, ResultStore
from penstock.results.payload_cache import PayloadCache
from penstock.results.record_file import FIRST_BYTES
from penstock.serializers import JSONSerializer, PickleSerializer
from penstock.settings import temporary_settings
from penstock.transactions import IsolationLevel, transaction


class MovedClock(Clock):
    """The system's clock, put forward by hand."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.fixture
def moved_clock() -> Iterator[MovedClock]:
    moved = MovedClock()
    before = clock.use(moved)
    yield moved
    clock.use(before)


@pytest.fixture(params=["local", "remote"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> WritableFileSystem:
    if request.param == "local":
        return LocalFileSystem(tmp_path / "results")
    return RemoteFileSystem(f"memory://{uuid4().hex}/results")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "results"


class WithoutPayloads(LocalFileSystem):
    """A storage that fails if more than the beginning of a file is read."""

    def __init__(self, basepath: str | os.PathLike[str] | None = None) -> None:
        super().__init__(basepath)
        self.largest_read = 0

    def read_path(self, path: str) -> bytes:
        raise AssertionError("the whole file was read")

    def read_start(self, path: str, size: int) -> FileStart:
        self.largest_read = max(self.largest_read, size)
        return super().read_start(path, size)


SMALL = {"a": [1, 2]}
LARGE = os.urandom(3 * FIRST_BYTES)


@pytest.mark.parametrize("value", [SMALL, LARGE, None], ids=["small", "large", "None"])
@pytest.mark.parametrize("key", ["totals", "2026/10/totals", "../up", "/etc/passwd", "a\0b", "x" * 500])
def test_what_was_written_is_found(storage: WritableFileSystem, key: str, value: Any) -> None:
    """Whatever the key and the size, the value is there for every store of the storage, and only under its key."""
    store = ResultStore(result_storage=storage)
    assert not store.exists(key)
    store.write(value, key)
    for reader in (store, ResultStore(result_storage=storage, serializer="json")):
        assert reader.exists(key)
        assert reader.read(key).result == value
        found = reader.find(key)
        assert found is not None
        assert found.result == value
        assert found.is_persisted
    assert not store.exists(f"{key}-")


def test_keys_stay_in_the_folder(tmp_path: Path, folder: Path) -> None:
    """A key that looks like a path out of the storage makes a file inside of it."""
    store = ResultStore(result_storage=folder)
    for key in ("../up", "/etc/passwd", "a/../../b", "~/c", "folder/./d"):
        store.write(key, key)
        assert store.read(key).result == key
    assert os.listdir(tmp_path) == ["results"]


def test_the_path_of_a_result_is_a_key_of_it(folder: Path) -> None:
    """What a record says of where it is can be used to read it."""
    store = ResultStore(result_storage=folder)
    record = store.create_result_record(1, "2026/totals")
    store.persist_result_record(record)
    assert record.metadata.location == str(folder / "2026/totals")
    assert store.read(str(folder / "2026/totals")).result == 1
    assert store.read(str(record.metadata.storage_key)).result == 1


def test_looking_whether_a_result_is_there_does_not_read_it(folder: Path) -> None:
    """Of a large result only the first bytes are read, and its expiration is in them."""
    ResultStore(result_storage=folder).write(b"x" * 10_000_000, "large")
    storage = WithoutPayloads(folder)
    assert ResultStore(result_storage=storage).exists("large")
    assert storage.largest_read == FIRST_BYTES


def test_a_long_header_is_read_whole(folder: Path) -> None:
    """A serializer with much to say of itself does not hide the result."""
    wordy = JSONSerializer[Any](dumps_kwargs={"separators": [", ", ": "], "indent": " " * (2 * FIRST_BYTES)})
    store = ResultStore(result_storage=folder, serializer=wordy)
    store.write([1], "wordy")
    assert store.exists("wordy")
    assert ResultStore(result_storage=folder).read("wordy").result == [1]


def test_an_expired_result_stands_in_for_nothing(storage: WritableFileSystem, moved_clock: MovedClock) -> None:
    """From its expiration on a result does not exist, but whoever still holds its key can read it."""
    store = ResultStore(result_storage=storage)
    store.write(1, "fleeting", expiration=clock.now() + timedelta(hours=1))
    assert store.exists("fleeting")
    assert store.read("fleeting").expiration is not None
    moved_clock.ahead = timedelta(hours=1, seconds=1)
    assert not store.exists("fleeting")
    assert store.find("fleeting") is None
    assert store.read("fleeting").result == 1


def test_a_missing_result_is_said_to_be(storage: WritableFileSystem) -> None:
    """Finding nothing is None; reading nothing is an error that says where it was looked for and what to do."""
    store = ResultStore(result_storage=storage)
    assert store.find("nothing") is None
    with pytest.raises(MissingResult, match=r"results/nothing.*Run again"):
        store.read("nothing")


@pytest.mark.parametrize("value", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("damage", ["cut", "changed", "emptied", "header", "foreign", "length"])
def test_a_damaged_file_is_passed_over_with_a_warning(
    folder: Path, caplog: pytest.LogCaptureFixture, damage: str, value: Any
) -> None:
    """A file that a crash cut short, or a disk changed, is no result: the run goes on as if it were not there."""
    store = ResultStore(result_storage=folder)
    store.write(value, "hurt")
    content = bytearray((folder / "hurt").read_bytes())
    if damage == "cut":
        content = content[:-5]
    elif damage == "changed":
        content[-3] ^= 255
    elif damage == "emptied":
        content = bytearray()
    elif damage == "header":
        content[15] ^= 255
    elif damage == "foreign":
        content = bytearray(b"\x80\x04K\x01.")
    else:
        content[5] = 255
    (folder / "hurt").write_bytes(content)

    with caplog.at_level(logging.WARNING):
        assert store.find("hurt") is None
        assert "hurt is passed over" in caplog.text
    with pytest.raises(MissingResult, match="damaged"):
        store.read("hurt")
    store.write(value, "hurt")
    assert store.read("hurt").result == value


def test_a_result_that_cannot_be_read_here_is_passed_over_when_looked_for(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pickle of a class that is gone is no hit for a cache, and a clear error for whoever wants just that result."""
    store = ResultStore(result_storage=folder)
    module = ModuleType("a_module_that_goes")
    module.Kind = type("Kind", (), {"__module__": module.__name__})  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, module.__name__, module)
        store.copy(serializer=PickleSerializer(picklelib="pickle")).write(module.Kind(), "odd")
    with caplog.at_level(logging.WARNING):
        assert store.find("odd") is None
    assert "odd is passed over" in caplog.text
    with pytest.raises(SerializationError, match="can't be read.*a_module_that_goes"):
        _ = store.read("odd").result


def test_a_result_that_is_too_large_is_refused(folder: Path) -> None:
    """More bytes than the setting allows are not written; the error says how many, and what to do."""
    store = ResultStore(result_storage=folder)
    with temporary_settings({"results.max_bytes": 1000}):
        with pytest.raises(ResultTooLarge, match=r"has 1,\d\d\d bytes, more than the 1,000.*return its path"):
            store.write(b"x" * 1000, "large")
        assert not store.exists("large")
        store.write(b"x" * 900, "small")
        assert store.exists("small")


def test_what_the_serializer_refuses_is_not_written(folder: Path) -> None:
    """A value that can't be serialised leaves no file, also where the serializer of a user raises what it likes."""

    class Grumpy(JSONSerializer[Any]):
        def dumps(self, obj: Any) -> bytes:
            raise RuntimeError("not today")

    for store in (
        ResultStore(result_storage=folder, serializer="json"),
        ResultStore(result_storage=folder, serializer=Grumpy()),
    ):
        with pytest.raises(SerializationError, match="can't be written"):
            store.write(object(), "no")
    assert not folder.exists()


def test_metadata_can_be_kept_apart(tmp_path: Path, moved_clock: MovedClock) -> None:
    """With a metadata storage, looking for a result looks there alone; the result is where results are."""
    keys, results = tmp_path / "keys", tmp_path / "results"
    store = ResultStore(result_storage=results, metadata_storage=keys)
    store.write(LARGE, "apart", expiration=clock.now() + timedelta(hours=1))
    assert os.listdir(keys) == os.listdir(results) == ["apart"]
    assert (keys / "apart").stat().st_size < 1000
    assert store.exists("apart")
    found = store.find("apart")
    assert found is not None
    assert found.result == LARGE
    assert ResultStore(result_storage=results).read("apart").result == LARGE

    (keys / "apart").rename(keys / "away")
    assert not store.exists("apart")
    (keys / "away").rename(keys / "apart")
    (results / "apart").unlink()
    assert store.exists("apart")
    assert store.find("apart") is None
    moved_clock.ahead = timedelta(hours=2)
    assert not store.exists("apart")


class Counting(LocalFileSystem):
    """A storage that counts how often a whole file is read."""

    reads = 0

    def read_path(self, path: str) -> bytes:
        self.reads += 1
        return super().read_path(path)


def test_large_results_are_fetched_once_and_again_when_they_change(folder: Path) -> None:
    """Their bytes are kept in memory, as long as the header in the storage says that they are the same."""
    storage = Counting(folder)
    store = ResultStore(result_storage=storage)
    store.write(LARGE, "kept")
    assert store.read("kept").result == store.copy(serializer="json").read("kept").result == LARGE
    assert storage.reads == 1
    ResultStore(result_storage=folder).write(LARGE[::-1], "kept")
    assert store.read("kept").result == LARGE[::-1]
    assert storage.reads == 2

    forgetful = ResultStore(result_storage=storage, cache_result_in_memory=False)
    for _ in range(2):
        forgetful.read("kept")
    assert storage.reads == 4


def test_every_reader_gets_a_value_of_its_own(folder: Path) -> None:
    """Changing a result that was read does not change what others read."""
    store = ResultStore(result_storage=folder)
    store.write([1] * FIRST_BYTES, "list")
    store.read("list").result.clear()
    assert len(store.read("list").result) == FIRST_BYTES


def test_what_is_kept_in_memory_is_bounded() -> None:
    """By number and by bytes; what was not used for longest goes first, and what is too large is not kept."""
    cache = PayloadCache(most_entries=3, most_bytes=100)
    for name in "abc":
        cache.put(name, "sum", b"x" * 10)
    assert cache.get("a", "sum") == b"x" * 10
    cache.put("d", "sum", b"x" * 10)
    assert [cache.get(name, "sum") is not None for name in "abcd"] == [True, False, True, True]
    cache.put("e", "sum", b"x" * 90)
    assert [cache.get(name, "sum") is not None for name in "abcde"] == [False, False, False, True, True]
    cache.put("d", "sum", b"x" * 101)
    assert cache.get("d", "sum") is None
    assert cache.get("e", "other sum") is None
    assert (len(cache), cache.total_bytes) == (1, 90)


def test_a_state_loads_its_result(storage: WritableFileSystem) -> None:
    """A state that holds the metadata of a record reads the value when it is asked for, here and after pickling."""
    store = ResultStore(result_storage=storage)
    record = store.create_result_record(SMALL, "of a state")
    store.persist_result_record(record)
    assert Completed(data=record.metadata).result() == SMALL
    assert Completed(data=pickle.loads(pickle.dumps(record.metadata))).result() == SMALL


def test_a_state_loads_its_result_in_another_process(folder: Path, tmp_path: Path) -> None:
    """Nothing of this process is needed to find the result again."""
    record = ResultStore(result_storage=folder, serializer="compressed/json").create_result_record(SMALL)
    ResultStore(result_storage=folder).persist_result_record(record)
    (tmp_path / "metadata").write_bytes(pickle.dumps(record.metadata))
    program = "import pickle, sys; print(pickle.load(open(sys.argv[1], 'rb')).load())"
    result = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "metadata")], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == str(SMALL)


def test_a_record_can_be_taken_apart_and_put_together() -> None:
    """As one content or as two, a record comes back equal; a result alone is read by the serializer that is given."""
    record: ResultRecord[Any] = ResultStore(serializer="json").create_result_record(SMALL, "k", clock.now())
    whole = record.serialize()
    assert ResultRecord.deserialize(whole) == record
    parts = record.serialize_result(), record.serialize_metadata()
    assert ResultRecord.deserialize_from_result_and_metadata(*parts) == record
    assert ResultRecord.deserialize(b"[1]", backup_serializer=JSONSerializer()).result == [1]
    with pytest.raises(ValueError, match="does not begin as a result does"):
        ResultRecord.deserialize(b"[1]")


def test_a_result_without_a_key_gets_one(folder: Path) -> None:
    """The store's function makes it; by default no two are alike."""
    store = ResultStore(result_storage=folder)
    assert store.create_result_record(1).metadata.storage_key != store.create_result_record(1).metadata.storage_key
    named = store.copy(storage_key_fn=lambda: "named")
    named.write(1)
    assert store.read("named").result == 1


def task(**fields: Any) -> Any:
    defaults = {
        "result_storage": None,
        "result_serializer": None,
        "result_storage_key": None,
        "cache_result_in_memory": True,
        "cache_policy": None,
    }
    return SimpleNamespace(**{**defaults, **fields})


def test_a_store_follows_its_flow_and_task(tmp_path: Path) -> None:
    """What a flow says holds for its tasks, unless they say otherwise."""
    store = ResultStore(result_storage=tmp_path / "default")
    of_flow = store.update_for_flow(task(result_storage=tmp_path / "flow", result_serializer="json"))
    assert of_flow.result_storage == LocalFileSystem(tmp_path / "flow")
    assert of_flow.serializer == JSONSerializer()
    quiet = of_flow.update_for_task(task())
    assert (quiet.result_storage, quiet.serializer) == (of_flow.result_storage, of_flow.serializer)
    locks = MemoryLockManager()
    own = of_flow.update_for_task(
        task(
            result_storage="memory://task",
            result_serializer="pickle",
            cache_result_in_memory=False,
            cache_policy=INPUTS.configure(key_storage=tmp_path / "keys", lock_manager=locks),
        )
    )
    assert own.result_storage == RemoteFileSystem("memory://task")
    assert own.metadata_storage == LocalFileSystem(tmp_path / "keys")
    assert own.serializer == PickleSerializer()
    assert own.lock_manager is locks
    assert not own.cache_result_in_memory
    assert store.metadata_storage is None
    with pytest.raises(TypeError, match="colour"):
        store.copy(colour=1)


def test_a_task_uses_the_locks_of_the_transaction_around_it(folder: Path) -> None:
    """A policy's own lock manager goes first."""
    locks, others = MemoryLockManager(), FileSystemLockManager(folder)
    with transaction("k", store=ResultStore(result_storage=folder, lock_manager=locks)):
        store = ResultStore(result_storage=folder)
        assert store.update_for_task(task()).lock_manager is locks
        assert store.update_for_task(task(cache_policy=INPUTS.configure(lock_manager=others))).lock_manager is others


def test_a_storage_key_is_filled_in(folder: Path) -> None:
    """A template names the task's parameters; what it can't name is said."""
    variables = {"parameters": {"day": "monday", "where": "../up"}}
    store = ResultStore(result_storage=folder)
    named = store.update_for_task(task(result_storage_key="totals-{parameters[day]}"), lambda: variables)
    named.write(1)
    assert store.read("totals-monday").result == 1
    wrong = store.update_for_task(task(result_storage_key="{parameters[hour]}"), lambda: variables)
    with pytest.raises(ConfigurationError, match=r"\{parameters\[hour\]\}.*may name parameters"):
        wrong.write(1)
    outside = store.update_for_task(task(result_storage_key="{parameters[where]}"), lambda: variables)
    outside.write(2)
    assert not (folder.parent / "up").exists()


def test_a_locked_key_is_only_written_by_its_holder(folder: Path) -> None:
    """Another one gets an error at once; readers wait until it is released."""
    store = ResultStore(result_storage=folder, lock_manager=MemoryLockManager())
    store.acquire_lock("locked", "one")
    assert store.is_locked("locked")
    assert store.is_lock_holder("locked", "one")
    with pytest.raises(ConcurrencyError, match="'locked' can't be written: another holder"):
        store.write(1, "locked", holder="other")
    with pytest.raises(ConcurrencyError, match="can't be written"):
        store.write(1, "locked")
    store.write(1, "locked", holder="one")
    assert store.read("locked", holder="one").result == 1
    assert not store.acquire_lock("locked", timeout=0)
    store.release_lock("locked", "one")
    assert store.wait_for_lock("locked", timeout=0)
    assert store.acquire_lock("locked")
    store.write(2, "locked")
    store.release_lock("locked")


def test_without_a_lock_manager_nothing_is_locked(folder: Path) -> None:
    """Asking for a lock is an error that says how to have one."""
    store = ResultStore(result_storage=folder)
    for use in (store.acquire_lock, store.release_lock, store.is_locked, store.is_lock_holder, store.wait_for_lock):
        with pytest.raises(ConfigurationError, match="no lock manager"):
            use("key")
    assert store.supports_isolation_level(IsolationLevel.READ_COMMITTED)
    assert not store.supports_isolation_level("SERIALIZABLE")
    assert store.copy(lock_manager=MemoryLockManager()).supports_isolation_level(IsolationLevel.SERIALIZABLE)
    with pytest.raises(ValueError, match="DIRTY"):
        store.supports_isolation_level("DIRTY")
