"""Programs with PENSTOCK_API_URL set report to a server, and keep nothing themselves."""

from __future__ import annotations

import json
from pathlib import Path

from support.programs import command, ran, written
from support.servers import Server, asked_by_this_process

from penstock import flow, task

PIPELINE = """
    from penstock import flow, get_run_logger, task

    @task(tags=["arithmetic"])
    def double(x):
        return 2 * x

    @flow
    def inner(x):
        return double(x) + 1

    @flow(name="{name}")
    def outer():
        get_run_logger().info("counting")
        futures = double.map([1, 2, 3])
        return [inner(future.result()) for future in futures]

    if __name__ == "__main__":
        print(outer())
"""

PROCESSES = """
    from penstock import flow, task
    from penstock.task_runners import ProcessPoolTaskRunner

    @task
    def leaf(x):
        return x + 1

    @task
    def branch(x):
        print("in a child")
        return leaf(x)

    @flow(name="{name}", task_runner=ProcessPoolTaskRunner(max_workers=2), log_prints=True)
    def pool():
        return [future.result() for future in branch.map([1, 2])]

    if __name__ == "__main__":
        print(pool())
"""

FORK = """
    import os
    from penstock import flow, task

    @task
    def say(who):
        return who

    @flow(name="{name}")
    def speak(who):
        return say(who)

    if __name__ == "__main__":
        speak("before")
        child = os.fork()
        speak("child" if child == 0 else "parent")
        if child:
            _, status = os.waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status))
"""


def asked(server: Server, home: Path, *arguments: str) -> str:
    """Run a command against the server and return what it printed."""
    done = command(home, *arguments, PENSTOCK_API_URL=server.url)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_program_reports_to_the_server(server: Server, tmp_path: Path) -> None:
    """Runs, task runs, subflows and log lines of a program are found at the server by the command line of another home."""
    program = written(tmp_path, PIPELINE.format(name="reported"))
    done = ran(program, tmp_path / "home", PENSTOCK_API_URL=server.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[5, 9, 13]\n"
    assert not (tmp_path / "home" / "penstock.db").exists()

    (run,) = json.loads(asked(server, tmp_path / "other", "flow-run", "ls", "--flow", "reported", "-o", "json"))
    assert run["state"]["type"] == "COMPLETED"
    tree = json.loads(asked(server, tmp_path / "other", "flow-run", "inspect", run["id"], "-o", "json"))
    assert json.dumps(tree).count('"double') >= 6
    assert "counting" in asked(server, tmp_path / "other", "flow-run", "logs", run["id"])


def test_a_process_pool_reports_to_the_same_server(server: Server, tmp_path: Path) -> None:
    """What tasks in child processes run and print is recorded at the server their parent reports to."""
    program = written(tmp_path, PROCESSES.format(name="pooled"))
    done = ran(program, tmp_path / "home", PENSTOCK_API_URL=server.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[2, 3]"
    (run,) = json.loads(asked(server, tmp_path, "flow-run", "ls", "--flow", "pooled", "-o", "json"))
    counts = json.loads(server.ask("GET", f"/api/flow_runs/{run['id']}/counts").data)
    assert counts["by_type"] == {"COMPLETED": 4}
    assert "in a child" in asked(server, tmp_path, "flow-run", "logs", run["id"])


def test_a_forked_child_has_connections_of_its_own(server: Server, tmp_path: Path) -> None:
    """A program that forks after it has reported goes on reporting on both sides, each under its own name."""
    program = written(tmp_path, FORK.format(name="forked"))
    done = ran(program, tmp_path / "home", PENSTOCK_API_URL=server.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "0"
    runs = json.loads(asked(server, tmp_path, "flow-run", "ls", "--flow", "forked", "-o", "json"))
    assert sorted(run["parameters"]["who"] for run in runs) == ["before", "child", "parent"]
    assert {run["state"]["type"] for run in runs} == {"COMPLETED"}


def test_a_profile_names_the_server(server: Server, tmp_path: Path) -> None:
    """A profile that sets api.url has programs report there, without any variable."""
    home = tmp_path / "home"
    for arguments in (
        ("profile", "create", "team"),
        ("profile", "use", "team"),
        ("config", "set", f"api.url={server.url}"),
    ):
        done = command(home, *arguments)
        assert done.returncode == 0, done.stderr
    done = ran(written(tmp_path, PIPELINE.format(name="by-profile")), home)
    assert done.returncode == 0, done.stderr
    assert "by-profile" in asked(server, tmp_path, "flow-run", "ls", "--flow", "by-profile")


def test_many_tasks_are_all_recorded(server: Server) -> None:
    """Ten thousand tasks of one flow are all at the server when the flow has ended."""

    @task
    def nothing() -> None: ...

    @flow(name="many")
    def many() -> None:
        for _ in range(10_000):
            nothing()

    with asked_by_this_process(server.url):
        many()
    (run,) = json.loads(server.ask("POST", "/api/flow_runs/filter", json={"filter": {"flow_names": ["many"]}}).data)[
        "items"
    ]
    counts = json.loads(server.ask("GET", f"/api/flow_runs/{run['id']}/counts").data)
    assert counts["by_type"] == {"COMPLETED": 10_000}


def test_a_server_that_is_not_there_is_said_and_the_flow_runs(tmp_path: Path) -> None:
    """Without a server at the address, a flow runs to its end; one line names the address, the fact and the remedy."""
    program = written(tmp_path, PIPELINE.format(name="alone"))
    url = "http://127.0.0.1:9/api"
    done = ran(program, tmp_path / "home", PENSTOCK_API_URL=url, PENSTOCK_API_RETRY_SECONDS="0")
    assert done.returncode == 0
    assert done.stdout == "[5, 9, 13]\n"
    assert f"The server at {url} does not answer" in done.stderr
    assert "penstock server start" in done.stderr


def test_a_task_outside_of_flows_says_that_its_process_lives(server: Server, tmp_path: Path) -> None:
    """A task called outside of flows is recorded, and its process says that it lives, as no lease of a flow run tells it."""
    program = written(
        tmp_path,
        """
        from penstock import task

        @task(name="alone")
        def alone():
            return 7

        if __name__ == "__main__":
            print(alone())
        """,
    )
    done = ran(program, tmp_path / "home", PENSTOCK_API_URL=server.url)
    assert (done.returncode, done.stdout) == (0, "7\n"), done.stderr
    (run,) = json.loads(asked(server, tmp_path, "task-run", "ls", "--name", "alone", "-o", "json"))
    assert run["state"]["type"] == "COMPLETED"
    assert b'operation="flow_runs.renew_leases",status="200"' in server.ask("GET", "/metrics").data
