"""Names of branches, tags and commits, and folders within a repository: which are taken."""

from __future__ import annotations

import re

from penstock.core.errors import InvalidSource

MOST_CHARACTERS = 255
MOST_FOLDERS = 100

_COMMIT = re.compile(r"[0-9a-fA-F]{4,64}")
# What git-check-ref-format(1) refuses, and names that would be read as an option or as an expression.
_NO_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|(^|/)\.|\.lock(/|$)|[/.]$|^[-/]|^@$")
_NO_FOLDER = re.compile(r"[\x00-\x1f\x7f\\]")

FULL_SHA1, FULL_SHA256 = 40, 64
"""Digits of a whole commit's id, by what the repository hashes with."""


def checked_ref(name: str) -> str:
    """Return the name of a branch or tag, as it may be given to git.

    Raises:
        InvalidSource: no branch or tag can have that name.
    """
    name = name.removeprefix("refs/heads/").removeprefix("refs/tags/")
    if not name or len(name) > MOST_CHARACTERS or _NO_REF.search(name):
        raise InvalidSource(
            f"{name[:MOST_CHARACTERS]!r} can't be the name of a branch or tag. Give one such as 'main' or 'v1.2'; "
            "a commit has a parameter of its own."
        )
    return name


def checked_commit(sha: str) -> str:
    """Return the id of a commit, whole or its first digits.

    Raises:
        InvalidSource: it is none.
    """
    if not _COMMIT.fullmatch(sha):
        raise InvalidSource(
            f"{sha[:MOST_CHARACTERS]!r} is no id of a commit: that has 4 to 64 hexadecimal digits. "
            "A branch or tag is given as 'branch'."
        )
    return sha.lower()


def is_whole(sha: str) -> bool:
    """Whether an id of a commit has all its digits."""
    return len(sha) in {FULL_SHA1, FULL_SHA256}


def checked_folders(folders: list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Return folders of a repository, relative to its root, with `/` between their parts.

    Raises:
        InvalidSource: one leads out of the repository, or there are too many.
    """
    checked = tuple(_checked_folder(one) for one in folders or ())
    if len(checked) > MOST_FOLDERS:
        raise InvalidSource(f"{len(checked)} folders are named; name {MOST_FOLDERS} at most.")
    return checked


def _checked_folder(folder: str) -> str:
    parts = [part for part in folder.split("/") if part not in {"", "."}]
    if (
        not parts
        or folder.startswith(("/", '"', "!"))
        or ".." in parts
        or ".git" in (part.lower() for part in parts)
        or len(folder) > MOST_CHARACTERS
        or _NO_FOLDER.search(folder)
    ):
        raise InvalidSource(
            f"{folder[:MOST_CHARACTERS]!r} can't be a folder of a repository. Give one relative to its root, "
            "such as 'flows/daily'."
        )
    return "/".join(parts)
