"""Which types of workers there are: those that come along, and those that installed packages offer."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from penstock.core.errors import ConfigurationError
from penstock.workers.base import BaseWorker

GROUP = "penstock.workers"
"""The group of entry points by which packages offer theirs: the type is the name, a subclass of `BaseWorker` the object."""

_OWN = {
    "process": "penstock.workers.process:ProcessWorker",
    "docker": "penstock.workers.docker:DockerWorker",
    "kubernetes": "penstock.workers.kubernetes:KubernetesWorker",
}

Worker = type[BaseWorker[Any, Any, Any]]


def worker_types() -> list[str]:
    """Return the types there are, in the order of their names."""
    return sorted({*_OWN, *(point.name for point in entry_points(group=GROUP))})


def worker_of_type(name: str) -> Worker:
    """Return the class of workers of a type.

    Raises:
        ConfigurationError: there is no such type here, or what it needs is not installed.
    """
    if name in _OWN:
        module, _, found = _OWN[name].partition(":")
        try:
            own: Worker = getattr(import_module(module), found)
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"A {name} worker needs the module {error.name!r}. Install it: pip install 'penstock[{name}]'"
            ) from error
        return own
    for point in entry_points(group=GROUP):
        if point.name == name:
            return _checked(point.load(), name)
    known = ", ".join(worker_types())
    raise ConfigurationError(
        f"There is no type of worker {name!r} here: there is {known}. Install the package that offers it."
    )


def _checked(found: Any, name: str) -> Worker:
    if not (isinstance(found, type) and issubclass(found, BaseWorker)):
        raise ConfigurationError(
            f"The entry point {name!r} of the group {GROUP} is {found!r}, not a subclass of penstock.workers.base.BaseWorker."
        )
    return found
