"""The files of a remote folder, brought onto this machine."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

from penstock.core import clock
from penstock.core.errors import PenstockException, SourceError
from penstock.sources.listing import Listing, RemoteFile

AT_ONCE = 8
"""How many files are read at once."""

PIECE_BYTES = 8 * 1024 * 1024
"""The most that is asked for at once."""


class ReadingFailed(Exception):
    """A file system far away refused, not this machine's.

    Attributes:
        error: what it raised; it may show secrets.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


@contextmanager
def reading() -> Iterator[None]:
    """Tell what the file system far away raises from what this machine's disk does.

    Raises:
        ReadingFailed: it raised something.
    """
    try:
        yield
    except PenstockException:
        raise
    except Exception as error:
        raise ReadingFailed(error) from None


def download(filesystem: Any, listing: Listing, folder: Path, address: str, deadline: float) -> None:
    """Write the files of `listing` into a folder that is not there yet.

    Parameters:
        filesystem: a file system of fsspec's.
        listing: the files. No more bytes of each are read than it says.
        folder: where to.
        address: where they come from, for errors.
        deadline: the instant to give up at, by the monotonic clock.

    Raises:
        SourceError: it took too long.
        ReadingFailed: the file system refused.
        OSError: the disk did.
    """
    for above in {folder / file.path for file in listing.files}:
        above.parent.mkdir(parents=True, exist_ok=True)
    stop = Event()

    def bring(file: RemoteFile) -> None:
        with open(folder / file.path, "xb") as target:
            for piece in _pieces(filesystem, file):
                if stop.is_set():
                    return
                if clock.current().monotonic() >= deadline:
                    raise SourceError(
                        f"Pulling {address} took too long. PENSTOCK_CODE_TIMEOUT_SECONDS says how long it may."
                    )
                target.write(piece)

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="penstock-download") as threads:
        try:
            for _ in threads.map(bring, listing.files):
                pass
        except BaseException:
            stop.set()
            threads.shutdown(cancel_futures=True)
            raise


def _pieces(filesystem: Any, file: RemoteFile) -> Iterator[bytes]:
    for start in range(0, file.total_bytes, PIECE_BYTES):
        end = min(start + PIECE_BYTES, file.total_bytes)
        with reading():
            piece: bytes = filesystem.cat_file(file.name, start=start, end=end)
        yield piece[: end - start]
