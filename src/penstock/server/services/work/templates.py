"""Base job templates: what runs may say about their infrastructure, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from penstock.core.errors import InvalidRequest
from penstock.server import bounds
from penstock.server.database.types import encode_json
from penstock.server.json_schema import check_schema

TEMPLATE_LIMIT_CHARS = 256 * 1024
"""The most characters of a template, as JSON."""

_REFERENCE = re.compile(r"\{\{\s*([A-Za-z_][\w-]*)[\w.-]*\s*\}\}")
_NOT_VARIABLES = frozenset({"ctx", "penstock", "prefect"})
"""What references may begin with that are no variables: blocks, variables of the server, and facts of the run."""


def check_template(template: dict[str, Any], pool_name: str) -> dict[str, Any]:
    """Return `template` if it can be the base job template of a pool.

    Raises:
        InvalidRequest: it is not made of variables, which are a JSON Schema, and a configuration that refers to them.
        ObjectLimitReached: it is too large.
    """
    bounds.check_nesting(template, "parts of a base job template")
    bounds.check_text_size(encode_json(template), TEMPLATE_LIMIT_CHARS, "base job template")
    if not template:
        return template
    unknown = set(template) - {"variables", "job_configuration"}
    variables, configuration = template.get("variables", {}), template.get("job_configuration", {})
    if unknown or not isinstance(variables, dict) or not isinstance(configuration, dict):
        raise InvalidRequest(
            f"The base job template of work pool {pool_name!r} holds two objects: `variables`, a JSON Schema, and "
            "`job_configuration`, which refers to variables as {{ name }}."
        )
    check_schema(variables, f"the job variables of work pool {pool_name!r}")
    properties = variables.get("properties", {})
    known = set(properties) if isinstance(properties, dict) else set()
    missing = sorted({name for name in _references(configuration) if name not in known | _NOT_VARIABLES})
    if missing:
        raise InvalidRequest(
            f"The job configuration of work pool {pool_name!r} refers to {', '.join(missing)}, which are no variables of it. "
            "Add them to the properties of `variables`."
        )
    return template


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield from _REFERENCE.findall(part)
    elif isinstance(part, (dict, list)):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _references(inner)
