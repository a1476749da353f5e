"""Projects' files are read within bounds, and every mistake in one has its line."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from penstock.cli.project.file import read_project
from penstock.cli.project.yaml_text import MOST_BYTES, InvalidYaml, read_yaml


def refusal(text: str) -> str:
    with pytest.raises(InvalidYaml) as refused:
        read_yaml(text)
    return str(refused.value)


def test_values_know_their_lines() -> None:
    """The line of a value is that of its name; of one that is not there, that of what is around it."""
    read = read_yaml("name: a\ndeployments:\n- name: b\n  tags:\n  - c\n")
    assert read.value == {"name": "a", "deployments": [{"name": "b", "tags": ["c"]}]}
    assert read.line_of(("deployments", 0, "tags", 0)) == 5
    assert read.line_of(("deployments", 0, "nothing")) == 3
    assert read.line_of(()) == 1


def test_anchors_and_merges_are_read() -> None:
    """A definition stands in for what refers to it; what is beside a merge goes first. Times stay text."""
    read = read_yaml("pool: &pool {name: a, env: {A: 1}}\none: *pool\nother:\n  <<: *pool\n  name: b\nat: 2026-01-01\n")
    assert read.value["one"] == {"name": "a", "env": {"A": 1}}
    assert read.value["other"] == {"name": "b", "env": {"A": 1}}
    assert read.value["at"] == "2026-01-01"


@pytest.mark.parametrize(
    "join", ["[{0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}]", "{{<<: [{0}, {0}, {0}, {0}, {0}, {0}]}}"]
)
def test_an_alias_bomb_is_refused(join: str) -> None:
    """Aliases of aliases are counted before anything is made of them."""
    first = "a0: &a0 {x: 1}\n"
    rest = "".join(f"a{n}: &a{n} {join.format(f'*a{n - 1}')}\n" for n in range(1, 30))
    assert "values or" in refusal(first + rest) or "nested deeper" in refusal(first + rest)


def test_a_long_text_repeated_is_refused() -> None:
    """What aliases repeat counts by its characters, too."""
    assert "characters" in refusal(f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 100)}]\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x: [" * 5_000, "nested deeper"),
        ("a: " + "[" * 40 + "]" * 40, "nested deeper"),
        ("a: &a [*a]\n", "nested deeper"),
        ("x" * (MOST_BYTES + 1), "bytes"),
        ("a: 1\nb: [\n", "line 3"),
        ("a: 1\na: 2\n", "line 2: 'a' is there twice"),
        ("a: !!python/object/apply:os.system [echo]\n", "Tags that begin with ! are not read"),
        ("a: !own 1\n", "Tags that begin with ! are not read"),
        ("a: {{ b }}\n", "Put quotes around"),
        ("a: *b\n", "undefined alias"),
        ("a: \x00\n", "no YAML"),
        (f"a: {'9' * 5_000}\n", "can't be read"),
        ("a\n---\nb\n", "document"),
    ],
)
def test_what_can_not_be_read(text: str, words: str) -> None:
    """It is refused in words, in bounded time and memory, and nothing in it is carried out."""
    assert words in refusal(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("deployment: []\n", "line 1, deployment: there is no 'deployment' here. Did you mean 'deployments'?"),
        (
            "name: a\ndeployments:\n- nam: b\n",
            "line 3, deployments.0.nam: there is no 'nam' here. Did you mean 'name'?",
        ),
        ("deployments:\n- name: 3\n", "line 2, deployments.0.name: Expected `str | null`, got `int`."),
        (
            "deployments:\n- name: a\n  schedules:\n  - crn: x\n",
            "line 4, deployments.0.schedules.0.crn: there is no 'crn'",
        ),
        ("deployments:\n- name: a\n  work_pool:\n    queue: x\n", "line 4, deployments.0.work_pool.queue: there is no"),
        ("deployments:\n- concurrency_limit: many\n", "line 2, deployments.0.concurrency_limit: Expected"),
        ("deployments:\n- schedule:\n    missed: never\n", "line 3, deployments.0.schedule.missed: Invalid enum value"),
        ("- a\n", "line 1, the file: Expected `object`, got `array`."),
        ("build:\n- 3\n", "line 2, build.0: Expected"),
    ],
)
def test_what_a_file_may_not_say(tmp_path: Path, text: str, words: str) -> None:
    """The message names the file, the line, the key, the fact and what would be right."""
    file = tmp_path / "penstock.yaml"
    file.write_text(text)
    with pytest.raises(click.ClickException) as refused:
        read_project(file)
    assert refused.value.message.startswith(f"penstock.yaml, {words}")
    assert "\n" not in refused.value.message


def test_references_stand_for_anything(tmp_path: Path) -> None:
    """Where a number or a list is due, a reference may stand: its value is known later."""
    file = tmp_path / "penstock.yaml"
    file.write_text(
        "deployments:\n- name: '{{ $NAME }}'\n  tags: '{{ tags }}'\n  concurrency_limit: '{{ $LIMIT }}'\n"
        "  schedules:\n  - interval: '{{ $EVERY }}'\n    active: '{{ $ACTIVE }}'\n  parameters: '{{ given }}'\n"
    )
    project = read_project(file)
    assert project.project.deployments is not None
    assert project.entries[0]["concurrency_limit"] == "{{ $LIMIT }}"
