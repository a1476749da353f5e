"""Which file system is meant by a path, an address or an object."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from penstock.core.errors import ConfigurationError
from penstock.filesystems.filesystem import WritableFileSystem
from penstock.filesystems.local import LocalFileSystem

BLOCK_TYPES = (
    "azure-blob-storage-container",
    "gcs-bucket",
    "local-file-system",
    "remote-file-system",
    "s3-bucket",
    "smb",
)
"""Types of blocks that can hold results. `<one of these>/<name>` is a block and no path."""


def resolve_file_system(storage: Any) -> WritableFileSystem:
    """Return the file system that is meant.

    Parameters:
        storage: a file system, the path of a folder, an address such as `s3://bucket/folder`, or any object with
            `read_path(path)` and `write_path(path, content)`.

    Raises:
        ConfigurationError: it names a block; there are none yet.
        TypeError: it is none of these.
    """
    if isinstance(storage, WritableFileSystem):
        return storage
    if isinstance(storage, Path):
        return LocalFileSystem(storage)
    if isinstance(storage, str):
        return _of_text(storage)
    if isinstance(storage, UUID):
        raise _no_blocks(str(storage))
    if callable(getattr(storage, "read_path", None)) and callable(getattr(storage, "write_path", None)):
        return _Adapted(storage)
    raise TypeError(
        "A storage is a WritableFileSystem, the path of a folder, or an address such as 's3://bucket/folder', "
        f"not a value of type {type(storage).__name__!r}."
    )


def _of_text(storage: str) -> WritableFileSystem:
    if storage.startswith("file://"):
        return LocalFileSystem(storage.removeprefix("file://"))
    if "://" in storage:
        from penstock.filesystems.remote import RemoteFileSystem

        return RemoteFileSystem(storage)
    kind, _, name = storage.partition("/")
    if kind in BLOCK_TYPES and name and "/" not in name:
        raise _no_blocks(storage)
    if not storage.strip():
        raise ConfigurationError("The path of a storage is empty. Give the path of a folder.")
    return LocalFileSystem(storage)


def _no_blocks(name: str) -> ConfigurationError:
    return ConfigurationError(
        f"The storage {name!r} is the name of a block, and there are no blocks yet. Give the path of a folder "
        f"('./{name}' for one of this name), an address such as 's3://bucket/folder', or a file system object."
    )


class _Adapted(WritableFileSystem):
    """An object of a user's that reads and writes, but is not made from our class."""

    def __init__(self, storage: Any) -> None:
        from inspect import iscoroutinefunction

        for name in ("read_path", "write_path"):
            if iscoroutinefunction(getattr(storage, name)):
                raise ConfigurationError(
                    f"{type(storage).__name__}.{name} is an async method, which a storage can't have. "
                    "Make it an ordinary one: it is called in a thread where that matters."
                )
        self.storage = storage

    def read_path(self, path: str) -> bytes:
        """Return the content of the file at `path`, as the object says."""
        content: bytes = self.storage.read_path(path)
        return content

    def write_path(self, path: str, content: bytes) -> object:
        """Write `content` to the file at `path`, as the object does."""
        return self.storage.write_path(path, content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Adapted) and bool(self.storage == other.storage)

    def __hash__(self) -> int:
        return hash(type(self.storage))

    def __repr__(self) -> str:
        return repr(self.storage)
