"""The published JSON Schema of penstock.yaml is what the program reads, and holds of what the program writes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from penstock.cli.project.recipes import RECIPES, project_text
from penstock.cli.project.schema import page, project_schema
from penstock.cli.project.yaml_text import read_yaml

ROOT = Path(__file__).parents[3]


def test_the_published_schema_is_the_programs() -> None:
    """After a change that is meant: python -m penstock.cli.project.schema > docs/reference/penstock.schema.json."""
    assert (ROOT / "docs/reference/penstock.schema.json").read_text() == page()


@pytest.mark.parametrize("recipe", RECIPES)
def test_what_init_writes_fits_the_schema(recipe: str, tmp_path: Path) -> None:
    """Each recipe writes a file that an editor finds nothing wrong with."""
    values = {"repository": "https://example.com/a.git", "image_name": "example.com/a", "credentials_variable": "TOKEN"}
    written = read_yaml(project_text("mine", recipe, values, tmp_path)).value
    jsonschema_rs.validate(project_schema(), written)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("deployments: [{name: a, concurrency_limit: 3}]", True),
        ("deployments: [{name: a, concurrency_limit: {limit: 3, collision_strategy: CANCEL_NEW}}]", True),
        ("deployments: [{name: a, concurrency_limit: '{{ $LIMIT }}', tags: '{{ tags }}'}]", True),
        ("deployments: [{name: a, schedules: [{cron: '@daily', active: '{{ $ON }}', missed: all}]}]", True),
        ("deployments: [{name: a, concurrency_limit: many}]", False),
        ("deployments: [{name: a, schedules: [{cron: '@daily', missed: never}]}]", False),
        ("deployment: []", False),
    ],
)
def test_the_schema_tells_right_from_wrong(text: str, fits: bool) -> None:
    """References may stand for numbers and lists; names that mean nothing may not stand at all."""
    schema = json.loads((ROOT / "docs/reference/penstock.schema.json").read_text())
    assert jsonschema_rs.is_valid(schema, read_yaml(text).value) is fits
