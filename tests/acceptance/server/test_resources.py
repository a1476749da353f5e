"""What lies behind filters, charts and actions, asked as any program asks: in JSON over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from support.requests import flow_run
from support.servers import Server, running

from penstock.server.http.json_models import body_model
from penstock.wire.operations import FLOW_RUNS_CREATE


def _make(server: Server, name: str, **fields: Any) -> str:
    request = flow_run("survey", name=name, **fields)
    body = msgspec.to_builtins(msgspec.convert(request, body_model(FLOW_RUNS_CREATE), from_attributes=True))
    assert server.ask("POST", "/api/flow_runs", json=body).status == 200
    return str(request.id)


def _ask(server: Server, path: str, body: dict[str, Any]) -> Any:
    answer = server.ask("POST", f"/api{path}", json=body)
    assert answer.status == 200, answer.data
    return json.loads(answer.data)


def test_from_a_filter_to_the_audit(tmp_path: Path) -> None:
    """Filters hold each other in JSON as documented; charts, bulk actions and the audit answer with named fields."""
    with running(tmp_path) as server:
        root = _make(server, "root", tags=["a"])
        _make(server, "child", parent_flow_run_id=root)
        wanted = {"any": [{"tags_any": ["a"]}, {"name": "child"}], "not": {"roots_only": True}}
        page = _ask(server, "/flow_runs/filter", {"filter": wanted, "sort": "NAME_ASC"})
        assert [run["name"] for run in page["items"]] == ["child"]
        assert _ask(server, "/flow_runs/count", {"filter": wanted}) == {"count": 1, "is_capped": False}
        graph = _ask(server, f"/flow_runs/{root}/graph", {})
        assert [(node["name"], node["kind"]) for node in graph["nodes"]] == [("child", "FLOW_RUNS")]
        hours = {"after": "2026-01-01T00:00:00Z", "before": "2126-01-01T00:00:00Z", "buckets": 1}
        assert _ask(server, "/flow_runs/histogram", hours)["buckets"][0]["by_type"] == {"RUNNING": 2}
        assert _ask(server, "/flow_runs/cancel", {"filter": {}})["matched"] == 2
        state = {"type": "CANCELLED", "name": "Cancelled", "timestamp": "2026-11-20T12:00:00Z"}
        forced = {"filter": {"name": "child"}, "state": state, "force": True, "dry_run": False}
        assert _ask(server, "/flow_runs/set_state", forced)["affected"] == 1
        (line,) = _ask(server, "/audit/filter", {})["items"]
        assert (line["action"], line["affected"]) == ("flow_runs.set_state_many", 1)


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    """A misspelt condition at any depth, an order that is not on the list, too deep a filter: refused, not left out."""
    deep: dict[str, Any] = {}
    for _ in range(6):
        deep = {"not": deep}
    with running(tmp_path) as server:
        for body, status in (
            ({"filter": {"nmae": "x"}}, 422),
            ({"filter": {"any": [{"not": {"nmae": "x"}}]}}, 422),
            ({"sort": "parameters; DROP TABLE flow_runs"}, 422),
            ({"filter": {"started_after": "2026-01-01T00:00:00"}}, 422),
            ({"filter": deep}, 413),
            ({"filter": {"names": ["x"] * 501}}, 413),
        ):
            answer = server.ask("POST", "/api/flow_runs/filter", json=body)
            assert answer.status == status, (body, answer.data)
        assert server.ask("GET", f"/api/flows/{uuid4()}").status == 404
