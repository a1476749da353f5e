"""A run of a deployment, repeated because somebody asks for it."""

from __future__ import annotations

from penstock.core.errors import InvalidRequest
from penstock.server.context import Context
from penstock.server.services.bulk import audit
from penstock.server.services.deployments.running import make_run
from penstock.server.services.flow_run_rows import read_row
from penstock.wire.deploying.deployments import DeploymentRun, RunDeployment
from penstock.wire.requests import RerunFlowRun


def rerun(request: RerunFlowRun, context: Context) -> DeploymentRun:
    """Have a run repeated by a new one, by what its deployment says now; the same new id again gives the first one back.

    Raises:
        ObjectNotFound: there is no such run, or its deployment is gone.
        InvalidRequest: no deployment made it, or a parameter does not fit the deployment's schema.
        ObjectLimitReached: the parameters are too large.
        ObjectAlreadyExists: the new id is that of another deployment's run.
    """
    row = read_row(request.id, context)
    if row["deployment_id"] is None:
        raise InvalidRequest(
            f"Flow run {request.id} can't be repeated here, as no deployment made it. Run its flow by hand: "
            "penstock flow run FILE.py:flow -p name=value"
        )
    asked = RunDeployment(
        row["deployment_id"],
        request.flow_run_id,
        name=request.name,
        parameters={**(row["parameters"] or {}), **request.parameters},
        job_variables=row["job_variables"] or {},
        tags=row["tags"] or [],
        scheduled_time=request.scheduled_time,
    )
    made = make_run(asked, context, repeats=request.id)
    if made.is_new:
        changed = sorted(request.parameters)
        details = {"id": request.id, "flow_run_id": request.flow_run_id, "changed_parameters": changed}
        audit.record("flow_runs.rerun", 1, details, context)
    return made
