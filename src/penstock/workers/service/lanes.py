"""A worker's ways to its server, so that what keeps it and its runs alive never waits behind what else it asks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from penstock.client.clients import AsyncClient
from penstock.client.transport import Transport

_THREADS_FOR_CLAIMS = 4
"""One waits for runs; before its answer has come, another may ask anew, also where the server is away."""

_THREADS_FOR_RUNS = 32


class Lanes:
    """One transport with threads of their own for heartbeats, for claims, and for what is said of runs.

    Where a server does not answer, each request keeps its thread for as long as the transport is patient. However many
    runs end meanwhile, heartbeats go on.

    Parameters:
        transport: the way to the server.

    Attributes:
        beats: asks for heartbeats.
        claims: asks for runs.
        runs: asks about single runs.
    """

    def __init__(self, transport: Transport) -> None:
        self.beats, self.claims, self.runs = (
            AsyncClient(transport, ThreadPoolExecutor(count, thread_name_prefix=f"worker's {name}"))
            for name, count in (("heartbeats", 1), ("claims", _THREADS_FOR_CLAIMS), ("runs", _THREADS_FOR_RUNS))
        )

    def close(self) -> None:
        """Let the threads end; what was not yet asked is dropped."""
        for client in (self.beats, self.claims, self.runs):
            if client.threads is not None:
                client.threads.shutdown(wait=False, cancel_futures=True)
