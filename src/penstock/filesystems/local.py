"""Files in a folder of this machine."""

from __future__ import annotations

import errno
import os
import stat

from penstock.filesystems.filesystem import FileStart, MissingPath, WritableFileSystem
from penstock.filesystems.unique_names import unique_name

# Windows keeps files from children by itself, can't refuse links, and would change the ends of lines.
_FLAGS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_READ = os.O_RDONLY | _FLAGS
_CREATE = os.O_CREAT | os.O_EXCL | os.O_WRONLY | _FLAGS
_NOT_PLAIN = ("", ".", "~")
_PERMISSIONS = 0o666  # less what the user's umask takes


class LocalFileSystem(WritableFileSystem):
    """Files in a folder of this machine. No path leads out of the folder, be it by `..` or by a link.

    A file is written beside its place and then moved there, so a reader never sees a part of it, and a process that is
    killed leaves the old content. Nothing waits for the disk: after a loss of power a file that was just written may
    be damaged.

    Parameters:
        basepath: the folder, made when it is first needed; by default the current one.
    """

    def __init__(self, basepath: str | os.PathLike[str] | None = None) -> None:
        self.basepath = None if basepath is None else os.fspath(basepath)
        self._base: tuple[str, str] | None = None

    def _resolved_base(self) -> str:
        # A relative folder moves with the current one.
        given = self.basepath or "."
        anchor = given if given.startswith(os.sep) else os.path.abspath(os.path.expanduser(given))
        if self._base is None or self._base[0] != anchor:
            self._base = (anchor, os.path.realpath(anchor))
        return self._base[1]

    def resolve(self, path: str) -> str:
        """Return the absolute path of `path`, which is relative to the folder or lies in it.

        Raises:
            ValueError: it leads out of the folder.
        """
        base = self._resolved_base()
        if "\0" in path:
            raise ValueError(f"The path {path!r} contains a NUL character. Leave it out.")
        resolved = os.path.realpath(os.path.join(base, os.path.expanduser(path)))
        if resolved != base and not resolved.startswith(base.rstrip(os.sep) + os.sep):
            raise ValueError(f"The path {path!r} leads out of the folder {base!r}. Give one inside of it.")
        return resolved

    def _direct(self, path: str) -> str | None:
        """Return the absolute path of a plain name in the folder, or None where `path` must be resolved."""
        if "/" in path or path[:1] in _NOT_PLAIN or "\0" in path:
            return None
        return f"{self._resolved_base()}/{path}"

    def _open(self, path: str) -> int:
        direct = self._direct(path)
        try:
            if direct is not None and _NO_LINK:
                try:
                    return os.open(direct, _READ | _NO_LINK)
                except OSError as error:
                    if error.errno != errno.ELOOP:
                        raise
            # It is, or may contain, a link, which must not lead out of the folder.
            return os.open(self.resolve(path), _READ)
        except (FileNotFoundError, NotADirectoryError):
            raise MissingPath(f"There is no file {self.location(path)!r}.") from None

    def read_path(self, path: str) -> bytes:
        """Return the content of the file at `path`.

        Raises:
            MissingPath: there is none.
            ValueError: `path` leads out of the folder, or to something that is no file.
        """
        descriptor = self._open(path)
        try:
            _check_is_file(descriptor, path)
            with open(descriptor, "rb", closefd=False) as file:
                return file.read()
        finally:
            os.close(descriptor)

    def read_start(self, path: str, size: int) -> FileStart:
        """Return the first `size` bytes of the file at `path`, without reading the rest.

        Raises:
            MissingPath: there is none.
            ValueError: as `read_path`.
        """
        descriptor = self._open(path)
        try:
            total_bytes = _check_is_file(descriptor, path)
            return FileStart(os.read(descriptor, size), total_bytes)
        finally:
            os.close(descriptor)

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        return os.path.isfile(self.resolve(path))

    def write_path(self, path: str, content: bytes) -> str:
        """Write `content` to the file at `path` in one step, and return its absolute path.

        Raises:
            ValueError: as `read_path`.
            OSError: the disk refused; the old content is still there.
        """
        resolved = self._direct(path) or self.resolve(path)
        folder = resolved.rpartition("/")[0]
        beside = f"{folder}/.{unique_name()}.part"
        try:
            descriptor = os.open(beside, _CREATE, _PERMISSIONS)
        except FileNotFoundError:
            _make_folder(folder)
            descriptor = os.open(beside, _CREATE, _PERMISSIONS)
        try:
            try:
                _write_all(descriptor, content)
            finally:
                os.close(descriptor)
            os.replace(beside, resolved)
        except BaseException as error:
            os.unlink(beside)
            if isinstance(error, IsADirectoryError):
                raise ValueError(f"The path {path!r} is a folder. Give the path of a file.") from None
            raise
        return resolved

    def location(self, path: str) -> str:
        """Return the absolute path of `path`."""
        return self._direct(path) or self.resolve(path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LocalFileSystem) and self._resolved_base() == other._resolved_base()

    def __hash__(self) -> int:
        return hash(self._resolved_base())

    def __reduce__(self) -> tuple[type[LocalFileSystem], tuple[str | None]]:
        return LocalFileSystem, (self.basepath,)

    def __repr__(self) -> str:
        return f"LocalFileSystem(basepath={self.basepath!r})"


def _make_folder(path: str) -> None:
    """Make a folder: for its owner alone where it belongs to Penstock, and else as the user's umask says."""
    from penstock import settings
    from penstock.settings.private_folder import make_private_folder

    now = settings.current()
    if any(_is_within(path, os.path.realpath(own)) for own in (now.home, now.results.local_storage_path)):
        make_private_folder(path)
    else:
        os.makedirs(path, exist_ok=True)


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _check_is_file(descriptor: int, path: str) -> int:
    """Return the size of an open file in bytes."""
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise ValueError(f"The path {path!r} is no file. Give the path of a file.")
    return found.st_size


def _write_all(descriptor: int, content: bytes) -> None:
    written = os.write(descriptor, content)
    while written < len(content):
        written += os.write(descriptor, memoryview(content)[written:])
