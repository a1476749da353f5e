"""What a remote folder holds, as its file system tells."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, NamedTuple

from penstock.core.errors import SourceError
from penstock.sources.measure import check_bounds

_TELLING = (
    "ETag",
    "etag",
    "md5Hash",
    "md5",
    "checksum",
    "crc32c",
    "generation",
    "VersionId",
    "mtime",
    "LastModified",
    "last_modified",
    "modified",
    "updated",
)
"""What different file systems call that which changes with a file, the surest first."""

MOST_NAME_CHARACTERS = 1_000


class RemoteFile(NamedTuple):
    """One file.

    Attributes:
        path: where it is, relative to the folder.
        name: what its file system calls it.
        total_bytes: its size.
        tag: what changes whenever the file does; None where the file system tells nothing of the kind.
    """

    path: str
    name: str
    total_bytes: int
    tag: str | None


class Listing(NamedTuple):
    """All files of a folder.

    Attributes:
        files: them, in order of their paths.
    """

    files: tuple[RemoteFile, ...]

    @property
    def version(self) -> str | None:
        """What tells this state of the folder from others; None where the file system does not tell enough."""
        if any(file.tag is None for file in self.files):
            return None
        told = repr([(file.path, file.total_bytes, file.tag) for file in self.files])
        return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def list_files(filesystem: Any, url: str, address: str) -> Listing:
    """List a folder as it is now.

    Parameters:
        filesystem: a file system of fsspec's.
        url: the folder.
        address: the same, for people.

    Raises:
        SourceError: there is no such folder, it is empty, it holds too much, or a name leads out of it.
    """
    from penstock import settings

    bounds = settings.current().code
    filesystem.invalidate_cache()
    base = str(filesystem._strip_protocol(url)).rstrip("/")
    found: dict[str, dict[str, Any]] = filesystem.find(base, detail=True)
    if base in found:
        raise SourceError(f"{address} is a file. Give the folder that it is in.")
    total_bytes, files = 0, []
    for count, (name, info) in enumerate(sorted(found.items()), start=1):
        size = info.get("size")
        if not isinstance(size, int) or size < 0:
            raise SourceError(f"{address} does not tell the size of {name!r}, so its code can't be pulled.")
        total_bytes += size
        check_bounds(count, total_bytes, bounds.max_files, bounds.max_bytes, address)
        files.append(RemoteFile(_checked_path(name, base, address), name, size, _tag(info)))
    if not files:
        raise SourceError(f"There is no folder {address}, or no file in it. Check the address.")
    return Listing(tuple(files))


def _checked_path(name: str, base: str, address: str) -> str:
    """Return the path of a file, relative to the folder; what is written there stays in the folder."""
    path = name.removeprefix(f"{base}/")
    parts = path.split("/")
    if (
        path == name
        or len(path) > MOST_NAME_CHARACTERS
        or any(part in {"", ".", ".."} for part in parts)
        or any(sign in path for sign in ("\0", "\\"))
    ):
        raise SourceError(
            f"{address} holds a file {name[:MOST_NAME_CHARACTERS]!r}, whose name leads out of the folder. Rename it."
        )
    return path


def _tag(info: dict[str, Any]) -> str | None:
    return next((f"{name} {info[name]}" for name in _TELLING if info.get(name) not in {None, ""}), None)
