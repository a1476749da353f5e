"""Settings can be changed for a while, for the code inside a `with` only."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from penstock import settings
from penstock.core.errors import ConfigurationError, UnknownSettingError
from penstock.settings import PENSTOCK_FLOWS_MAX_DEPTH


def test_a_setting_is_named_in_three_ways() -> None:
    """A constant, an environment name and a path mean the same setting."""
    for name in (PENSTOCK_FLOWS_MAX_DEPTH, "PENSTOCK_FLOWS_MAX_DEPTH", "flows.max_depth"):
        with settings.temporary_settings({name: 5}):
            assert settings.current().flows.max_depth == 5
        assert settings.current().flows.max_depth == 100


def test_changes_nest() -> None:
    """An inner change keeps the outer one, and goes first."""
    with settings.temporary_settings({"flows.max_depth": 5, "logging.level": "ERROR"}):
        with settings.temporary_settings({"flows.max_depth": 6}) as inner:
            assert (inner.flows.max_depth, inner.logging.level) == (6, "ERROR")
        assert settings.current().flows.max_depth == 5


def test_defaults_can_be_set_and_restored() -> None:
    """`set_defaults` yields to what is set; `restore_defaults` takes back what was."""
    with settings.temporary_settings({"flows.max_depth": 5}):
        with settings.temporary_settings(set_defaults={"flows.max_depth": 9, "logging.level": "ERROR"}) as changed:
            assert (changed.flows.max_depth, changed.logging.level) == (5, "ERROR")
        with settings.temporary_settings(restore_defaults=["flows.max_depth"]) as changed:
            assert changed.flows.max_depth == 100


def test_what_lies_under_the_home_moves_with_it(tmp_path: Path) -> None:
    """Another home means another database and storage, unless those are set."""
    with settings.temporary_settings({"home": tmp_path / "other"}) as moved:
        assert moved.database.url == f"sqlite:///{tmp_path}/other/penstock.db"
        assert moved.results.local_storage_path == tmp_path / "other" / "storage"
    with settings.temporary_settings({"home": tmp_path / "other", "database.url": "sqlite:////x.db"}) as moved:
        assert moved.database.url == "sqlite:////x.db"


def test_another_thread_is_not_affected() -> None:
    """Two threads that change settings at the same time do not meet."""
    seen = []
    with settings.temporary_settings({"flows.max_depth": 5}):
        thread = threading.Thread(target=lambda: seen.append(settings.current().flows.max_depth))
        thread.start()
        thread.join()
    assert seen == [100]


def test_an_unknown_setting_is_refused_with_the_nearest() -> None:
    """A misspelt name is an error that says which setting was perhaps meant."""
    with (
        pytest.raises(
            UnknownSettingError, match=r"no setting 'results.persist'. Did you mean 'results.persist_by_default'"
        ),
        settings.temporary_settings({"results.persist": True}),
    ):
        pass
    with (
        pytest.raises(UnknownSettingError, match="Did you mean 'PENSTOCK_FLOWS_MAX_DEPTH'"),
        settings.temporary_settings({"PENSTOCK_FLOW_MAX_DEPTH": 1}),
    ):
        pass


def test_a_wrong_value_changes_nothing() -> None:
    """A wrong value is an error before anything is changed."""
    with (
        pytest.raises(ConfigurationError, match="temporary settings"),
        settings.temporary_settings({"logging.level": "ERROR", "flows.max_depth": "deep"}),
    ):
        pass
    assert settings.current().logging.level == "INFO"


def test_a_setting_can_be_set_to_nothing() -> None:
    """None is a value of those settings whose default is nothing, and of no other."""
    with (
        settings.temporary_settings({"api.url": "http://x"}),
        settings.temporary_settings({"api.url": None}) as changed,
    ):
        assert changed.api.url is None
    with pytest.raises(ConfigurationError), settings.temporary_settings({"flows.max_depth": None}):
        pass


def test_settings_travel_to_another_process_as_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables made from settings give a process that starts with them the same settings."""
    values = {
        "tasks.default_retry_delay_seconds": [1, 2.5],
        "recording.redact": ["*a*", "b"],
        "results.persist_by_default": True,
        "api.key": "secret",
    }
    with settings.temporary_settings(values) as changed:
        variables = changed.to_environment_variables()
        assert "PENSTOCK_API_KEY" not in changed.to_environment_variables(include_secrets=False)
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    loaded = settings.reload()
    assert loaded.tasks.default_retry_delay_seconds == [1.0, 2.5]
    assert loaded.recording.redact == ("*a*", "b")
    assert loaded.results.persist_by_default is True
    assert loaded.api.key == "secret"


def test_a_profile_is_not_a_temporary_setting() -> None:
    """The name of another profile would not bring its settings, so it is refused with what does."""
    with pytest.raises(ConfigurationError, match="use_profile"), settings.temporary_settings({"profile": "x"}):
        pass
