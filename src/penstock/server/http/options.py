"""How a server is served: where, to whom, and within which bounds."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field

from penstock.core.errors import ConfigurationError
from penstock.server.rules.passing_states import Limits
from penstock.server.rules.retention import Keeping
from penstock.settings import Settings

DEFAULT_PORT = 4270
SHORTEST_KEY = 16

_BASE_PATH = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How a server is served.

    Attributes:
        host: the address to listen on.
        port: the port; 0 for any that is free.
        api_key: the key that every request must show; None where nobody else can reach the server.
        allowed_hosts: names by which the server may be called, beside its own.
        cors_origins: pages of other sites that may call it from a browser.
        ui_enabled: whether the dashboard is shown.
        ui_base_path: under which a proxy shows the server; empty, or `/names` without a slash at the end.
        max_body_bytes: the most bytes of one body, packed or not.
        drain_seconds: how long requests under way may take when it is to stop.
        sweep_seconds: how often it looks for runs whose process is gone.
        schedule_seconds: how often it makes runs of schedules and backfills, and looks for late ones.
        purge_seconds: how often it deletes what has been kept long enough.
        purge_rows: the most rows it deletes in one transaction.
        keeping: how long that is.
        grace_seconds: how long after its start no lease counts as ended: nobody could renew one before.
        limits: how long a run may be Pending or Cancelling.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    api_key: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    ui_enabled: bool = True
    ui_base_path: str = ""
    max_body_bytes: int = 32 * 1024 * 1024
    drain_seconds: float = 10.0
    sweep_seconds: float = 5.0
    schedule_seconds: float = 2.0
    purge_seconds: float = 60.0
    purge_rows: int = 500
    keeping: Keeping = field(default_factory=Keeping)
    grace_seconds: float = 45.0
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def of(cls, settings: Settings, host: str | None = None, port: int | None = None) -> ServerOptions:
        """Return what the settings say, with `host` and `port` in their place where they are given.

        Raises:
            ConfigurationError: others could reach the server and no key would keep them out.
        """
        server = settings.server
        return cls(
            host=server.host if host is None else host,
            port=server.port if port is None else port,
            api_key=server.api_key,
            allowed_hosts=server.allowed_hosts,
            cors_origins=server.cors_origins,
            ui_enabled=server.ui_enabled,
            ui_base_path=(server.ui_base_path or "").rstrip("/"),
            max_body_bytes=server.max_body_bytes,
            drain_seconds=server.drain_seconds,
            sweep_seconds=server.sweep_seconds,
            schedule_seconds=settings.scheduling.interval_seconds,
            purge_seconds=settings.retention.interval_seconds,
            purge_rows=settings.retention.batch_rows,
            keeping=Keeping(
                flow_runs_days=settings.retention.flow_runs_days,
                task_runs_days=settings.retention.task_runs_days,
                logs_days=settings.retention.logs_days,
                events_days=settings.retention.events_days,
                audit_days=settings.retention.audit_days,
            ),
            grace_seconds=settings.recording.lease_seconds,
            limits=Limits(server.pending_timeout_seconds, server.cancelling_timeout_seconds),
        ).checked()

    def checked(self) -> ServerOptions:
        """Return these options if a server may be served so.

        Raises:
            ConfigurationError: others could reach it and no key would keep them out; or a value makes no sense.
        """
        if not _BASE_PATH.fullmatch(self.ui_base_path):
            raise ConfigurationError(
                f"PENSTOCK_SERVER_UI_BASE_PATH is {self.ui_base_path[:100]!r}, which is no path of plain names. Give one such "
                "as /penstock, or leave it out."
            )
        if self.api_key is not None and len(self.api_key) < SHORTEST_KEY:
            raise ConfigurationError(
                f"PENSTOCK_SERVER_API_KEY has {len(self.api_key)} characters; give it at least {SHORTEST_KEY}, such as "
                "what `openssl rand -hex 32` prints."
            )
        if self.api_key is None and not self.is_loopback:
            raise ConfigurationError(
                f"A server on {self.host} can be reached from other machines, and nothing would keep strangers out. Set "
                "PENSTOCK_SERVER_API_KEY to a long random text, or leave out --host to serve this machine only."
            )
        return self

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False
