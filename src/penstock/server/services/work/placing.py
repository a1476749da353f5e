"""The place that a deployment's runs wait in: a pool that is there and takes its job variables, and a queue of it."""

from __future__ import annotations

from typing import Any

from penstock.core.errors import ObjectNotFound
from penstock.server.context import Context
from penstock.server.json_schema import check_values
from penstock.server.services.work import pools, queues
from penstock.wire.deploying.deployments import DeploymentSpec

_REMEDY = "The base job template of the work pool says what there is."


def make_place(spec: DeploymentSpec, context: Context, *, is_new: bool = True) -> None:
    """Check that runs of a deployment can wait where it says, and make the queue that it names if there is none.

    Parameters:
        spec: what the deployment says.
        context: of the request.
        is_new: whether they did not wait there before; else the pool may have been deleted meanwhile.

    Raises:
        ObjectNotFound: there is no such work pool.
        InvalidRequest: a job variable does not fit the pool's template, or the pool can't have more queues.
    """
    if spec.work_pool_name is None:
        return
    owner = f"deployment {f'{spec.flow_name}/{spec.name}'!r}"
    row = pools.find_row(spec.work_pool_name, context)
    if row is None and not is_new:
        return
    if row is None:
        raise ObjectNotFound(
            f"There is no work pool {spec.work_pool_name!r} for {owner}. Make it first, or start a worker for it."
        )
    for variables in (spec.job_variables, *(one.job_variables for one in spec.schedules)):
        check_job_variables(row["base_job_template"], variables, owner, partial=True)
    if spec.work_queue_name is not None:
        queues.make_known(spec.work_pool_name, spec.work_queue_name, context)


def check_run(spec: DeploymentSpec, job_variables: dict[str, Any], queue_name: str | None, context: Context) -> None:
    """Check that one run of a deployment can wait where it is to, with the job variables it is given.

    Raises:
        InvalidRequest: a job variable does not fit the pool's template, or the pool can't have more queues.
    """
    if spec.work_pool_name is None:
        return
    row = pools.find_row(spec.work_pool_name, context)
    if row is None:
        return  # it waits until there is one of that name again
    owner = f"a run of {f'{spec.flow_name}/{spec.name}'!r}"
    check_job_variables(row["base_job_template"], {**spec.job_variables, **job_variables}, owner)
    if queue_name is not None:
        queues.make_known(spec.work_pool_name, queue_name, context)


def check_job_variables(
    template: dict[str, Any] | None, variables: dict[str, Any], owner: str, *, partial: bool = False
) -> None:
    """Check job variables against the template of a pool.

    Parameters:
        template: the pool's.
        variables: by name; `a.b` is the part `b` of the variable `a`.
        owner: what they are of.
        partial: whether others come to them.

    Raises:
        InvalidRequest: one does not fit.
    """
    schema = (template or {}).get("variables") or {}
    properties = schema.get("properties", {})
    defaults = {name: one["default"] for name, one in properties.items() if isinstance(one, dict) and "default" in one}
    # What is None is left to the template, as if it were not said.
    given = {name: value for name, value in _nested(variables).items() if value is not None}
    values = given if partial else defaults | given
    check_values(schema, values, "job variable", owner, _REMEDY, partial=partial)


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {name: value for name, value in values.items() if "." not in name}
    for name, value in values.items():
        if "." in name:
            first, _, rest = name.partition(".")
            inner = nested.get(first)
            nested[first] = {**(inner if isinstance(inner, dict) else {}), rest: value}
    return nested
