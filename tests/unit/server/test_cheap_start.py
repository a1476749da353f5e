"""Recording a first run costs a start of its own: nothing is loaded for it that it does not need."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.mysql", "sqlalchemy.orm", "pydantic", "click", "rich")

LOADS = """
import sys, tempfile
from pathlib import Path
from penstock.local.transport import InProcessTransport
from penstock.wire.operations import FLOWS_LIST
from penstock.wire.requests import FlowQuery

with tempfile.TemporaryDirectory() as folder:
    transport = InProcessTransport(Path(folder) / "penstock.db")
    transport.call(FLOWS_LIST, FlowQuery())
    transport.close()
print(*sys.modules)
"""


def test_only_what_sqlite_needs_is_loaded() -> None:
    """Making and asking an SQLite database loads no other kind's dialect, no ORM and nothing of the SDK's."""
    done = subprocess.run([sys.executable, "-c", LOADS], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "sqlalchemy" in loaded
    assert [name for name in loaded if name in HEAVY] == []
