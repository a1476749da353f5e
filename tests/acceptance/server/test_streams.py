"""Streams of a real server, followed over real HTTP."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest
from support.servers import Server, asked_by_this_process, running
from support.streams import following

from penstock import flow, get_run_logger, task
from penstock.core.ids import uuid7
from penstock.wire.streams import STREAMS

KEY = "a-long-and-random-key-for-streams"


@task
def double(number: int) -> int:
    return 2 * number


@flow
def followed_flow(numbers: int = 2) -> None:
    get_run_logger().info("in the flow")
    for number in range(numbers):
        double(number)


@flow
def another_flow() -> None:
    get_run_logger().warning("in another")


@pytest.fixture
def reporting(server: Server) -> object:
    """Have what the test runs reported to the server."""
    with asked_by_this_process(server.url):
        yield


@pytest.mark.usefixtures("reporting")
def test_events_live_and_resumed(server: Server) -> None:
    """Events arrive while they happen; who comes back with the last id it saw gets exactly the rest, in order."""
    path = "/api/events/stream?events=penstock.flow-run.*"
    with following(server, path) as stream:
        followed_flow()
        first, second, third = stream.until(3)
    names = [one.data["event"] for one in (first, second, third)]
    assert names == ["penstock.flow-run.Pending", "penstock.flow-run.Running", "penstock.flow-run.Completed"]
    assert [one.data["position"] for one in (first, second, third)] == [
        int(one.id or 0) for one in (first, second, third)
    ]
    with following(server, path, after=first.id) as stream:
        assert stream.until(2) == [second, third]
        another_flow()
        assert stream.next().data["event"] == "penstock.flow-run.Pending"
    with following(server, f"{path}&after={second.id}") as stream:
        assert stream.next() == third


@pytest.mark.usefixtures("reporting")
def test_flow_runs(server: Server) -> None:
    """A flow run is sent as it is whenever it has changed, to those who follow its flow, and so is its deletion."""
    with following(server, "/api/flow_runs/stream?flow_names=another-flow") as stream:
        followed_flow()
        another_flow()
        message = stream.next()
        while message.data["state"]["type"] != "COMPLETED":
            message = stream.next()
        assert message.kind == "flow_run"
        assert message.data["flow_name"] == "another-flow"
        run_id = message.data["id"]
        assert server.ask("DELETE", f"/api/flow_runs/{run_id}").status == 200
        message = stream.next()
        assert (message.kind, message.data) == ("deleted", {"id": run_id})


@pytest.mark.usefixtures("reporting")
def test_task_runs_and_lines_of_one_flow_run(server: Server) -> None:
    """The task runs and the lines of one flow run are followed from the beginning, and those of others are not sent."""
    from penstock.reporting.recorder import current_recorder

    another_flow()
    state = followed_flow(numbers=5, return_state=True)
    assert state.is_completed()
    run_id = flow_run_named(server, "followed-flow")
    current_recorder().flush()
    with following(server, f"/api/task_runs/stream?flow_run_ids={run_id}&after=0") as stream:
        seen = stream.until(5)
        assert {one.data["flow_run_id"] for one in seen} == {run_id}
        assert len({one.data["id"] for one in seen}) == 5
        assert seen[0].data["states"][-1]["type"] == "COMPLETED"
    with following(server, f"/api/logs/stream?flow_run_ids={run_id}&text=IN+THE&after=0") as stream:
        assert stream.next().data["message"] == "in the flow"


def flow_run_named(server: Server, flow_name: str) -> str:
    """Return the id of the newest flow run of a flow."""
    answer = server.ask("POST", "/api/flow_runs/filter", json={"filter": {"flow_names": [flow_name]}, "limit": 1})
    found: str = answer.json()["items"][0]["id"]
    return found


@pytest.mark.usefixtures("reporting")
def test_lines_live(server: Server) -> None:
    """Lines arrive while the flow runs, those of the level asked for only."""
    with following(server, "/api/logs/stream?level_at_least=30") as stream:
        followed_flow()
        another_flow()
        message = stream.next()
        assert (message.kind, message.data["message"]) == ("log", "in another")


@pytest.mark.usefixtures("reporting")
def test_many_clients_get_the_same(server: Server) -> None:
    """Forty clients that follow at once all get the same messages."""
    got: list[list[str | None]] = []

    def follow(stream: object) -> None:
        got.append([one.id for one in stream.until(3)])  # type: ignore[attr-defined]

    from contextlib import ExitStack

    with ExitStack() as stack:
        path = "/api/events/stream?events=penstock.flow-run.*"
        streams = [stack.enter_context(following(server, path)) for _ in range(40)]
        # The server notices in its own time that those of earlier tests are gone.
        counts = (b"penstock_stream_clients 40.0" in server.ask("GET", "/metrics").data for _ in range(5_000))
        assert any(counts)
        threads = [Thread(target=follow, args=(stream,)) for stream in streams]
        for thread in threads:
            thread.start()
        followed_flow()
        for thread in threads:
            thread.join(60)
    assert len(got) == 40
    assert all(one == got[0] for one in got)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("nonsense=1", "knows no condition 'nonsense'"),
        ("after=soon", "is no cursor"),
        ("after=99999999999999999999999", "is no cursor"),
        ("after=-1", "is no cursor"),
    ],
)
@pytest.mark.parametrize("path", [stream.path for stream in STREAMS.values()])
def test_conditions_that_make_no_sense(server: Server, path: str, query: str, words: str) -> None:
    """A condition that a stream does not know, and a cursor that is none, are refused with the reason."""
    answer = server.ask("GET", f"/api{path}?{query}")
    assert answer.status == 422
    assert words in answer.json()["detail"]


def test_values_that_make_no_sense(server: Server) -> None:
    """A value of the wrong kind is refused, and so are too many of them."""
    assert server.ask("GET", "/api/flow_runs/stream?ids=me").status == 422
    assert server.ask("GET", "/api/logs/stream?level_at_least=high").status == 422
    many = "&".join(f"ids={uuid7()}" for _ in range(501))
    assert server.ask("GET", f"/api/flow_runs/stream?{many}").status == 413


def test_a_cursor_of_another_time(server: Server) -> None:
    """A cursor beyond all there is, as after a restored backup, is answered by a reset to the present."""
    answer = server.ask("GET", "/api/events/stream?after=900000000000", preload_content=False)
    assert b"event: reset" in answer.read1()  # type: ignore[attr-defined]
    answer.close()


def test_a_stream_wants_the_key_and_ends_with_the_server(tmp_path: Path) -> None:
    """Streams want the key as every route does; a server that is stopped ends them at once, and itself cleanly."""
    with running(tmp_path, PENSTOCK_SERVER_API_KEY=KEY) as server:
        for stream in STREAMS.values():
            assert server.ask("GET", f"/api{stream.path}").status == 401
            assert server.ask("GET", f"/api{stream.path}", headers={"Authorization": "Bearer wrong"}).status == 401
            assert server.ask("POST", f"/api{stream.path}", headers={"Authorization": f"Bearer {KEY}"}).status == 405
        with following(server, "/api/events/stream", Authorization=f"Bearer {KEY}") as stream:
            code, err = server.end()
            assert code == 0, err
            assert list(stream) == []
