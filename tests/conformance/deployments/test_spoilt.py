"""What was spoilt in one row of a deployment costs neither lists nor loops, and the deployment can be mended."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from support.deploying.hands import BEGIN, Hands
from support.deploying.scheduled import carry_on, name_late, schedule, waiting
from support.deploying.specs import apply, every, hourly, run

from penstock.core.ids import uuid7
from penstock.server.database.tables import metadata
from penstock.server.database.types import Json
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire import requests as r
from penstock.wire.deploying import deployments as d
from penstock.wire.deploying.backfills import BackfillCreate, BackfillQuery

TABLES = ("deployments", "deployment_versions", "deployment_schedules", "backfills", "flow_runs")
COLUMNS = [
    (name, column.name) for name in TABLES for column in metadata.tables[name].c if isinstance(column.type, Json)
]


@pytest.mark.parametrize("content", ["{", '{"a": 1}', "null", "[null]", ""])
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_spoilt_json(server: Dispatcher, hands: Hands, table: str, column: str, content: str) -> None:
    """Whatever stands in a JSON column: lists, loops and a new version go on, and other deployments have their runs."""
    said = {"schedules": [hourly(max_scheduled_runs=1)], "tags": ["x"], "parameters": {"x": 1}}
    bad = apply(server, "bad", **said)
    range_ = BEGIN.replace(hour=0), BEGIN.replace(hour=3)
    server.call(op.BACKFILLS_CREATE, BackfillCreate(uuid7(), bad.id, *range_))
    run(server, bad.id)
    spoil = text(f"UPDATE {table} SET {column} = :content")
    server.ledger.write(lambda connection: connection.execute(spoil, {"content": content}))
    good = apply(server, "good", schedules=[hourly()])

    for _ in range(2):
        schedule(server)
        carry_on(server)
        name_late(server)
        hands.move(minutes=10)
    assert len(waiting(server, good.id)) == 3
    listed = server.call(op.DEPLOYMENTS_LIST, d.DeploymentQuery()).items
    assert [one.spec.name for one in listed] == ["bad", "good"]
    assert server.call(op.DEPLOYMENTS_READ, r.ById(bad.id)).id == bad.id
    assert len(server.call(op.DEPLOYMENTS_VERSIONS, d.DeploymentVersionQuery(bad.id)).items) == 1
    assert len(server.call(op.BACKFILLS_LIST, BackfillQuery()).items) == 1

    mended = apply(server, "bad", **said | {"schedules": [every(60, max_scheduled_runs=1)]})
    schedule(server)
    assert mended.spec.parameters == {"x": 1}
    assert any(start > hands.now for start in waiting(server, bad.id))
    server.call(op.DEPLOYMENTS_DELETE, r.ById(bad.id))
