"""Names of files made from keys, which are any text."""

from __future__ import annotations

import re

MOST_BYTES = 240
"""The longest name of a file or folder; file systems allow 255, and something may be added."""

MOST_CHARACTERS = 1000
"""The longest path."""

_HASH_DIGITS = 32
_ROOM_FOR_HASH = _HASH_DIGITS + 1

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_=@+,-][A-Za-z0-9_.=@+,-]{0,199}").fullmatch
_STRANGE = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|~%]")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_.=@+,-]")


def safe_path(key: str) -> str:
    """Return the relative path for `key`: the key itself where it is one, with `/` between folders.

    Any other key is changed until it is one, and then ends with a hash of what it was, so that two keys never have the
    same path. The path does not lead out of its folder.

    Raises:
        ValueError: the key is empty.
    """
    if _PLAIN_NAME(key):
        return key
    if not key:
        raise ValueError("The key of a result is empty. Give it a name.")
    parts = [_safe_name(part) for part in key.split("/")]
    path = "/".join(part for part in parts if part)
    if path == key and len(path) <= MOST_CHARACTERS:
        return path
    folder, slash, name = path[: MOST_CHARACTERS - _ROOM_FOR_HASH].rstrip("/").rpartition("/")
    return f"{folder}{slash}{_shortened(name.encode()) or '_'}-{_hash(key)}"


def safe_name(key: str) -> str:
    """Return the name of a file for `key`. See `safe_path`; a `/` is replaced as well."""
    return key if _PLAIN_NAME(key) else f"{_NOT_PLAIN.sub('_', key)[:100].lstrip('.')}-{_hash(key)}"


def _safe_name(part: str) -> str:
    if part in {".", ".."}:
        return "_"
    name = _STRANGE.sub("_", part).encode("utf-8", "replace")
    return name.decode() if len(name) <= MOST_BYTES else _shortened(name)


def _shortened(name: bytes) -> str:
    """Return the beginning of a name, so that a hash still fits behind it."""
    return name[: MOST_BYTES - _ROOM_FOR_HASH].decode("utf-8", "ignore")


def _hash(key: str) -> str:
    from hashlib import blake2b

    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_HASH_DIGITS // 2).hexdigest()
