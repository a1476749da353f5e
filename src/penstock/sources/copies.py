"""Copies of pulled code, which belong to who asked for them and may be changed."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path
from typing import Any

from penstock.core.errors import SourceError
from penstock.filesystems.unique_names import unique_name
from penstock.sources.source import Pulled

MARK = ".penstock-pulled.json"
"""The file in a copy that says where it comes from, so that it may be replaced by a later version."""


def put_copy(pulled: Pulled, address: str, into: Path) -> Path:
    """Put a copy of `pulled` into a folder.

    A folder that holds the same version already is left as it is; one that holds another version of the same code is
    replaced, with what was changed in it.

    Parameters:
        pulled: the code.
        address: where it comes from.
        into: the folder; see `Source.pull`.

    Returns:
        The absolute path of the folder.

    Raises:
        SourceError: the folder holds something else, or the disk refused.
    """
    into = Path(os.path.abspath(into))
    mark = {"address": address, "version": pulled.version}
    try:
        if not os.path.lexists(into):
            _replace(pulled.path, into, mark)
            return into
        if into.is_dir() and not any(into.iterdir()):
            _fill(pulled.path, into, mark)
            return into
        found = _mark_of(into)
        if found is None or found.get("address") != address:
            raise SourceError(
                f"The folder {str(into)!r} is in the way of the code of {address}: it holds something else. "
                "Remove it, or name another folder."
            )
        if pulled.version is None or found.get("version") != pulled.version:
            _replace(pulled.path, into, mark)
    except OSError as error:
        raise SourceError(
            f"The code of {address} can't be written to {str(into)!r}: {error.strerror or error}. See to the disk."
        ) from error
    return into


def _replace(source: Path, into: Path, mark: dict[str, Any]) -> None:
    beside, old = (into.with_name(f".{into.name}-{unique_name()}") for _ in range(2))
    try:
        _copy(source, beside, mark)
        if os.path.lexists(into):
            into.rename(old)
        beside.rename(into)
    finally:
        for left in (beside, old):
            shutil.rmtree(left, ignore_errors=True)


def _fill(source: Path, into: Path, mark: dict[str, Any]) -> None:
    """Copy into a folder that is there and stays: it may be the working directory."""
    try:
        _copy(source, into, mark)
    except BaseException:
        for left in into.iterdir():
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        raise


def _copy(source: Path, into: Path, mark: dict[str, Any]) -> None:
    """Copy a folder; the mark comes last, so a part of a copy is never taken for one."""
    try:
        shutil.copytree(source, into, symlinks=True, copy_function=_copy_file, dirs_exist_ok=True)
    except shutil.Error as error:
        raise OSError(error.args[0][0][2]) from error
    (into / MARK).write_text(json.dumps(mark))


def _copy_file(source: str, target: str) -> None:
    shutil.copyfile(source, target, follow_symlinks=False)
    if not os.path.islink(target):
        found = os.stat(source)
        os.chmod(target, stat.S_IMODE(found.st_mode) | stat.S_IWUSR)
        # Byte code that was made in the cache is good for the copy, too, as long as the times are the same.
        os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))


def _mark_of(folder: Path) -> dict[str, Any] | None:
    try:
        mark = json.loads((folder / MARK).read_text())
    except (OSError, ValueError):
        return None
    return mark if isinstance(mark, dict) else None
