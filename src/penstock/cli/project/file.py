"""The file of a project: found, read, and held against what it may say. Whatever is wrong is said with its line."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import msgspec

from penstock.cli.project.words import Project
from penstock.cli.project.yaml_text import MOST_BYTES, InvalidYaml, Place, YamlText, read_yaml
from penstock.settings.names import nearest
from penstock.sources.references import has_reference

FILE_NAMES = ("penstock.yaml", "prefect.yaml")
"""Where a project is looked for; the first that is there is read."""

_REFERENCES_LOOKED_AT = 1_000
_AT = re.compile(r" - at `(?P<path>[^`]*)`$")
_PART = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_UNKNOWN = re.compile(r"Object contains unknown field `([^`]*)`")


@dataclass(frozen=True)
class ProjectFile:
    """A project's file.

    Attributes:
        path: the file.
        text: what it says, with the line of each value.
        project: the same by its names, as far as it can be known before references are replaced.
    """

    path: Path
    text: YamlText
    project: Project

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The deployments as they are written, references and all."""
        return list(self.text.value.get("deployments") or ())

    def where(self, place: Place) -> str:
        """Return where a value stands, as errors say it."""
        return f"{self.path.name}, line {self.text.line_of(place)}"


def find_project(folder: Path, given: Path | None = None) -> ProjectFile | None:
    """Return the project of a folder; None where there is none.

    Parameters:
        folder: where it is looked for.
        given: a file that is read instead.

    Raises:
        ClickException: it can't be read, or says what it may not.
    """
    if given is not None:
        return read_project(given)
    for name in FILE_NAMES:
        if (folder / name).is_file():
            return read_project(folder / name)
    return None


def read_project(path: Path) -> ProjectFile:
    """Return the project that a file says.

    Raises:
        ClickException: it can't be read, or says what it may not.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        text = read_yaml(content.decode())
    except OSError as error:
        raise click.ClickException(f"{path} can't be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path} is not UTF-8. Save it as that.") from error
    except InvalidYaml as error:
        raise click.ClickException(f"{path.name}, {error}") from error
    text.value = msgspec.json.decode(_as_json({} if text.value is None else text.value, path))
    project = _converted(_without_references(text.value), path, text)
    return ProjectFile(path, text, project)


def _without_references(value: Any) -> Any:
    """Return what a file says without those references that stand where no text can: their type is not known yet."""
    known = deepcopy(value)
    for _ in range(_REFERENCES_LOOKED_AT):
        try:
            msgspec.convert(known, Project)
        except msgspec.ValidationError as error:
            place = _place_of(str(error))
            if not place or not has_reference(_at(known, place)):
                return known
            around = _at(known, place[:-1])
            del around[place[-1]]
            continue
        return known
    return known


def _as_json(value: Any, path: Path) -> bytes:
    try:
        return msgspec.json.encode(value)
    except (TypeError, ValueError) as error:
        raise click.ClickException(f"{path.name} holds a value that JSON has not: {error}.") from error


def _converted(value: Any, path: Path, text: YamlText) -> Project:
    try:
        return msgspec.convert(value, Project)
    except msgspec.ValidationError as error:
        message = str(error)
        place = _place_of(message)
        fact = _AT.sub("", message)
        unknown = _UNKNOWN.match(fact)
        if unknown:
            place = (*place, unknown[1])
            fact = _say_unknown(unknown[1], place)
        where = ".".join(map(str, place)) or "the file"
        line = text.line_of(place)
        raise click.ClickException(f"{path.name}, line {line}, {where}: {fact.rstrip('.')}.") from error


def _place_of(message: str) -> Place:
    """Return where a value stands that a message of msgspec names by its path."""
    found = _AT.search(message)
    place: list[str | int] = []
    if found is None:
        return ()
    for name, index in _PART.findall(found["path"].removeprefix("$")):
        if name:
            place.append(name)
        elif index == "...":  # a value of a mapping whose names are the user's
            return tuple(place)
        else:
            place.append(int(index))
    return tuple(place)


def _at(value: Any, place: Place) -> Any:
    for part in place:
        value = value[part]
    return value


def _say_unknown(name: str, place: Place) -> str:
    known = sorted(_names_at(place[:-1], Project))
    close = nearest(name, known)
    hint = f"Did you mean {close!r}?" if close else f"There is {', '.join(known)}"
    return f"there is no {name!r} here. {hint}"


def _names_at(place: Place, kind: type) -> list[str]:
    """Return the names that may stand at a place of what a type says."""
    fields = {one.encode_name: one for one in msgspec.structs.fields(kind)}
    if not place:
        return list(fields)
    found = _struct_in(fields[str(place[0])].type) if place[0] in fields else None
    rest = place[2:] if len(place) > 1 and isinstance(place[1], int) else place[1:]
    return [] if found is None else _names_at(rest, found)


def _struct_in(annotation: Any) -> type | None:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return annotation
    return next((found for one in getattr(annotation, "__args__", ()) if (found := _struct_in(one))), None)
