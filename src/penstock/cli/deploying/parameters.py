"""Arguments and job variables, as options give them."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from penstock.cli.commands.flow import parsed_parameters


def given_parameters(pairs: tuple[str, ...], document: str | None) -> dict[str, Any]:
    """Return arguments by name; the document is read from standard input where it is `-`.

    Raises:
        UsageError: one of them can't be read.
    """
    return parsed_parameters(pairs, sys.stdin.read() if document == "-" else document)


def given_job_variables(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Return job variables by name: `KEY=VALUE`, or an object of several as JSON.

    Raises:
        UsageError: one of them can't be read, or is given twice.
    """
    variables: dict[str, Any] = {}
    for pair in pairs:
        more = _object(pair) if pair.lstrip().startswith("{") else _pair(pair)
        twice = sorted(variables.keys() & more)
        if twice:
            raise click.UsageError(f"The job variable {twice[0]!r} is given twice. Give it once.")
        variables |= more
    return variables


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"--job-variable is not valid JSON: {error}.") from error
    assert isinstance(found, dict)  # it begins with a brace
    return found


def _pair(text: str) -> dict[str, Any]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise click.UsageError(f"--job-variable {text!r} is not of the form KEY=VALUE.")
    try:
        return {name: json.loads(value)}
    except ValueError:
        return {name: value}
