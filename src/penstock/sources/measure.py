"""How large pulled code is, and how large it may be."""

from __future__ import annotations

import os
from pathlib import Path

from penstock.core.errors import SourceError


class TooLarge(SourceError):
    """Code has more files or bytes than the settings allow."""


def check_size(folder: Path, address: str) -> int:
    """Return how many bytes the files under `folder` have together.

    Parameters:
        folder: the code.
        address: where it comes from, for the error.

    Raises:
        TooLarge: they are more, or more files, than the settings allow.
    """
    from penstock import settings

    bounds = settings.current().code
    total_bytes = count = 0
    for above, _, names in os.walk(folder):
        count += len(names)
        total_bytes += sum(os.lstat(os.path.join(above, name)).st_size for name in names)
        check_bounds(count, total_bytes, bounds.max_files, bounds.max_bytes, address)
    return total_bytes


def check_bounds(count: int, total_bytes: int, max_files: int, max_bytes: int, address: str) -> None:
    """Refuse code that has too many files or bytes.

    Raises:
        TooLarge: it has.
    """
    if count > max_files:
        raise TooLarge(
            f"The code of {address} has more than {max_files:,} files. Name a smaller folder, "
            "or raise PENSTOCK_CODE_MAX_FILES."
        )
    if total_bytes > max_bytes:
        raise TooLarge(
            f"The code of {address} takes more than {max_bytes:,} bytes. Name a smaller folder, "
            "or raise PENSTOCK_CODE_MAX_BYTES."
        )
