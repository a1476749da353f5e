"""Which deployments a filter means."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlalchemy import ColumnElement, Text, and_, func, or_, type_coerce

from penstock.server.context import Context
from penstock.server.database.tables import deployments
from penstock.server.database.types import encode_json
from penstock.server.services.filters.composition import condition_of
from penstock.wire.deploying.deployments import DeploymentFilter


def meant(wanted: DeploymentFilter, context: Context) -> ColumnElement[bool]:
    """Return the condition under which a deployment of the workspace is meant.

    Raises:
        ObjectLimitReached: the filter is too large.
    """
    own = partial(_conditions, context=context)
    return and_(deployments.c.workspace_id == context.workspace_id, condition_of(wanted, own))


def _conditions(wanted: DeploymentFilter, context: Context) -> Iterator[ColumnElement[bool]]:
    for column, some in (
        (deployments.c.id, wanted.ids),
        (deployments.c.flow_id, wanted.flow_ids),
        (deployments.c.flow_name, wanted.flow_names),
        (deployments.c.name, wanted.names),
        (deployments.c.work_pool_name, wanted.work_pool_names),
        (deployments.c.work_queue_name, wanted.work_queue_names),
    ):
        if some is not None:
            yield column.in_(some)
    if wanted.text:
        contains = context.dialect.contains
        yield or_(contains(deployments.c.name, wanted.text), contains(deployments.c.flow_name, wanted.text))
    for tag in wanted.tags_all or ():
        yield _has_tag(tag)
    if wanted.paused is not None:
        yield deployments.c.paused.is_(wanted.paused)


def _has_tag(tag: str) -> ColumnElement[bool]:
    # Deployments are few, so their tags need no table. A tag stands in quotes, and a quote within it is escaped. LIKE would
    # take upper and lower case alike.
    text = type_coerce(deployments.c.tags, Text())
    return func.replace(text, encode_json(tag), "") != text
