"""YAML that users write, read within bounds; every value knows its line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

MOST_BYTES = 1_000_000
MOST_VALUES = 20_000
"""So many values at most, those that aliases repeat counted each time."""
MOST_CHARACTERS = 4_000_000
"""So many characters at most in all values, those that aliases repeat counted each time."""
MOST_DEPTH = 32

Place = tuple[str | int, ...]
"""Where a value stands: names and positions, from the top."""

_MERGE = "tag:yaml.org,2002:merge"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class InvalidYaml(ValueError):
    """Text that can't be read as YAML, or not within the bounds.

    Attributes:
        line: where, from 1.
        fact: what is wrong, and what to do.
    """

    def __init__(self, line: int, fact: str) -> None:
        super().__init__(line, fact)
        self.line = line
        self.fact = fact

    def __str__(self) -> str:
        return f"line {self.line}: {self.fact}"


@dataclass
class YamlText:
    """What a text says, and where each value stands in it.

    Attributes:
        value: what it says: dicts, lists, text, numbers.
        lines: the line of each value, from 1, by its place.
    """

    value: Any
    lines: dict[Place, int] = field(default_factory=dict)

    def line_of(self, place: Place) -> int:
        """Return the line of a value, or of the innermost known one around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


class _Loader(yaml.SafeLoader):
    """Reads times as text: what a parameter or an anchor means is said by who takes it, and JSON has no times."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(text: str) -> YamlText:
    """Return what a text says.

    Raises:
        InvalidYaml: it is no YAML, has a name twice, or passes the bounds on size, depth and aliases.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise InvalidYaml(1, f"it has more than {MOST_BYTES:,} bytes. Make it smaller.")
    loader = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        read = YamlText(None)
        if node is not None:
            _Walk(read.lines).through(node, (), MOST_DEPTH)
            read.value = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        raise _said(error) from error
    except yaml.YAMLError as error:
        raise InvalidYaml(1, f"it is no YAML: {error}.") from error
    except RecursionError as error:
        raise InvalidYaml(1, f"it is nested deeper than {MOST_DEPTH}. Make it flatter.") from error
    except ValueError as error:
        if isinstance(error, InvalidYaml):
            raise
        raise InvalidYaml(1, f"a value of it can't be read: {error}.") from error
    finally:
        if loader is not None:
            loader.dispose()
    return read


class _Walk:
    """One walk through the nodes of a text, before anything is made of them: it counts, and notes lines.

    Parameters:
        lines: where the lines are noted.
    """

    def __init__(self, lines: dict[Place, int]) -> None:
        self._lines = lines
        self._left = MOST_VALUES
        self._characters_left = MOST_CHARACTERS

    def through(self, node: yaml.Node, place: Place, depth_left: int) -> None:
        self._left -= 1
        line = node.start_mark.line + 1
        if depth_left == 0:
            raise InvalidYaml(line, f"it is nested deeper than {MOST_DEPTH}. Make it flatter.")
        if isinstance(node, yaml.ScalarNode):
            self._characters_left -= len(node.value)
        if self._left < 0 or self._characters_left < 0:
            raise InvalidYaml(
                line,
                f"it has more than {MOST_VALUES:,} values or {MOST_CHARACTERS:,} characters, aliases counted. Make it smaller.",
            )
        self._lines.setdefault(place, line)
        if isinstance(node, yaml.SequenceNode):
            for index, one in enumerate(node.value):
                self.through(one, (*place, index), depth_left - 1)
        elif isinstance(node, yaml.MappingNode):
            self._through_mapping(node, place, depth_left)

    def _through_mapping(self, node: yaml.MappingNode, place: Place, depth_left: int) -> None:
        seen: set[str] = set()
        merged = [value for name, value in node.value if name.tag == _MERGE]
        for name, value in node.value:
            if name.tag == _MERGE:
                continue
            line = name.start_mark.line + 1
            if not isinstance(name, yaml.ScalarNode):
                raise InvalidYaml(line, 'a name must be text. Put quotes around what begins with braces: "{{ … }}".')
            if name.value in seen:
                raise InvalidYaml(line, f"{name.value!r} is there twice. Keep one.")
            seen.add(name.value)
            self._lines[*place, name.value] = line
            self.through(value, (*place, name.value), depth_left - 1)
        for value in merged:
            # What a merge brings in stands where it was written; a name that is here, too, goes first.
            for one in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                self.through(one, place, depth_left - 1)


def _said(error: yaml.MarkedYAMLError) -> InvalidYaml:
    mark = error.problem_mark or error.context_mark
    line = 1 if mark is None else mark.line + 1
    problem = error.problem or "it is no YAML"
    hint = ""
    if "unhashable" in problem:
        problem, hint = "a name must be text", ' Put quotes around what begins with braces: "{{ … }}".'
    elif "could not determine a constructor" in problem:
        hint = " Tags that begin with ! are not read."
    return InvalidYaml(line, f"{problem.rstrip('.')}.{hint}")
