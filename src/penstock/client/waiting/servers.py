"""What can be asked about servers, by the client that waits for each answer. Made by scripts/generate_client.py."""

from __future__ import annotations

from penstock.client.transport import Transport
from penstock.wire.operations import SERVERS_INFO
from penstock.wire.servers.info import ReadInfo, ServerInfo


class Servers:
    """What can be asked of a server about servers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def info(self) -> ServerInfo:
        """`GET /api/server`: info of servers.

        What the server is.
        """
        request = ReadInfo()
        return self._transport.call(SERVERS_INFO, request)
