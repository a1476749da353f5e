"""The page that shows the API to people: plain HTML, made from the OpenAPI document, so it works where there is no internet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from starlette.responses import Response

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'",
    "X-Content-Type-Options": "nosniff",
}

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
code, pre { font: 14px/1.45 ui-monospace, monospace } pre { overflow-x: auto; padding: .75rem; border: 1px solid #8886 }
summary { cursor: pointer; padding: .25rem 0 } section { margin: 2rem 0 } .method { display: inline-block; width: 4.5rem }
"""


def page(document: dict[str, Any]) -> Response:
    """Return the page that shows `document`, the OpenAPI document of this server."""
    info = document["info"]
    body = "".join(
        (
            f"<h1>{escape(info['title'])} {escape(info['version'])}</h1><p>{escape(info['description'])} ",
            'Programs read <a href="openapi.json">the OpenAPI document</a>.</p>',
            *_operations(document),
            *_schemas(document),
        )
    )
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Penstock API</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )
    return Response(html, headers=HEADERS, media_type="text/html")


def _operations(document: dict[str, Any]) -> Iterator[str]:
    by_tag: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            by_tag.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    for tag, operations in by_tag.items():
        yield f"<section><h2>{escape(tag)}</h2>{''.join(operations)}</section>"


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    parts = [f"<p>{escape(operation.get('description', operation['summary']))}</p>"]
    if "requestBody" in operation:
        parts.append(f"<p>Takes {_content(operation['requestBody'])}.</p>")
    parts.append(f"<p>Answers with {_content(operation['responses']['200'])}.</p>")
    title = f'<code><b class="method">{method.upper()}</b>{escape(path)}</code> {escape(operation["summary"])}'
    return f'<details id="{escape(operation["operationId"])}"><summary>{title}</summary>{"".join(parts)}</details>'


def _content(place: dict[str, Any]) -> str:
    content = next(iter(place["content"].values()))
    reference = content["schema"].get("$ref") or content.get("x-data", {}).get("$ref")
    if reference is None:
        return "a file" if content["schema"]["type"] == "string" else "an object"
    name = escape(reference.rpartition("/")[2])
    link = f'<a href="#schema-{name}">{name}</a>'
    return f"messages, the data of each a {link}" if "x-data" in content else link


def _schemas(document: dict[str, Any]) -> Iterator[str]:
    yield "<section><h2>Models</h2>"
    for name, schema in sorted(document["components"]["schemas"].items()):
        words = escape(json.dumps(schema, indent=2))
        yield f'<details id="schema-{escape(name)}"><summary><code>{escape(name)}</code></summary><pre>{words}</pre></details>'
    yield "</section>"
