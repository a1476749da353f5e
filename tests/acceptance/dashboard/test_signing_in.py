"""People sign in with the key and get a session: the server keeps it, ends it, and takes it from its own pages only."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import urllib3
from support.servers import Server, running
from urllib3 import BaseHTTPResponse

KEY = "a-long-and-random-key-for-tests"
OTHER_KEY = "another-long-and-random-key"


def own(server: Server) -> str:
    """Return the origin of the server's own pages."""
    return f"http://127.0.0.1:{server.port}"


def sign_in(server: Server, key: str = KEY, origin: str | None = None) -> BaseHTTPResponse:
    """Show a key, as the dashboard does."""
    return server.ask("POST", "/api/login", headers={"Origin": origin or own(server)}, json={"key": key})


def cookie_of(answer: BaseHTTPResponse) -> str:
    """Return what the browser sends from now on."""
    assert answer.status == 200, answer.data
    return str(answer.headers["set-cookie"].partition(";")[0])


def listed(server: Server, cookie: str, **headers: str) -> int:
    """Ask for flows with a session, as the dashboard does; return the status."""
    return server.ask(
        "POST", "/api/flows/filter", headers={"Cookie": cookie, "Origin": own(server), **headers}, json={}
    ).status


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Run a server with a key."""
    with running(tmp_path, PENSTOCK_SERVER_API_KEY=KEY, PENSTOCK_SERVER_CORS_ORIGINS="https://friend.example") as one:
        yield one


def test_a_session_is_begun_and_ended(server: Server) -> None:
    """The cookie lets in where the key does; after signing out it lets in nowhere, though it is sent again."""
    cookie = cookie_of(sign_in(server))
    assert listed(server, cookie) == 200
    assert server.ask("GET", "/api/version", headers={"Cookie": cookie}).status == 200
    left = server.ask("POST", "/api/logout", headers={"Cookie": cookie, "Origin": own(server)}, json={})
    assert left.status == 200
    assert "Max-Age=0" in left.headers["set-cookie"]
    assert listed(server, cookie) == 401
    assert server.ask("GET", "/api/version", headers={"Cookie": cookie}).status == 401


def test_the_cookie_is_kept_from_scripts_and_other_sites(server: Server) -> None:
    """It is sent to the API alone, not by other sites' pages, shown to no script, and kept from the open where the page is."""
    said = sign_in(server).headers["set-cookie"].split("; ")[1:]
    assert {"Path=/api", "HttpOnly", "SameSite=Strict"} <= set(said)
    assert "Secure" not in said
    encrypted = server.ask(
        "POST", "/api/login", headers={"Origin": "https://localhost:1", "Host": "localhost:1"}, json={"key": KEY}
    )
    assert "Secure" in encrypted.headers["set-cookie"].split("; ")


def test_wrong_keys_are_sent_back_and_soon_all(server: Server) -> None:
    """A wrong key gets no cookie; after ten, the right one gets none either for a while. Programs are not hindered."""
    for _ in range(10):
        answer = sign_in(server, "wrong" + KEY)
        assert answer.status == 401
        assert "set-cookie" not in answer.headers
    assert sign_in(server).status == 429
    assert server.ask("GET", "/api/version", headers={"Authorization": f"Bearer {KEY}"}).status == 200


def test_a_session_is_taken_from_own_pages_only(server: Server) -> None:
    """What may change something must come from the server's own page; sites that may call with a key may not with a session."""
    cookie = cookie_of(sign_in(server))
    for origin in ("https://evil.example", "https://friend.example", "null", f"http://127.0.0.1:{server.port + 1}"):
        assert listed(server, cookie, Origin=origin) == 403
        assert sign_in(server, origin=origin).status == 403
    assert server.ask("POST", "/api/flows/filter", headers={"Cookie": cookie}, json={}).status == 403
    assert server.ask("POST", "/api/logout", headers={"Cookie": cookie}, json={}).status == 403
    assert listed(server, cookie) == 200
    for site in ("cross-site", "same-site"):
        assert server.ask("GET", "/api/version", headers={"Cookie": cookie, "Sec-Fetch-Site": site}).status == 403


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"key": 1}', b'{"key": "x", "more": 1}', b'{"key": "' + b"x" * 5_000 + b'"}', b"\xff"]
)
def test_what_is_no_key_is_refused(server: Server, body: bytes) -> None:
    """A body of another shape, or a large one, is refused with one clear error; a form is not read."""
    headers = {"Origin": own(server), "Content-Type": "application/json"}
    answer = server.ask("POST", "/api/login", headers=headers, body=body)
    assert answer.status in {413, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    assert server.ask("POST", "/api/login", headers=form, body=b"key=x").status == 415


def test_made_up_cookies_let_nobody_in(server: Server) -> None:
    """Neither an id that was never given, nor the digest that the database holds, nor nonsense is a session."""
    cookie = cookie_of(sign_in(server))
    with closing(sqlite3.connect(server.home / "penstock.db")) as database:
        ((digest,),) = database.execute("SELECT digest FROM sessions").fetchall()
        dump = "\n".join(database.iterdump())
    name, _, value = cookie.partition("=")
    assert value not in dump
    assert KEY not in dump
    for made_up in ("A" * 43, digest.hex(), value[:-1], value + "A", "", '"', f'"{value}', "é"):
        assert listed(server, f"{name}={made_up}") == 401, made_up


def test_sessions_outlive_the_server_and_not_the_key(server: Server) -> None:
    """A server that starts again knows its sessions; one with another key knows none of them."""
    cookie = cookie_of(sign_in(server))
    home = server.home
    server.end()
    with running(home, PENSTOCK_SERVER_API_KEY=KEY) as again:
        assert listed(again, cookie) == 200
        again.end()
    with running(home, PENSTOCK_SERVER_API_KEY=OTHER_KEY) as changed:
        assert listed(changed, cookie) == 401


def test_a_session_ends_by_itself(server: Server) -> None:
    """After a week, by the database's clock, a session is over."""
    cookie = cookie_of(sign_in(server))
    with closing(sqlite3.connect(server.home / "penstock.db")) as database:
        ((created, expires),) = database.execute("SELECT created, expires FROM sessions").fetchall()
        assert (expires - created) / 1_000_000 == 7 * 86_400
        database.execute("UPDATE sessions SET expires = expires - ?", (7 * 86_400 * 1_000_000,))
        database.commit()
    assert listed(server, cookie) == 401


def test_a_stream_is_followed_with_a_session_until_that_ends(server: Server) -> None:
    """Events come to a browser that signed in; when its session is ended, the stream is cut within half a minute."""
    cookie = cookie_of(sign_in(server))
    pool = urllib3.PoolManager()
    stream = pool.request(
        "GET", f"{server.url}/events/stream", headers={"Cookie": cookie}, preload_content=False, timeout=60
    )
    assert stream.status == 200
    assert b"event: open" in next(stream.stream(64))
    server.ask("POST", "/api/logout", headers={"Cookie": cookie, "Origin": own(server)}, json={})
    for _ in stream.stream(64):
        pass  # it ends
    assert pool.request("GET", f"{server.url}/events/stream", headers={"Cookie": cookie}).status == 401


def test_signing_in_is_audited(server: Server) -> None:
    """Who signs in and out stands in the audit, without the key."""
    cookie = cookie_of(sign_in(server))
    server.ask("POST", "/api/logout", headers={"Cookie": cookie, "Origin": own(server)}, json={})
    lines: list[dict[str, Any]] = json.loads(
        server.ask("POST", "/api/audit/filter", headers={"Authorization": f"Bearer {KEY}"}, json={}).data
    )["items"]
    assert [line["action"] for line in lines] == ["sessions.end", "sessions.begin"]
    assert not re.search(KEY, json.dumps(lines))


def test_without_a_key_nobody_signs_in(tmp_path: Path) -> None:
    """A server on loopback without a key takes any sign-in for done, and gives no cookie."""
    with running(tmp_path) as open_to_all:
        answer = sign_in(open_to_all)
        assert answer.status == 200
        assert "set-cookie" not in answer.headers
