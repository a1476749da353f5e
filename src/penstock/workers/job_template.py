"""Job templates: which variables there are, and what becomes of them; filled in for one run."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from penstock.sources.references import resolve

if TYPE_CHECKING:
    from pydantic import BaseModel

_REFERENCE = re.compile(r"\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}")
_MISSING = object()


def template_of(configuration: type[BaseModel], variables: type[BaseModel]) -> dict[str, Any]:
    """Return the template in which each field of a configuration is the variable of its name.

    Parameters:
        configuration: the model of what a worker needs to know; a field's `template` stands for it instead.
        variables: the model of what may be said.
    """
    fields = configuration.model_json_schema()["properties"]
    schema = variables.model_json_schema()
    return {
        "job_configuration": {name: field.get("template", f"{{{{ {name} }}}}") for name, field in fields.items()},
        "variables": {key: schema[key] for key in ("type", "properties", "required", "$defs") if key in schema},
    }


def filled(template: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Return the job configuration of a template.

    A part that is nothing but a variable nobody gave a value is left out. `env` is merged, not replaced: what the
    template says itself, the variable's default, and what is given for it.

    Parameters:
        template: `variables` and `job_configuration`.
        values: variables by name, over the template's defaults; `a.b` is the part `b` of the variable `a`.

    Raises:
        ConfigurationError: a reference within text stands for nothing.
    """
    properties = template.get("variables", {}).get("properties", {})
    known = {
        name: deepcopy(one["default"])
        for name, one in properties.items()
        if isinstance(one, dict) and one.get("default") is not None
    }
    given = _nested(values)
    env = {**_env(known), **_env(given)}
    known |= given
    if env:
        known["env"] = env
    configuration = _without_missing(template.get("job_configuration", {}), known)
    own_env = template.get("job_configuration", {}).get("env")
    if isinstance(own_env, dict) and env:
        configuration["env"] = {**configuration.get("env", {}), **env}
    resolved: dict[str, Any] = resolve(configuration, known)
    return resolved


def filled_text(text: str, known: dict[str, Any]) -> str:
    """Return `text` with the references to what is known filled in; other braces stay."""

    def found(match: re.Match[str]) -> str:
        value = _value(match[1], known)
        return match[0] if value is _MISSING else str(value)

    return _REFERENCE.sub(found, text)


def _env(values: dict[str, Any]) -> dict[str, Any]:
    env = values.get("env")
    return env if isinstance(env, dict) else {}


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` with `a.b` as the part `b` of `a`; a part that is said both ways is as the nested one says."""
    nested: dict[str, Any] = {}
    for name, value in sorted(values.items(), key=lambda item: "." not in item[0]):
        *path, last = name.split(".")
        place = nested
        for part in path:
            inner = place.get(part)
            place[part] = place = dict(inner) if isinstance(inner, dict) else {}
        before = place.get(last)
        place[last] = {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
    return nested


def _without_missing(part: Any, known: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        kept = {name: _without_missing(inner, known) for name, inner in part.items()}
        return {name: inner for name, inner in kept.items() if inner is not _MISSING}
    if isinstance(part, list):
        return [inner for inner in (_without_missing(one, known) for one in part) if inner is not _MISSING]
    if isinstance(part, str):
        whole = _REFERENCE.fullmatch(part.strip())
        if (
            whole is not None
            and _value(whole[1], known) is _MISSING
            and not whole[1].startswith(("penstock.", "prefect."))
        ):
            return _MISSING
    return part


def _value(name: str, known: dict[str, Any]) -> Any:
    found: Any = known
    for part in name.split("."):
        if not isinstance(found, dict) or part not in found:
            return _MISSING
        found = found[part]
    return found
