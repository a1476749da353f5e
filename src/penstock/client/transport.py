"""What carries an operation to a server, wherever that server is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, TypeVar, cast

from penstock import settings
from penstock.core.importing import import_uncollected
from penstock.wire.operations import Operation
from penstock.wire.streams import Download

Request = TypeVar("Request")
Response = TypeVar("Response")


class Transport(Protocol):
    """Carries operations to one server. Safe to use from several threads."""

    def call(self, operation: Operation[Request, Response], request: Request) -> Response:
        """Carry `operation` out and return its answer, once what it wrote is committed.

        Raises:
            RequestError: the server refused.
            StorageError: the server's database refused.
        """

    def download(self, download: Download, request: Any) -> Iterator[bytes]:
        """Yield the parts of a file, as they come.

        Raises:
            RequestError: the server refused.
            StorageError: the server's database refused.
            ServerUnreachable: the file broke off; this may come with any part.
        """

    def close(self) -> None:
        """Let go of connections and files. A closed transport opens anew when it is called."""


# Named, not imported: the local server stands above this floor, and a program that talks to a remote one never loads it;
# nor does one that records on its own load an HTTP client.
IN_PROCESS = "penstock.local.transport:in_process_transport"
OVER_HTTP = "penstock.client.http:http_transport"

_in_use: Transport | None = None


def current_transport() -> Transport:
    """Return the transport of this process, made when it is first asked for."""
    global _in_use
    if _in_use is None:
        _in_use = new_transport()
    return _in_use


def new_transport() -> Transport:
    """Return a new transport to what the settings name: a server, or the database on this machine.

    Raises:
        ConfigurationError: what they name can't be used.
    """
    module, _, maker = (OVER_HTTP if reports_to_server() else IN_PROCESS).partition(":")
    return cast("Transport", getattr(import_uncollected(module), maker)())


def reports_to_server() -> bool:
    """Whether the settings name a server; else the record is kept by this process itself."""
    return settings.current().api.url is not None


def use_transport(transport: Transport | None) -> Transport | None:
    """Put `transport` in use for the whole process, or None to make it anew; return the one it replaces."""
    global _in_use
    replaced, _in_use = _in_use, transport
    return replaced


def call(operation: Operation[Any, Response], request: Any) -> Response:
    """Carry `operation` out over the transport of this process. See `Transport.call`."""
    return current_transport().call(operation, request)
