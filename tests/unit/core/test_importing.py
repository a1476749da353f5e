"""Importing leaves the garbage collector as it was."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.core.importing import import_uncollected


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A module that notes whether garbage was collected while it was imported."""
    (tmp_path / "importing_sample.py").write_text("import gc\ncollects = gc.isenabled()\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield "importing_sample"
    sys.modules.pop("importing_sample", None)
    gc.enable()


def test_the_collector_rests_meanwhile(module: str) -> None:
    """It is off while the module is imported, and on again afterwards."""
    assert not import_uncollected(module).collects
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off(module: str) -> None:
    """A program that has turned it off has its reasons."""
    gc.disable()
    import_uncollected(module)
    assert not gc.isenabled()


def test_it_is_on_again_after_a_failure() -> None:
    """A module that can't be imported changes nothing."""
    with pytest.raises(ModuleNotFoundError):
        import_uncollected("no_such_module_at_all")
    assert gc.isenabled()
