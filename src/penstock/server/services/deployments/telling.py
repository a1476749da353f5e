"""What is told and written down of changes to deployments."""

from __future__ import annotations

from typing import Any

from penstock.core.ids import uuid7
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.services.deployments.rows import DeploymentRow
from penstock.server.services.events.rows import related_to, tell
from penstock.server.services.events.work import related_work
from penstock.wire.events import RESOURCE_ID, RESOURCE_NAME, Event


def author_of(claimed: str | None, context: Context) -> str:
    """Return who makes a change: the principal, and before that whom the client names, which nobody has checked.

    Raises:
        InvalidRequest: what is named is no name.
    """
    if claimed is None:
        return context.principal.name
    return f"{bounds.check_name(claimed, 'author')} ({context.principal.name})"


def tell_change(what: str, row: DeploymentRow, payload: dict[str, Any], context: Context) -> None:
    """Have a change of a deployment told.

    Parameters:
        what: such as `updated`.
        row: the deployment's columns.
        payload: more about it.
        context: of the transaction that makes the change.
    """
    resource = {
        RESOURCE_ID: f"penstock.deployment.{row['id']}",
        RESOURCE_NAME: row["name"],
        "penstock.deployment.version": str(row["version_number"]),
    }
    related = [related_to("flow", row["flow_id"], "flow"), *related_work(row)]
    related += [related_to("tag", tag, "tag") for tag in row["tags"] or ()]
    tell(Event(uuid7(), context.now(), f"penstock.deployment.{what}", resource, related, payload), context)
