"""Flows that are deployed to a work pool, from a source. Needs a server, and a worker of the process pool `programs`."""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

from prefect import deploy, flow
from prefect.deployments import run_deployment

HERE = Path(__file__)


@flow
def notes(folder: str, word: str = "nothing"):
    Path(folder, word).write_text(os.environ.get("MARK", "no mark"))


@flow
def doubles(number: int):
    return 2 * number


def asked(name, **options):
    return run_deployment(name, timeout=90, poll_interval=0.2, **options)


def main():
    source = str(HERE.parent)
    with redirect_stdout(io.StringIO()):
        deployed = flow.from_source(source=source, entrypoint=f"{HERE.name}:notes").deploy(
            "pooled", work_pool_name="programs", tags=["pooled"], job_variables={"env": {"MARK": "of the deployment"}}
        )
        several = deploy(
            flow.from_source(source=source, entrypoint=f"{HERE.name}:doubles").to_deployment(
                "one", parameters={"number": 1}, cron="0 0 1 1 *"
            ),
            flow.from_source(source=source, entrypoint=f"{HERE.name}:doubles").to_deployment(
                "two", parameters={"number": 4}, interval=86400
            ),
            work_pool_name="programs",
        )
    print(type(deployed).__name__, len(several), len(set(several)))
    with tempfile.TemporaryDirectory() as folder:
        run = asked("notes/pooled", parameters={"folder": folder})
        print(run.state.name, run.work_pool_name, run.work_queue_name, run.tags, run.deployment_id == deployed)
        print(Path(folder, "nothing").read_text())
        other = asked(
            "notes/pooled",
            parameters={"folder": folder, "word": "word"},
            job_variables={"env": {"MARK": "of the run"}},
        )
        print(other.state.name, other.job_variables, Path(folder, "word").read_text())
    print(asked(several[1]).state.name, asked("doubles/one", parameters={"number": 3}).parameters)
    print(asked("doubles/two").parameters)


if __name__ == "__main__":
    main()
