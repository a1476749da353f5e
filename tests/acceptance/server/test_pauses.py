"""Programs that report to a server pause, and receive what they are told: the server wakes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support.programs import command, started, written
from support.servers import Server
from support.streams import following

# What a program does not hear of by the server, it would find out by itself in an hour.
DEAF = """
    import sys
    from penstock.client import run_news
    run_news._FALLBACK_SECONDS = 3600.0
    from penstock import flow, pause_flow_run, runtime
    from penstock.input import RunInput, send_input, receive_input
"""

WAITS = (
    DEAF
    + """
    class Approval(RunInput):
        approved: bool
        note: str = "none"

    @flow(name="waits-for-{kind}")
    {kind} def waits():
        approval = {wait} pause_flow_run(wait_for_input=Approval.with_initial_data("**Well?**"), timeout=None)
        print(approval.approved, approval.note, approval.metadata.sender)

    if __name__ == "__main__":
        {run}
"""
)

CHATS = (
    DEAF
    + """
    class Number(RunInput):
        number: int

    @flow
    def squares():
        print(runtime.flow_run.id, flush=True)
        for received in Number.receive(timeout=None):
            if not received.number:
                return
            received.respond(Number(number=received.number ** 2))

    @flow
    def asks(other):
        mine = Number.receive(timeout=None)
        for number in (2, 3):
            Number(number=number).send_to(other)
            print(mine.next().number)
        send_input(Number(number=0), other)

    if __name__ == "__main__":
        asks(sys.argv[1]) if sys.argv[1:] else squares()
"""
)


def post(server: Server, path: str, **body: Any) -> tuple[int, Any]:
    answer = server.ask("POST", path, json=body)
    return answer.status, json.loads(answer.data)


def wait_and_answer(server: Server, program: Path, tmp_path: Path) -> str:
    """Run a program that pauses, and resume it as a page would; return what it printed."""
    with following(server, "/api/flow_runs/stream") as stream:
        process = started(program, tmp_path / "home", PENSTOCK_API_URL=server.url)
        while (message := stream.next()).kind != "flow_run" or message.data["state"]["name"] != "Paused":
            pass
    run_id = message.data["id"]
    run = json.loads(server.ask("GET", f"/api/flow_runs/{run_id}").data)
    assert run["pause"]["description"] == "**Well?**"
    assert run["pause"]["input_schema"]["properties"]["approved"]["type"] == "boolean"
    status, problem = post(server, f"/api/flow_runs/{run_id}/resume", input={"approved": "perhaps"})
    assert (status, problem["type"]) == (422, "urn:penstock:invalid-request")
    assert "The input 'approved' of flow run" in problem["detail"]
    status, verdict = post(server, f"/api/flow_runs/{run_id}/resume", input={"approved": True}, reason="it is fine")
    assert (status, verdict["state"]["message"]) == (200, "Resumed by local administrator: it is fine")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


def test_a_paused_program_is_woken(server: Server, tmp_path: Path) -> None:
    """It goes on with what somebody gave, in a sync flow."""
    source = WAITS.replace("{kind} def", "def").replace("{kind}", "a-sync-one").replace("{wait} ", "")
    program = written(tmp_path, source.replace("{run}", "waits()"))
    assert wait_and_answer(server, program, tmp_path) == "True none local administrator\n"


def test_a_paused_coroutine_is_woken(server: Server, tmp_path: Path) -> None:
    """And in an async one."""
    source = WAITS.replace("{kind} def", "async def").replace("{kind}", "an-async-one").replace("{wait}", "await")
    program = written(tmp_path, source.replace("{run}", "import asyncio; asyncio.run(waits())"))
    assert wait_and_answer(server, program, tmp_path) == "True none local administrator\n"


def test_programs_tell_each_other(server: Server, tmp_path: Path) -> None:
    """A run answers what another one asks, both in processes of their own."""
    program = written(tmp_path, CHATS)
    squares = started(program, tmp_path / "home", PENSTOCK_API_URL=server.url)
    assert squares.stdout is not None
    run_id = squares.stdout.readline().strip()
    asks = started(program, tmp_path / "home", run_id, PENSTOCK_API_URL=server.url)
    out, err = asks.communicate(timeout=60)
    assert (out, asks.returncode) == ("4\n9\n", 0), err
    _, err = squares.communicate(timeout=60)
    assert squares.returncode == 0, err


def test_the_commands(server: Server, tmp_path: Path) -> None:
    """`inspect` shows what a run waits for, `resume` gives it; what can't be read, or does not fit, is said in one line."""
    source = WAITS.replace("{kind} def", "def").replace("{kind}", "the-commands").replace("{wait} ", "")
    program = written(tmp_path, source.replace("{run}", "waits()"))
    with following(server, "/api/flow_runs/stream") as stream:
        process = started(program, tmp_path / "home", PENSTOCK_API_URL=server.url)
        while (message := stream.next()).kind != "flow_run" or message.data["state"]["name"] != "Paused":
            pass

    def flow_run(*arguments: str) -> tuple[int, str]:
        done = command(tmp_path / "home", "flow-run", *arguments, PENSTOCK_API_URL=server.url)
        return done.returncode, done.stdout + done.stderr

    run = message.data["name"]
    shown = flow_run("inspect", run)[1]
    for line in ("for as long as it takes", "**Well?**", "approved: boolean", 'note: string, else "none"'):
        assert line in shown
    assert flow_run("resume", run, "--input", "[]")[0] == 2
    assert "The input 'approved' of flow run" in flow_run("resume", run)[1]
    assert flow_run("suspend", run)[0] == 0
    assert "Suspended" in flow_run("inspect", run)[1]
    process.kill()
    process.communicate()
