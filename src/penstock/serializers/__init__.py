"""Serializers: how results become bytes, and bytes results again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.serializers.compressed_serializer import CompressedJSONSerializer as CompressedJSONSerializer
    from penstock.serializers.compressed_serializer import CompressedPickleSerializer as CompressedPickleSerializer
    from penstock.serializers.compressed_serializer import CompressedSerializer as CompressedSerializer
    from penstock.serializers.json_serializer import JSONSerializer as JSONSerializer
    from penstock.serializers.pickle_serializer import PickleSerializer as PickleSerializer
    from penstock.serializers.serializer import Serializer as Serializer
    from penstock.serializers.serializer import UnknownSerializer as UnknownSerializer
    from penstock.serializers.serializer import resolve_serializer as resolve_serializer

_HOMES = {
    "CompressedJSONSerializer": "compressed_serializer",
    "CompressedPickleSerializer": "compressed_serializer",
    "CompressedSerializer": "compressed_serializer",
    "JSONSerializer": "json_serializer",
    "PickleSerializer": "pickle_serializer",
    "Serializer": "serializer",
    "UnknownSerializer": "serializer",
    "resolve_serializer": "serializer",
}

__all__ = [
    "CompressedJSONSerializer",
    "CompressedPickleSerializer",
    "CompressedSerializer",
    "JSONSerializer",
    "PickleSerializer",
    "Serializer",
    "UnknownSerializer",
    "resolve_serializer",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
