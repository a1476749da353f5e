"""A run of a deployment: from when it is asked for until its code runs, in a process of its own that another serves."""

from __future__ import annotations

import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import sdk

READY_SECONDS = 120
PATIENCE_SECONDS = 60

# A file of its own: the process of a run does not find in its environment which SDK it is.
SERVED = """
import time
from pathlib import Path

from {sdk} import flow


@flow
def notes(mark: str) -> None:
    Path(mark).write_text(repr(time.time()))


if __name__ == "__main__":
    notes.serve("bench")
"""

run_deployment = import_module(f"{sdk.NAME}.deployments").run_deployment


def asked_for(number: int, patience_seconds: float = PATIENCE_SECONDS) -> float:
    """Ask for a run; return how many seconds later its code ran."""
    mark = Path.cwd() / f"mark-{number}"
    begun = time.time()
    run_deployment("notes/bench", parameters={"mark": str(mark)}, timeout=0)
    while not mark.exists() or not mark.read_text():
        if time.time() - begun > patience_seconds:
            raise SystemExit(f"run {number} had not begun after {patience_seconds:g} s")
        time.sleep(0.002)
    return float(mark.read_text()) - begun


served = Path.cwd() / "served.py"
served.write_text(SERVED.format(sdk=sdk.NAME))
serving = subprocess.Popen([sys.executable, str(served)], stdout=subprocess.PIPE)
try:
    assert serving.stdout is not None
    while not serving.stdout.readline().strip():
        pass
    asked_for(0, READY_SECONDS)  # whatever is made ready for the first run only
    seconds = sorted(asked_for(number) for number in range(1, sdk.count() + 1))
    sdk.report(seconds=seconds[len(seconds) // 2], worst_seconds=seconds[-1])
finally:
    serving.terminate()
    serving.wait()
