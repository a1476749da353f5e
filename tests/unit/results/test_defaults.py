"""How results are kept where nobody says otherwise: the settings say it, and the run that runs here before them."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.exceptions import ConfigurationError
from penstock.filesystems import LocalFileSystem, RemoteFileSystem
from penstock.results import (
    ResultStore,
    get_default_persist_setting,
    get_default_persist_setting_for_tasks,
    get_default_result_serializer,
    get_default_result_storage,
    get_result_store,
    resolve_result_storage,
    resolve_serializer,
    result_store_scope,
    should_persist_result,
)
from penstock.serializers import CompressedJSONSerializer, PickleSerializer
from penstock.settings import current, temporary_settings


def test_results_lie_under_the_home_folder_as_pickles() -> None:
    """Without settings, results are pickled into a folder of the home, and not persisted unless that is asked for."""
    assert get_default_result_storage() == LocalFileSystem(current().results.local_storage_path)
    assert str(current().home) in str(current().results.local_storage_path)
    assert get_default_result_serializer() == PickleSerializer()
    assert not get_default_persist_setting()
    assert not get_default_persist_setting_for_tasks()
    assert not should_persist_result()


def test_the_settings_say_how_results_are_kept(tmp_path: Path) -> None:
    """A setting changes the default storage, serializer and persistence of stores that are made under it."""
    changed = {
        "results.default_storage": "memory://of-a-setting",
        "results.default_serializer": "compressed/json",
        "results.persist_by_default": True,
        "tasks.default_persist_result": False,
    }
    with temporary_settings(changed):
        assert get_default_result_storage() == RemoteFileSystem("memory://of-a-setting")
        store = ResultStore()
        assert store.result_storage == RemoteFileSystem("memory://of-a-setting")
        assert store.serializer == CompressedJSONSerializer()
        assert should_persist_result()
        assert not get_default_persist_setting_for_tasks()
    with temporary_settings({"results.local_storage_path": tmp_path}):
        assert ResultStore().result_storage == LocalFileSystem(tmp_path)
    with temporary_settings({"results.persist_by_default": True}):
        assert get_default_persist_setting_for_tasks()


@pytest.mark.parametrize(
    ("setting", "value"), [("results.default_serializer", "yaml"), ("results.default_storage", "s3-bucket/mine")]
)
def test_a_setting_that_makes_no_sense_is_said(setting: str, value: str) -> None:
    """The error of a store under a wrong setting names the value."""
    with temporary_settings({setting: value}), pytest.raises(ConfigurationError, match=value):
        _ = ResultStore().result_storage


def test_the_store_of_a_run_is_found_inside_of_it(tmp_path: Path) -> None:
    """Inside of a scope its store is the current one, and its word on persistence goes before the settings."""
    outer, inner = ResultStore(result_storage=tmp_path), ResultStore(result_storage=tmp_path / "inner")
    assert get_result_store().result_storage == get_default_result_storage()
    with result_store_scope(outer, persist_result=True):
        assert get_result_store() is outer
        assert should_persist_result()
        with result_store_scope(inner, persist_result=False):
            assert get_result_store() is inner
            with temporary_settings({"results.persist_by_default": True}):
                assert not should_persist_result()
        with result_store_scope(inner), temporary_settings({"results.persist_by_default": True}):
            assert should_persist_result()
        assert get_result_store() is outer
    assert get_result_store() is not outer


def test_names_are_resolved_where_prefect_has_them() -> None:
    """`penstock.results` has the functions that resolve storages and serializers."""
    assert resolve_result_storage("memory://a") == RemoteFileSystem("memory://a")
    assert resolve_serializer("pickle") == PickleSerializer()
