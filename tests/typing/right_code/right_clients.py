"""The clients' answers have the types that the table of operations says."""

from __future__ import annotations

from typing import assert_type
from uuid import UUID

from penstock.client import AsyncClient, Client, get_client
from penstock.wire.flow_runs import FlowRun, FlowRunFilter
from penstock.wire.operations import FLOW_RUNS_READ
from penstock.wire.requests import ById, FlowRunPage


def ask(run_id: UUID) -> None:
    with get_client() as client:
        assert_type(client, Client)
        assert_type(client.flow_runs.read(run_id), FlowRun)
        assert_type(client.flow_runs.list(filter=FlowRunFilter(name="x"), limit=3), FlowRunPage)
        assert_type(client.call(FLOW_RUNS_READ, ById(run_id)), FlowRun)


async def ask_from_a_coroutine(run_id: UUID) -> None:
    async with get_client(sync_client=False) as client:
        assert_type(client, AsyncClient)
        assert_type(await client.flow_runs.read(run_id), FlowRun)
        assert_type(await client.call(FLOW_RUNS_READ, ById(run_id)), FlowRun)
