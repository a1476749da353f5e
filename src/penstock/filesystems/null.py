"""A file system that keeps nothing."""

from __future__ import annotations

from penstock.filesystems.filesystem import MissingPath, WritableFileSystem


class NullFileSystem(WritableFileSystem):
    """Keeps nothing: what is written is gone, and there is never a file to read."""

    def read_path(self, path: str) -> bytes:
        """Raise: there is no file.

        Raises:
            MissingPath: always.
        """
        raise MissingPath(f"There is no file {path!r}: a NullFileSystem keeps nothing.")

    def write_path(self, path: str, content: bytes) -> None:
        """Drop `content`."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NullFileSystem)

    def __hash__(self) -> int:
        return hash(NullFileSystem)

    def __repr__(self) -> str:
        return "NullFileSystem()"
