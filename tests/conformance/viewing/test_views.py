"""Saved views: kept under names that are unique, bounded, audited, and apart from each other by list and workspace."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from penstock.core.errors import Forbidden, InvalidRequest, ObjectAlreadyExists, ObjectLimitReached, ObjectNotFound
from penstock.core.ids import uuid7
from penstock.server.context import Principal
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.viewing import views
from penstock.wire import operations as op
from penstock.wire.bulk import AuditQuery
from penstock.wire.requests import ById
from penstock.wire.viewing.views import View, ViewChanges, ViewCreate, ViewKind, ViewQuery

FAILED = {"state": ["FAILED", "CRASHED"], "not": ["tag"], "tag": ["test"], "window": "24h"}


def save(server: Dispatcher, name: str, kind: ViewKind = ViewKind.FLOW_RUNS, **filter: Any) -> View:
    return server.call(op.VIEWS_CREATE, ViewCreate(uuid7(), kind, name, filter))


def names(server: Dispatcher, kind: ViewKind = ViewKind.FLOW_RUNS) -> list[str]:
    return [view.name for view in server.call(op.VIEWS_LIST, ViewQuery(kind)).items]


def test_a_view_is_saved_changed_and_deleted(server: Dispatcher) -> None:
    """It comes back as it was given; what is left out of a change stays; what is gone is gone."""
    request = ViewCreate(uuid7(), ViewKind.FLOW_RUNS, "Bad nights <b>", FAILED)
    view = server.call(op.VIEWS_CREATE, request)
    assert (view.name, view.filter, view.created) == (request.name, FAILED, view.updated)
    assert server.call(op.VIEWS_CREATE, request) == view
    assert server.call(op.VIEWS_READ, ById(view.id)) == view
    renamed = server.call(op.VIEWS_UPDATE, ViewChanges(view.id, name="Nights"))
    assert (renamed.name, renamed.filter, renamed.created) == ("Nights", FAILED, view.created)
    assert renamed.updated >= view.updated
    assert server.call(op.VIEWS_UPDATE, ViewChanges(view.id, name="Nights")) == renamed
    changed = server.call(op.VIEWS_UPDATE, ViewChanges(view.id, filter={}))
    assert (changed.name, changed.filter) == ("Nights", {})
    assert server.call(op.VIEWS_DELETE, ById(view.id)).affected == 1
    for operation, gone in (
        (op.VIEWS_READ, ById(view.id)),
        (op.VIEWS_DELETE, ById(view.id)),
        (op.VIEWS_UPDATE, ViewChanges(view.id)),
    ):
        with pytest.raises(ObjectNotFound, match=str(view.id)):
            server.call(operation, gone)
    done = [line.action for line in server.call(op.AUDIT_LIST, AuditQuery()).items]
    assert done == ["views.delete", "views.update", "views.update", "views.create"]


def test_views_of_a_list_are_paged_by_name(server: Dispatcher) -> None:
    """Those of the other list are not among them, and may be called the same."""
    for name in ("b", "a", "B"):
        save(server, name)
    save(server, "a", ViewKind.TASK_RUNS)
    assert names(server) == ["B", "a", "b"]
    assert names(server, ViewKind.TASK_RUNS) == ["a"]
    first = server.call(op.VIEWS_LIST, ViewQuery(ViewKind.FLOW_RUNS, limit=2))
    second = server.call(op.VIEWS_LIST, ViewQuery(ViewKind.FLOW_RUNS, limit=2, after=first.next))
    assert [[view.name for view in page.items] for page in (first, second)] == [["B", "a"], ["b"]]
    assert second.next is None


def test_a_name_is_taken_once(server: Dispatcher) -> None:
    """Neither a new view nor a renamed one takes the name of another."""
    save(server, "a")
    other = save(server, "b")
    with pytest.raises(ObjectAlreadyExists, match="'a'"):
        save(server, "a")
    with pytest.raises(ObjectAlreadyExists, match="'a'"):
        server.call(op.VIEWS_UPDATE, ViewChanges(other.id, name="a"))
    assert names(server) == ["a", "b"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\0b"])
def test_a_name_makes_sense(server: Dispatcher, name: str) -> None:
    """What could not be read in a menu, or be stored, is refused."""
    with pytest.raises(InvalidRequest, match="name of a view"):
        save(server, name)
    view = save(server, "a")
    with pytest.raises(InvalidRequest, match="name of a view"):
        server.call(op.VIEWS_UPDATE, ViewChanges(view.id, name=name))


def test_views_are_bounded(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the size of what each holds, and in their number for each list."""
    with pytest.raises(ObjectLimitReached, match="filter of a view"):
        save(server, "large", text="x" * views.FILTER_LIMIT_CHARS)
    deep: dict[str, Any] = {}
    for _ in range(101):
        deep = {"deep": deep}
    with pytest.raises(InvalidRequest, match="nested"):
        save(server, "deep", **deep)
    monkeypatch.setattr(views, "MOST_VIEWS", 2)
    save(server, "a")
    view = save(server, "b")
    with pytest.raises(ObjectLimitReached, match="at most 2 saved views"):
        save(server, "c")
    save(server, "a", ViewKind.TASK_RUNS)
    with pytest.raises(ObjectLimitReached, match="filter of a view"):
        server.call(op.VIEWS_UPDATE, ViewChanges(view.id, filter={"text": "x" * views.FILTER_LIMIT_CHARS}))


def test_who_may_only_read_changes_nothing(server: Dispatcher) -> None:
    """Views are everybody's, so that it takes a right to change them."""
    view = save(server, "a")
    reader = Principal("reader", frozenset({"read:*"}))
    assert server.call(op.VIEWS_READ, ById(view.id), reader) == view
    asked: list[tuple[Any, Any]] = [
        (op.VIEWS_CREATE, ViewCreate(UUID(int=1), ViewKind.FLOW_RUNS, "b", {})),
        (op.VIEWS_UPDATE, ViewChanges(view.id, name="b")),
        (op.VIEWS_DELETE, ById(view.id)),
    ]
    for operation, request in asked:
        with pytest.raises(Forbidden):
            server.call(operation, request, reader)
    assert names(server) == ["a"]
