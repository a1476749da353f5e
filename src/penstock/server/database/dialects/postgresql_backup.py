"""Copies of a PostgreSQL database, made by PostgreSQL's own program for that."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo

from penstock.core.errors import StorageError

_PROGRAM = "pg_dump"


def dump(address: dict[str, Any], schema: str, target: Path, place: str) -> None:
    """Write a schema as it is at one moment to a new file, in the format that `pg_restore` reads.

    Parameters:
        address: what the driver connects to.
        schema: which one.
        target: the file; it is readable by this user only.
        place: the database, as messages name it.

    Raises:
        StorageError: the program is not here, or says why it can't.
    """
    try:
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise StorageError(f"{target} can't be made: {error.strerror or error}. Name another file.") from error
    # The password goes by the environment: the list of processes shows arguments to everybody.
    visible = {name: value for name, value in address.items() if name != "password"}
    environment = os.environ | ({"PGPASSWORD": str(address["password"])} if address.get("password") else {})
    command = [
        _PROGRAM,
        "--format=custom",
        "--no-owner",
        f"--schema={schema}",
        f"--file={target}",
        make_conninfo(**visible),
    ]
    fault = "the backup was interrupted"
    try:
        done = subprocess.run(
            command, check=False, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        fault = "" if done.returncode == 0 else done.stderr.strip().partition("\n")[0] or f"exit code {done.returncode}"
    except FileNotFoundError as error:
        raise StorageError(
            f"{_PROGRAM} is not on this machine, which copies {place}. Install PostgreSQL's client programs, of the server's "
            f"version or newer."
        ) from error
    finally:
        if fault or not target.stat().st_size:
            target.unlink()
    if fault:
        raise StorageError(f"{place} could not be copied to {target}: {fault}.")
