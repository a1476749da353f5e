"""What can be asked about loops, by the client for coroutines. Made by scripts/generate_client.py."""

from __future__ import annotations

from penstock.client.threads import in_thread
from penstock.client.transport import Transport
from penstock.wire.operations import LOOPS_LIST
from penstock.wire.servers.loops import ListLoops, LoopList


class Loops:
    """What can be asked of a server about loops."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list(self) -> LoopList:
        """`GET /api/loops`: list of loops.

        What the servers do by themselves.
        """
        request = ListLoops()
        return await in_thread(lambda: self._transport.call(LOOPS_LIST, request))
