"""What a handler is given beside its request: who asks, where, and within which transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from penstock.server.database.dialect import Dialect
from penstock.server.database.outbox import Outbox, outbox_of
from penstock.server.database.tables import LOCAL_WORKSPACE
from penstock.server.rules.retention import Keeping
from penstock.server.rules.scheduling import Scheduling

if TYPE_CHECKING:
    from penstock.server.services.charts.kept_graphs import KeptGraphs
    from penstock.wire.requests import LeaseClaim

DEFAULT_SCHEDULING = Scheduling()
DEFAULT_KEEPING = Keeping()

EVERYTHING = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who asks.

    Attributes:
        name: as audit entries show it.
        permissions: `<permission>:<resource>` each, where `*` stands for every resource, or `*` alone for all.
        only: what alone it may ask for, by name, whatever its permissions; None for anything.
        attempt: which attempt of a flow run it is, where it is the process of one.
    """

    name: str
    permissions: frozenset[str]
    only: frozenset[str] | None = None
    attempt: LeaseClaim | None = None

    def may(self, permission: str, resource: str) -> bool:
        """Whether the principal may do what takes `permission` on `resource`."""
        return not self.permissions.isdisjoint(("*", f"{permission}:*", f"{permission}:{resource}"))

    def may_ask(self, name: str, permission: str) -> bool:
        """Whether the principal may ask for what is called `<resource>.<verb>` and takes `permission` on that resource."""
        return (self.only is None or name in self.only) and self.may(permission, name.partition(".")[0])


LOCAL_ADMINISTRATOR = Principal("local administrator", EVERYTHING)
"""Whoever can open the local database may do everything with it."""


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of one request.

    Attributes:
        connection: the unit of work: one transaction.
        dialect: which kind of database it is on.
        principal: who asks.
        workspace_id: what the request can see.
        scheduling: how runs are made ahead, where a schedule does not say.
        graphs: the graphs that the process keeps; None where it keeps none.
        keeping: how long what has ended is kept.
    """

    connection: Connection
    dialect: Dialect
    principal: Principal = LOCAL_ADMINISTRATOR
    workspace_id: int = LOCAL_WORKSPACE
    scheduling: Scheduling = DEFAULT_SCHEDULING
    graphs: KeptGraphs | None = None
    keeping: Keeping = DEFAULT_KEEPING

    @property
    def outbox(self) -> Outbox:
        """What the transaction writes last; only one that may write has it."""
        return outbox_of(self.connection)

    def now(self) -> datetime:
        """Return the present instant, by the database's clock."""
        return self.dialect.now(self.connection)
