"""A server for the tests of one module; each test's programs have homes of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.servers import Server, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server on loopback, without a key."""
    with running(tmp_path_factory.mktemp("server")) as one:
        yield one
