"""Tokens of runs: what they open, what they do not, and until when."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from support.servers import Server, running

from penstock.client.http import HttpTransport
from penstock.core.errors import Forbidden, StaleAttempt, Unauthorized
from penstock.core.ids import uuid7
from penstock.server.http.run_tokens import PREFIX, RunTokens
from penstock.testing.clock import moving_clock
from penstock.wire import operations as op
from penstock.wire.deploying.deployments import ApplyDeployment, DeploymentSpec, RunDeployment
from penstock.wire.deploying.work_pools import WorkPoolByName, WorkPoolCreate
from penstock.wire.deploying.workers import ClaimedRun, ClaimRuns, HandBack, WorkerHeartbeat
from penstock.wire.flow_runs import Decision, StateProposal
from penstock.wire.operations import OPEN_TO_RUNS, OPERATIONS
from penstock.wire.requests import ById, LeaseClaim, Propose, RenewLeases, RetryFlowRun, StartFlowRun
from penstock.wire.streams import DOWNLOADS, STREAMS

KEY = "a-long-and-random-key-for-tests"
ID = "01a1fbc4-6d98-763d-81e9-b863737f6580"


class Scene:
    """A server with a key, a worker, and one deployment."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.worker = HttpTransport(server.url, KEY)
        self.worker.call(op.WORKERS_HEARTBEAT, WorkerHeartbeat("w", "w", "process", "docks"))
        spec = DeploymentSpec("hello", "daily", work_pool_name="docks")
        self.deployment = self.worker.call(op.DEPLOYMENTS_APPLY, ApplyDeployment(spec)).id

    def claimed(self) -> ClaimedRun:
        """Make a run and claim it."""
        made = self.worker.call(op.DEPLOYMENTS_RUN, RunDeployment(self.deployment, uuid7())).flow_run.id
        held = [LeaseClaim(made, 0)]
        given = self.worker.call(op.FLOW_RUNS_CLAIM, ClaimRuns("w", wait_seconds=30, running=held)).runs
        return next(one for one in given if one.flow_run.id == made)

    def process(self, token: str | None) -> HttpTransport:
        """Return the way of a run's process to the server."""
        assert token is not None
        return HttpTransport(self.server.url, token)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with running(tmp_path_factory.mktemp("guarded"), PENSTOCK_SERVER_API_KEY=KEY) as server:
        yield Scene(server)


def test_a_run_does_what_runs_do(scene: Scene) -> None:
    """With its token a process takes its run over, renews its lease, reads, runs deployments and ends."""
    claimed = scene.claimed()
    run = scene.process(claimed.token)
    flow_run_id = claimed.flow_run.id
    started = run.call(op.FLOW_RUNS_START, StartFlowRun(flow_run_id, "here:1:x", attempt=1))
    assert started.decision is Decision.ACCEPT
    assert run.call(op.FLOW_RUNS_RENEW, RenewLeases("here:1:x", [LeaseClaim(flow_run_id, 1)])).lost == []
    assert run.call(op.FLOW_RUNS_READ, ById(flow_run_id)).attempt == 1
    other = run.call(op.DEPLOYMENTS_RUN, RunDeployment(scene.deployment, uuid7())).flow_run
    scene.worker.call(op.FLOW_RUNS_PROPOSE, Propose(other.id, _state("CANCELLED")))
    assert run.call(op.FLOW_RUNS_PROPOSE, Propose(flow_run_id, _state("COMPLETED", 1))).decision is Decision.ACCEPT
    assert run.call(op.FLOW_RUNS_READ, ById(flow_run_id)).state.name == "Completed"


def _state(kind: str, attempt: int | None = None, *, force: bool = False) -> StateProposal:
    from support.requests import state

    return StateProposal(state(kind), attempt, force)


ROUTES = [
    (name, one.method, f"/api{one.path.replace('{id}', ID)}")
    for name, one in sorted(OPERATIONS.items())
    if name not in OPEN_TO_RUNS
]
ROUTES += [(name, "GET", f"/api{one.path}") for name, one in DOWNLOADS.items()] + [("metrics", "GET", "/metrics")]


@pytest.fixture(scope="module")
def token(scene: Scene) -> str:
    """The token of a run that is Pending."""
    token = scene.claimed().token
    assert token is not None
    return token


def test_what_is_open_is_there() -> None:
    """All that is open to runs exists, and none of it deletes, or is about pools and workers."""
    assert set(OPERATIONS) | set(STREAMS) >= OPEN_TO_RUNS
    assert not [name for name in OPEN_TO_RUNS if name in OPERATIONS and OPERATIONS[name].permission == "delete"]
    assert not [name for name in OPEN_TO_RUNS if name.startswith(("work", "audit", "loops"))]


@pytest.mark.parametrize(("name", "method", "path"), ROUTES)
def test_what_is_none_of_a_runs_business(scene: Scene, token: str, name: str, method: str, path: str) -> None:
    """A run's token opens no operation but those that runs need: no deleting, no pools, no deployments, no claims."""
    minimal = _request(name)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = scene.server.ask(method, path, headers=headers, body=minimal)
    assert answer.status in {403, 422}
    if answer.status == 422:  # the body was looked at first; one that is right is refused as well
        assert name not in {"work_pools.delete", "deployments.apply", "flow_runs.delete", "flow_runs.claim"}


def _request(name: str) -> bytes:
    bodies: dict[str, Any] = {
        "work_pools.delete": {"name": "docks"},
        "deployments.apply": {"spec": {"flow_name": "x", "name": "y"}},
        "flow_runs.claim": {"worker_id": "w"},
    }
    return json.dumps(bodies.get(name, {})).encode()


def test_more_that_is_refused(scene: Scene, token: str) -> None:
    """By the client, too; and no state is forced by a run."""
    run = scene.process(token)
    flow_run_id = _said(token)
    for operation, request in (
        (op.WORK_POOLS_READ, WorkPoolByName("docks")),
        (op.WORK_POOLS_CREATE, WorkPoolCreate("x", "process")),
        (op.FLOW_RUNS_DELETE, ById(flow_run_id)),
        (op.FLOW_RUNS_RETRY, RetryFlowRun(flow_run_id)),
        (op.FLOW_RUNS_HAND_BACK, HandBack(flow_run_id, 1)),
        (op.FLOW_RUNS_PROPOSE, Propose(flow_run_id, _state("COMPLETED", force=True))),
    ):
        with pytest.raises(Forbidden, match=f"run {flow_run_id}"):
            run.call(operation, request)


def _said(token: str) -> UUID:
    return UUID(bytes=base64.urlsafe_b64decode(token.removeprefix(PREFIX))[:16])


def test_tokens_that_are_none(scene: Scene, token: str) -> None:
    """Nothing but a token as it was made gets in: not a changed one, a part of one, one of another server, or of no run."""
    raw = bytearray(base64.urlsafe_b64decode(token.removeprefix(PREFIX)))
    changed = []
    for place in (0, 15, 16, 19, 20, 27, 28, len(raw) - 1):
        other = bytearray(raw)
        other[place] ^= 1
        changed.append(PREFIX + base64.urlsafe_b64encode(other).decode())
    forged = [
        RunTokens(KEY + "x").made(_said(token), 1),
        RunTokens("").made(_said(token), 1),
        PREFIX,
        PREFIX + KEY,
        token[:-1],
        token + "=",
        token + "A",
        token.removeprefix(PREFIX),
        PREFIX + token,
        token.swapcase(),
        PREFIX + base64.urlsafe_b64encode(bytes(raw[:28])).decode(),
        PREFIX + base64.urlsafe_b64encode(bytes(raw[28:])).decode(),
        token.replace(PREFIX, PREFIX.upper()),
        PREFIX + "💥",
    ]
    for one in (*changed, *forged):
        answer = scene.server.ask("GET", "/api/version", headers={"Authorization": f"Bearer {one}".encode()})  # type: ignore[dict-item]
        assert answer.status == 401, one
        assert KEY not in answer.data.decode()
    for headers in ({"Authorization": token}, {"Authorization": f"Basic {token}"}, {"X-Api-Key": token}):
        assert scene.server.ask("GET", "/api/version", headers=headers).status == 401
    assert scene.server.ask("GET", f"/api/version?access_token={token}").status == 401


def test_of_a_run_that_there_is_not(scene: Scene) -> None:
    """A token that is rightly made for no run, or for an attempt to come, opens nothing."""
    for run_id, attempt in ((uuid7(), 1), (scene.claimed().flow_run.id, 2)):
        with pytest.raises(StaleAttempt):
            scene.process(RunTokens(KEY).made(run_id, attempt)).call(op.FLOW_RUNS_READ, ById(run_id))


def test_a_superseded_attempt_is_refused(scene: Scene) -> None:
    """Once its run is handed back, and claimed again, the former process gets nothing; by its heartbeat it learns so."""
    claimed = scene.claimed()
    flow_run_id = claimed.flow_run.id
    scene.worker.call(op.FLOW_RUNS_HAND_BACK, HandBack(flow_run_id, 1))
    former = scene.process(claimed.token)
    with pytest.raises(StaleAttempt, match="given back"):
        former.call(op.FLOW_RUNS_START, StartFlowRun(flow_run_id, "here:1:x", attempt=1))
    claim = LeaseClaim(flow_run_id, 1)
    assert former.call(op.FLOW_RUNS_RENEW, RenewLeases("here:1:x", [claim])).lost == [claim]
    (again,) = [
        one
        for one in scene.worker.call(op.FLOW_RUNS_CLAIM, ClaimRuns("w")).runs
        if one.flow_run.id == flow_run_id and one.flow_run.attempt == 2
    ]
    with pytest.raises(StaleAttempt):
        former.call(op.FLOW_RUNS_READ, ById(flow_run_id))
    assert scene.process(again.token).call(op.FLOW_RUNS_READ, ById(flow_run_id)).attempt == 2


def test_a_superseded_attempt_renews_nothing(scene: Scene) -> None:
    """The token of an attempt that is over keeps no run alive: neither its own nor another's, whoever it says it is."""
    former, other = scene.claimed(), scene.claimed()
    flow_run_id = former.flow_run.id
    started = scene.process(other.token).call(op.FLOW_RUNS_START, StartFlowRun(other.flow_run.id, "b:2:y", attempt=1))
    assert started.decision is Decision.ACCEPT
    scene.worker.call(op.FLOW_RUNS_HAND_BACK, HandBack(flow_run_id, 1))
    held = [LeaseClaim(other.flow_run.id, 1)]
    given = scene.worker.call(op.FLOW_RUNS_CLAIM, ClaimRuns("w", running=held)).runs
    again = next(one for one in given if one.flow_run.id == flow_run_id)
    assert again.flow_run.attempt == 2
    scene.process(again.token).call(op.FLOW_RUNS_START, StartFlowRun(flow_run_id, "a:1:x", attempt=2))

    def lease(run_id: UUID) -> Any:
        return scene.worker.call(op.FLOW_RUNS_READ, ById(run_id)).lease

    before = lease(flow_run_id), lease(other.flow_run.id)
    for owner, claim in (
        ("a:1:x", LeaseClaim(flow_run_id, 2)),
        ("a:1:x", LeaseClaim(flow_run_id, 1)),
        ("b:2:y", held[0]),
    ):
        asked = RenewLeases(owner, [claim], lease_seconds=600.0)
        assert scene.process(former.token).call(op.FLOW_RUNS_RENEW, asked).lost == [claim]
    assert (lease(flow_run_id), lease(other.flow_run.id)) == before
    # A claim of another attempt renews nothing either, whoever makes it.
    wrong = RenewLeases("a:1:x", [LeaseClaim(flow_run_id, 1)], lease_seconds=600.0)
    assert scene.worker.call(op.FLOW_RUNS_RENEW, wrong).lost == wrong.claims
    assert lease(flow_run_id) == before[0]


def test_a_token_ends(scene: Scene) -> None:
    """A token is good for a month, whatever becomes of its run."""
    tokens = RunTokens(KEY)
    made = tokens.made(UUID(ID), 1)
    assert tokens.read(made).attempt == 1
    with moving_clock(tokens.read(made).expires + timedelta(seconds=1)), pytest.raises(Unauthorized, match="too old"):
        tokens.read(made)


def test_a_token_is_not_shown(scene: Scene, tmp_path: Path) -> None:
    """It is in the answer to the claim and nowhere else: not in what is printed of that, the server's words, or its files."""
    claimed = scene.claimed()
    assert claimed.token is not None
    assert claimed.token not in repr(claimed)
    assert claimed.token not in f"{[claimed]}"
    mac = claimed.token[-20:].encode()
    for path in scene.server.home.rglob("*"):
        assert not path.is_file() or mac not in path.read_bytes(), path
    assert mac not in scene.server.ask("GET", "/metrics", headers={"Authorization": f"Bearer {KEY}"}).data


def test_without_a_key_there_are_no_tokens(tmp_path: Path) -> None:
    """A server that asks for no key gives none."""
    with running(tmp_path) as server:
        transport = HttpTransport(server.url)
        transport.call(op.WORKERS_HEARTBEAT, WorkerHeartbeat("w", "w", "process", "docks"))
        spec = DeploymentSpec("hello", "daily", work_pool_name="docks")
        its = transport.call(op.DEPLOYMENTS_APPLY, ApplyDeployment(spec)).id
        transport.call(op.DEPLOYMENTS_RUN, RunDeployment(its, uuid7()))
        (given,) = transport.call(op.FLOW_RUNS_CLAIM, ClaimRuns("w", wait_seconds=30)).runs
        assert given.token is None
