"""How a process asks a server: over which transport, and by which client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.client.clients import AsyncClient as AsyncClient
    from penstock.client.clients import Client as Client
    from penstock.client.clients import get_client as get_client

__all__ = ["AsyncClient", "Client", "get_client"]


def __getattr__(name: str) -> Any:
    """Return a client's class or maker: loaded when it is asked for, as few programs do."""
    if name in __all__:
        from penstock.client import clients

        return getattr(clients, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
