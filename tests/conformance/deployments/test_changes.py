"""Deployments are made and changed by what they say; each change is a version that stays, and can be taken back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from support.deploying.specs import apply, every, hourly, run, spec

from penstock.core.errors import Forbidden, InvalidRequest, ObjectAlreadyExists, ObjectLimitReached, ObjectNotFound
from penstock.core.ids import uuid7
from penstock.server.context import Principal
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.deployments import versions
from penstock.wire import operations as op
from penstock.wire import requests as r
from penstock.wire.bulk import AuditQuery
from penstock.wire.deploying import deployments as d
from penstock.wire.deploying.deployment_schedules import ScheduleSpec
from penstock.wire.events import EventFilter
from penstock.wire.schedules import CronSchedule, IntervalSchedule


def _numbers(server: Dispatcher, deployment_id: Any) -> list[int]:
    page = server.call(op.DEPLOYMENTS_VERSIONS, d.DeploymentVersionQuery(deployment_id))
    return [one.number for one in page.items]


def _told(server: Dispatcher, name: str = "penstock.deployment.*") -> list[str]:
    events = server.call(op.EVENTS_LIST, r.EventQuery(EventFilter(events=[name]))).items
    return [one.event.rpartition(".")[2] for one in events]


def test_the_same_again_is_no_change(server: Dispatcher) -> None:
    """Who deploys the same twice, schedules without slugs or anchors among it, has one deployment of one version."""
    said: dict[str, Any] = {
        "parameters": {"x": 1.5, "y": ["z"]},
        "tags": ["a", "b", "a"],
        "schedules": [ScheduleSpec(IntervalSchedule(3600.0)), ScheduleSpec(CronSchedule("0 9 * * 1-5"))],
    }
    first, second = apply(server, **said), apply(server, **said)
    assert second == first
    assert (first.version_number, first.newest_version, first.spec.tags) == (1, 1, ["a", "b"])
    assert _numbers(server, first.id) == [1]
    assert _told(server) == ["created"]
    assert server.call(op.DEPLOYMENTS_READ, r.ById(first.id)) == first
    assert server.call(op.DEPLOYMENTS_READ_BY_NAME, d.DeploymentByName("hello", "daily")) == first


def test_the_same_at_the_same_time(server: Dispatcher) -> None:
    """Programs that deploy the same at once, each on a server of its own, make one deployment of one version."""
    said: dict[str, Any] = {"schedules": [ScheduleSpec(IntervalSchedule(3600.0))]}
    barrier = threading.Barrier(4)

    def deploy(_: int) -> d.Deployment:
        one = Dispatcher(server.database)
        barrier.wait()
        return apply(one, **said)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(deploy, range(4)))
    assert len({one.id for one in made}) == 1
    assert _numbers(server, made[0].id) == [1]
    assert [len(one.schedules) for one in made] == [1] * 4


def test_a_change_is_a_version(server: Dispatcher) -> None:
    """Each change makes a version, which says who made it and why; the audit and the events say so too."""
    made = apply(server)
    request = d.ApplyDeployment(spec(description="New."), author="Ada", note="It needed words.")
    changed = server.call(op.DEPLOYMENTS_APPLY, request, Principal("service", frozenset({"write:deployments"})))
    assert (changed.id, changed.version_number, changed.spec.description) == (made.id, 2, "New.")
    newest, oldest = server.call(op.DEPLOYMENTS_VERSIONS, d.DeploymentVersionQuery(made.id)).items
    assert (newest.number, newest.author, newest.note, newest.is_current) == (
        2,
        "Ada (service)",
        "It needed words.",
        True,
    )
    assert (oldest.number, oldest.author, oldest.spec, oldest.is_current) == (
        1,
        "local administrator",
        made.spec,
        False,
    )
    assert server.call(op.DEPLOYMENTS_READ_VERSION, d.ReadVersion(made.id, 1)) == oldest
    line = server.call(op.AUDIT_LIST, AuditQuery()).items[0]
    assert (line.principal, line.action, line.details["author"]) == ("service", "deployments.apply", "Ada (service)")
    event = server.call(op.EVENTS_LIST, r.EventQuery(EventFilter(events=["penstock.deployment.updated"]))).items[0]
    assert event.resource_id == f"penstock.deployment.{made.id}"
    assert event.payload["changed"] == ["description"]


def test_some_of_it(server: Dispatcher) -> None:
    """An update changes what it names, and leaves the rest; what changes nothing makes no version."""
    made = apply(server, tags=["a"], description="Old.", schedules=[hourly()])
    changed = server.call(op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(made.id, description=None, paused=True))
    assert (changed.spec.description, changed.spec.paused, changed.spec.tags) == (None, True, ["a"])
    assert changed.schedules[0].id == made.schedules[0].id
    assert server.call(op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(made.id)).version_number == 2
    with pytest.raises(ObjectAlreadyExists, match="has version 2 by now, not 1"):
        server.call(op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(made.id, expected_version=1, tags=[]))
    server.call(op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(made.id, expected_version=2, tags=[]))


def test_schedules_that_are_kept(server: Dispatcher) -> None:
    """Who deploys from code may leave schedules and pauses to those who look after them."""
    made = apply(server, schedules=[hourly()], paused=True)
    request = d.ApplyDeployment(spec(description="New."), keep_schedules=True)
    changed = server.call(op.DEPLOYMENTS_APPLY, request)
    assert (changed.spec.schedules, changed.spec.paused) == (made.spec.schedules, True)
    assert changed.spec.description == "New."


def test_held_back_and_taken_back(server: Dispatcher) -> None:
    """A version can be kept from runs until it is promoted, and an earlier one comes back whole."""
    made = apply(server, tags=["one"], schedules=[hourly()])
    held = apply(server, promote=False, tags=["two"])
    assert (held.version_number, held.newest_version, held.spec.tags) == (1, 2, ["one"])
    assert apply(server, promote=False, tags=["two"]) == held
    assert run(server, made.id).flow_run.tags == ["one"]
    promoted = server.call(op.DEPLOYMENTS_PROMOTE, d.PromoteVersion(made.id, 2))
    assert (promoted.version_number, promoted.spec.tags, promoted.schedules) == (2, ["two"], [])
    back = server.call(op.DEPLOYMENTS_PROMOTE, d.PromoteVersion(made.id, 1))
    assert (back.version_number, back.newest_version, back.spec) == (1, 2, made.spec)
    assert [one.slug for one in back.schedules] == ["hourly"]
    assert apply(server, tags=["two"]).version_number == 2
    assert _told(server) == ["created", "updated", "promoted", "promoted", "promoted"]
    with pytest.raises(ObjectNotFound, match="no version 9"):
        server.call(op.DEPLOYMENTS_PROMOTE, d.PromoteVersion(made.id, 9))


@pytest.mark.parametrize("table", ["deployments", "deployment_versions"])
def test_what_was_spoilt_is_deployed_again(server: Dispatcher, table: str) -> None:
    """What can't be read is not changed in part, nor guessed at; deployed again it is whole."""
    made = apply(server, tags=["one"])
    apply(server, promote=False, tags=["two"])
    spoil = text(f"UPDATE {table} SET spec = '['")
    server.ledger.write(lambda connection: connection.execute(spoil))
    if table == "deployments":
        with pytest.raises(InvalidRequest, match="can't be read"):
            server.call(op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(made.id, tags=[]))
        with pytest.raises(InvalidRequest, match="can't be read"):
            run(server, made.id)
        assert server.call(op.DEPLOYMENTS_PROMOTE, d.PromoteVersion(made.id, 2)).spec.tags == ["two"]
    again = server.call(op.DEPLOYMENTS_APPLY, d.ApplyDeployment(spec(tags=["three"]), keep_schedules=True))
    assert (again.spec.tags, again.spec.paused, again.version_number) == (["three"], False, 3)


def test_how_many_versions_are_kept(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest versions go, but never the one that runs go by."""
    monkeypatch.setattr(versions, "VERSIONS_KEPT", 3)
    made = apply(server, description="0")
    for number in range(1, 6):
        apply(server, promote=False, description=str(number))
    assert _numbers(server, made.id) == [6, 5, 4, 1]


def test_pages_of_versions(server: Dispatcher) -> None:
    """Versions are listed newest first, page by page."""
    made = apply(server, description="0")
    for number in range(1, 4):
        apply(server, description=str(number))
    first = server.call(op.DEPLOYMENTS_VERSIONS, d.DeploymentVersionQuery(made.id, limit=2))
    second = server.call(op.DEPLOYMENTS_VERSIONS, d.DeploymentVersionQuery(made.id, limit=2, after=first.next))
    assert [one.number for one in [*first.items, *second.items]] == [4, 3, 2, 1]
    assert second.next is None


def test_slugs(server: Dispatcher) -> None:
    """A schedule without a slug is known again by when it falls; two may fall at the same time."""
    twice = [ScheduleSpec(CronSchedule("0 9 * * *"), parameters={"x": number}) for number in (1, 2)]
    made = apply(server, schedules=twice)
    slugs = [one.slug for one in made.schedules]
    assert slugs[1] == f"{slugs[0]}-2"
    other = [ScheduleSpec(CronSchedule("0 9 * * *"), parameters={"x": 3})]
    assert apply(server, schedules=other).schedules[0].id == made.schedules[0].id
    with pytest.raises(InvalidRequest, match="'hourly'. Give each its own"):
        apply(server, schedules=[hourly(), hourly()])


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"name": "a/b"}, InvalidRequest, "can't hold /"),
    ({"name": " "}, InvalidRequest, "is empty"),
    ({"name": "x" * 501}, InvalidRequest, "501 characters"),
    ({"flow_name": "a\0b"}, InvalidRequest, "can't be stored"),
    ({"description": "x" * 20_001}, ObjectLimitReached, "20,001 characters"),
    ({"tags": ["x"] * 101}, ObjectLimitReached, "at most 100 tags"),
    ({"labels": {str(number): "x" for number in range(101)}}, ObjectLimitReached, "at most 100 labels"),
    ({"schedules": [every(60 + number, slug=None) for number in range(101)]}, ObjectLimitReached, "at most 100 sched"),
    ({"parameters": {"x": "y" * 600_000}}, ObjectLimitReached, "at most 524,288"),
    ({"parameters": {"x": object()}}, InvalidRequest, "is no JSON"),
    ({"concurrency_limit": 0}, InvalidRequest, "from 1 to 1,000,000, not 0"),
    ({"grace_seconds": -0.5}, InvalidRequest, "from 0 to 86,400, not -0.5"),
    ({"grace_seconds": float("nan")}, InvalidRequest, "is no JSON"),
    ({"work_queue_name": "x"}, InvalidRequest, "names a work queue and no work pool"),
    ({"work_pool_name": "nowhere"}, ObjectNotFound, "no work pool 'nowhere'"),
    ({"schedules": [hourly(slug="a b")]}, InvalidRequest, "'a b' can't be the slug"),
    ({"schedules": [hourly(max_scheduled_runs=0)]}, InvalidRequest, "from 1 to 100, not 0"),
    ({"schedules": [hourly(jitter_seconds=-1)]}, InvalidRequest, "jitter_seconds"),
    ({"schedules": [hourly(missed_limit=10**9)]}, InvalidRequest, "missed_limit"),
    ({"schedules": [ScheduleSpec(CronSchedule("0 0 30 2 *"))]}, InvalidRequest, "Schedule 'cron-"),
    ({"schedules": [ScheduleSpec(CronSchedule("0 9 * * *", "Nowhere/Town"))]}, InvalidRequest, "Nowhere/Town"),
]


@pytest.mark.parametrize(("said", "error", "words"), REFUSED, ids=[str(index) for index in range(len(REFUSED))])
def test_what_is_refused(server: Dispatcher, said: dict[str, Any], error: type[Exception], words: str) -> None:
    """What makes no sense is refused with the thing, the fact and the remedy, and nothing is kept of it."""
    with pytest.raises(error, match=words):
        apply(server, **said)
    assert server.call(op.DEPLOYMENTS_COUNT, d.DeploymentCountQuery()).count == 0
    assert server.call(op.FLOWS_COUNT, r.FlowCountQuery()).count == 0


def test_lists(server: Dispatcher) -> None:
    """Deployments are found by names, tags and places, and listed by the names of their flows and their own."""
    for flow_name, name, tags in (("b", "one", ["x"]), ("a", "two", ["X", 'q"']), ("a", "one", []), ("c", "x", ["xx"])):
        apply(server, name, flow_name=flow_name, tags=tags, paused=name == "two", schedules=[hourly()])

    def found(**conditions: Any) -> list[str]:
        wanted = d.DeploymentFilter(**conditions)
        items = server.call(op.DEPLOYMENTS_LIST, d.DeploymentQuery(wanted)).items
        assert server.call(op.DEPLOYMENTS_COUNT, d.DeploymentCountQuery(wanted)).count == len(items)
        assert all(len(one.schedules) == 1 for one in items)
        return [f"{one.spec.flow_name}/{one.spec.name}" for one in items]

    assert found() == ["a/one", "a/two", "b/one", "c/x"]
    assert found(names=["one"]) == ["a/one", "b/one"]
    assert found(flow_names=["a"], paused=True) == ["a/two"]
    assert found(tags_all=["x"]) == ["b/one"]
    assert found(tags_all=["X", 'q"']) == ["a/two"]
    assert found(text="X") == ["c/x"]
    assert found(any=[d.DeploymentFilter(names=["x"]), d.DeploymentFilter(paused=True)]) == ["a/two", "c/x"]
    assert found(not_=d.DeploymentFilter(flow_names=["a"])) == ["b/one", "c/x"]
    assert found(work_pool_names=[]) == []
    first = server.call(op.DEPLOYMENTS_LIST, d.DeploymentQuery(limit=3))
    second = server.call(op.DEPLOYMENTS_LIST, d.DeploymentQuery(limit=3, after=first.next))
    assert [one.spec.name for one in second.items] == ["x"]


def test_what_is_not_there(server: Dispatcher) -> None:
    """What concerns a deployment that there is not says so."""
    for operation, request in (
        (op.DEPLOYMENTS_READ, r.ById(uuid7())),
        (op.DEPLOYMENTS_READ_BY_NAME, d.DeploymentByName("a", "b")),
        (op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(uuid7())),
        (op.DEPLOYMENTS_VERSIONS, d.DeploymentVersionQuery(uuid7())),
        (op.DEPLOYMENTS_PROMOTE, d.PromoteVersion(uuid7(), 1)),
        (op.DEPLOYMENTS_RUN, d.RunDeployment(uuid7(), uuid7())),
        (op.DEPLOYMENTS_DELETE, r.ById(uuid7())),
    ):
        with pytest.raises(ObjectNotFound, match="There is no deployment"):
            server.call(operation, request)  # type: ignore[arg-type]


def test_rights(server: Dispatcher) -> None:
    """Who may have a deployment run may not change it."""
    made = apply(server)
    runner = Principal("runner", frozenset({"run:deployments", "read:deployments"}))
    server.call(op.DEPLOYMENTS_RUN, d.RunDeployment(made.id, uuid7()), runner)
    with pytest.raises(Forbidden, match="may not write deployments"):
        server.call(op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(made.id, tags=[]), runner)
