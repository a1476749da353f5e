"""Deployments: made, changed, taken back to earlier versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import update

from penstock.core.errors import ObjectAlreadyExists
from penstock.core.ids import uuid7
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import deployments
from penstock.server.services import flows
from penstock.server.services.bulk import audit
from penstock.server.services.deployments import schedule_rows, versions
from penstock.server.services.deployments.checks import address_of, checked
from penstock.server.services.deployments.rows import (
    DeploymentRow,
    deployment_of,
    find_by_name,
    read_row,
    spec_of,
    unreadable,
)
from penstock.server.services.deployments.telling import author_of, tell_change
from penstock.server.services.work.placing import make_place
from penstock.wire.deploying.deployments import (
    ApplyDeployment,
    Deployment,
    DeploymentChanges,
    DeploymentSpec,
    PromoteVersion,
)

_NO_CHANGES = {"id", "author", "note", "expected_version"}


@dataclass(frozen=True, slots=True)
class _Said:
    """Who asked for a change, and how: the operation, a note, and whether runs are to go by it at once."""

    action: str
    author: str
    note: str | None
    promote: bool = True


def apply(request: ApplyDeployment, context: Context) -> Deployment:
    """Make a deployment, or change the one of that flow and name. What changes nothing makes no version.

    Raises:
        InvalidRequest: something in it makes no sense, or a parameter does not fit the schema.
        ObjectLimitReached: it is too large.
        ObjectNotFound: there is no such work pool.
    """
    said = _Said("deployments.apply", author_of(request.author, context), request.note, request.promote)
    row = find_by_name(*_names(request.spec), context, to_change=True)
    if row is None:
        return _make(request.spec, said, context)
    spec, present = request.spec, spec_of(row)
    if request.keep_schedules and row["spec"] is not None:
        spec = msgspec.structs.replace(spec, schedules=present.schedules, paused=present.paused)
    spec = checked(spec, context.now(), present)
    return _change(row, spec, said, context)


def update_(request: DeploymentChanges, context: Context) -> Deployment:
    """Change some of what a deployment says; what is left out stays as it is. It makes a version.

    Raises:
        ObjectNotFound: there is no such deployment, or no such work pool.
        InvalidRequest: something in it makes no sense, a parameter does not fit the schema, or what is there was spoilt.
        ObjectLimitReached: it is too large.
        ObjectAlreadyExists: the deployment has another version than was expected.
    """
    said = _Said("deployments.update", author_of(request.author, context), request.note)
    row = read_row(request.id, context, to_change=True)
    if request.expected_version not in (None, row["version_number"]):
        raise ObjectAlreadyExists(
            f"Deployment {request.id} has version {row['version_number']} by now, not "
            f"{request.expected_version}: somebody else "
            "changed it. Read it again, and repeat the change."
        )
    if row["spec"] is None:
        raise unreadable(row)
    changes = {
        name: value
        for name in request.__struct_fields__
        if name not in _NO_CHANGES and (value := getattr(request, name)) is not msgspec.UNSET
    }
    present = spec_of(row)
    spec = checked(msgspec.structs.replace(present, **changes), context.now(), present)
    return _change(row, spec, said, context)


def promote(request: PromoteVersion, context: Context) -> Deployment:
    """Have runs go by a version of a deployment: a newer one that was held back, or an earlier one again.

    Raises:
        ObjectNotFound: there is no such deployment, or no such version; or no longer the work pool that it names.
        InvalidRequest: what the version said can't be read.
    """
    said = _Said("deployments.promote", author_of(request.author, context), None)
    row = read_row(request.id, context, to_change=True)
    if row["version_number"] == request.number:
        return deployment_of(row, context)
    spec = versions.spec_of_version(request.id, request.number, context)
    return _go_by(row, spec, request.number, said, context)


def _make(given: DeploymentSpec, said: _Said, context: Context) -> Deployment:
    now = context.now()
    spec = checked(given, now)
    make_place(spec, context)
    values = {
        "workspace_id": context.workspace_id,
        "id": uuid7(),
        "flow_id": flows.make_known(spec.flow_name, context),
        "flow_name": spec.flow_name,
        "name": spec.name,
        "created": now,
        "updated": now,
        "newest_version": 1,
        "last_polled": None,
        **_columns(spec, 1),
    }
    inserted = context.connection.execute(context.dialect.insert_new(deployments), values)
    if not inserted.rowcount:
        row = find_by_name(spec.flow_name, spec.name, context, to_change=True)
        if row is None:
            raise AssertionError(f"Deployment {address_of(spec)} was neither inserted nor found.")
        return _change(row, checked(given, now, spec_of(row)), said, context)  # another was quicker
    versions.add(values["id"], 1, spec, said.author, said.note, context)
    schedule_rows.follow(values["id"], spec, context)
    tell_change("created", values, {"author": said.author, "note": said.note}, context)
    _write_down(said, values, context)
    return deployment_of(values, context)


def _change(row: DeploymentRow, spec: DeploymentSpec, said: _Said, context: Context) -> Deployment:
    newest = row["newest_version"]
    if row["spec"] == spec:
        return deployment_of(row, context)
    if newest != row["version_number"] and versions.says(row["id"], newest, spec, context):
        return _go_by(row, spec, newest, said, context) if said.promote else deployment_of(row, context)
    make_place(spec, context, is_new=_is_elsewhere(row, spec))
    newest += 1
    versions.add(row["id"], newest, spec, said.author, said.note, context)
    values = {"newest_version": newest}
    if said.promote:
        values |= {"updated": context.now(), **_columns(spec, newest)}
    changed = _write(row, values, context)
    versions.let_go_of_old(changed, context)
    if said.promote:
        schedule_rows.follow(row["id"], spec, context)
    payload = {
        "author": said.author,
        "note": said.note,
        "version": newest,
        "promoted": said.promote,
        "changed": _differing(row, spec),
    }
    tell_change("updated", changed, payload, context)
    _write_down(said, changed, context)
    return deployment_of(changed, context)


def _go_by(row: DeploymentRow, spec: DeploymentSpec, number: int, said: _Said, context: Context) -> Deployment:
    make_place(spec, context, is_new=_is_elsewhere(row, spec))
    changed = _write(row, {"updated": context.now(), **_columns(spec, number)}, context)
    schedule_rows.follow(row["id"], spec, context)
    payload = {
        "author": said.author,
        "version": number,
        "before": row["version_number"],
        "changed": _differing(row, spec),
    }
    tell_change("promoted", changed, payload, context)
    _write_down(said, changed, context)
    return deployment_of(changed, context)


def _names(spec: DeploymentSpec) -> tuple[str, str]:
    return bounds.check_name(spec.flow_name, "flow"), bounds.check_name(spec.name, "deployment")


def _columns(spec: DeploymentSpec, number: int) -> dict[str, Any]:
    return {
        "version_number": number,
        "spec": spec,
        "tags": spec.tags,
        "paused": spec.paused,
        "work_pool_name": spec.work_pool_name,
        "work_queue_name": spec.work_queue_name,
        "concurrency_limit": spec.concurrency_limit,
    }


def _write(row: DeploymentRow, values: dict[str, Any], context: Context) -> dict[str, Any]:
    its = deployments.c.workspace_id == context.workspace_id, deployments.c.id == row["id"]
    context.connection.execute(update(deployments).where(*its).values(values))
    return {**row, **values}


def _is_elsewhere(row: DeploymentRow, spec: DeploymentSpec) -> bool:
    place = row["work_pool_name"], row["work_queue_name"]
    return row["spec"] is None or place != (spec.work_pool_name, spec.work_queue_name)


def _differing(row: DeploymentRow, spec: DeploymentSpec) -> list[str]:
    """Return the names of the fields that are not as they were."""
    before = spec_of(row)
    return [name for name in spec.__struct_fields__ if getattr(before, name) != getattr(spec, name)]


def _write_down(said: _Said, row: DeploymentRow, context: Context) -> None:
    details: dict[str, Any] = {
        "id": row["id"],
        "deployment": f"{row['flow_name']}/{row['name']}",
        "version": row["version_number"],
        "newest_version": row["newest_version"],
        "author": said.author,
    }
    audit.record(said.action, 1, details, context)
