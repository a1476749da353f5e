"""JSON objects, as options give them."""

from __future__ import annotations

import json
from typing import Any

import click


class JsonObject(click.ParamType[dict[str, Any]]):
    """A JSON object, such as `{"approved": true}`."""

    name = "json"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        """Return the object."""
        if isinstance(value, dict):
            return value
        try:
            found = json.loads(str(value))
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            self.fail(f'{value!r} is no JSON object such as {{"approved": true}}.', param, ctx)
        return found
