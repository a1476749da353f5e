"""The versions of a deployment: added, kept up to a bound, found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select

from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import deployment_versions
from penstock.server.pages import page_of, split_page
from penstock.server.services.deployments.rows import DeploymentRow, read_row
from penstock.wire.deploying.deployments import (
    DeploymentSpec,
    DeploymentVersion,
    DeploymentVersionPage,
    DeploymentVersionQuery,
    ReadVersion,
)

VERSIONS_KEPT = 1_000
"""How many versions of a deployment are kept, beside the present one."""

_COLUMNS = deployment_versions.c


def add(
    deployment_id: UUID, number: int, spec: DeploymentSpec, author: str, note: str | None, context: Context
) -> None:
    """Keep a version.

    Raises:
        InvalidRequest: the note can't be stored.
    """
    values = {
        "workspace_id": context.workspace_id,
        "deployment_id": deployment_id,
        "number": number,
        "created": context.now(),
        "author": author,
        "note": None if note is None else bounds.cut(note, bounds.NAME_LIMIT),
        "spec": spec,
    }
    context.connection.execute(insert(deployment_versions), values)


def let_go_of_old(row: DeploymentRow, context: Context) -> None:
    """Delete the versions of the deployment in `row` that are beyond the bound, but for the one it goes by."""
    old = row["newest_version"] - VERSIONS_KEPT
    if old > 0:
        its = _COLUMNS.workspace_id == context.workspace_id, _COLUMNS.deployment_id == row["id"]
        beyond = _COLUMNS.number <= old, _COLUMNS.number != row["version_number"]
        context.connection.execute(delete(deployment_versions).where(*its, *beyond))


def spec_of_version(deployment_id: UUID, number: int, context: Context) -> DeploymentSpec:
    """Return what a version says.

    Raises:
        ObjectNotFound: there is no such version.
        InvalidRequest: what it said was spoilt.
    """
    spec = _row(deployment_id, number, context).spec
    if spec is None:
        raise InvalidRequest(
            f"What version {number} of deployment {deployment_id} said can't be read. Take another one."
        )
    return spec  # type: ignore[no-any-return]


def says(deployment_id: UUID, number: int, spec: DeploymentSpec, context: Context) -> bool:
    """Return whether a version says the same as `spec`.

    Raises:
        ObjectNotFound: there is no such version.
    """
    return bool(_row(deployment_id, number, context).spec == spec)


def read_version(request: ReadVersion, context: Context) -> DeploymentVersion:
    """Return a version of a deployment.

    Raises:
        ObjectNotFound: there is no such deployment, or no such version of it.
    """
    deployment = read_row(request.id, context)
    return _version_of(_row(request.id, request.number, context), deployment)


def versions(query: DeploymentVersionQuery, context: Context) -> DeploymentVersionPage:
    """Return a page of a deployment's versions, newest first.

    Raises:
        ObjectNotFound: there is no such deployment.
        InvalidRequest: the cursor is none, or the limit out of bounds.
    """
    deployment = read_row(query.id, context)
    keys = [_COLUMNS.number]
    statement = select(deployment_versions).where(
        _COLUMNS.workspace_id == context.workspace_id, _COLUMNS.deployment_id == query.id
    )
    page = page_of(statement, keys, query.after, query.limit, descending=True)
    rows, following = split_page(context.connection.execute(page).all(), keys, query.limit)
    return DeploymentVersionPage([_version_of(row, deployment) for row in rows], following)


def _row(deployment_id: UUID, number: int, context: Context) -> Any:
    statement = select(deployment_versions).where(
        _COLUMNS.workspace_id == context.workspace_id,
        _COLUMNS.deployment_id == deployment_id,
        _COLUMNS.number == number,
    )
    row = context.connection.execute(statement).first()
    if row is None:
        raise ObjectNotFound(
            f"There is no version {number} of deployment {deployment_id}. The newest {VERSIONS_KEPT:,} are kept: list them."
        )
    return row


def _version_of(row: Any, deployment: DeploymentRow) -> DeploymentVersion:
    spec = row.spec or msgspec.structs.replace(
        DeploymentSpec(deployment["flow_name"], deployment["name"]), description="What this version said can't be read."
    )
    return DeploymentVersion(
        deployment_id=row.deployment_id,
        number=row.number,
        created=row.created,
        author=row.author,
        note=row.note,
        spec=spec,
        is_current=row.number == deployment["version_number"],
    )
