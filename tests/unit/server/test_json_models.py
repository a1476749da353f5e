"""The models of JSON are those of the wire, spelled out, and refuse what nobody knows."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from support.requests import flow_run, proposal

from penstock.server.http.json_models import as_public, as_request, body_model, public_model
from penstock.server.http.openapi import document
from penstock.wire.flow_runs import Verdict
from penstock.wire.operations import FLOW_RUNS_CREATE, FLOW_RUNS_LIST, FLOW_RUNS_PROPOSE, OPERATIONS, Operation


class _Nested(msgspec.Struct, frozen=True):
    """A condition within a condition."""

    wanted: int | None = None
    inner: list[_Nested] | None = None
    not_: _Nested | None = msgspec.field(default=None, name="not")


def as_json(operation: Operation[Any, Any], request: Any) -> bytes:
    return msgspec.json.encode(msgspec.convert(request, body_model(operation), from_attributes=True))


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.name)
def test_every_operation_has_models(operation: Operation[Any, Any]) -> None:
    """A request and an answer of every operation can be described to people."""
    models = [public_model(operation.response)]
    if (body := body_model(operation)) is not None:
        models.append(body)
    _, components = msgspec.json.schema_components(models)
    assert components


def test_a_request_survives_being_spelled_out() -> None:
    """Read from JSON, a request is what it was; what stands in the path is not in the body."""
    create = flow_run()
    body = msgspec.json.decode(as_json(FLOW_RUNS_CREATE, create), type=body_model(FLOW_RUNS_CREATE))
    assert as_request(FLOW_RUNS_CREATE, body, {}) == create
    propose = proposal(create.id, "COMPLETED")
    text = as_json(FLOW_RUNS_PROPOSE, propose)
    assert str(create.id).encode() not in text
    body = msgspec.json.decode(text, type=body_model(FLOW_RUNS_PROPOSE))
    assert as_request(FLOW_RUNS_PROPOSE, body, {"id": create.id}) == propose


def test_a_state_has_named_fields() -> None:
    """What travels as an array between programs is an object to people."""
    verdict = msgspec.convert({"decision": "ACCEPT", "state": ["PENDING", "Pending", "2026-11-21T00:00:00Z"]}, Verdict)
    shown = msgspec.to_builtins(as_public(verdict, Verdict))
    assert shown["state"]["name"] == "Pending"


@pytest.mark.parametrize("text", ['{"limitt": 1}', '{"filter": {"nmae": "x"}}'])
def test_what_nobody_knows_is_refused(text: str) -> None:
    """A misspelt condition is refused wherever it stands."""
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.json.decode(text, type=body_model(FLOW_RUNS_LIST))


def test_a_model_may_stand_within_itself() -> None:
    """Conditions nest to any depth, keep their names in JSON, and are strict at every level."""
    strict = public_model(_Nested)
    read = msgspec.json.decode(b'{"inner": [{"wanted": 1, "not": {"wanted": 2}}]}', type=strict)
    assert msgspec.convert(read, _Nested, from_attributes=True) == _Nested(inner=[_Nested(1, not_=_Nested(2))])
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.json.decode(b'{"inner": [{"not": {"nope": 2}}]}', type=strict)


def test_names_of_models_are_plain() -> None:
    """No two models of one name stand in the document: theirs would be spelled with the modules they are kept in."""
    names = document()["components"]["schemas"]
    assert [name for name in names if not name.isalnum()] == []
    assert "BackfillCreate" in names
