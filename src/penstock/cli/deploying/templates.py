"""Base job templates, as files and as the types of workers have them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from penstock.wire.deploying.job_templates import TEMPLATES

_MOST_BYTES = 1_000_000


def default_template(kind: str) -> dict[str, Any]:
    """Return the base job template of a type of pool.

    Raises:
        ConfigurationError: there is no such type.
    """
    if kind in TEMPLATES:
        return TEMPLATES[kind]
    from penstock.workers.registry import worker_of_type

    return worker_of_type(kind).get_default_base_job_template()


def read_template(file: Path) -> dict[str, Any]:
    """Return the template that a file holds.

    Raises:
        ClickException: it can't be read, or holds no JSON object.
    """
    try:
        text = file.read_text() if file.stat().st_size <= _MOST_BYTES else None
        found = None if text is None else json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise click.ClickException(f"{file} can't be read as JSON: {error}.") from error
    if text is None:
        raise click.ClickException(f"{file} has more than {_MOST_BYTES:,} bytes, which no template needs.")
    if not isinstance(found, dict):
        raise click.ClickException(f"{file} holds no JSON object with `variables` and `job_configuration`.")
    return found


def write_template(file: Path, template: dict[str, Any]) -> None:
    """Write a template to a file, as JSON.

    Raises:
        ClickException: it can't be written.
    """
    try:
        file.write_text(f"{json.dumps(template, indent=2)}\n")
    except OSError as error:
        raise click.ClickException(f"{file} can't be written: {error.strerror or error}.") from error
