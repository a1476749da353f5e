"""The table of settings is whole: every setting has its names, its words and a default that is valid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from penstock import settings
from penstock.settings.setting import MASK, Setting, without_password
from penstock.settings.table import BY_NAME, SETTINGS

EVERY = pytest.mark.parametrize("setting", SETTINGS.values(), ids=list(SETTINGS))


@EVERY
def test_the_environment_name_is_the_path(setting: Setting[Any]) -> None:
    """A setting's environment variable follows from its path."""
    assert setting.name == "PENSTOCK_" + setting.path.upper().replace(".", "_")


@EVERY
def test_the_description_is_a_sentence(setting: Setting[Any]) -> None:
    """Every setting has at least one whole sentence for the reference page."""
    assert setting.description[0].isupper()
    assert setting.description.endswith(".")


@EVERY
def test_the_default_is_a_value(setting: Setting[Any]) -> None:
    """Every default is one of the values that the setting takes, and survives being written as text."""
    default = setting.default(Path("/srv/penstock"))
    if default is not None:
        assert setting.read(default) == default
        assert setting.read(setting.write(default)) == default


def test_no_two_settings_share_a_name() -> None:
    """Dots and underscores fall together in environment names; no two paths meet there."""
    assert len(BY_NAME) == len(SETTINGS)


def test_groups_give_values_and_classes_give_settings() -> None:
    """The same attribute is the value on the settings in use, and the setting on the class."""
    from penstock.settings.table import Results

    assert settings.current().results.persist_by_default is False
    assert isinstance(Results.persist_by_default, Setting)


def test_settings_are_immutable() -> None:
    """Nothing in the settings can be set or deleted, so that no code changes them for another."""
    current = settings.current()
    with pytest.raises(AttributeError, match="temporary_settings"):
        current.results.persist_by_default = True  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        del current.results
    assert current.results.persist_by_default is False


def test_constants_can_be_imported() -> None:
    """Every setting is importable by its environment name, gives its value and its truth, and an unknown one fails."""
    from penstock.settings import PENSTOCK_FLOWS_MAX_DEPTH, PENSTOCK_RESULTS_PERSIST_BY_DEFAULT

    assert PENSTOCK_FLOWS_MAX_DEPTH.value() == 100
    assert not PENSTOCK_RESULTS_PERSIST_BY_DEFAULT
    assert set(BY_NAME) < set(dir(settings))
    with pytest.raises(ImportError, match="PENSTOCK_FLOWS_MAXDEPTH"):
        from penstock.settings import PENSTOCK_FLOWS_MAXDEPTH  # noqa: F401


def test_secrets_are_masked_wherever_settings_are_shown() -> None:
    """Neither the repr of settings nor what a setting shows holds a secret or a password in an address."""
    with settings.temporary_settings({"api.key": "pk-canary", "database.url": "postgresql://me:canary@db/x"}) as shown:
        assert "canary" not in repr(shown.api)
        key, database = SETTINGS["api.key"], SETTINGS["database.url"]
        assert key.show(shown.api.key) == MASK
        assert key.show(shown.api.key, secrets=True) == "pk-canary"
        assert database.show(shown.database.url) == f"postgresql://me:{MASK}@db/x"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://me:canary@db/x", f"postgresql://me:{MASK}@db/x"),
        ("postgresql+psycopg://me:can/ary@db/x", f"postgresql+psycopg://me:{MASK}@db/x"),
        (
            "postgresql://db/x?user=me&password=canary&sslmode=require",
            f"postgresql://db/x?user=me&password={MASK}&sslmode=require",
        ),
    ],
)
def test_passwords_in_addresses_are_masked(text: str, shown: str) -> None:
    """Wherever an address may hold its password, it is masked and the rest is left."""
    assert without_password(text) == shown
    with settings.temporary_settings({"database.url": text}) as current:
        assert "canary" not in repr(current)


@pytest.mark.parametrize("text", ["sqlite:////a/b.db", "http://host/a@b:c", "me:x@y", "", "http://user@host/p"])
def test_what_holds_no_password_is_shown_as_it_is(text: str) -> None:
    """Only the password between `user:` and `@` of an address is masked."""
    assert without_password(text) == text
