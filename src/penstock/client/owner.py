"""Who this process is, to the server: a new name for every process, so a reused process number is no alibi."""

from __future__ import annotations

import os
import socket

from penstock.core.ids import uuid7

_owner: tuple[int, str] | None = None


def owner_id() -> str:
    """Return `<host>:<process number>:<unique id>`; it changes after a fork."""
    global _owner
    process = os.getpid()
    if _owner is None or _owner[0] != process:
        _owner = (process, f"{socket.gethostname()}:{process}:{uuid7().hex}")
    return _owner[1]
