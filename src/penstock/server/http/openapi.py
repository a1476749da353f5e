"""The OpenAPI document (3.1), made from the table of operations."""

from __future__ import annotations

from datetime import datetime
from inspect import cleandoc
from typing import Any, get_args, get_origin

import msgspec

from penstock.core.version import __version__
from penstock.server.dispatcher import HANDLERS
from penstock.server.handlers import words_of
from penstock.server.http.bodies import JSON
from penstock.server.http.json_models import body_model, path_names, public_model, structs_within
from penstock.wire.operations import OPERATIONS, Operation
from penstock.wire.problems import CONTENT_TYPE as PROBLEM_JSON
from penstock.wire.problems import Problem
from penstock.wire.streams import DOWNLOADS, EVENT_STREAM, STREAMS, Download, Stream

_REFERENCE = "#/components/schemas/{name}"
_PROBLEM = {"$ref": "#/components/responses/Problem"}
_REFUSALS = ("400", "401", "403", "404", "409", "413", "415", "422", "429", "500", "503")


def document() -> dict[str, Any]:
    """Return the OpenAPI document of this server."""
    operations = list(OPERATIONS.values())
    models = [model for operation in operations if (model := body_model(operation)) is not None]
    answers: list[Any] = [public_model(operation.response) for operation in operations]
    answers += [public_model(stream.item) for stream in STREAMS.values()]
    schemas, components = msgspec.json.schema_components([*models, *answers, Problem], ref_template=_REFERENCE)
    schema_of = dict(zip([*models, *answers, Problem], schemas, strict=True))
    for component in components.values():
        if "description" in component:
            component["description"] = cleandoc(component["description"])
    for struct in structs_within([*models, *answers]):
        _say_which_are_instants(struct, components[struct.__name__])
    paths: dict[str, Any] = {}
    for operation in operations:
        paths.setdefault(f"/api{operation.path}", {})[operation.method.lower()] = _described(operation, schema_of)
    for stream in STREAMS.values():
        paths[f"/api{stream.path}"] = {"get": _followed(stream, schema_of)}
    for download in DOWNLOADS.values():
        paths[f"/api{download.path}"] = {"get": _downloaded(download)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Penstock",
            "version": __version__,
            "description": "Flows, their runs, and what is recorded of them. Instants are in UTC (RFC 3339).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths | _system_paths(),
        "components": {
            "schemas": components,
            "responses": {
                "Problem": {
                    "description": "Why it was refused (RFC 9457).",
                    "content": {PROBLEM_JSON: {"schema": schema_of[Problem]}},
                }
            },
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "The API key, where the server has one."}
            },
        },
        "security": [{"key": []}],
    }


def _described(operation: Operation[Any, Any], schema_of: dict[Any, Any]) -> dict[str, Any]:
    resource, _, verb = operation.name.partition(".")
    words = cleandoc(words_of(HANDLERS[operation.name])).partition("\n\nRaises:")[0]
    described: dict[str, Any] = {
        "operationId": f"{resource}_{verb}",
        "summary": words.partition("\n")[0],
        "description": words,
        "tags": [resource],
        "responses": {
            "200": {
                "description": "It is done, and committed." if operation.writes else "The answer.",
                "content": {JSON: {"schema": schema_of[public_model(operation.response)]}},
            },
            **dict.fromkeys(_REFUSALS, _PROBLEM),
        },
    }
    names = path_names(operation)
    if names:
        described["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
            for name in names
        ]
    model = body_model(operation)
    if model is not None:
        described["requestBody"] = {"required": True, "content": {JSON: {"schema": schema_of[model]}}}
    return described


def _followed(stream: Stream, schema_of: dict[Any, Any]) -> dict[str, Any]:
    """Describe a stream: its messages are no JSON document, so the model of their data stands beside."""
    about = cleandoc(stream.followed.__doc__ or "").partition("\n\n")[0]
    return {
        "operationId": stream.name.replace(".", "_"),
        "summary": f"Follow {stream.name.partition('.')[0].replace('_', ' ')} as server-sent events.",
        "description": f"{about} `Last-Event-ID` resumes a stream after the message of that id.",
        "tags": [stream.name.partition(".")[0]],
        "parameters": [
            *_query_parameters(stream.followed),
            {"name": "after", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0}},
            {"name": "Last-Event-ID", "in": "header", "required": False, "schema": {"type": "string"}},
        ],
        "responses": {
            "200": {
                "description": "Messages without end.",
                "content": {
                    EVENT_STREAM: {"schema": {"type": "string"}, "x-data": schema_of[public_model(stream.item)]}
                },
            },
            **dict.fromkeys(_REFUSALS, _PROBLEM),
        },
    }


def _query_parameters(model: type[msgspec.Struct]) -> list[dict[str, Any]]:
    _, components = msgspec.json.schema_components([model], ref_template=_REFERENCE)
    _say_which_are_instants(model, components[model.__name__])
    conditions = components[model.__name__]["properties"]
    return [
        {"name": name, "in": "query", "required": False, "schema": _alone(schema, components)}
        for name, schema in conditions.items()
    ]


def _alone(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter's schema: without null, which a query can't say, and with what it refers to in its place."""
    chosen: dict[str, Any] = schema["anyOf"][0] if "anyOf" in schema else schema
    reference = chosen.get("$ref")
    if reference is None:
        return chosen
    default = {"default": chosen["default"]} if "default" in chosen else {}
    named: dict[str, Any] = components[reference.rpartition("/")[2]]
    return named | default


def _downloaded(download: Download) -> dict[str, Any]:
    about = cleandoc(download.request.__doc__ or "").partition("\n\n")[0]
    resource, _, verb = download.name.partition(".")
    return {
        "operationId": f"{resource}_{verb}",
        "summary": f"Download {resource}: all of it, in one file.",
        "description": about,
        "tags": [resource],
        "parameters": _query_parameters(download.request),
        "responses": {
            "200": {
                "description": "The file.",
                "content": {media: {"schema": {"type": "string"}} for media in download.media_types.values()},
            },
            **dict.fromkeys(_REFUSALS, _PROBLEM),
        },
    }


def _say_which_are_instants(struct: type[msgspec.Struct], component: dict[str, Any]) -> None:
    """Give the fields of `struct` that are instants their format, which the schema of a plain text does not have."""
    for field in msgspec.structs.fields(struct):
        schema = component["properties"][field.encode_name]
        if field.type is datetime:
            schema["format"] = "date-time"
        elif get_origin(field.type) is list and datetime in get_args(field.type):
            schema["items"]["format"] = "date-time"
        elif datetime in get_args(field.type):
            schema["anyOf"][0]["format"] = "date-time"


def _system_paths() -> dict[str, Any]:
    return {
        "/api/health": _plain("Say that the server lives.", "health", public=True),
        "/api/ready": _plain("Say whether the server can do its work: its database answers.", "ready", public=True),
        "/api/version": _plain("Say which version of Penstock the server is.", "version", public=False),
    }


def _plain(summary: str, name: str, *, public: bool) -> dict[str, Any]:
    schema = {"type": "object", "additionalProperties": {"type": "string"}}
    described: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "tags": ["server"],
        "responses": {
            "200": {"description": "The answer.", "content": {JSON: {"schema": schema}}},
            "400": _PROBLEM,
            "503": _PROBLEM,
        },
    }
    if public:
        described["security"] = []
    else:
        described["responses"]["401"] = _PROBLEM
    return {"get": described}
