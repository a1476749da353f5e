"""Folders that only their owner may look into: parameters, logs and results are nobody else's business."""

from __future__ import annotations

import os

_OWNER_ONLY = 0o700


def make_private_folder(path: str | os.PathLike[str]) -> None:
    """Make a folder, and those above it that are missing, for its owner alone. One that is there stays as it is.

    Parameters:
        path: the folder.

    Raises:
        OSError: it can't be made.
    """
    folder = os.path.abspath(path)
    missing = []
    while not os.path.isdir(folder):
        missing.append(folder)
        above = os.path.dirname(folder)
        if above == folder:
            break
        folder = above
    for each in reversed(missing):
        try:
            os.mkdir(each, _OWNER_ONLY)
        except FileExistsError:
            if not os.path.isdir(each):
                raise
