"""A home and a database of a test's own.

What it needs is loaded when it is used: a test module that imports it starts as cheaply as any other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def penstock_test_harness(home: str | os.PathLike[str] | None = None) -> Iterator[Path]:
    """Run flows and tasks within the block against a new, empty record, and put the former one back after it.

    Parameters:
        home: the folder that serves as `PENSTOCK_HOME`; by default a temporary one.

    Yields:
        That folder.
    """
    if home is None:
        with TemporaryDirectory(prefix="penstock-test-") as folder, penstock_test_harness(folder) as path:
            yield path
        return
    from penstock import settings
    from penstock.client.transport import use_transport
    from penstock.reporting.recorder import use_recorder

    recorder, transport = use_recorder(None), use_transport(None)
    try:
        with settings.temporary_settings({"home": str(home)}):
            yield Path(home)
            _let_go()
    finally:
        _let_go()
        use_recorder(recorder)
        use_transport(transport)


def _let_go() -> None:
    from penstock.client.transport import use_transport
    from penstock.reporting.log_lines import reset_logging
    from penstock.reporting.recorder import use_recorder

    recorder = use_recorder(None)
    if recorder is not None:
        recorder.close()
    transport = use_transport(None)
    if transport is not None:
        transport.close()
    reset_logging()
