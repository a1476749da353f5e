"""Git repositories for tests, and a host that serves them over HTTP as a real one does: through `git http-backend`."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

AUTHOR = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@dataclass(frozen=True)
class WorkingRepository:
    """A repository that a test commits to."""

    path: Path

    @classmethod
    def made(cls, path: Path, files: Mapping[str, str], *, digest: str = "sha1") -> WorkingRepository:
        path.mkdir(parents=True)
        repository = cls(path)
        repository.git("init", "--quiet", "--initial-branch=main", f"--object-format={digest}")
        repository.commit(files)
        return repository

    def git(self, *words: str) -> str:
        """Run git in it and return what it prints."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.path), "GIT_CONFIG_NOSYSTEM": "1", **AUTHOR}
        command = ["git", "-C", str(self.path), "-c", "protocol.file.allow=always", *words]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, files: Mapping[str, str]) -> str:
        """Write files, commit them, and return the commit's id."""
        for name, text in files.items():
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=a change")
        return self.git("rev-parse", "HEAD")


@dataclass
class GitHost:
    """An HTTP server of repositories.

    Attributes:
        root: the folder of repositories.
        url: its address.
        login: the name and password it asks for, if any.
        asked: each request's method, path and Authorization header.
        unwell: how many requests are answered by 503 before it serves.
        redirects: where requests for paths that begin so are sent.
        is_old: whether it speaks only the first version of git's protocol.
        holds: while it is cleared, requests for content wait.
        waits: set when a request waits.
    """

    root: Path
    login: tuple[str, str] | None = None
    url: str = ""
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    unwell: int = 0
    redirects: dict[str, str] = field(default_factory=dict)
    is_old: bool = False
    holds: Event = field(default_factory=Event)
    waits: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.holds.set()

    def admits(self, authorization: str | None) -> bool:
        if self.login is None:
            return True
        expected = base64.b64encode(":".join(self.login).encode()).decode()
        return authorization == f"Basic {expected}"


class _Server(ThreadingHTTPServer):
    host: GitHost

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a git that was ended does not listen to the end
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.answer(b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if b"command=fetch" in body and not self.server.host.holds.is_set():
            self.server.host.waits.set()
            self.server.host.holds.wait()
        self.answer(body)

    def answer(self, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        authorization = self.headers.get("Authorization")
        self.server.host.asked.append((self.command, self.path, authorization))
        if self.server.host.unwell > 0:
            self.server.host.unwell -= 1
            return self.send_error(503)
        for prefix, target in self.server.host.redirects.items():
            if self.path.startswith(prefix):
                self.send_response(302)
                self.send_header("Location", target + self.path.removeprefix(prefix))
                return self.end_headers()
        if not self.server.host.admits(authorization):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            return self.end_headers()
        return self.pass_on(path, query, body)

    def pass_on(self, path: str, query: str, body: bytes) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.server.host.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": "" if self.server.host.is_old else self.headers.get("Git-Protocol", ""),
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }
        said = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=False)
        head, _, content = said.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def git_host(root: Path, login: tuple[str, str] | None = None) -> Iterator[GitHost]:
    """Serve the repositories under a folder on a port of this machine."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        host = server.host = GitHost(root, login, f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield host
        finally:
            server.shutdown()
            thread.join()
