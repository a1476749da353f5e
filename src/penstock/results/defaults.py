"""How results are kept where nobody says otherwise."""

from __future__ import annotations

from typing import Any

from penstock import settings
from penstock.filesystems.filesystem import WritableFileSystem
from penstock.filesystems.resolve import resolve_file_system
from penstock.serializers.serializer import Serializer, resolve_serializer

_storages: dict[str, WritableFileSystem] = {}
_MOST_STORAGES = 100


def get_default_result_storage() -> WritableFileSystem:
    """Return the storage that the settings name.

    Raises:
        ConfigurationError: what they name is no storage.
    """
    results = settings.current().results
    name = results.default_storage or str(results.local_storage_path)
    storage = _storages.get(name)
    if storage is None:
        if len(_storages) >= _MOST_STORAGES:
            _storages.clear()
        storage = _storages[name] = resolve_file_system(name)
    return storage


def get_default_result_serializer() -> Serializer[Any]:
    """Return the serializer that the settings name.

    Raises:
        ConfigurationError: there is none of that name.
    """
    return resolve_serializer(settings.current().results.default_serializer)


def get_default_persist_setting() -> bool:
    """Return whether results are persisted, as the settings say."""
    return settings.current().results.persist_by_default


def get_default_persist_setting_for_tasks() -> bool:
    """Return whether the results of tasks are persisted, as the settings say."""
    of_tasks = settings.current().tasks.default_persist_result
    return get_default_persist_setting() if of_tasks is None else of_tasks
