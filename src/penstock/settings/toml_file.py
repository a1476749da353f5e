"""Reading TOML, and writing the little of it that profiles need, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from penstock.core.errors import ConfigurationError
from penstock.settings.private_folder import make_private_folder

if TYPE_CHECKING:
    from pathlib import Path


def read_toml(path: Path) -> dict[str, Any]:
    """Return what stands in a TOML file; nothing if there is no such file.

    Raises:
        ConfigurationError: it can't be read, or it is not TOML.
    """
    content = read_bytes(path)
    return parse_toml(content, path) if content else {}


def read_bytes(path: Path) -> bytes:
    """Return the content of a file; nothing if there is no such file.

    Raises:
        ConfigurationError: it can't be read.
    """
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise ConfigurationError(f"{path} can't be read: {error.strerror or error}.") from error


def parse_toml(content: bytes, path: Path) -> dict[str, Any]:
    """Return what `content`, which was read from `path`, says.

    Raises:
        ConfigurationError: it is not TOML.
    """
    import tomllib

    try:
        return tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not a valid TOML file: {error}.") from error


def flattened(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values of a table and of the tables in it, with dots between the names."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def write_toml(path: Path, top: Mapping[str, Any], tables: Mapping[tuple[str, ...], Mapping[str, Any]]) -> None:
    """Replace a TOML file, or leave it as it was: nobody ever reads half of it. Only its owner may read it.

    Parameters:
        path: the file; its folder is made if there is none.
        top: the values above all tables.
        tables: the values of each table, by the parts of its name.

    Raises:
        ConfigurationError: a value can't be written, or the disk refused.
    """
    parts = [_lines(top)]
    parts += [f"[{'.'.join(map(_key, name))}]\n{_lines(values)}" for name, values in tables.items()]
    content = "\n".join(part for part in parts if part).encode()
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        make_private_folder(path.parent)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise ConfigurationError(f"{path} can't be written: {error.strerror or error}.") from error


def _lines(values: Mapping[str, Any]) -> str:
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in values.items())


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("-", "_").isidentifier()
    return key if bare else _value(key)


def _value(value: Any) -> str:
    import json

    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        # A JSON string is a TOML basic string but for DEL, which TOML wants escaped as well, and for lone surrogates.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    raise ConfigurationError(
        f"A value of type {type(value).__name__} can't be written to a profile: {value!r}. Edit the file by hand."
    )
