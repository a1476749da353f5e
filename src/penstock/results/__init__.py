"""Results: what flows and tasks return, kept so that it can be read later, or in place of running again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.filesystems.resolve import resolve_file_system as resolve_result_storage
    from penstock.results.current import get_result_store as get_result_store
    from penstock.results.current import result_store_scope as result_store_scope
    from penstock.results.current import should_persist_result as should_persist_result
    from penstock.results.defaults import get_default_persist_setting as get_default_persist_setting
    from penstock.results.defaults import (
        get_default_persist_setting_for_tasks as get_default_persist_setting_for_tasks,
    )
    from penstock.results.defaults import get_default_result_serializer as get_default_result_serializer
    from penstock.results.defaults import get_default_result_storage as get_default_result_storage
    from penstock.results.metadata import ResultRecordMetadata as ResultRecordMetadata
    from penstock.results.record import ResultRecord as ResultRecord
    from penstock.results.store import ResultStore as ResultStore
    from penstock.serializers.serializer import resolve_serializer as resolve_serializer

_HOMES = {
    "ResultRecord": "penstock.results.record",
    "ResultRecordMetadata": "penstock.results.metadata",
    "ResultStore": "penstock.results.store",
    "get_default_persist_setting": "penstock.results.defaults",
    "get_default_persist_setting_for_tasks": "penstock.results.defaults",
    "get_default_result_serializer": "penstock.results.defaults",
    "get_default_result_storage": "penstock.results.defaults",
    "get_result_store": "penstock.results.current",
    "resolve_result_storage": "penstock.filesystems.resolve",
    "resolve_serializer": "penstock.serializers.serializer",
    "result_store_scope": "penstock.results.current",
    "should_persist_result": "penstock.results.current",
}

__all__ = [
    "ResultRecord",
    "ResultRecordMetadata",
    "ResultStore",
    "get_default_persist_setting",
    "get_default_persist_setting_for_tasks",
    "get_default_result_serializer",
    "get_default_result_storage",
    "get_result_store",
    "resolve_result_storage",
    "resolve_serializer",
    "result_store_scope",
    "should_persist_result",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    home_name = "resolve_file_system" if name == "resolve_result_storage" else name
    found = globals()[name] = getattr(import_module(_HOMES[name]), home_name)
    return found
