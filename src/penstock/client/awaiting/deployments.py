"""What can be asked about deployments, by the client for coroutines. Made by scripts/generate_client.py."""

from __future__ import annotations

import builtins
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from penstock.client.threads import in_thread
from penstock.client.transport import Transport
from penstock.wire.deploying.deployment_schedules import ScheduleSpec
from penstock.wire.deploying.deployments import (
    ApplyDeployment,
    CollisionStrategy,
    Deployment,
    DeploymentByName,
    DeploymentChanges,
    DeploymentCountQuery,
    DeploymentFilter,
    DeploymentPage,
    DeploymentQuery,
    DeploymentRun,
    DeploymentSpec,
    DeploymentVersion,
    DeploymentVersionPage,
    DeploymentVersionQuery,
    PromoteVersion,
    ReadVersion,
    RunDeployment,
)
from penstock.wire.operations import (
    DEPLOYMENTS_APPLY,
    DEPLOYMENTS_COUNT,
    DEPLOYMENTS_DELETE,
    DEPLOYMENTS_LIST,
    DEPLOYMENTS_PROMOTE,
    DEPLOYMENTS_READ,
    DEPLOYMENTS_READ_BY_NAME,
    DEPLOYMENTS_READ_VERSION,
    DEPLOYMENTS_RUN,
    DEPLOYMENTS_UPDATE,
    DEPLOYMENTS_VERSIONS,
)
from penstock.wire.requests import ById, Count, Done


class Deployments:
    """What can be asked of a server about deployments."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def apply(
        self,
        *,
        spec: DeploymentSpec,
        author: str | None = None,
        note: str | None = None,
        promote: bool = True,
        keep_schedules: bool = False,
    ) -> Deployment:
        """`POST /api/deployments`: apply of deployments.

        Make a deployment, or change the one of that flow and name. What changes nothing makes no version.
        """
        request = ApplyDeployment(
            spec=spec,
            author=author,
            note=note,
            promote=promote,
            keep_schedules=keep_schedules,
        )
        return await in_thread(lambda: self._transport.call(DEPLOYMENTS_APPLY, request))

    async def read(self, id: UUID) -> Deployment:
        """`GET /api/deployments/{id}`: read of deployments.

        One object, by its id.
        """
        request = ById(
            id=id,
        )
        return await in_thread(lambda: self._transport.call(DEPLOYMENTS_READ, request))

    async def read_by_name(self, *, flow_name: str, name: str) -> Deployment:
        """`POST /api/deployments/name`: read by name of deployments.

        One deployment, by the names of its flow and its own.
        """
        request = DeploymentByName(
            flow_name=flow_name,
            name=name,
        )
        return await in_thread(lambda: self._transport.call(DEPLOYMENTS_READ_BY_NAME, request))

    async def list(
        self,
        *,
        filter: DeploymentFilter | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> DeploymentPage:
        """`POST /api/deployments/filter`: list of deployments.

        A page of deployments, by the name of their flow and their own. `after` is the `next` of the page
        before.
        """
        request = DeploymentQuery(
            filter=DeploymentFilter() if filter is None else filter,
            limit=limit,
            after=after,
        )
        return await in_thread(lambda: self._transport.call(DEPLOYMENTS_LIST, request))

    async def count(self, *, filter: DeploymentFilter | None = None) -> Count:
        """`POST /api/deployments/count`: count of deployments.

        How many deployments there are.
        """
        request = DeploymentCountQuery(
            filter=DeploymentFilter() if filter is None else filter,
        )
        return await in_thread(lambda: self._transport.call(DEPLOYMENTS_COUNT, request))

    async def update(
        self,
        id: UUID,
        *,
        author: str | None = None,
        note: str | None = None,
        expected_version: int | None = None,
        parameters: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET,
        tags: builtins.list[str] | msgspec.UnsetType = msgspec.UNSET,
        description: str | msgspec.UnsetType | None = msgspec.UNSET,
        work_pool_name: str | msgspec.UnsetType | None = msgspec.UNSET,
        work_queue_name: str | msgspec.UnsetType | None = msgspec.UNSET,
        job_variables: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET,
        concurrency_limit: int | msgspec.UnsetType | None = msgspec.UNSET,
        collision_strategy: CollisionStrategy | msgspec.UnsetType = msgspec.UNSET,
        enforce_parameter_schema: bool | msgspec.UnsetType = msgspec.UNSET,
        paused: bool | msgspec.UnsetType = msgspec.UNSET,
        schedules: builtins.list[ScheduleSpec] | msgspec.UnsetType = msgspec.UNSET,
    ) -> Deployment:
        """`POST /api/deployments/{id}/update`: update of deployments.

        What is to be different in a deployment; what is left out stays as it is. It makes a version.
        """
        request = DeploymentChanges(
            id=id,
            author=author,
            note=note,
            expected_version=expected_version,
            parameters=parameters,
            tags=tags,
            description=description,
            work_pool_name=work_pool_name,
            work_queue_name=work_queue_name,
            job_variables=job_variables,
            concurrency_limit=concurrency_limit,
            collision_strategy=collision_strategy,
            enforce_parameter_schema=enforce_parameter_schema,
            paused=paused,
            schedules=schedules,
        )
        return await in_thread(lambda: self._transport.call(DEPLOYMENTS_UPDATE, request))

    async def versions(self, id: UUID, *, limit: int = 50, after: str | None = None) -> DeploymentVersionPage:
        """`POST /api/deployments/{id}/versions`: versions of deployments.

        A page of a deployment's versions, newest first. `after` is the `next` of the page before.
        """
        request = DeploymentVersionQuery(
            id=id,
            limit=limit,
            after=after,
        )
        return await in_thread(lambda: self._transport.call(DEPLOYMENTS_VERSIONS, request))

    async def read_version(self, id: UUID, *, number: int) -> DeploymentVersion:
        """`POST /api/deployments/{id}/version`: read version of deployments.

        One version of a deployment, by its number.
        """
        request = ReadVersion(
            id=id,
            number=number,
        )
        return await in_thread(lambda: self._transport.call(DEPLOYMENTS_READ_VERSION, request))

    async def promote(self, id: UUID, *, number: int, author: str | None = None) -> Deployment:
        """`POST /api/deployments/{id}/promote`: promote of deployments.

        Have runs go by a version of a deployment: a newer one that was held back, or an earlier one again.
        """
        request = PromoteVersion(
            id=id,
            number=number,
            author=author,
        )
        return await in_thread(lambda: self._transport.call(DEPLOYMENTS_PROMOTE, request))

    async def run(
        self,
        id: UUID,
        *,
        flow_run_id: UUID,
        name: str | None = None,
        parameters: dict[str, Any] | None = None,
        job_variables: dict[str, Any] | None = None,
        tags: builtins.list[str] | None = None,
        scheduled_time: datetime | None = None,
        work_queue_name: str | None = None,
        idempotency_key: str | None = None,
        parent_flow_run_id: UUID | None = None,
        parent_task_run_id: UUID | None = None,
    ) -> DeploymentRun:
        """`POST /api/deployments/{id}/run`: run of deployments.

        Have a deployment run once. The same id or key again gives the first run back.
        """
        request = RunDeployment(
            id=id,
            flow_run_id=flow_run_id,
            name=name,
            parameters={} if parameters is None else parameters,
            job_variables={} if job_variables is None else job_variables,
            tags=[] if tags is None else tags,
            scheduled_time=scheduled_time,
            work_queue_name=work_queue_name,
            idempotency_key=idempotency_key,
            parent_flow_run_id=parent_flow_run_id,
            parent_task_run_id=parent_task_run_id,
        )
        return await in_thread(lambda: self._transport.call(DEPLOYMENTS_RUN, request))

    async def delete(self, id: UUID) -> Done:
        """`DELETE /api/deployments/{id}`: delete of deployments.

        One object, by its id.
        """
        request = ById(
            id=id,
        )
        return await in_thread(lambda: self._transport.call(DEPLOYMENTS_DELETE, request))
