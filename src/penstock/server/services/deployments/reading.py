"""Deployments: found, counted."""

from __future__ import annotations

from sqlalchemy import select

from penstock.core.errors import ObjectNotFound
from penstock.server.context import Context
from penstock.server.database.tables import deployments
from penstock.server.pages import page_of, split_page
from penstock.server.services.deployments.rows import deployment_of, deployments_of, find_by_name, read_row
from penstock.server.services.filters import deployment_filter
from penstock.server.services.filters.counting import count_of
from penstock.wire.deploying.deployments import (
    Deployment,
    DeploymentByName,
    DeploymentCountQuery,
    DeploymentPage,
    DeploymentQuery,
)
from penstock.wire.requests import ById, Count


def read(request: ById, context: Context) -> Deployment:
    """Return a deployment.

    Raises:
        ObjectNotFound: there is none.
    """
    return deployment_of(read_row(request.id, context), context)


def read_by_name(request: DeploymentByName, context: Context) -> Deployment:
    """Return the deployment with these names.

    Raises:
        ObjectNotFound: there is none.
    """
    row = find_by_name(request.flow_name, request.name, context)
    if row is None:
        raise ObjectNotFound(
            f"There is no deployment {f'{request.flow_name}/{request.name}'[:200]!r}. List the deployments to "
            "see which there are."
        )
    return deployment_of(row, context)


def list_(query: DeploymentQuery, context: Context) -> DeploymentPage:
    """Return a page of deployments, by the names of their flows and their own.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: the cursor is none, or the limit out of bounds.
    """
    keys = [deployments.c.flow_name, deployments.c.name]
    statement = select(deployments).where(deployment_filter.meant(query.filter, context))
    page = page_of(statement, keys, query.after, query.limit, descending=False)
    rows, following = split_page(context.connection.execute(page).all(), keys, query.limit)
    return DeploymentPage(deployments_of([row._mapping for row in rows], context), following)


def count(query: DeploymentCountQuery, context: Context) -> Count:
    """Return how many deployments there are; the count stops at 10,000 and says so.

    Raises:
        ObjectLimitReached: the filter is too large.
    """
    return count_of(deployments, deployment_filter.meant(query.filter, context), context)
