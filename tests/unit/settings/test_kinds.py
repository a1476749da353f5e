"""Values are read from text and TOML alike, and refused with a reason when they are not of their kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.settings.kinds import Boolean, Choice, Delays, Folder, Integer, Kind, Number, Text, TextList, Url


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Boolean(), "true", True),
        (Boolean(), "ON", True),
        (Boolean(), 1, True),
        (Boolean(), True, True),
        (Boolean(), " no ", False),
        (Integer(), "42", 42),
        (Integer(), "1_000", 1000),
        (Number(), "0.5", 0.5),
        (Number(), 3, 3.0),
        (Delays(), "1.5", 1.5),
        (Delays(), "[1, 10, 60]", [1.0, 10.0, 60.0]),
        (Delays(), "1,2", [1.0, 2.0]),
        (Delays(), [1, 2.5], [1.0, 2.5]),
        (Text(), " words ", "words"),
        (Url("http", "https"), "https://host/api/", "https://host/api"),
        (Url("sqlite"), "sqlite+pysqlite:///x.db", "sqlite+pysqlite:///x.db"),
        (Url("sqlite"), "sqlite:///:memory:", "sqlite:///:memory:"),
        (Choice("DEBUG", "INFO"), "debug", "DEBUG"),
        (TextList(), "a, b,,c", ("a", "b", "c")),
        (TextList(), '["a", "b"]', ("a", "b")),
        (TextList(), ["a", "b"], ("a", "b")),
        (TextList(), "[]", ()),
        (Folder(), "/var/lib", Path("/var/lib")),
        (Folder(), "~/data", Path.home() / "data"),
    ],
)
def test_a_value_is_read(kind: Kind[Any], raw: Any, value: Any) -> None:
    """Each kind takes what people write for it, in text and in TOML."""
    assert kind.read(raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Boolean(), "maybe"),
        (Boolean(), 2),
        (Integer(), "4.5"),
        (Integer(), 4.5),
        (Integer(), True),
        (Integer(minimum=1), "0"),
        (Integer(1, 10), "11"),
        (Integer(), "-1"),
        (Number(), "nan"),
        (Number(), "inf"),
        (Number(), "1s"),
        (Number(above=0), 0),
        (Delays(), "[1, -2]"),
        (Delays(), {"a": 1}),
        (Text(), "  "),
        (Text(), 5),
        (Text(), "a\0b"),
        (Url("http"), "localhost:4200"),
        (Url("http"), "ftp://host"),
        (Url("http"), "http://"),
        (Choice("DEBUG"), "LOUD"),
        (TextList(), 5),
        (TextList(), "[a, b]"),
        (TextList(), [1]),
        (Folder(), ""),
        (Folder(), 5),
    ],
)
def test_what_is_no_value_is_refused(kind: Kind[Any], raw: Any) -> None:
    """A value of the wrong kind, or out of bounds, is refused, and the kind says what it expected."""
    with pytest.raises((ValueError, TypeError)):
        kind.read(raw)
    assert kind.expected


def test_a_relative_folder_is_taken_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path means the same for the whole life of the process."""
    monkeypatch.chdir(tmp_path)
    assert Folder().read("data") == tmp_path / "data"


@given(st.floats(min_value=0, allow_nan=False, allow_infinity=False))
def test_a_number_survives_writing(value: float) -> None:
    """What is written for a number is read as the same number."""
    assert Number().read(Number().write(value)) == value


@given(st.lists(st.floats(min_value=0, allow_nan=False, allow_infinity=False), min_size=1))
def test_delays_survive_writing(value: list[float]) -> None:
    """What is written for a list of delays is read as the same list."""
    assert Delays().read(Delays().write(value)) == value


@given(st.booleans())
def test_a_boolean_survives_writing(value: bool) -> None:
    """What is written for a boolean is read as the same."""
    assert Boolean().read(Boolean().write(value)) is value


@given(st.lists(st.text().map(str.strip).filter(lambda text: text and "\0" not in text)).map(tuple))
def test_a_list_survives_writing(value: tuple[str, ...]) -> None:
    """What is written for a list is read as the same list, whatever its texts hold."""
    assert TextList().read(TextList().write(value)) == value
