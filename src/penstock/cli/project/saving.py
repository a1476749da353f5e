"""Adding a deployment to a project's file, whose other lines stay as they are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
import yaml

from penstock.cli.project.file import FILE_NAMES, ProjectFile
from penstock.cli.project.yaml_text import InvalidYaml, read_yaml


def as_yaml(value: Any) -> str:
    """Return a value as YAML, its names in the order they are in."""
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)
    return text


def save_deployment(file: ProjectFile | None, folder: Path, entry: dict[str, Any]) -> Path:
    """Add a deployment to the project's file, or to a new one, and return the file.

    Raises:
        ClickException: it can't be written, or its deployments are not at its end as a list: it is left as it is.
    """
    path = folder / FILE_NAMES[0] if file is None else file.path
    item = as_yaml([entry])
    try:
        before = path.read_text() if path.exists() else ""
        written = _with_item(before, item)
        if written is None:
            raise click.ClickException(f"{path.name} can't be added to. Add this under `deployments`:\n{item}")
        _replace(path, written)
    except OSError as error:
        raise click.ClickException(f"{path} can't be written: {error.strerror or error}.") from error
    return path


def _with_item(before: str, item: str) -> str | None:
    """Return a file's text with one more deployment; None where it would not say what it said, and that."""
    try:
        value = read_yaml(before).value or {}
        known = value.get("deployments") or []
        start = before if not before or before.endswith("\n") else f"{before}\n"
        indented = "".join(f"  {line}" for line in item.splitlines(keepends=True))
        texts = [start + item, start + indented] if known else [f"{_without_empty(start)}deployments:\n{item}"]
        [entry] = read_yaml(item).value
        for text in texts:
            if _says(text, {**value, "deployments": [*known, entry]}):
                return text
    except InvalidYaml:
        pass
    return None


def _without_empty(text: str) -> str:
    return "".join(
        line for line in text.splitlines(keepends=True) if line.strip() not in ("deployments:", "deployments: []")
    )


def _says(text: str, value: dict[str, Any]) -> bool:
    try:
        return bool(read_yaml(text).value == value)
    except InvalidYaml:
        return False


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text)
        if path.exists():
            beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
