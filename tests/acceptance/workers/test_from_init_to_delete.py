"""From a folder with a flow to a deployment that a worker carries out, and to its end: by commands, as a user gives them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.deploying.workers import working
from support.programs import TIMEOUT_SECONDS, environment, written
from support.servers import Server

FLOW = """
from penstock import flow, task


@task
def measure(city: str, number: int) -> int:
    return len(city) + number


@flow
def report(city: str = "Oslo", count: int = 2) -> int:
    if count < 0:
        raise ValueError("there is no less than nothing")
    return sum(measure(city, number) for number in range(count))
"""


class Shell:
    """A terminal in a project's folder, whose commands go to a server."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.folder = folder
        self._environment = environment(server.home, PENSTOCK_API_URL=server.url)

    def give(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "penstock", *arguments],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )

    def ask(self, *arguments: str) -> Any:
        done = self.give(*arguments, "--output", "json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def shell(server: Server, tmp_path: Path) -> Shell:
    folder = tmp_path / "project"
    folder.mkdir()
    written(folder, FLOW, "flows.py")
    return Shell(server, folder)


def test_from_init_to_delete(server: Server, shell: Shell) -> None:
    """init, deploy, run --watch, inspect, a second version, rollback, pause, delete: each shows in the next."""
    shell.ask("init", "--name", "cities")
    shell.ask("work-pool", "create", "pool")
    straight = ("deploy", "flows.py:report", "--name", "daily", "--pool", "pool", "--cron", "0 9 * * *", "--save")
    [made] = shell.ask(*straight)
    with working(server):
        assert shell.ask("work-pool", "inspect", "pool")["status"] == "READY"
        done = shell.give("deployment", "run", "report/daily", "--watch", "-p", "count=3")
        assert done.returncode == 0, done.stderr
        assert "Completed" in done.stdout
        failed = shell.give("deployment", "run", "report/daily", "--watch", "-p", "count=-1", "--flow-run-name", "less")
        assert failed.returncode == 1
        assert "there is no less than nothing" in failed.stdout

        second = shell.folder / "penstock.yaml"
        second.write_text(second.read_text() + "  parameters:\n    city: Bergen\n")
        [changed] = shell.ask("deploy", "--name", "dai*")
        assert (changed["version_number"], changed["spec"]["parameters"]) == (2, {"city": "Bergen"})
        assert shell.ask("deployment", "run", "daily", "--watch")["parameters"] == {"city": "Bergen"}
        assert shell.ask("deployment", "rollback", "daily")["version_number"] == 1
        run = shell.ask("deployment", "run", "daily", "--watch")
        assert (run["state"]["name"], run["parameters"], run["deployment_version"]) == ("Completed", {}, 1)
        assert shell.ask("deployment", "run", "daily", "--watch", "--in", "1s")["state"]["name"] == "Completed"
        again = shell.give("flow-run", "retry", "less", "--watch")
        assert again.returncode == 1

    assert [one["slug"] for one in shell.ask("deployment", "schedule", "ls", "daily")] == [made["schedules"][0]["slug"]]
    assert shell.ask("deployment", "pause", "daily")["spec"]["paused"] is True
    inspected = shell.give("deployment", "inspect", "daily").stdout
    assert inspected.startswith("Paused  report/daily")
    timed_out = shell.give("deployment", "run", "daily", "--watch", "--watch-timeout", "0.2")
    assert timed_out.returncode == 3
    assert shell.give("deployment", "delete", "daily", "--yes").returncode == 0
    assert shell.ask("deployment", "ls") == []


def test_a_build_that_fails_deploys_nothing(shell: Shell) -> None:
    """A step's failure is one line, after what it said; the deployment stays as it is."""
    shell.ask("work-pool", "create", "pool")
    text = (
        "build:\n- penstock.deployments.steps.run_shell_script:\n    script: ls /nothing/of/that/name\n"
        "deployments:\n- {name: daily, entrypoint: 'flows.py:report', work_pool: {name: pool}}\n"
    )
    written(shell.folder, text, "penstock.yaml")
    refused = shell.give("deploy")
    assert refused.returncode == 1
    last = refused.stderr.splitlines()[-1]
    assert last.startswith("Error: Nothing was deployed: ")
    assert "Traceback" not in refused.stderr
    assert shell.ask("deployment", "ls") == []


def test_a_flow_is_served(server: Server, shell: Shell) -> None:
    """`flow serve` deploys a flow and carries its runs out without a pool; when it is asked to end, its schedule rests."""
    command = [
        sys.executable,
        "-m",
        "penstock",
        "flow",
        "serve",
        "flows.py:report",
        "--name",
        "here",
        "--interval",
        "1d",
    ]
    served = subprocess.Popen(
        command,
        cwd=shell.folder,
        env=environment(server.home, PENSTOCK_API_URL=server.url),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert served.stdout is not None
        assert served.stdout.readline() == "Serving report/here\n"
        run = shell.give("deployment", "run", "here", "--watch")
        assert run.returncode == 0, run.stderr
        served.terminate()
        served.communicate(timeout=TIMEOUT_SECONDS)
        assert served.returncode == 0
        assert shell.ask("deployment", "inspect", "here")["spec"]["paused"] is True
    finally:
        if served.poll() is None:
            served.kill()
            served.communicate()
