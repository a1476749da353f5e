"""What can be asked about audit, by the client that waits for each answer. Made by scripts/generate_client.py."""

from __future__ import annotations

from penstock.client.transport import Transport
from penstock.wire.bulk import AuditPage, AuditQuery
from penstock.wire.operations import AUDIT_LIST


class Audit:
    """What can be asked of a server about audit."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int = 50, after: str | None = None) -> AuditPage:
        """`POST /api/audit/filter`: list of audit.

        A page of the audit, newest first. `after` is the `next` of the page before.
        """
        request = AuditQuery(
            limit=limit,
            after=after,
        )
        return self._transport.call(AUDIT_LIST, request)
