"""The settings of a server."""

from __future__ import annotations

from penstock.settings.kinds import Boolean, Integer, Number, Text, TextList
from penstock.settings.setting import Group, Setting

MEBIBYTE = 1024 * 1024


class Server(Group, prefix="server"):
    """How `penstock server start` serves."""

    host: Setting[str] = Setting(Text(), "127.0.0.1", "The address the server listens on.")
    port: Setting[int] = Setting(Integer(0, 65_535), 4270, "The port the server listens on; 0 for any that is free.")
    api_key: Setting[str | None] = Setting(
        Text(),
        None,
        "The key that every request must show. A server that other machines can reach does not start without one.",
        secret=True,
    )
    allowed_hosts: Setting[tuple[str, ...]] = Setting(
        TextList(), (), "Names by which the server may be called, beside its own. Requests to other names are refused."
    )
    cors_origins: Setting[tuple[str, ...]] = Setting(
        TextList(), (), "Sites, such as `https://example.com`, whose pages may call the server from a browser."
    )
    ui_enabled: Setting[bool] = Setting(Boolean(), True, "Whether the server shows the dashboard.")
    ui_base_path: Setting[str | None] = Setting(
        Text(),
        None,
        "Under which path a proxy shows the server, such as `/penstock`. The proxy takes the path off again before it asks.",
    )
    max_body_bytes: Setting[int] = Setting(
        Integer(1_024), 32 * MEBIBYTE, "The most bytes of one request's body, packed or not."
    )
    drain_seconds: Setting[float] = Setting(
        Number(), 10.0, "How long requests under way may take to end when the server is stopped."
    )
    sweep_seconds: Setting[float] = Setting(
        Number(above=0), 5.0, "How often the server looks for runs whose process is gone."
    )
    pending_timeout_seconds: Setting[float] = Setting(
        Number(),
        600.0,
        "How long a flow run may be Pending while no process or worker holds it. Then it is marked Crashed; 0 is for ever.",
    )
    cancelling_timeout_seconds: Setting[float] = Setting(
        Number(),
        120.0,
        "How long a process may take to end a flow run that is to be cancelled. Then it is marked Cancelled, and nothing more "
        "is taken from the process; 0 is for ever.",
    )
