"""Which flows a filter means."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlalchemy import ColumnElement, and_

from penstock.server.context import Context
from penstock.server.database.tables import flows
from penstock.server.services.filters.composition import condition_of
from penstock.wire.flows import FlowFilter


def meant(wanted: FlowFilter, context: Context) -> ColumnElement[bool]:
    """Return the condition under which a flow of the workspace is meant.

    Raises:
        ObjectLimitReached: the filter is too large.
    """
    own = partial(_conditions, context=context)
    return and_(flows.c.workspace_id == context.workspace_id, condition_of(wanted, own))


def _conditions(wanted: FlowFilter, context: Context) -> Iterator[ColumnElement[bool]]:
    if wanted.ids is not None:
        yield flows.c.id.in_(wanted.ids)
    if wanted.names is not None:
        yield flows.c.name.in_(wanted.names)
    if wanted.name_like:
        yield context.dialect.contains(flows.c.name, wanted.name_like)
