"""What a proxy or another program answers in the server's place is taken for no answer at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from penstock.client.http import HttpTransport
from penstock.core.errors import ServerUnreachable
from penstock.wire.operations import FLOWS_LIST, JOURNAL_APPEND
from penstock.wire.requests import FlowQuery, JournalBatch

SAID = "no Penstock server|not at work at present"
PAGE = b"<html>Sorry, something went wrong.</html>"


class Stranger(BaseHTTPRequestHandler):
    """Answers everything with a page, and the status in the first part of the path."""

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(int(self.path.split("/")[1]))
        self.send_header("Content-Length", str(len(PAGE)))
        self.send_header("Retry-After", "3600")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """Where a stranger answers."""
    with HTTPServer(("127.0.0.1", 0), Stranger) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [200, 404, 500, 503])
def test_the_answer_of_a_stranger_is_not_final(address: str, status: int) -> None:
    """So what was to be recorded is kept until the server itself has answered; nobody sleeps for the hour it names."""
    transport = HttpTransport(f"{address}/{status}")
    with pytest.raises(ServerUnreachable, match=SAID):
        transport.call(JOURNAL_APPEND, JournalBatch("me", "mine"))
    with pytest.raises(ServerUnreachable, match=SAID):
        transport.call(FLOWS_LIST, FlowQuery())
    transport.close()
