"""Modules that another thread of the program is still importing."""

from __future__ import annotations

import sys
from threading import get_ident
from types import ModuleType

import pytest

from penstock.core.dispatch import in_async_code
from penstock.engine.arguments.inputs import futures_in
from penstock.engine.signature.call_signature import is_pydantic_field
from penstock.exceptions import SerializationError
from penstock.futures import may_help
from penstock.results import ResultStore
from penstock.serializers import JSONSerializer


def test_what_another_thread_is_importing_is_not_there_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module is known by its name before it has its functions: until then no event loop runs, and nothing is a model."""
    for name in ("asyncio", "pydantic", "pydantic.fields"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    assert not in_async_code()
    assert may_help()
    assert ResultStore.generate_default_holder().endswith(f":{get_ident()}")
    assert futures_in([object()]) == []
    assert not is_pydantic_field(1)
    with pytest.raises(SerializationError, match="JSON has no words"):
        JSONSerializer().dumps(object())
