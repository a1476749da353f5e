"""Who gets in: every route, with and without a key, and with the tricks that opened other products."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.programs import command
from support.servers import Server, running

from penstock.core.ids import uuid7
from penstock.server.database.database import Database
from penstock.server.database.dialects.sqlite import Sqlite
from penstock.server.dispatcher import Dispatcher
from penstock.server.http.app import Application
from penstock.server.http.guard import PUBLIC
from penstock.server.http.options import ServerOptions
from penstock.wire.operations import OPERATIONS
from penstock.wire.streams import DOWNLOADS, STREAMS

KEY = "a-long-and-random-key-for-tests"
BEARER = {"Authorization": f"Bearer {KEY}"}
OWN = [("GET", "/api/version"), ("GET", "/metrics"), ("POST", "/api/logout")]
ID = "01a1fbc4-6d98-763d-81e9-b863737f6580"
ROUTES = [(one.method, f"/api{one.path.replace('{id}', ID)}") for one in OPERATIONS.values()]
ROUTES += OWN + [("GET", f"/api{one.path}") for one in (*STREAMS.values(), *DOWNLOADS.values())]
SITE = "https://friend.example"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server that other machines could reach, with a key."""
    more = {"PENSTOCK_SERVER_API_KEY": KEY, "PENSTOCK_SERVER_CORS_ORIGINS": SITE}
    with running(tmp_path_factory.mktemp("guarded"), **more) as one:
        yield one


def raw(server: Server, method: str, target: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Send a request exactly as written, which HTTP libraries would tidy up."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.putrequest(method, target, skip_host=headers is not None and "Host" in headers)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", "0")
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def problem(answer: Any) -> dict[str, Any]:
    """Return the problem details that an answer holds."""
    assert answer.headers["content-type"] == "application/problem+json"
    held: dict[str, Any] = json.loads(answer.data)
    assert held["status"] == answer.status
    assert held["request_id"] == answer.headers["x-request-id"]
    return held


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_wants_the_key(guarded: Server, method: str, path: str) -> None:
    """Without a key, with a wrong one, in another scheme, twice, or in the address, no route lets anybody in."""
    wrong = [{}, {"Authorization": "Bearer wrong"}, {"Authorization": KEY}, {"Authorization": f"Basic {KEY}"}]
    wrong += [{"Authorization": "Bearer "}, {"Authorization": f"Bearer {KEY}x"}, {"X-Api-Key": KEY}, {"Cookie": KEY}]
    for headers in wrong:
        answer = guarded.ask(method, path, headers=headers)
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "PENSTOCK_API_KEY" in problem(answer)["detail"]
    assert guarded.ask(method, f"{path}?key={KEY}&access_token={KEY}").status == 401
    answer = guarded.ask(method, path, headers=BEARER, preload_content=False)
    assert answer.status not in {401, 403}
    answer.close()


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_spelling_of_a_path_goes_round_the_key(guarded: Server, method: str, path: str) -> None:
    """Double slashes, escapes, dots, suffixes and prefixes that name a public path do not open a route."""
    tail = path.removeprefix("/")
    tricks = [
        f"//{tail}",
        f"/{tail}/",
        f"/{tail}/health",
        f"/{tail};/api/health",
        f"/{tail}%2fhealth",
        f"/{tail}?/api/health",
    ]
    tricks += [f"/api/health/../../{tail}", f"/api/health/%2e%2e/%2e%2e/{tail}", f"/{tail}%00", f"/{tail}#/api/health"]
    tricks += [
        f"/{tail.replace('/', '%2f')}",
        f"/./{tail}",
        f"/api//health/../..//{tail}",
        f"/{tail}.json",
        f"/{tail}\\health",
    ]
    tricks += [f"http://other/{tail}", f"/{tail.upper()}"]
    for trick in tricks:
        status, body = raw(guarded, method, trick)
        assert status in {400, 401, 404}, trick
        assert b'"items"' not in body


def test_the_list_of_routes_is_whole(tmp_path: Path) -> None:
    """What is tried above is every route that the application has, but for the public ones."""
    server = Dispatcher(Database(Sqlite(tmp_path / "penstock.db", 5.0), 5.0))
    application = Application(server, ServerOptions())
    known = {(method, route.path.replace("{id:uuid}", ID)) for route in application.routes for method in route.methods}
    application.lanes.close()
    assert known == set(ROUTES) | PUBLIC


def test_the_public_list_is_exact(guarded: Server) -> None:
    """What answers without a key is what the list says, by its method alone; all of it tells nothing of anybody's runs."""
    read = {"/api/health", "/api/ready", "/api/openapi.json", "/api/docs"}
    assert {*PUBLIC} == {("POST", "/api/login"), *(("GET", path) for path in read)}
    assert guarded.ask("GET", "/api/login").status == 401
    for method, path in PUBLIC - {("POST", "/api/login")}:
        assert guarded.ask(method, path).status == 200
        assert guarded.ask("POST", path).status == 401
        assert guarded.ask("POST", path, headers=BEARER).status == 405


def test_a_foreign_name_is_refused(server: Server, guarded: Server) -> None:
    """A page whose own name points at this machine gets nothing, however that name is written; nor do two names."""
    for one in (server, guarded):
        for name in ("evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "[::1", "evil:4270"):
            assert raw(one, "GET", "/api/health", {"Host": name, **BEARER})[0] == 400, name
        for name in ("localhost", "127.0.0.1:1", "LOCALHOST:4270", "[::1]:4270"):
            assert raw(one, "GET", "/api/health", {"Host": name})[0] == 200, name
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        line.sendall(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        assert b" 400 " in line.makefile("rb").readline()


def test_pages_of_other_sites_are_refused(server: Server, guarded: Server) -> None:
    """A browser's request from another origin is refused, and told to no script, unless the origin is listed."""
    for origin in ("https://evil.example", "null", "http://localhost.evil.example", "http://127.0.0.1:1"):
        answer = server.ask("POST", "/api/flows/filter", headers={"Origin": origin}, json={})
        assert answer.status == 403
        assert "access-control-allow-origin" not in answer.headers
    own = f"http://127.0.0.1:{server.port}"
    assert server.ask("POST", "/api/flows/filter", headers={"Origin": own}, json={}).status == 200

    preflight = {
        "Origin": SITE,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = guarded.ask("OPTIONS", "/api/flows/filter", headers=preflight)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, SITE)
    answer = guarded.ask("OPTIONS", "/api/flows/filter", headers=preflight | {"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert guarded.ask("POST", "/api/flows/filter", headers={"Origin": SITE, **BEARER}, json={}).status == 200


def test_a_form_is_no_request(server: Server) -> None:
    """A body that a page may send anywhere without asking, as text or a form, is not read."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = server.ask("POST", "/api/flows/filter", headers={"Content-Type": kind}, body=b"{}")
        assert answer.status == 415
        assert "application/json" in problem(answer)["detail"]


def test_bodies_are_bounded(server: Server) -> None:
    """A body too large as sent, too large unpacked, cut, nested without end or no JSON is refused, and the server lives."""
    large = b'{"filter": {"name": "' + b"x" * (33 * 1024 * 1024) + b'"}}'
    head = {"Content-Type": "application/json"}
    packed = head | {"Content-Encoding": "gzip"}
    assert server.ask("POST", "/api/flows/filter", headers=packed, body=gzip.compress(large)).status == 413
    answer = server.ask("POST", "/api/flows/filter", headers=packed, body=gzip.compress(b'{"limit": 1}'))
    assert answer.status == 200
    assert server.ask("POST", "/api/flows/filter", headers=packed, body=gzip.compress(b"{}" * 99)[:20]).status == 422
    assert server.ask("POST", "/api/flows/filter", headers=packed, body=b"{}").status == 422
    assert server.ask("POST", "/api/flows/filter", headers=head | {"Content-Encoding": "br"}, body=b"").status == 415
    for body in (b"[" * 100_000, b'{"filter":' + b"[" * 100_000, b"", b"{", b"\xff", b"[]", b'{"limit": 1e400}'):
        answer = server.ask("POST", "/api/flows/filter", headers=head, body=body)
        assert (answer.status, problem(answer)["type"]) == (422, "urn:penstock:invalid-request"), body[:20]
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        line.sendall(b"POST /api/flows/filter HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n")
        line.sendall(b"Content-Length: 99999999999\r\n\r\n{")
        assert b" 413 " in line.makefile("rb").readline()
    assert server.ask("GET", "/api/health").status == 200


def test_parameters_are_not_nested_without_end(server: Server) -> None:
    """Parameters that are nested deeper than anybody reads are refused, so that nothing breaks on reading them."""
    deep: Any = 1
    for _ in range(200):
        deep = [deep]
    run = {
        "id": str(uuid7()),
        "flow_name": "deep",
        "name": "deep",
        "states": [{"type": "PENDING", "name": "Pending", "timestamp": "2026-11-21T00:00:00Z"}],
        "parameters": {"x": deep},
    }
    answer = server.ask("POST", "/api/flow_runs", json=run)
    assert answer.status == 422
    assert "nested" in problem(answer)["detail"]


def test_headers_are_bounded(server: Server) -> None:
    """Too many headers, and too long ones, are refused."""
    assert server.ask("GET", "/api/health", headers={f"X-{number}": "1" for number in range(200)}).status == 431
    assert server.ask("GET", "/api/health", headers={"X-Long": "x" * 40_000}).status == 431
    assert server.ask("GET", "/api/health").status == 200


def test_a_misspelt_condition_matches_nothing(server: Server) -> None:
    """A filter with an unknown condition is refused: it must not be taken for one that lets everything match."""
    answer = server.ask("POST", "/api/flow_runs/filter", json={"filter": {"flow_name": ["x"]}})
    assert answer.status == 422
    assert "flow_name" in problem(answer)["detail"]


def test_paths_and_methods_that_are_not_there(server: Server) -> None:
    """What does not exist is 404, what exists by another method 405 with the methods there are."""
    assert problem(server.ask("GET", "/api/nothing"))["status"] == 404
    assert problem(server.ask("GET", "/api/flow_runs/health"))["status"] == 404
    answer = server.ask("PUT", f"/api/flow_runs/{uuid7()}")
    assert problem(answer)["status"] == 405
    assert sorted(answer.headers["allow"].replace(" ", "").split(",")) == ["DELETE", "GET"]
    answer = server.ask("GET", f"/api/flow_runs/{uuid7()}")
    assert problem(answer)["type"] == "urn:penstock:not-found"


def test_a_request_id_is_kept_if_it_is_one(server: Server) -> None:
    """The id a client gives its request comes back; what is none is replaced, and never echoed."""
    assert server.ask("GET", "/api/health", headers={"X-Request-ID": "mine-1"}).headers["x-request-id"] == "mine-1"
    given = server.ask("GET", "/api/health", headers={"X-Request-ID": "<script>" + "x" * 100}).headers["x-request-id"]
    assert given.isalnum()


def test_a_server_for_others_needs_a_key(tmp_path: Any) -> None:
    """Without a key, an address that other machines reach is refused with the remedy; so is a key that can be guessed."""
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):
        done = command(tmp_path, "server", "start", "--host", host, "--port", "0")
        assert done.returncode == 1
        assert "PENSTOCK_SERVER_API_KEY" in done.stderr
        assert "Traceback" not in done.stderr
    done = command(tmp_path, "server", "start", "--port", "0", PENSTOCK_SERVER_API_KEY="short")
    assert done.returncode == 1
    assert "at least 16" in done.stderr
    assert "short" not in done.stderr


def test_the_key_is_asked_for_and_never_shown(guarded: Server, tmp_path: Any) -> None:
    """A command without the key says which setting is missing; with it, it works; nothing prints the key."""
    done = command(tmp_path, "flow-run", "ls", PENSTOCK_API_URL=guarded.url)
    assert done.returncode == 1
    assert "PENSTOCK_API_KEY" in done.stderr
    done = command(tmp_path, "flow-run", "ls", PENSTOCK_API_URL=guarded.url, PENSTOCK_API_KEY=KEY)
    assert done.returncode == 0, done.stderr
    _, err = guarded.end()
    assert KEY not in err
