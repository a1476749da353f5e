"""What can be asked about flow runs, by the client for coroutines. Made by scripts/generate_client.py."""

from __future__ import annotations

import builtins
from datetime import datetime
from typing import Any
from uuid import UUID

from penstock.client.threads import in_thread
from penstock.client.transport import Transport
from penstock.wire.bulk import BulkOutcome, CancelFlowRuns, DeleteFlowRuns, SetFlowRunStates
from penstock.wire.charts import FlowRunHistogramQuery, Graph, GraphQuery, Histogram, RunTime
from penstock.wire.deploying.deployments import DeploymentRun
from penstock.wire.deploying.workers import Claimed, ClaimRuns, HandBack
from penstock.wire.flow_runs import FlowRun, FlowRunCreate, FlowRunFilter, FlowRunStart, StateProposal, Verdict
from penstock.wire.operations import (
    FLOW_RUNS_CANCEL_MANY,
    FLOW_RUNS_CLAIM,
    FLOW_RUNS_COUNT,
    FLOW_RUNS_COUNTS,
    FLOW_RUNS_CREATE,
    FLOW_RUNS_DELETE,
    FLOW_RUNS_DELETE_INPUT,
    FLOW_RUNS_DELETE_MANY,
    FLOW_RUNS_GRAPH,
    FLOW_RUNS_HAND_BACK,
    FLOW_RUNS_HISTOGRAM,
    FLOW_RUNS_LIST,
    FLOW_RUNS_LIST_INPUTS,
    FLOW_RUNS_PROPOSE,
    FLOW_RUNS_READ,
    FLOW_RUNS_READ_PAUSE,
    FLOW_RUNS_RENEW,
    FLOW_RUNS_RERUN,
    FLOW_RUNS_RESUME,
    FLOW_RUNS_RETRY,
    FLOW_RUNS_SEND_INPUT,
    FLOW_RUNS_SET_STATE_MANY,
    FLOW_RUNS_START,
)
from penstock.wire.pausing.inputs import FlowRunInput, InputByKey, InputList, InputQuery, SendInput
from penstock.wire.pausing.pauses import PauseStanding, ReadPause
from penstock.wire.requests import (
    ById,
    Count,
    Done,
    FlowRunCountQuery,
    FlowRunPage,
    FlowRunQuery,
    LeaseClaim,
    LeasesRenewed,
    Propose,
    RenewLeases,
    RerunFlowRun,
    ResumeFlowRun,
    RetryFlowRun,
    RunCounts,
    StartFlowRun,
)
from penstock.wire.sorts import FlowRunSort
from penstock.wire.states import StateRecord


class FlowRuns:
    """What can be asked of a server about flow runs."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def create(
        self,
        id: UUID,
        *,
        flow_name: str,
        name: str,
        states: builtins.list[StateRecord],
        parameters: dict[str, Any] | None = None,
        tags: builtins.list[str] | None = None,
        start: FlowRunStart | None = None,
        parent_flow_run_id: UUID | None = None,
        parent_task_run_id: UUID | None = None,
        upstreams: dict[str, builtins.list[UUID]] | None = None,
        flow_version: str | None = None,
        retries: int = 0,
        recoveries: int = 0,
        idempotency_key: str | None = None,
    ) -> FlowRun:
        """`POST /api/flow_runs`: create of flow runs.

        A new flow run. Creating one twice with the same id, or idempotency key, gives the first one back.
        """
        request = FlowRunCreate(
            id=id,
            flow_name=flow_name,
            name=name,
            states=states,
            parameters={} if parameters is None else parameters,
            tags=[] if tags is None else tags,
            start=start,
            parent_flow_run_id=parent_flow_run_id,
            parent_task_run_id=parent_task_run_id,
            upstreams={} if upstreams is None else upstreams,
            flow_version=flow_version,
            retries=retries,
            recoveries=recoveries,
            idempotency_key=idempotency_key,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_CREATE, request))

    async def start(
        self,
        id: UUID,
        *,
        owner: str,
        lease_seconds: float = 45.0,
        idempotency_key: str | None = None,
        attempt: int | None = None,
        recoveries: int | None = None,
        retries: int | None = None,
        from_start: bool = False,
        from_task_run_id: UUID | None = None,
    ) -> Verdict:
        """`POST /api/flow_runs/{id}/start`: start of flow runs.

        A process asks to run an existing flow run: a higher attempt and a lease are issued.
        """
        request = StartFlowRun(
            id=id,
            owner=owner,
            lease_seconds=lease_seconds,
            idempotency_key=idempotency_key,
            attempt=attempt,
            recoveries=recoveries,
            retries=retries,
            from_start=from_start,
            from_task_run_id=from_task_run_id,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_START, request))

    async def propose(self, id: UUID, *, proposal: StateProposal) -> Verdict:
        """`POST /api/flow_runs/{id}/propose`: propose of flow runs.

        A state proposed for one flow run.
        """
        request = Propose(
            id=id,
            proposal=proposal,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_PROPOSE, request))

    async def renew_leases(
        self,
        *,
        owner: str,
        claims: builtins.list[LeaseClaim],
        lease_seconds: float = 45.0,
        alone: bool = False,
    ) -> LeasesRenewed:
        """`POST /api/flow_runs/leases`: renew leases of flow runs.

        The owner of these attempts is alive. At most 10,000 at once.
        """
        request = RenewLeases(
            owner=owner,
            claims=claims,
            lease_seconds=lease_seconds,
            alone=alone,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_RENEW, request))

    async def read(self, id: UUID) -> FlowRun:
        """`GET /api/flow_runs/{id}`: read of flow runs.

        One object, by its id.
        """
        request = ById(
            id=id,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_READ, request))

    async def list(
        self,
        *,
        filter: FlowRunFilter | None = None,
        limit: int = 50,
        after: str | None = None,
        sort: FlowRunSort | None = None,
    ) -> FlowRunPage:
        """`POST /api/flow_runs/filter`: list of flow runs.

        A page of flow runs. `after` is the `next` of the page before.
        """
        request = FlowRunQuery(
            filter=FlowRunFilter() if filter is None else filter,
            limit=limit,
            after=after,
            sort=sort,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_LIST, request))

    async def count(self, *, filter: FlowRunFilter | None = None) -> Count:
        """`POST /api/flow_runs/count`: count of flow runs.

        How many flow runs there are.
        """
        request = FlowRunCountQuery(
            filter=FlowRunFilter() if filter is None else filter,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_COUNT, request))

    async def counts(self, id: UUID) -> RunCounts:
        """`GET /api/flow_runs/{id}/counts`: counts of flow runs.

        One object, by its id.
        """
        request = ById(
            id=id,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_COUNTS, request))

    async def histogram(
        self,
        *,
        after: datetime,
        before: datetime,
        buckets: int = 60,
        by: RunTime = RunTime.START_TIME,
        filter: FlowRunFilter | None = None,
    ) -> Histogram:
        """`POST /api/flow_runs/histogram`: histogram of flow runs.

        How many flow runs there were over time, by the type of the state they are in now.
        """
        request = FlowRunHistogramQuery(
            after=after,
            before=before,
            buckets=buckets,
            by=by,
            filter=FlowRunFilter() if filter is None else filter,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_HISTOGRAM, request))

    async def graph(
        self,
        id: UUID,
        *,
        nodes: int = 500,
        started_after: datetime | None = None,
        started_before: datetime | None = None,
    ) -> Graph:
        """`POST /api/flow_runs/{id}/graph`: graph of flow runs.

        How the runs within one flow run hang together.
        """
        request = GraphQuery(
            id=id,
            nodes=nodes,
            started_after=started_after,
            started_before=started_before,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_GRAPH, request))

    async def delete(self, id: UUID) -> Done:
        """`DELETE /api/flow_runs/{id}`: delete of flow runs.

        One object, by its id.
        """
        request = ById(
            id=id,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_DELETE, request))

    async def delete_many(
        self,
        *,
        filter: FlowRunFilter,
        dry_run: bool = True,
        limit: int = 100,
        after: str | None = None,
    ) -> BulkOutcome:
        """`POST /api/flow_runs/delete`: delete many of flow runs.

        Delete flow runs, with everything recorded of them and of the runs they called.
        """
        request = DeleteFlowRuns(
            filter=filter,
            dry_run=dry_run,
            limit=limit,
            after=after,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_DELETE_MANY, request))

    async def cancel_many(
        self,
        *,
        filter: FlowRunFilter,
        dry_run: bool = True,
        limit: int = 100,
        after: str | None = None,
    ) -> BulkOutcome:
        """`POST /api/flow_runs/cancel`: cancel many of flow runs.

        Cancel those of the flow runs that have not ended: where a process runs one it is told, and ends it.
        """
        request = CancelFlowRuns(
            filter=filter,
            dry_run=dry_run,
            limit=limit,
            after=after,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_CANCEL_MANY, request))

    async def set_state_many(
        self,
        *,
        filter: FlowRunFilter,
        state: StateRecord,
        force: bool = False,
        dry_run: bool = True,
        limit: int = 100,
        after: str | None = None,
    ) -> BulkOutcome:
        """`POST /api/flow_runs/set_state`: set state many of flow runs.

        Have flow runs enter a state, as far as the rules let a person do that.
        """
        request = SetFlowRunStates(
            filter=filter,
            state=state,
            force=force,
            dry_run=dry_run,
            limit=limit,
            after=after,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_SET_STATE_MANY, request))

    async def claim(
        self,
        *,
        worker_id: str,
        queue_names: builtins.list[str] | None = None,
        limit: int = 10,
        lease_seconds: float = 45.0,
        wait_seconds: float = 0.0,
        running: builtins.list[LeaseClaim] | None = None,
    ) -> Claimed:
        """`POST /api/flow_runs/claim`: claim of flow runs.

        A worker asks for runs that are due, and waits for them if there are none.
        """
        request = ClaimRuns(
            worker_id=worker_id,
            queue_names=queue_names,
            limit=limit,
            lease_seconds=lease_seconds,
            wait_seconds=wait_seconds,
            running=[] if running is None else running,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_CLAIM, request))

    async def hand_back(
        self,
        id: UUID,
        *,
        attempt: int,
        reason: str | None = None,
        delay_seconds: float = 0.0,
    ) -> Verdict:
        """`POST /api/flow_runs/{id}/hand_back`: hand back of flow runs.

        A worker gives back a run that it has claimed and not started: it is due again, at once or later.
        """
        request = HandBack(
            id=id,
            attempt=attempt,
            reason=reason,
            delay_seconds=delay_seconds,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_HAND_BACK, request))

    async def retry(
        self,
        id: UUID,
        *,
        delay_seconds: float = 0.0,
        reason: str | None = None,
        from_start: bool = False,
        from_task_run_id: UUID | None = None,
    ) -> Verdict:
        """`POST /api/flow_runs/{id}/retry`: retry of flow runs.

        A person has a run that a deployment made, and that has ended, carried out again: it waits for a
        worker anew.
        """
        request = RetryFlowRun(
            id=id,
            delay_seconds=delay_seconds,
            reason=reason,
            from_start=from_start,
            from_task_run_id=from_task_run_id,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_RETRY, request))

    async def rerun(
        self,
        id: UUID,
        *,
        flow_run_id: UUID,
        name: str | None = None,
        parameters: dict[str, Any] | None = None,
        scheduled_time: datetime | None = None,
    ) -> DeploymentRun:
        """`POST /api/flow_runs/{id}/rerun`: rerun of flow runs.

        A person has a run that a deployment made repeated by a new one. The same new id again gives the first
        one back.
        """
        request = RerunFlowRun(
            id=id,
            flow_run_id=flow_run_id,
            name=name,
            parameters={} if parameters is None else parameters,
            scheduled_time=scheduled_time,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_RERUN, request))

    async def resume(
        self,
        id: UUID,
        *,
        reason: str | None = None,
        input: dict[str, Any] | None = None,
        pause_key: str | None = None,
    ) -> Verdict:
        """`POST /api/flow_runs/{id}/resume`: resume of flow runs.

        A person has a paused run go on: where its process waits, there; where it is suspended, wherever a
        worker takes it up.
        """
        request = ResumeFlowRun(
            id=id,
            reason=reason,
            input=input,
            pause_key=pause_key,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_RESUME, request))

    async def read_pause(self, id: UUID, *, key: str) -> PauseStanding:
        """`POST /api/flow_runs/{id}/pause`: read pause of flow runs.

        How a pause of a flow run stands.
        """
        request = ReadPause(
            id=id,
            key=key,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_READ_PAUSE, request))

    async def send_input(self, id: UUID, *, key: str, value: Any, sender: str | None = None) -> FlowRunInput:
        """`POST /api/flow_runs/{id}/inputs`: send input of flow runs.

        Something is told to a flow run. Sending it twice under the same key tells it once.
        """
        request = SendInput(
            id=id,
            key=key,
            value=value,
            sender=sender,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_SEND_INPUT, request))

    async def list_inputs(
        self,
        id: UUID,
        *,
        key_prefix: str = "",
        after_position: int = 0,
        limit: int = 50,
    ) -> InputList:
        """`POST /api/flow_runs/{id}/inputs/filter`: list inputs of flow runs.

        What a flow run was told, in its order.
        """
        request = InputQuery(
            id=id,
            key_prefix=key_prefix,
            after_position=after_position,
            limit=limit,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_LIST_INPUTS, request))

    async def delete_input(self, id: UUID, *, key: str) -> Done:
        """`POST /api/flow_runs/{id}/inputs/delete`: delete input of flow runs.

        Something that a flow run was told.
        """
        request = InputByKey(
            id=id,
            key=key,
        )
        return await in_thread(lambda: self._transport.call(FLOW_RUNS_DELETE_INPUT, request))
