"""The contract of file systems."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple


class MissingPath(FileNotFoundError, ValueError):
    """There is no file at a path."""


class FileStart(NamedTuple):
    """The first bytes of a file.

    Attributes:
        content: the bytes.
        total_bytes: the size of the whole file, or None where the file system does not tell.
    """

    content: bytes
    total_bytes: int | None


class ReadableFileSystem(ABC):
    """Files that can be read."""

    @abstractmethod
    def read_path(self, path: str) -> bytes:
        """Return the content of the file at `path`.

        Raises:
            MissingPath: there is none. Another FileNotFoundError, KeyError or ValueError is understood as well.
        """

    def read_start(self, path: str, size: int) -> FileStart:
        """Return the first `size` bytes of the file at `path`. Override it where reading a part is cheaper.

        Raises:
            MissingPath: as `read_path`.
        """
        content = self.read_path(path)
        return FileStart(content[:size], len(content))

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`. Override it where there is a cheaper way than to read."""
        try:
            self.read_start(path, 1)
        except (FileNotFoundError, KeyError, ValueError):
            return False
        return True


class WritableFileSystem(ReadableFileSystem):
    """Files that can be read and written.

    A file system of your own is a subclass with `read_path` and `write_path`, both ordinary methods. Several threads
    may call it at once.
    """

    @abstractmethod
    def write_path(self, path: str, content: bytes) -> object:
        """Write `content` to the file at `path`, in place of what is there; what it returns does not matter.

        Whoever reads meanwhile should see the old content or the new, never a part.
        """

    def location(self, path: str) -> str:
        """Return where `path` is, for people and records: without secrets."""
        return path
