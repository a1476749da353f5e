"""The dashboard in a real browser, on a real server and database: ui/tests says what is held."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.dashboard.browsers import UI, require_browser
from support.programs import environment
from support.servers import Server, running

KEY = "a-long-and-random-key-for-tests"
PROGRAM = Path(__file__).with_name("programs") / "some_runs.py"
TESTS = sorted(path.name for path in (UI / "tests").glob("*.test.mjs"))
TIMEOUT_SECONDS = 150


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Run a server that has runs, and one with a key that a proxy shows under a path; return what the tests are told."""
    browser = require_browser()
    guarded_by = {"PENSTOCK_SERVER_API_KEY": KEY, "PENSTOCK_SERVER_UI_BASE_PATH": "/penstock"}
    with (
        running(tmp_path_factory.mktemp("open")) as server,
        running(tmp_path_factory.mktemp("guarded"), **guarded_by) as guarded,
    ):
        made = environment(server.home, PENSTOCK_API_URL=server.url)
        subprocess.run([sys.executable, PROGRAM], env=made, check=True, capture_output=True, timeout=TIMEOUT_SECONDS)
        yield environment(
            server.home,
            **browser,
            PENSTOCK_UI_SERVER=_root(server),
            PENSTOCK_UI_GUARDED=_root(guarded),
            PENSTOCK_UI_KEY=KEY,
            PENSTOCK_UI_PYTHON=sys.executable,
            PENSTOCK_UI_PROGRAM=str(PROGRAM),
        )


def _root(server: Server) -> str:
    return server.url.removesuffix("/api")


def test_there_are_tests() -> None:
    """The tests of the browser are found."""
    assert TESTS


@pytest.mark.parametrize("name", TESTS)
def test_in_a_browser(places: dict[str, str], name: str) -> None:
    """Pages show what they should, by few requests, live, in both themes, without an error, whatever users planted."""
    done = subprocess.run(
        ["node", "--test", "--test-reporter=spec", f"tests/{name}"],
        cwd=UI,
        env=places,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
