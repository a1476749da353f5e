"""An answer that breaks off after it has begun can't tell its client why: the log does."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from support import databases

from penstock.core.errors import StorageError
from penstock.server.dispatcher import Dispatcher
from penstock.server.http.app import Application
from penstock.server.http.options import ServerOptions

SCOPE = {"type": "http", "method": "GET", "path": "/api/health", "headers": [(b"host", b"localhost")]}


@pytest.mark.parametrize(
    ("error", "is_told"),
    [(RuntimeError("nobody expected this"), True), (TimeoutError(), False), (StorageError("away"), False)],
)
def test_what_nobody_expected_is_logged(
    error: Exception, is_told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of ours in the middle of a stream is in the log; a slow client or a database that is away is not a fault."""
    server = Dispatcher(databases.sqlite(tmp_path))
    application = Application(server, ServerOptions())

    async def broken(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    async def sent(message: Any) -> None: ...

    async def received() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    monkeypatch.setattr(application, "_routed", broken)
    asyncio.run(application(dict(SCOPE), received, sent))
    assert ("broke off" in caplog.text) is is_told
    application.lanes.close()
    server.close()
