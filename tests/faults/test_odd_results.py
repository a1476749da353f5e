"""Results that can't be kept: the task fails and says why, and the process goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.programs import command, ran, written
from support.servers import running

PROGRAM = """
    import threading
    from penstock import flow, task
    from penstock.states import Failed

    class Recursive:
        def __init__(self):
            self.me = [self]

        def __reduce__(self):
            return Recursive._again, (self,)

        @staticmethod
        def _again(it):
            return it

    def deep():
        value = []
        for _ in range(200_000):
            value = [value]
        return value

    MAKERS = {
        "large": lambda: bytes(500_000_000),
        "unpicklable": threading.Lock,
        "recursive": Recursive,
        "deep": deep,
        "mapped-large": lambda: bytearray(300_000_000),
    }

    @task(persist_result=True)
    def give(kind):
        return MAKERS[kind]()

    @task(persist_result=True)
    def sound():
        return 1

    @flow
    def odd():
        states = {kind: give(kind, return_state=True) for kind in MAKERS}
        futures = {kind: give.submit(kind) for kind in MAKERS}
        states |= {f"submitted {kind}": future.wait() or future.state for kind, future in futures.items()}
        for name, state in states.items():
            print(name, state.type.value, state.message.splitlines()[0][:200], sep="|", flush=True)
        assert sound() == 1

    if __name__ == "__main__":
        odd()
"""


@pytest.mark.parametrize("with_server", [False, True], ids=["alone", "with a server"])
def test_results_that_can_not_be_kept(tmp_path: Path, with_server: bool) -> None:
    """500 MB, a lock, and values within themselves without end: each task run is Failed with the reason; the flow goes on."""
    program = written(tmp_path, PROGRAM)
    if not with_server:
        _check(program, tmp_path)
        return
    with running(tmp_path / "server") as server:
        _check(program, tmp_path, PENSTOCK_API_URL=server.url)


def _check(program: Path, home: Path, **where: str) -> None:
    outcome = ran(program, home, **where)
    assert outcome.returncode == 0, outcome.stderr[-2_000:]
    told = dict(line.split("|", 1) for line in outcome.stdout.splitlines())
    for kind, words in (
        ("large", "bytes, more than the"),
        ("mapped-large", "bytes, more than the"),
        ("unpicklable", "can't be written"),
        ("recursive", "can't be written"),
        ("deep", "can't be written"),
    ):
        for name in (kind, f"submitted {kind}"):
            assert told[name].startswith("FAILED|"), (name, told[name])
            assert words in told[name], (name, told[name])
    listed = command(home, "task-run", "ls", "--limit", "50", "-o", "json", **where)
    states = sorted(run["state"]["type"] for run in json.loads(listed.stdout))
    assert states == ["COMPLETED"] + ["FAILED"] * 10
