"""File systems: where results are stored, on this machine or behind an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.filesystems.filesystem import FileStart as FileStart
    from penstock.filesystems.filesystem import MissingPath as MissingPath
    from penstock.filesystems.filesystem import ReadableFileSystem as ReadableFileSystem
    from penstock.filesystems.filesystem import WritableFileSystem as WritableFileSystem
    from penstock.filesystems.local import LocalFileSystem as LocalFileSystem
    from penstock.filesystems.null import NullFileSystem as NullFileSystem
    from penstock.filesystems.remote import RemoteFileSystem as RemoteFileSystem

_HOMES = {
    "FileStart": "filesystem",
    "LocalFileSystem": "local",
    "MissingPath": "filesystem",
    "NullFileSystem": "null",
    "ReadableFileSystem": "filesystem",
    "RemoteFileSystem": "remote",
    "WritableFileSystem": "filesystem",
}

__all__ = [
    "FileStart",
    "LocalFileSystem",
    "MissingPath",
    "NullFileSystem",
    "ReadableFileSystem",
    "RemoteFileSystem",
    "WritableFileSystem",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
