"""What is different between two versions of a deployment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from penstock.cli.screen.output import paint, print_line
from penstock.cli.screen.words import one_line
from penstock.wire.deploying.deployments import DeploymentSpec

_MISSING: Any = object()


class Difference(NamedTuple):
    """One value that differs.

    Attributes:
        path: where it stands, such as `parameters.city`.
        before: what it was; None where there was none.
        after: what it is; None where there is none.
    """

    path: str
    before: Any
    after: Any


def differences(before: DeploymentSpec, after: DeploymentSpec) -> list[Difference]:
    """Return what differs between what two versions say, in the order of the fields."""
    return list(_differing("", msgspec.to_builtins(before), msgspec.to_builtins(after)))


def print_differences(found: list[Difference]) -> None:
    """Print each difference: the old value after a minus, the new one after a plus."""
    for one in found:
        print_line(paint(one_line(one.path), bold=True))
        if one.before is not None:
            print_line(paint(f"- {_text(one.before)}", fg="red"))
        if one.after is not None:
            print_line(paint(f"+ {_text(one.after)}", fg="green"))


def _differing(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, dict) and after is _MISSING:
        after = {}
    elif isinstance(after, dict) and before is _MISSING:
        before = {}
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(name for name in after if name not in before)]:
            inner = f"{path}.{name}" if path else str(name)
            yield from _differing(inner, before.get(name, _MISSING), after.get(name, _MISSING))
    elif before != after:
        yield Difference(path, _known(before), _known(after))


def _known(value: Any) -> Any:
    return None if value is _MISSING else value


def _text(value: Any) -> str:
    return one_line(json.dumps(value, ensure_ascii=False))
