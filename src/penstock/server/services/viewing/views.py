"""Saved views: made, found, changed, deleted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, delete, func, select, update

from penstock.core.errors import InvalidRequest, ObjectAlreadyExists, ObjectLimitReached, ObjectNotFound
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import views
from penstock.server.database.types import encode_json
from penstock.server.pages import page_of, split_page
from penstock.server.services.bulk import audit
from penstock.wire.requests import ById, Done
from penstock.wire.viewing.views import View, ViewChanges, ViewCreate, ViewKind, ViewPage, ViewQuery

MOST_VIEWS = 500
"""The most views of one list in a workspace."""

NAME_LIMIT = 100
FILTER_LIMIT_CHARS = 20_000


def create(request: ViewCreate, context: Context) -> View:
    """Save a view of a list.

    Raises:
        InvalidRequest: the name or the filter makes no sense.
        ObjectAlreadyExists: there is one of that name.
        ObjectLimitReached: the filter is too large, or the list has as many views as it may.
    """
    _check_name(request.name)
    _check_filter(request.filter)
    found = _find(request.id, context)
    if found is not None:
        return _view_in(found)
    of_kind = views.c.workspace_id == context.workspace_id, views.c.kind == request.kind.value
    if (
        context.connection.execute(select(func.count()).select_from(views).where(*of_kind)).scalar() or 0
    ) >= MOST_VIEWS:
        raise ObjectLimitReached(f"A list has at most {MOST_VIEWS} saved views. Delete some.")
    _check_free(request.kind, request.name, context)
    now = context.now()
    values = {
        "workspace_id": context.workspace_id,
        "id": request.id,
        "kind": request.kind.value,
        "name": request.name,
        "filter": request.filter,
        "created": now,
        "updated": now,
    }
    if not context.connection.execute(context.dialect.insert_new(views), values).rowcount:
        raise _taken(request.name)  # another server was quicker
    audit.record("views.create", 1, request, context)
    return read(ById(request.id), context)


def read(request: ById, context: Context) -> View:
    """Return a saved view.

    Raises:
        ObjectNotFound: there is none.
    """
    return _view_in(_read_row(request.id, context))


def list_(query: ViewQuery, context: Context) -> ViewPage:
    """Return a page of the saved views of a list, by name."""
    keys = [views.c.name]  # unique within the kind
    of_kind = views.c.workspace_id == context.workspace_id, views.c.kind == query.kind.value
    page = page_of(select(views).where(*of_kind), keys, query.after, query.limit, descending=False)
    rows, following = split_page(context.connection.execute(page).all(), keys, query.limit)
    return ViewPage([_view_in(row) for row in rows], following)


def update_(request: ViewChanges, context: Context) -> View:
    """Change the name or the filter of a saved view.

    Raises:
        ObjectNotFound: there is none.
        InvalidRequest: the name or the filter makes no sense.
        ObjectAlreadyExists: another one has that name.
        ObjectLimitReached: the filter is too large.
    """
    row = _read_row(request.id, context)
    changes: dict[str, Any] = {}
    if request.name is not msgspec.UNSET and request.name != row.name:
        _check_name(request.name)
        _check_free(ViewKind(row.kind), request.name, context)
        changes["name"] = request.name
    if request.filter is not msgspec.UNSET and request.filter != (row.filter or {}):
        _check_filter(request.filter)
        changes["filter"] = request.filter
    if not changes:
        return _view_in(row)
    changed = update(views).where(*_its(request.id, context)).values(changes | {"updated": context.now()})
    made = context.connection.execute(changed.returning(views)).one()
    audit.record("views.update", 1, request, context)
    return _view_in(made)


def delete_(request: ById, context: Context) -> Done:
    """Delete a saved view.

    Raises:
        ObjectNotFound: there is none.
    """
    _read_row(request.id, context)
    context.connection.execute(delete(views).where(*_its(request.id, context)))
    audit.record("views.delete", 1, request, context)
    return Done(1)


def _check_name(name: str) -> None:
    bounds.check_name(name, "view")
    if len(name) > NAME_LIMIT:
        raise InvalidRequest(f"The name of a view has {len(name):,} characters; give it at most {NAME_LIMIT}.")


def _check_filter(filter: dict[str, Any]) -> None:
    bounds.check_nesting(filter, "conditions of a view")
    bounds.check_text_size(encode_json(filter), FILTER_LIMIT_CHARS, "filter of a view")


def _check_free(kind: ViewKind, name: str, context: Context) -> None:
    of_name = views.c.workspace_id == context.workspace_id, views.c.kind == kind.value, views.c.name == name
    if context.connection.execute(select(views.c.id).where(*of_name)).first() is not None:
        raise _taken(name)


def _taken(name: str) -> ObjectAlreadyExists:
    return ObjectAlreadyExists(f"There is a view {name!r} of this list already. Take another name, or change that one.")


def _find(view_id: UUID, context: Context) -> Row[Any] | None:
    return context.connection.execute(select(views).where(*_its(view_id, context))).first()


def _read_row(view_id: UUID, context: Context) -> Row[Any]:
    row = _find(view_id, context)
    if row is None:
        raise ObjectNotFound(f"There is no saved view {view_id}.")
    return row


def _view_in(row: Row[Any]) -> View:
    return View(row.id, ViewKind(row.kind), row.name, row.filter or {}, row.created, row.updated)


def _its(view_id: UUID, context: Context) -> tuple[Any, ...]:
    return views.c.workspace_id == context.workspace_id, views.c.id == view_id
