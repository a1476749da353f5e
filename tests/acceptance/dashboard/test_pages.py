"""The dashboard's files, as a browser gets them: public and the same for all, strict, lasting, and under any path."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.programs import command
from support.servers import Server, running
from urllib3 import BaseHTTPResponse

from penstock.server.http.dashboard.pages import DIST

KEY = "a-long-and-random-key-for-tests"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Encoding": "identity"}
ASSETS = sorted(
    f"/{path.relative_to(DIST).as_posix()}" for path in DIST.rglob("*") if path.is_file() and path.name != "index.html"
)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server with a key, which a proxy shows under a path."""
    more = {"PENSTOCK_SERVER_API_KEY": KEY, "PENSTOCK_SERVER_UI_BASE_PATH": "/flows/of-ours/"}
    with running(tmp_path_factory.mktemp("guarded"), **more) as one:
        yield one


def strict(answer: BaseHTTPResponse) -> bool:
    """Whether an answer says what a browser must not do with it."""
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= set(
        policy.split("; ")
    )
    return answer.headers["x-content-type-options"] == "nosniff" and answer.headers["referrer-policy"] == "no-referrer"


def test_every_address_of_the_dashboard_is_the_same_page(guarded: Server) -> None:
    """A browser that opens any page by its address gets the one page; it is asked for again each time."""
    first = guarded.ask("GET", "/", headers=BROWSER)
    assert (first.status, first.headers["content-type"]) == (200, "text/html; charset=utf-8")
    for path in (
        "/runs",
        "/runs/0199f3c2-6d98-763d-81e9-b863737f6580?x=1",
        "/work-pools/a%20b%2Fc",
        "/no/such/page",
        "/login",
    ):
        answer = guarded.ask("GET", path, headers=BROWSER)
        assert (answer.status, answer.data) == (200, first.data), path
        assert strict(answer)
        assert answer.headers["cache-control"] == "no-cache"


def test_the_page_lies_under_the_path_that_a_proxy_shows_it_under(guarded: Server, server: Server) -> None:
    """All that the page names lies under the path, and the page is told of it, and of how to sign in."""
    page = guarded.ask("GET", "/", headers=BROWSER).data.decode()
    named = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert named
    assert [one for one in named if not one.startswith("/flows/of-ours/")] == []
    for one in named:
        assert guarded.ask("GET", one.removeprefix("/flows/of-ours")).status == 200, one
    assert '<meta name="penstock-base" content="/flows/of-ours/"' in page
    assert '<meta name="penstock-sign-in" content="key"' in page
    page = server.ask("GET", "/", headers=BROWSER).data.decode()
    assert '<meta name="penstock-base" content="/"' in page
    assert '<meta name="penstock-sign-in" content="none"' in page


@pytest.mark.parametrize("path", ASSETS)
def test_files_are_kept_for_ever_and_packed(guarded: Server, path: str) -> None:
    """A file whose name tells its content is kept for ever, others are asked for again; packed and not they are the same."""
    plain = guarded.ask("GET", path, headers={"Accept-Encoding": "identity"})
    assert plain.status == 200
    assert strict(plain)
    assert plain.data == (DIST / path[1:]).read_bytes()
    assert ("immutable" in plain.headers["cache-control"]) == path.startswith("/assets/")
    packed = guarded.ask("GET", path, headers={"Accept-Encoding": "gzip"}, decode_content=False)
    if "content-encoding" in packed.headers:
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) < len(plain.data)


def test_no_page_stands_where_the_api_is(guarded: Server, server: Server) -> None:
    """What a browser asks of the API is never answered with a page, and no page opens what the key keeps closed."""
    for path in ("/api", "/api/flow_runs/x", "/api/version", "/metrics", "/api/nothing", "/assets/nothing.js"):
        answer = guarded.ask("GET", path, headers=BROWSER)
        assert (answer.status, answer.headers["content-type"]) == (401, "application/problem+json"), path
        assert server.ask("GET", path, headers=BROWSER).headers["content-type"] != "text/html; charset=utf-8", path
    assert guarded.ask("POST", "/runs", headers=BROWSER).status == 401
    assert guarded.ask("HEAD", "/", headers=BROWSER).status == 401


def test_a_program_gets_no_page_for_what_is_not_there(server: Server) -> None:
    """Where nothing is, a program that does not ask for HTML hears so, instead of reading a page as an answer."""
    for headers in ({}, {"Accept": "application/json"}, {"Accept": "*/*"}):
        assert server.ask("GET", "/runs", headers=headers).status == 404


def test_files_beside_the_bundle_are_not_to_be_had(server: Server) -> None:
    """No spelling leads out of the bundle: what is not one of its files gives the page, or nothing."""
    page = server.ask("GET", "/", headers=BROWSER).data
    for path in (
        "/../pages.py",
        "/assets/../../pages.py",
        "/%2e%2e/pages.py",
        "/..%2fpages.py",
        "//etc/passwd",
        "/assets/%2e%2e/index.html",
    ):
        answer = server.ask("GET", path, headers=BROWSER)
        assert answer.status == 404 or answer.data == page, path


def test_a_foreign_name_gets_no_page(server: Server) -> None:
    """A page whose own name points at this machine is not shown the dashboard."""
    assert server.ask("GET", "/", headers={**BROWSER, "Host": "evil.example"}).status == 400


def test_the_dashboard_can_be_turned_off(tmp_path: Path) -> None:
    """Without the dashboard, a server has its API alone."""
    with running(tmp_path, PENSTOCK_SERVER_UI_ENABLED="false") as bare:
        assert bare.ask("GET", "/", headers=BROWSER).status == 404
        assert bare.ask("GET", "/theme.js").status == 404
        assert bare.ask("GET", "/api/health").status == 200


def test_a_base_path_is_a_path(tmp_path: Path) -> None:
    """A path that could break out of the page is refused with the remedy."""
    for path in ('/x" onload="alert(1)', "x", "//evil.example", "/a b"):
        done = command(tmp_path, "server", "start", "--port", "0", PENSTOCK_SERVER_UI_BASE_PATH=path)
        assert done.returncode == 1
        assert "PENSTOCK_SERVER_UI_BASE_PATH" in done.stderr
        assert "Traceback" not in done.stderr
