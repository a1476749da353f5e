"""A JSON schema of what a function takes, made by pydantic from its annotations."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from penstock.engine.parameter_schema.docstrings import descriptions_in
from penstock.engine.parameters.annotations import annotations_of, namespace_of
from penstock.engine.recorded_parameters import is_secret_name
from penstock.engine.signature import CallSignature, is_pydantic_field

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.json_schema import GenerateJsonSchema

JSON = Any


def parameter_schema(fn: Callable[..., Any]) -> dict[str, JSON]:
    """Return a JSON schema of the parameters of `fn`.

    Returns:
        An object schema titled `Parameters`. Each property has its parameter's name as title, its `position`, its
        default where JSON can say it, and what the docstring says about it; classes of the user's stand under
        `definitions`. `*args` is an array and `**kwargs` an object, neither of them required. What has no schema
        takes anything.
    """
    signature = CallSignature.of(fn)
    annotations = annotations_of(fn)
    descriptions = descriptions_in(_docstring(fn))
    names = [name for index, name in enumerate(signature.names) if index > 0 or name not in ("self", "cls")]
    fields = {
        f"p{position}": _field(fn, signature, name, position, annotations.get(name, Any), descriptions.get(name))
        for position, name in enumerate(names)
    }
    schema = _schema_of(fn, fields)
    if schema is None:
        fields = {key: field if _schema_of(fn, {key: field}) else (Any, field[1]) for key, field in fields.items()}
        schema = _schema_of(fn, fields) or {}
    return _finished(schema)


def _docstring(fn: Callable[..., Any]) -> str | None:
    import inspect

    return inspect.getdoc(fn)


def _field(
    fn: Callable[..., Any], signature: CallSignature, name: str, position: int, annotation: Any, description: str | None
) -> tuple[Any, Any]:
    """Return the annotation and the `pydantic.Field` of one parameter."""
    from pydantic import Field

    default = signature.defaults.get(name, ...)
    written = signature.shape.defaults.get(name)
    extra: dict[str, JSON] = {"position": position}
    if is_pydantic_field(written):
        annotation = Annotated[annotation, written]
        description = getattr(written, "description", None) or description
        own = getattr(written, "json_schema_extra", None)
        extra |= own if isinstance(own, dict) else {}
    if name == signature.shape.var_positional:
        annotation, default = list[annotation], []
    elif name == signature.shape.var_keyword:
        annotation, default = dict[str, annotation], {}
    return annotation, Field(default, alias=name, title=name, description=description, json_schema_extra=extra)


def _schema_of(fn: Callable[..., Any], fields: dict[str, Any]) -> dict[str, JSON] | None:
    """Return the schema of a model with these fields; None where pydantic can't make one."""
    from pydantic import ConfigDict, create_model

    config = ConfigDict(arbitrary_types_allowed=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model: type[BaseModel] = create_model("Parameters", __config__=config, **fields)
            model.model_rebuild(raise_errors=False, _types_namespace=namespace_of(fn))
            return model.model_json_schema(
                by_alias=True, ref_template="#/definitions/{model}", schema_generator=_generator(), mode="validation"
            )
    except Exception:
        return None


def _generator() -> type[GenerateJsonSchema]:
    from pydantic.json_schema import GenerateJsonSchema

    class Generator(GenerateJsonSchema):
        """Lets what JSON schema can't say be anything, in place of an error."""

        def handle_invalid_for_json_schema(self, schema: Any, error_info: str) -> dict[str, JSON]:
            return {}

        def is_instance_schema(self, schema: Any) -> dict[str, JSON]:
            return {}

    return Generator


def _finished(schema: dict[str, JSON]) -> dict[str, JSON]:
    properties = {name: _without_bad_default(name, each) for name, each in schema.get("properties", {}).items()}
    finished: dict[str, JSON] = {"title": "Parameters", "type": "object", "properties": properties}
    if schema.get("required"):
        finished["required"] = schema["required"]
    finished["definitions"] = schema.get("$defs", {})
    return finished


def _without_bad_default(name: str, schema: dict[str, JSON]) -> dict[str, JSON]:
    """Leave out a default that JSON can't say, or that is a secret."""
    if "default" not in schema or _can_be_shown(name, schema):
        return schema
    return {key: value for key, value in schema.items() if key != "default"}


def _can_be_shown(name: str, schema: dict[str, JSON]) -> bool:
    default = schema["default"]
    if default is None:
        return True
    try:
        # Pydantic writes secrets as asterisks, which would be taken for the value.
        return '"writeOnly": true' not in json.dumps(schema, allow_nan=False) and not is_secret_name(name)
    except (TypeError, ValueError):
        return False
