"""DBOS on an SQLite file in the folder of the trial."""

from __future__ import annotations

from dbos import DBOS, DBOSConfig


def launch() -> None:
    """Start DBOS; the workflows and steps must be known already."""
    config: DBOSConfig = {
        "name": "bench",
        "system_database_url": "sqlite:///bench.sqlite",
        "log_level": "ERROR",
        "run_admin_server": False,
    }
    DBOS(config=config)
    DBOS.launch()
