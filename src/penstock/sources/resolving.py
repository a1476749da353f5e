"""Which source is meant by a text or a path."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from penstock.core.errors import InvalidSource
from penstock.sources.git.repository import GitSource
from penstock.sources.local_folder import LocalFolder
from penstock.sources.remote_folder import RemoteFolder
from penstock.sources.source import Source


def source_from(text: str | Path) -> Source:
    """Return the source that is meant.

    An address that ends in `.git`, or begins with `git://` or `git@`, is a git repository; `file://…` and
    `local://…` are folders of this machine, and so is whatever has no scheme that fsspec knows; all else is a remote folder.

    Parameters:
        text: an address or a path.

    Raises:
        InvalidSource: it is none.
    """
    if isinstance(text, os.PathLike):
        return LocalFolder(text)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise InvalidSource(
            f"{text[:200]!r} is no address. Give one such as 'https://example.com/flows.git'."
        ) from None
    if parts.scheme == "git" or parts.path.endswith(".git") or text.startswith("git@"):
        return GitSource(text)
    if parts.scheme in {"file", "local"}:
        return LocalFolder(text.partition("://")[2])
    if "://" in text and parts.scheme in _schemes():
        return RemoteFolder(text)
    return LocalFolder(text)


def _schemes() -> list[str]:
    return list(import_module("fsspec").available_protocols())
