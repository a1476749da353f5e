"""Clients for programs that ask a server themselves."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, overload

from penstock.client import awaiting, waiting
from penstock.client.threads import in_thread
from penstock.client.transport import Transport, new_transport
from penstock.wire.operations import Operation

if TYPE_CHECKING:
    from concurrent.futures import Executor

Request = TypeVar("Request")
Response = TypeVar("Response")


class Client(waiting.Operations):
    """Asks a server, and waits for each answer. Safe to use from several threads; a context that closes it.

    Parameters:
        transport: the way to the server.

    Example:
        >>> from penstock.client import get_client
        >>> with get_client() as client:
        ...     len(client.flow_runs.list(limit=1).items) <= 1
        True
    """

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport)
        self._transport = transport

    def call(self, operation: Operation[Request, Response], request: Request) -> Response:
        """Carry out any operation of the table.

        Raises:
            RequestError: the server refused.
            StorageError: the server, or its database, is not at work.
        """
        return self._transport.call(operation, request)

    def close(self) -> None:
        """Close its connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient(awaiting.Operations):
    """Asks a server without keeping an event loop waiting. A context that closes it.

    Parameters:
        transport: the way to the server.
        threads: what waits for the answers of `call`; by default the loop's own pool.
    """

    def __init__(self, transport: Transport, threads: Executor | None = None) -> None:
        super().__init__(transport)
        self._transport = transport
        self.threads = threads

    async def call(self, operation: Operation[Request, Response], request: Request) -> Response:
        """Carry out any operation of the table. See `Client.call`."""
        return await in_thread(lambda: self._transport.call(operation, request), self.threads)

    async def close(self) -> None:
        """Close its connections."""
        await in_thread(self._transport.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


@overload
def get_client(sync_client: Literal[True] = True) -> Client: ...
@overload
def get_client(sync_client: Literal[False]) -> AsyncClient: ...
def get_client(sync_client: bool = True) -> Any:
    """Return a client of the server that the settings name; without one, of the record on this machine.

    Parameters:
        sync_client: whether it waits for each answer; otherwise its methods are coroutines.
    """
    transport = new_transport()
    return Client(transport) if sync_client else AsyncClient(transport)
