"""Check every link of a web page at once, with timeouts and retries, and sort the links by what is wrong with them.

    python examples/link_check.py

The site is a real HTTP server that this program starts itself: one page is busy the first two times, one is missing,
and one never answers.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from penstock import flow, task
from penstock.states import State

PAGES = ["/guide", "/reference", "/about", "/busy", "/missing", "/asleep", *(f"/notes/{day}" for day in range(1, 13))]
BUSY_VISITS = 2
VISITS = Counter[str]()
CLOSING = threading.Event()
LINK = re.compile(r'href="([^"]+)"')


class Page(BaseHTTPRequestHandler):
    """Any page of the site, with its fault if it has one."""

    def do_GET(self) -> None:
        """Answer as the page would: in full, busy, missing, or not at all."""
        VISITS[self.path] += 1
        if self.path == "/asleep":
            CLOSING.wait()
            return
        status = {"/missing": 404, "/busy": 503 if VISITS["/busy"] <= BUSY_VISITS else HTTPStatus.OK}.get(
            self.path, HTTPStatus.OK
        )
        body = "".join(f'<a href="{page}">{page}</a>\n' for page in PAGES) if self.path == "/" else self.path
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what was asked is in the record of the run."""


class Site(ThreadingHTTPServer):
    """The server; its queue holds everyone who asks at once."""

    request_queue_size = 64
    daemon_threads = True


class BadStatus(Exception):
    """A page answered with a status that is not 200."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status

    def __str__(self) -> str:
        return f"status {self.status}"


def may_get_better(_task: object, _run: object, state: State[Any]) -> bool:
    """Tell whether asking again makes sense: a busy server recovers, a missing page does not come back."""
    return isinstance(state.data, BadStatus) and state.data.status >= HTTPStatus.INTERNAL_SERVER_ERROR


@task(
    task_run_name="get {path}",
    retries=3,
    retry_delay_seconds=[0.05, 0.1, 0.2],
    retry_condition_fn=may_get_better,
    timeout_seconds=1.5,
)
async def get(path: str, port: int) -> str:
    """Return the text of a page; raise `BadStatus` unless it answers with 200."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    finally:
        writer.close()
    status = int(head.split()[1])
    if status != HTTPStatus.OK:
        raise BadStatus(status)
    return body


@flow
async def check_links(port: int) -> dict[str, str]:
    """Return what is wrong with each broken link of the site's first page."""
    links = LINK.findall(await get("/", port))
    states = await asyncio.gather(*(get(link, port, return_state=True) for link in links))
    print(f"{len(links)} links, {sum(state.is_completed() for state in states)} well")
    return {
        link: state.name if state.name == "TimedOut" else str(await state.aresult(raise_on_failure=False))
        for link, state in zip(links, states, strict=True)
        if not state.is_completed()
    }


@contextmanager
def site() -> Iterator[int]:
    """Serve the site on a free port of this machine, and give the port."""
    with Site(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        CLOSING.set()
        server.shutdown()


if __name__ == "__main__":
    with site() as port:
        broken = asyncio.run(check_links(port))
    for link, fault in broken.items():
        print(f"{link:<10} {fault}")
    print(f"/busy was asked {VISITS['/busy']} times")
