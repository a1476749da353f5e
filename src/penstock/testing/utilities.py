"""The harness of `penstock.testing`, where programs written for Prefect import it from, and by their name for it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from penstock.testing.harness import penstock_test_harness as penstock_test_harness

__all__ = ["penstock_test_harness", "prefect_test_harness"]


def prefect_test_harness(server_startup_timeout: int | None = 30) -> AbstractContextManager[Path]:
    """Run flows and tasks within the block against a new, empty record: see `penstock_test_harness`.

    Parameters:
        server_startup_timeout: how long a server may take to start, in seconds. No server is started, so it bounds nothing.

    Returns:
        The context; it yields the temporary folder that serves as `PENSTOCK_HOME`.
    """
    return penstock_test_harness()
