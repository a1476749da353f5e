"""A deployment, run once because somebody asks for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from penstock.core.errors import InvalidRequest, ObjectAlreadyExists
from penstock.core.names.slug import slug
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.types import encode_json
from penstock.server.services.bulk import audit
from penstock.server.services.deployments.checks import address_of, check_parameters
from penstock.server.services.deployments.rows import DeploymentRow, kept_row, spec_of
from penstock.server.services.flow_run_rows import FlowRunRow, find_row, flow_run_of, read_row, row_with_key
from penstock.server.services.made_runs import NewRun, make_runs
from penstock.server.services.work.placing import check_run
from penstock.wire.deploying.deployments import DeploymentRun, DeploymentSpec, RunDeployment
from penstock.wire.deploying.work_pools import DEFAULT_QUEUE


def run(request: RunDeployment, context: Context) -> DeploymentRun:
    """Make a run of a deployment; the same id or key again gives the first one back.

    Raises:
        ObjectNotFound: there is no such deployment.
        InvalidRequest: a parameter does not fit the deployment's schema, or something else makes no sense.
        ObjectLimitReached: the parameters, tags or job variables are too large.
        ObjectAlreadyExists: the id is that of another deployment's run.
    """
    made = make_run(request, context)
    if made.is_new:
        audit.record("deployments.run", 1, {"id": request.id, "flow_run_id": request.flow_run_id}, context)
    return made


def make_run(request: RunDeployment, context: Context, repeats: UUID | None = None) -> DeploymentRun:
    """Make a run of a deployment, as `run` does, without a line in the audit.

    Parameters:
        request: what run of which deployment.
        context: of the request.
        repeats: the run that it repeats.

    Raises:
        PenstockException: as of `run`.
    """
    there = find_row(request.flow_run_id, context)
    if there is not None:
        return _the_same(there, request)
    row = kept_row(request.id, context)
    if request.idempotency_key is not None:
        there = row_with_key(row["flow_id"], bounds.check_name(request.idempotency_key, "idempotency key"), context)
        if there is not None:
            return _the_same(there, request)
    made = make_runs([_new_run(request, row, repeats, context)], context)
    if not made:
        return _the_same(_made_by_another(request, row, context), request)
    return DeploymentRun(flow_run_of(made[0], row["flow_name"]), is_new=True)


def _new_run(request: RunDeployment, row: DeploymentRow, repeats: UUID | None, context: Context) -> NewRun:
    spec = spec_of(row)
    request = _as_json(request, spec)
    parameters = {**spec.parameters, **request.parameters}
    check_parameters(spec, parameters)
    tags = list(dict.fromkeys([*spec.tags, *request.tags]))
    bounds.check_count(tags, bounds.TAGS_LIMIT, "tags")
    for text, what in (
        *((tag, "tag") for tag in request.tags),
        (request.name, "flow run"),
        (request.work_queue_name, "work queue"),
    ):
        if text is not None:
            bounds.check_name(text, what)
    if request.work_queue_name is not None and spec.work_pool_name is None:
        raise InvalidRequest(
            f"Deployment {address_of(spec)!r} has no work pool, so its runs wait in no work queue. Leave it out."
        )
    check_run(spec, request.job_variables, request.work_queue_name, context)
    bounds.check_instant(request.scheduled_time, "scheduled time")
    return NewRun(
        flow_id=row["flow_id"],
        deployment_id=row["id"],
        deployment_version=row["version_number"],
        parameters=parameters,
        tags=tags,
        scheduled_time=request.scheduled_time or context.now(),
        late_after_seconds=context.scheduling.late_after_seconds,
        id=request.flow_run_id,
        name=request.name or slug(),
        further={
            **place_of(spec, request.work_queue_name),
            "job_variables": request.job_variables,
            "idempotency_key": request.idempotency_key,
            "parent_flow_run_id": request.parent_flow_run_id,
            "parent_task_run_id": request.parent_task_run_id,
            "repeats": repeats,
        },
    )


def place_of(spec: DeploymentSpec, queue_name: str | None = None) -> dict[str, str | None]:
    """Return the columns that say where a run of a deployment waits."""
    if spec.work_pool_name is None:
        return {"work_pool_name": None, "work_queue_name": None}
    return {
        "work_pool_name": spec.work_pool_name,
        "work_queue_name": queue_name or spec.work_queue_name or DEFAULT_QUEUE,
    }


def _as_json(request: RunDeployment, spec: DeploymentSpec) -> RunDeployment:
    """Return `request` with the values that it has as JSON."""
    values: dict[str, Any] = {}
    for name in ("parameters", "job_variables"):
        value, what = getattr(request, name), name.replace("_", " ")
        bounds.check_nesting(value, what)
        try:
            text = encode_json(value)
            bounds.check_json(text, what)
            values[name] = {} if text is None else msgspec.json.decode(text, type=dict[str, Any])
        except (TypeError, ValueError, OverflowError, msgspec.MsgspecError) as error:
            raise InvalidRequest(f"The {what} of a run of {address_of(spec)!r} are no JSON: {error}.") from error
    return msgspec.structs.replace(request, **values)


def _the_same(there: FlowRunRow, request: RunDeployment) -> DeploymentRun:
    if there["deployment_id"] != request.id:
        what = "id" if there["id"] == request.flow_run_id else "idempotency key"
        raise ObjectAlreadyExists(
            f"There is a flow run of that {what} already, {there['id']}, which deployment {request.id} did not "
            f"make. Make a new {what}."
        )
    return DeploymentRun(flow_run_of(there), is_new=False)


def _made_by_another(request: RunDeployment, row: DeploymentRow, context: Context) -> FlowRunRow:
    """Return the run of the same id or key that another process made at the same moment."""
    there = None
    if request.idempotency_key is not None:
        there = row_with_key(row["flow_id"], request.idempotency_key, context)
    return there or read_row(request.flow_run_id, context)
