"""What can be read off one Python module: its size, its functions and what it imports. Used by `survey.py`."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Annotated, NamedTuple

from pydantic import BaseModel, StringConstraints

MODULE_NAME = r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$"
Function = ast.FunctionDef | ast.AsyncFunctionDef
CHOICES = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.BoolOp, ast.comprehension, ast.match_case)
COUNTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom, *CHOICES)


class Source(BaseModel):
    """The source of one module, fit to be measured.

    Attributes:
        name: the module's dotted name.
        package: whether it is a package, so that its relative imports start from itself.
        text: its source; not empty, not a generated giant.
    """

    name: Annotated[str, StringConstraints(pattern=MODULE_NAME)]
    package: bool
    text: Annotated[str, StringConstraints(min_length=1, max_length=500_000)]

    @classmethod
    def of(cls, path: str, content: bytes) -> Source:
        """Return the module in the file `path`, relative to its library; raise a `ValueError` if it is not fit."""
        parts = PurePosixPath(path).with_suffix("").parts
        package = parts[-1] == "__init__"
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        name = ".".join(parts[:-1] if package else parts)
        return cls(name=name, package=package, text=content.decode(encoding))


class Metrics(NamedTuple):
    """What was read off a module: numbers of lines, functions and choices, its longest function, and its imports."""

    name: str
    lines: int
    functions: int
    choices: int
    longest: str
    longest_lines: int
    imports: tuple[str, ...]


def metrics_of(source: Source) -> Metrics:
    """Parse `source` and count."""
    nodes = [node for node in ast.walk(ast.parse(source.text)) if isinstance(node, COUNTED)]
    functions = [node for node in nodes if isinstance(node, Function)]
    longest = max(functions, key=_length, default=None)
    return Metrics(
        name=source.name,
        lines=source.text.count("\n") + 1,
        functions=len(functions),
        choices=sum(isinstance(node, CHOICES) for node in nodes),
        longest=longest.name if longest else "",
        longest_lines=_length(longest) if longest else 0,
        imports=tuple(sorted({name for node in nodes for name in _imported(node, source)})),
    )


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _imported(node: ast.AST, source: Source) -> Iterator[str]:
    """Name what an import statement names; `from a import b` may mean the module `a` or the module `a.b`."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = _base(node, source)
        yield base
        yield from (f"{base}.{alias.name}" for alias in node.names if alias.name != "*")


def _base(node: ast.ImportFrom, source: Source) -> str:
    if not node.level:
        return node.module or ""
    parts = source.name.split(".")
    kept = parts[: len(parts) - node.level + source.package]
    return ".".join([*kept, node.module] if node.module else kept)


def weights_of(modules: list[Metrics], rounds: int = 40, damping: float = 0.85) -> dict[str, float]:
    """Return how much of the library leans on each module: the PageRank of Page and others (1999) over its imports."""
    names = {module.name for module in modules}
    links = {module.name: [name for name in module.imports if name in names - {module.name}] for module in modules}
    weights = dict.fromkeys(names, 1 / len(names))
    for _ in range(rounds):
        passed = dict.fromkeys(names, 0.0)
        unlinked = sum(weights[name] for name, targets in links.items() if not targets)
        for name, targets in links.items():
            for target in targets:
                passed[target] += weights[name] / len(targets)
        weights = {
            name: (1 - damping) / len(names) + damping * (got + unlinked / len(names)) for name, got in passed.items()
        }
    return weights
