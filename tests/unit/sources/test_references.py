"""References in text: put in once, as they are, within bounds, and nothing is computed."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.errors import ConfigurationError
from penstock.sources.references import RESOLVERS, resolve, resolve_known

KNOWN = {"clone": {"directory": "/work", "count": 3, "all": [1, 2]}, "get-hash": {"stdout": "abc"}, "flag": True}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ clone.directory }}", "/work"),
        ("{{clone.directory}}/flows", "/work/flows"),
        ("{{ clone.count }}", 3),
        ("n={{ clone.count }}", "n=3"),
        ("{{ clone.all }}", [1, 2]),
        ("{{ get-hash.stdout }}:{{ clone.count }}", "abc:3"),
        ("{{ flag }}", True),
        ("{{ $COLOUR }}", "blue"),
        ("a {{ $COLOUR }} b", "a blue b"),
        ("plain", "plain"),
        ("{{ 1 + 1 }}", "{{ 1 + 1 }}"),
        ("{{.Id}}", "{{.Id}}"),
        ("{{ clone.directory | upper }}", "{{ clone.directory | upper }}"),
        ("{% for x in y %}", "{% for x in y %}"),
        ("{{ self.__class__() }}", "{{ self.__class__() }}"),
    ],
)
def test_text(text: str, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One reference alone keeps its type; anything else in double braces stays text."""
    monkeypatch.setenv("COLOUR", "blue")
    assert resolve(text, KNOWN) == value


def test_lists_and_dicts() -> None:
    """References are found at any depth, and what is no text stays what it is."""
    given = {"a": ["{{ clone.count }}", {"b": "{{ clone.directory }}"}], "c": 1, "d": None}
    assert resolve(given, KNOWN) == {"a": [3, {"b": "/work"}], "c": 1, "d": None}


def test_what_is_put_in_is_not_looked_through_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a step printed can't ask for a variable of the environment."""
    monkeypatch.setenv("SECRET", "hidden")
    assert resolve("{{ out }}", {"out": "{{ $SECRET }}"}) == "{{ $SECRET }}"
    assert resolve("a{{ out }}", {"out": "{{ $SECRET }}"}) == "a{{ $SECRET }}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ other.thing }}", "other.thing.*stands for nothing.*clone"),
        ("{{ clone.__class__ }}", "stands for nothing"),
        ("{{ clone.directory.upper }}", "stands for nothing"),
        ("{{ $NOT_THERE }}", "NOT_THERE.*Set it"),
        ("a {{ clone.all }}", "'list'.*Let it stand alone"),
        ("a {{ flag }}", "'bool'"),
        ("{{ penstock.planets.mars }}", "penstock.planets.mars"),
    ],
)
def test_what_stands_for_nothing_is_named(text: str, words: str) -> None:
    """A reference to nothing is an error, never an empty text; only keys are looked up, no attributes."""
    with pytest.raises(ConfigurationError, match=words):
        resolve(text, KNOWN)


@pytest.mark.parametrize("name", ["penstock", "prefect"])
def test_kinds_of_values_that_others_keep(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who keeps values, such as variables, says how they are found; Prefect's spelling works too."""
    monkeypatch.setitem(RESOLVERS, "planets", {"mars.moons": 2}.__getitem__)
    assert resolve(f"{{{{ {name}.planets.mars.moons }}}}") == 2


def test_bounds() -> None:
    """Values that are too deep, too many or too long are refused."""
    deep: Any = "x"
    for _ in range(100):
        deep = [deep]
    loop: list[Any] = []
    loop.append(loop)
    for value in (deep, loop, ["x"] * 20_000, "x" * 2_000_000):
        with pytest.raises(ConfigurationError, match="Make it smaller"):
            resolve(value)
    with pytest.raises(ConfigurationError, match="Make it smaller"):
        resolve("a{{ big }}" * 100, {"big": "x" * 50_000})
    assert resolve("{{" * 100_000 + " a") == "{{" * 100_000 + " a"


def test_what_is_known_is_put_in_and_the_rest_stays() -> None:
    """References to what is known elsewhere only, such as a secret of the worker's, travel as they are."""
    step = {"branch": "{{ git.branch }}", "token": "{{ $TOKEN }}", "url": "https://{{ host }}/{{ git.branch }}"}
    assert resolve_known(step, {"git": {"branch": "main"}}) == {
        "branch": "main",
        "token": "{{ $TOKEN }}",
        "url": "https://{{ host }}/main",
    }
    with pytest.raises(ConfigurationError, match="stands for nothing"):
        resolve_known("{{ git.nothing }}", {"git": {"branch": "main"}})
