"""The typed clients have a method for every operation of the table, and no other."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.client import AsyncClient, Client
from penstock.wire.operations import OPERATIONS
from penstock.wire.streams import DOWNLOADS

ROOT = Path(__file__).parents[3]
CLIENT = ROOT / "src/penstock/client"


class _Nowhere:
    """A transport to no server: nothing is asked here."""

    def call(self, operation: object, request: object) -> object:
        raise AssertionError(operation)

    def download(self, download: object, request: object) -> Iterator[bytes]:
        raise AssertionError(download)

    def close(self) -> None: ...


@pytest.mark.parametrize("package", ["waiting", "awaiting"])
def test_the_methods_are_those_of_the_table(package: str, tmp_path: Path) -> None:
    """The committed modules are made from the table. If not: `.venv/bin/python scripts/generate_client.py`."""
    subprocess.run([sys.executable, ROOT / "scripts/generate_client.py", tmp_path], check=True)
    made = {path.name: path.read_text() for path in (tmp_path / package).glob("*.py")}
    assert {path.name: path.read_text() for path in (CLIENT / package).glob("*.py")} == made


@pytest.mark.parametrize("name", OPERATIONS)
def test_both_clients_have_every_operation(name: str) -> None:
    """Each operation is a method of its resource: plain in one client, a coroutine function in the other."""
    resource, _, verb = name.partition(".")
    assert not inspect.iscoroutinefunction(getattr(getattr(Client(_Nowhere()), resource), verb))
    assert inspect.iscoroutinefunction(getattr(getattr(AsyncClient(_Nowhere()), resource), verb))


@pytest.mark.parametrize("name", DOWNLOADS)
def test_both_clients_have_every_download(name: str) -> None:
    """Each download is a method of its resource as well."""
    resource, _, verb = name.partition(".")
    for client in (Client(_Nowhere()), AsyncClient(_Nowhere())):
        assert callable(getattr(getattr(client, resource), verb))
