"""Questions that the table of operations does not have."""

from __future__ import annotations

from penstock.client import get_client
from penstock.wire.flow_runs import FlowRun
from penstock.wire.flows import FlowFilter


def ask() -> None:
    with get_client() as client:
        client.flow_runs.read("not an id")  # error: [arg-type]
        client.flow_runs.list(filter=FlowFilter())  # error: [arg-type]
        client.flow_runs.nothing()  # error: [attr-defined]
        client.flow_runs.list(5)  # error: [call-arg] [arg-type]


async def ask_from_a_coroutine() -> None:
    async with get_client(sync_client=False) as client:
        run: FlowRun = client.flow_runs.read(client)  # error: [assignment] [arg-type]
        print(run)
