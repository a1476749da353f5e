"""A deployment is run once by whoever asks, with what it says and what they say; deleted, it takes along what waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.deploying.specs import SCHEMA, apply, hourly, run
from support.requests import OWNER, flow_run

from penstock.core.errors import InvalidRequest, ObjectAlreadyExists, ObjectLimitReached, ObjectNotFound, StorageBusy
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.deployments import deletion
from penstock.wire import operations as op
from penstock.wire import requests as r
from penstock.wire.bulk import AuditQuery
from penstock.wire.deploying import deployments as d
from penstock.wire.events import EventFilter
from penstock.wire.flow_runs import FlowRunFilter

LATER = datetime(2100, 1, 1, tzinfo=UTC)


def test_a_run(server: Dispatcher) -> None:
    """A run has what its deployment says, and over that what is asked for; it waits to be started."""
    made = apply(server, parameters={"x": 1, "y": 2}, tags=["a"], job_variables={"image": "old"})
    asked: dict[str, Any] = {"parameters": {"y": 3}, "tags": ["b", "a"], "job_variables": {"cpu": 2}}
    parent = server.call(op.FLOW_RUNS_CREATE, flow_run("caller"))
    answer = run(server, made.id, name="mine", scheduled_time=LATER, parent_flow_run_id=parent.id, **asked)
    assert answer.is_new
    kept = server.call(op.FLOW_RUNS_READ, r.ById(answer.flow_run.id))
    assert kept == answer.flow_run
    assert (kept.name, kept.flow_name, kept.parent_flow_run_id) == ("mine", "hello", parent.id)
    assert (kept.parameters, kept.tags, kept.job_variables) == ({"x": 1, "y": 3}, ["a", "b"], {"cpu": 2})
    assert (kept.deployment_id, kept.deployment_version) == (made.id, 1)
    assert (kept.state.type, kept.state.name, kept.expected_start) == (StateType.SCHEDULED, "Scheduled", LATER)
    found = server.call(op.FLOW_RUNS_LIST, r.FlowRunQuery(FlowRunFilter(tags_all=["a", "b"]))).items
    assert [one.id for one in found] == [kept.id]
    (event,) = server.call(op.EVENTS_LIST, r.EventQuery(EventFilter(events=["penstock.flow-run.Scheduled"]))).items
    roles = {one["penstock.resource.role"]: one["penstock.resource.id"] for one in event.related}
    assert roles["deployment"] == f"penstock.deployment.{made.id}"


def test_asked_for_twice(server: Dispatcher) -> None:
    """The same id or the same key gives the first run back; those of others are refused."""
    made, other = apply(server), apply(server, "other")
    first = run(server, made.id, idempotency_key="key")
    again = run(server, made.id, flow_run_id=first.flow_run.id)
    keyed = run(server, made.id, idempotency_key="key", parameters={"x": 9})
    assert [one.is_new for one in (first, again, keyed)] == [True, False, False]
    assert first.flow_run == again.flow_run == keyed.flow_run
    assert server.call(op.FLOW_RUNS_COUNT, r.FlowRunCountQuery()).count == 1
    with pytest.raises(ObjectAlreadyExists, match="a flow run of that idempotency key"):
        run(server, other.id, idempotency_key="key")
    with pytest.raises(ObjectAlreadyExists, match="a flow run of that id"):
        run(server, other.id, flow_run_id=first.flow_run.id)


MISFITS: list[tuple[dict[str, Any], str]] = [
    ({}, r"The parameter 'city' of deployment 'hello/\w+' is missing"),
    ({"city": 3}, r"The parameter 'city' of deployment 'hello/\w+' does not fit: it is not of type .string."),
    ({"city": "Bonn", "count": 0}, "The parameter 'count' .* does not fit: it is less than the minimum of 1"),
    ({"city": "Bonn", "town": "secret"}, r"There is no parameter 'town' of deployment 'hello/\w+'"),
]


@pytest.mark.parametrize(("parameters", "words"), MISFITS)
def test_parameters_that_do_not_fit(server: Dispatcher, parameters: dict[str, Any], words: str) -> None:
    """Wherever parameters are given they are held against the schema, and the one that does not fit is named, not shown."""
    made = apply(server, parameter_schema=SCHEMA)
    with pytest.raises(InvalidRequest, match=f"{words}.*enforce_parameter_schema=False") as caught:
        run(server, made.id, parameters=parameters)
    assert "secret" not in str(caught.value)
    with pytest.raises(InvalidRequest, match=f"With schedule 'hourly': {words}"):
        apply(server, "other", parameter_schema=SCHEMA, schedules=[hourly(parameters=parameters)])
    changes = d.DeploymentChanges(made.id, schedules=[hourly(parameters=parameters)])
    with pytest.raises(InvalidRequest, match=words):
        server.call(op.DEPLOYMENTS_UPDATE, changes)
    if parameters:
        with pytest.raises(InvalidRequest, match=words):
            apply(server, "other", parameter_schema=SCHEMA, parameters=parameters)
    assert server.call(op.FLOW_RUNS_COUNT, r.FlowRunCountQuery()).count == 0


def test_parameters_that_need_not_fit(server: Dispatcher) -> None:
    """Where it is said so nothing is checked; and a schedule that rests need not be finished."""
    loose = apply(server, parameter_schema=SCHEMA, enforce_parameter_schema=False, parameters={"count": "many"})
    assert run(server, loose.id).flow_run.parameters == {"count": "many"}
    resting = apply(server, "resting", parameter_schema=SCHEMA, schedules=[hourly(active=False)])
    with pytest.raises(InvalidRequest, match="'city' .* is missing"):
        server.call(op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(resting.id, schedules=[hourly()]))


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"$ref": "http://127.0.0.1:1/schema"}, "refers to 'http://127.0.0.1:1/schema'"),
        ({"properties": {"x": {"$ref": "file:///etc/passwd"}}}, "nothing is fetched for it"),
        ({"type": "nonsense"}, "is no JSON Schema"),
        ({"properties": {"x": {"pattern": "("}}}, "is no JSON Schema"),
        ({"$ref": "#/$defs/none"}, "is no JSON Schema"),
    ],
)
def test_schemas_that_are_none(server: Dispatcher, schema: dict[str, Any], words: str) -> None:
    """What is no schema, or asks for something to be fetched, is refused when it is deployed."""
    with pytest.raises(InvalidRequest, match=words.replace("$", r"\$")):
        apply(server, parameter_schema=schema)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"work_queue_name": "high"}, "has no work pool"),
        ({"name": ""}, "name of a flow run is empty"),
        ({"tags": [f"tag-{number}" for number in range(101)]}, "at most 100 tags"),
        ({"scheduled_time": datetime(2100, 1, 1)}, "has no time zone"),  # noqa: DTZ001  - that is what is refused
        ({"parameters": {"x": {1, 2}.__iter__}}, "no JSON"),
    ],
)
def test_what_is_refused(server: Dispatcher, asked: dict[str, Any], words: str) -> None:
    """What makes no sense is refused, and no run is made."""
    made = apply(server)
    with pytest.raises((InvalidRequest, ObjectLimitReached), match=words):
        run(server, made.id, **asked)
    assert server.call(op.FLOW_RUNS_COUNT, r.FlowRunCountQuery()).count == 0


def test_deletion(server: Dispatcher) -> None:
    """A deployment goes with its versions and schedules and with what waits; what has begun stays, and names it."""
    made, other = apply(server, schedules=[hourly()]), apply(server, "other")
    waiting, begun = run(server, made.id, tags=["t"]).flow_run, run(server, made.id).flow_run
    beside = run(server, other.id).flow_run
    server.call(op.FLOW_RUNS_START, r.StartFlowRun(begun.id, OWNER))
    server.call(op.DEPLOYMENTS_DELETE, r.ById(made.id))
    with pytest.raises(ObjectNotFound):
        server.call(op.FLOW_RUNS_READ, r.ById(waiting.id))
    assert server.call(op.FLOW_RUNS_READ, r.ById(begun.id)).deployment_id == made.id
    assert server.call(op.FLOW_RUNS_READ, r.ById(beside.id)) == beside
    for request in (r.ById(made.id), d.DeploymentVersionQuery(made.id)):
        operation: Any = op.DEPLOYMENTS_READ if isinstance(request, r.ById) else op.DEPLOYMENTS_VERSIONS
        with pytest.raises(ObjectNotFound):
            server.call(operation, request)
    anew = apply(server, schedules=[hourly()])
    assert (anew.id != made.id, anew.version_number) == (True, 1)
    assert server.call(op.FLOW_RUNS_COUNT, r.FlowRunCountQuery(FlowRunFilter(tags_all=["t"]))).count == 0


def test_a_deletion_of_many_waiting_runs(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more waits than one transaction deletes, it takes several, told in the audit; what has begun stays."""
    monkeypatch.setattr(deletion, "WAITING_RUNS_AT_ONCE", 2)
    made = apply(server)
    waiting, *_ = [run(server, made.id, scheduled_time=LATER + timedelta(days=1)).flow_run for _ in range(8)]
    server.call(op.FLOW_RUNS_START, r.StartFlowRun(run(server, made.id).flow_run.id, OWNER))
    server.call(op.DEPLOYMENTS_DELETE, r.ById(made.id))
    with pytest.raises(ObjectNotFound):
        server.call(op.DEPLOYMENTS_READ, r.ById(made.id))
    left = server.call(op.FLOW_RUNS_LIST, r.FlowRunQuery()).items
    assert [one.state.name for one in left] == ["Running"]
    with pytest.raises(ObjectNotFound):
        server.call(op.FLOW_RUNS_READ, r.ById(waiting.id))
    lines = server.call(op.AUDIT_LIST, AuditQuery()).items
    told = [line.details for line in lines if line.action == "deployments.delete"]
    assert sorted((one["waiting_runs"], one["is_done"]) for one in told) == [(2, False)] * 3 + [(2, True)]


def test_a_deletion_that_takes_too_long(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that has no more time for a deletion says so; asked again, it goes on until all is deleted."""
    monkeypatch.setattr(deletion, "WAITING_RUNS_AT_ONCE", 2)
    monkeypatch.setattr(server, "patience_seconds", 0.0)
    made = apply(server)
    for _ in range(5):
        run(server, made.id, scheduled_time=LATER + timedelta(days=1))
    for left in (3, 1):
        with pytest.raises(StorageBusy, match="Ask again"):
            server.call(op.DEPLOYMENTS_DELETE, r.ById(made.id))
        assert server.call(op.FLOW_RUNS_COUNT, r.FlowRunCountQuery()).count == left
        assert server.call(op.DEPLOYMENTS_READ, r.ById(made.id)) == made
    server.call(op.DEPLOYMENTS_DELETE, r.ById(made.id))
    assert server.call(op.FLOW_RUNS_COUNT, r.FlowRunCountQuery()).count == 0


def test_ids_are_the_client_s(server: Dispatcher) -> None:
    """A run has the id that the client made for it, so that it can ask again."""
    made, flow_run_id = apply(server), uuid7()
    assert run(server, made.id, flow_run_id=flow_run_id).flow_run.id == flow_run_id
