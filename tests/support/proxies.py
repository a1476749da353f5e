"""A TCP proxy between a program and its server, which loses what it is told to lose."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 65_536


class Proxy:
    """Passes requests on, and their answers back unless it is told to lose them.

    Parameters:
        port: the server's.

    Attributes:
        url: what programs set as PENSTOCK_API_URL.
        lose: decides for each answer, by how many came before it, whether it is lost: the connection is reset instead.
        lost: how many were.
    """

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/api"
        self.lose = lambda number: False
        self.lost = 0
        self._answers = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", self._server_port)) as server:
            threading.Thread(target=_pass_on, args=(client, server), daemon=True).start()
            while answer := server.recv(_CHUNK):
                if answer.startswith(b"HTTP/"):
                    self._answers += 1
                    if self.lose(self._answers):
                        self.lost += 1
                        client.shutdown(socket.SHUT_RDWR)
                        return
                client.sendall(answer)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(_CHUNK):
            target.sendall(part)


@contextmanager
def proxy_before(port: int) -> Iterator[Proxy]:
    """Run a proxy before the server at `port` for the block."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
