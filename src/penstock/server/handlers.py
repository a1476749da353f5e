"""Handlers that are loaded when they are first called: a flow that runs without a server loads none that it does not need."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from types import ModuleType
from typing import Any

from penstock.server.context import Context

Handler = Callable[[Any, Context], Any]


class LaterHandler:
    """A handler that is loaded when it is first called.

    Parameters:
        load: returns the service.
        name: its function.
    """

    def __init__(self, load: Callable[[], ModuleType], name: str) -> None:
        self._load = load
        self._name = name

    def __call__(self, request: Any, context: Context) -> Any:
        """Carry the operation out."""
        return self.handler(request, context)

    @cached_property
    def handler(self) -> Handler:
        """The function itself."""
        found: Handler = getattr(self._load(), self._name)
        return found


def words_of(handler: Handler) -> str:
    """Return what the docstring of a handler says."""
    return (handler.handler if isinstance(handler, LaterHandler) else handler).__doc__ or ""


def _backfills() -> ModuleType:
    from penstock.server.services.scheduling import backfills

    return backfills


def _changing() -> ModuleType:
    from penstock.server.services.deployments import changing

    return changing


def _deletion() -> ModuleType:
    from penstock.server.services.deployments import deletion

    return deletion


def _inputs() -> ModuleType:
    from penstock.server.services.pauses import inputs

    return inputs


def _reading() -> ModuleType:
    from penstock.server.services.deployments import reading

    return reading


def _rerunning() -> ModuleType:
    from penstock.server.services.steering import rerunning

    return rerunning


def _resuming() -> ModuleType:
    from penstock.server.services.pauses import resuming

    return resuming


def _running() -> ModuleType:
    from penstock.server.services.deployments import running

    return running


def _server_info() -> ModuleType:
    from penstock.server.services.servers import info

    return info


def _upcoming() -> ModuleType:
    from penstock.server.services.deployments import upcoming

    return upcoming


def _versions() -> ModuleType:
    from penstock.server.services.deployments import versions

    return versions


def _views() -> ModuleType:
    from penstock.server.services.viewing import views

    return views


DEPLOYMENT_HANDLERS: dict[str, Handler] = {
    "deployments.apply": LaterHandler(_changing, "apply"),
    "deployments.read": LaterHandler(_reading, "read"),
    "deployments.read_by_name": LaterHandler(_reading, "read_by_name"),
    "deployments.list": LaterHandler(_reading, "list_"),
    "deployments.count": LaterHandler(_reading, "count"),
    "deployments.update": LaterHandler(_changing, "update_"),
    "deployments.versions": LaterHandler(_versions, "versions"),
    "deployments.read_version": LaterHandler(_versions, "read_version"),
    "deployments.promote": LaterHandler(_changing, "promote"),
    "deployments.run": LaterHandler(_running, "run"),
    "deployments.delete": LaterHandler(_deletion, "delete_deployment"),
    "flow_runs.rerun": LaterHandler(_rerunning, "rerun"),
    "schedules.upcoming": LaterHandler(_upcoming, "upcoming"),
    "backfills.create": LaterHandler(_backfills, "create"),
    "backfills.read": LaterHandler(_backfills, "read"),
    "backfills.list": LaterHandler(_backfills, "list_"),
    "backfills.cancel": LaterHandler(_backfills, "cancel"),
}
"""What carries out the operations on deployments, their schedules and backfills."""

PAUSE_HANDLERS: dict[str, Handler] = {
    "flow_runs.resume": LaterHandler(_resuming, "resume"),
    "flow_runs.read_pause": LaterHandler(_resuming, "read"),
    "flow_runs.send_input": LaterHandler(_inputs, "send"),
    "flow_runs.list_inputs": LaterHandler(_inputs, "list_"),
    "flow_runs.delete_input": LaterHandler(_inputs, "delete_"),
}
"""What carries out the operations on the pauses of flow runs, and on what runs are told."""

DASHBOARD_HANDLERS: dict[str, Handler] = {
    "servers.info": LaterHandler(_server_info, "read"),
    "views.create": LaterHandler(_views, "create"),
    "views.read": LaterHandler(_views, "read"),
    "views.list": LaterHandler(_views, "list_"),
    "views.update": LaterHandler(_views, "update_"),
    "views.delete": LaterHandler(_views, "delete_"),
}
"""What carries out the operations that hardly anything but a dashboard asks for."""
