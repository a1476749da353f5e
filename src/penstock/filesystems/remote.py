"""Files behind an address: whatever fsspec reaches."""

from __future__ import annotations

from importlib import import_module
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

from penstock.core.errors import ConfigurationError
from penstock.filesystems.filesystem import FileStart, MissingPath, WritableFileSystem


class RemoteFileSystem(WritableFileSystem):
    """Files behind an address that fsspec knows, such as `s3://bucket/folder` or `memory://results`.

    Parameters:
        basepath: the address. No path leads out of it.
        settings: passed on to fsspec: credentials, endpoints and the like.
    """

    def __init__(self, basepath: str, settings: dict[str, Any] | None = None) -> None:
        scheme, _, rest = basepath.partition("://")
        if not scheme or not rest.strip("/"):
            raise ValueError(f"{basepath!r} is no address of a folder. Give one such as 's3://bucket/folder'.")
        if scheme == "file":
            raise ValueError(f"{basepath!r} is on this machine. Use LocalFileSystem for it.")
        self.basepath = basepath.rstrip("/")
        self.settings = dict(settings or {})
        self._filesystem: Any = None
        self._lock = Lock()

    @property
    def filesystem(self) -> Any:
        """The file system of fsspec, made when it is first needed.

        Raises:
            ConfigurationError: fsspec does not know the address, or a package for it is missing.
        """
        with self._lock:
            if self._filesystem is None:
                scheme = self.basepath.partition("://")[0]
                try:
                    self._filesystem = import_module("fsspec").filesystem(scheme, **self.settings)
                except (ImportError, ValueError) as error:
                    raise ConfigurationError(
                        f"The storage {self.location('')} can't be used: {error}. Install the package that fsspec "
                        f"needs for {scheme!r}, or give another address."
                    ) from error
        return self._filesystem

    def resolve(self, path: str) -> str:
        """Return the address of `path`, which is relative to the base or lies in it.

        Raises:
            ValueError: it leads out of the base.
        """
        inside = path
        if "://" in path:
            inside = path.removeprefix(self.basepath)
            if inside == path or inside[:1] not in {"", "/"}:
                raise self._outside(path)
        if any(part == ".." for part in unquote(inside).replace("\\", "/").split("/")):
            raise self._outside(path)
        return f"{self.basepath}/{inside.lstrip('/')}"

    def _outside(self, path: str) -> ValueError:
        return ValueError(f"The path {path!r} leads out of {self.location('')}. Give one inside of it.")

    def read_path(self, path: str) -> bytes:
        """Return the content of the file at `path`.

        Raises:
            MissingPath: there is none.
            ValueError: `path` leads out of the base.
        """
        return self._cat(path)

    def read_start(self, path: str, size: int) -> FileStart:
        """Return the first `size` bytes of the file at `path`, without fetching the rest where that is possible.

        Raises:
            MissingPath: there is none.
            ValueError: as `read_path`.
        """
        return FileStart(self._cat(path, start=0, end=size), None)

    def _cat(self, path: str, **span: int) -> bytes:
        address = self.resolve(path)
        try:
            content: bytes = self.filesystem.cat_file(address, **span)
        except (FileNotFoundError, IsADirectoryError):
            raise MissingPath(f"There is no file {self.location(path)!r}.") from None
        return content

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        return bool(self.filesystem.isfile(self.resolve(path)))

    def write_path(self, path: str, content: bytes) -> str:
        """Write `content` to the file at `path`, and return its address.

        Raises:
            ValueError: as `read_path`.
        """
        address = self.resolve(path)
        self.filesystem.makedirs(address.rpartition("/")[0], exist_ok=True)
        self.filesystem.pipe_file(address, content)
        return address

    def location(self, path: str) -> str:
        """Return the address of `path`, without the name and password in it, if any."""
        scheme, _, rest = self.basepath.partition("://")
        host = urlsplit(self.basepath).netloc
        shown = rest.removeprefix(host.rpartition("@")[0] + "@") if "@" in host else rest
        return f"{scheme}://{shown}/{path.removeprefix(self.basepath).lstrip('/')}".rstrip("/")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemoteFileSystem) and (self.basepath, self.settings) == (
            other.basepath,
            other.settings,
        )

    def __hash__(self) -> int:
        return hash(self.basepath)

    def __reduce__(self) -> tuple[type[RemoteFileSystem], tuple[str, dict[str, Any]]]:
        return RemoteFileSystem, (self.basepath, self.settings)

    def __repr__(self) -> str:
        # The settings may be secrets; their names are not.
        shown = f", settings={{{', '.join(map(repr, self.settings))}: …}}" if self.settings else ""
        return f"RemoteFileSystem({self.location('')!r}{shown})"
