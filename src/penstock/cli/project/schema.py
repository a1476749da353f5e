"""The JSON Schema of a project's file, for editors: `python -m penstock.cli.project.schema` prints it."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from penstock.cli.project.words import Project

_REFERENCE = {"type": "string", "pattern": "\\{\\{.*\\}\\}", "description": "A reference, such as {{ $NAME }}."}
_TYPED = ("integer", "number", "boolean", "object", "array")


def project_schema() -> dict[str, Any]:
    """Return the schema. Where no text may stand, a reference may: its value is known only once it is replaced."""
    schema: dict[str, Any] = msgspec.json.schema(Project)
    definitions = {name: _with_references(one) for name, one in schema["$defs"].items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "penstock.yaml",
        **schema,
        "$defs": {"Reference": _REFERENCE, **definitions},
    }


def page() -> str:
    """Return the schema as it is published."""
    return f"{json.dumps(project_schema(), indent=2)}\n"


def _with_references(definition: dict[str, Any]) -> dict[str, Any]:
    if definition.get("type") != "object":
        return definition
    properties = {name: _with_reference(one) for name, one in definition.get("properties", {}).items()}
    return {**definition, "properties": properties}


def _with_reference(value: dict[str, Any]) -> dict[str, Any]:
    choices = value.get("anyOf") or [
        {key: one for key, one in value.items() if key not in ("description", "default", "title")}
    ]
    if any(one.get("type") == "string" and "enum" not in one for one in choices) or not _is_typed(choices):
        return value
    about = {key: one for key, one in value.items() if key in ("description", "default", "title")}
    return {**about, "anyOf": [*choices, {"$ref": "#/$defs/Reference"}]}


def _is_typed(choices: list[dict[str, Any]]) -> bool:
    return any(one.get("type") in _TYPED or "$ref" in one or "enum" in one for one in choices)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201  - the page is what it is run for
