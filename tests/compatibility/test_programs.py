"""Programs written for Prefect 3 run here with only their imports renamed, and print the same.

What each program prints was recorded by running it, as it stands, with Prefect 3.8.8; `<name>.txt` beside it holds that.
To record it again: `python <name>.py > <name>.txt`, with Prefect installed, and PREFECT_HOME in a folder of its own. Those that
deploy and serve report to a server, for which a worker works: `prefect worker start --pool programs --type process`.

Where Penstock differs on purpose, the programs keep away from it, or say so at the top:

- A task whose upstream failed ends Failed, named "NotReady", and its result raises `UpstreamTaskError`; Prefect leaves it
  Pending, and its result raises `UnfinishedRun`.
- A flow that returns one future has its result; Prefect's returns the state. A failed flow that returns a list of futures
  or states raises; Prefect's returns the list.
- A flow that returns a Failed state is retried and ends Failed; Prefect leaves it scheduled.
- `with_options(timeout_seconds=None)` takes the time limit away; in Prefect it changes nothing.
- `Completed().result()` is None; in Prefect it is missing.
- Tasks can be submitted outside of flows, async generator tasks can be submitted, and `@task` may stand above
  `@staticmethod`; Prefect refuses these.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.deploying.workers import working
from support.programs import ran
from support.servers import running

NEEDS_A_SERVER = {"serving", "work_pools"}
PROGRAMS = sorted(Path(__file__).parent.joinpath("programs").glob("*/*.py"))
IMPORT = re.compile(r"^(\s*(?:from|import) )prefect\b", re.MULTILINE)


def test_there_are_programs() -> None:
    """The folder was found, and each program has its output."""
    assert len(PROGRAMS) >= 15
    assert all(program.with_suffix(".txt").read_text() for program in PROGRAMS)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_for_prefect_prints_the_same(program: Path, tmp_path: Path) -> None:
    """With `prefect` renamed to `penstock` in its import lines, a program prints what it printed under Prefect."""
    source, renamed = IMPORT.subn(r"\1penstock", program.read_text())
    assert renamed
    ours = tmp_path / program.name
    ours.write_text(source)
    if program.stem in NEEDS_A_SERVER:
        with running(tmp_path / "server") as server, working(server, "--type", "process", pool="programs") as worker:
            done = ran(ours, tmp_path / "home", PYTHONWARNINGS="error", PENSTOCK_API_URL=server.url)
            worker.end()
    else:
        done = ran(ours, tmp_path / "home", PYTHONWARNINGS="error")
    assert done.returncode == 0, done.stderr
    assert done.stdout == program.with_suffix(".txt").read_text()
