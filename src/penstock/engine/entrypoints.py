"""Find the flow that an entrypoint names: `path/to/file.py:flow` or `package.module:flow`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module, invalidate_caches
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from penstock.core.errors import MissingFlowError, ScriptError, UnspecifiedFlowError
from penstock.engine.definitions.flow_definition import FlowDefinition
from penstock.engine.definitions.place import OWN_NAME, note_file_module

_MOST_NAMES_SHOWN = 20
_NOT_THE_USERS = (str(Path(__file__).parents[1]), str(Path(os.__file__).parent), "<frozen ")


def load_flow_from_entrypoint(entrypoint: str) -> FlowDefinition:
    """Return the flow that stands in a file or module.

    Parameters:
        entrypoint: `file.py:flow`, `package.module:flow` or `package.module.flow`; the name of the flow's function can be
            left out of the first two where only one flow is defined there.

    Raises:
        MissingFlowError: there is no such file, module or flow.
        UnspecifiedFlowError: there are several flows and none was named.
        ScriptError: the file raised while it was imported.
    """
    place, name = _parted(entrypoint)
    module = _file_as_module(Path(place), entrypoint) if _is_file(place) else _module(place, entrypoint)
    return _only_flow(module, place) if name is None else _named_flow(module, place, name)


def _parted(entrypoint: str) -> tuple[str, str | None]:
    place, colon, name = entrypoint.rpartition(":")
    if colon and not name.startswith(("\\", "/")):
        return place, name or None
    if _is_file(entrypoint):
        return entrypoint, None
    place, dot, name = entrypoint.rpartition(".")
    return (place, name) if dot else (entrypoint, None)


def _is_file(place: str) -> bool:
    return place.endswith(".py") or "/" in place or "\\" in place


def _file_as_module(path: Path, entrypoint: str) -> ModuleType:
    """Import a file as another file beside it would, so that what it defines can be pickled by reference."""
    path = path.expanduser().resolve()
    if not path.is_file():
        raise MissingFlowError(f"There is no file {str(path)!r} for the entrypoint {entrypoint!r}. Check the path.")
    if path.suffix != ".py":
        raise MissingFlowError(f"{str(path)!r} can't be imported. Name a file that ends in .py.")
    root, name = path.parent, path.stem
    while (root / "__init__.py").is_file():
        root, name = root.parent, f"{root.name}.{name}"
    # As with `python file.py`: for imports at the top of the file, and for those that its functions make later.
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    if str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))
    invalidate_caches()
    note_file_module(name)
    return _imported(lambda: import_module(name) if _leads_to(name, path) else _loaded(path), str(path))


def _leads_to(name: str, path: Path) -> bool:
    """Tell whether importing `name` would import the file, and not another module of that name."""
    known = sys.modules.get(name)
    try:
        origin = getattr(known, "__file__", None) if known is not None else getattr(find_spec(name), "origin", None)
    except ValueError:  # a module in `sys.modules` that does not say where it comes from
        return False
    return origin is not None and Path(origin).resolve() == path


def _loaded(path: Path) -> ModuleType:
    """Import a file whose own name is taken, by a module of the standard library say, under one that is always the same."""
    name = f"{OWN_NAME}{path.stem}_{sha256(bytes(path)).hexdigest()[:8]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _module(name: str, entrypoint: str) -> ModuleType:
    if not all(part.isidentifier() for part in name.split(".")):
        raise MissingFlowError(f"{entrypoint!r} names no flow. Write path/to/file.py:flow, or package.module:flow.")
    # As with `python -m`.
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    invalidate_caches()
    return _imported(lambda: _existing(name, entrypoint), name)


def _existing(name: str, entrypoint: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
    raise MissingFlowError(
        f"There is no module {name!r} for the entrypoint {entrypoint!r}. Name a file as path/to/file.py:flow, "
        "or install the package."
    )


def _imported(load: Callable[[], ModuleType], place: str) -> ModuleType:
    try:
        return load()
    except MissingFlowError:
        raise
    except (Exception, SystemExit) as error:
        user_exc = error.with_traceback(_users_part(error.__traceback__))
        raise ScriptError(place, user_exc) from user_exc


def _users_part(trace: TracebackType | None) -> TracebackType | None:
    """Return a traceback without the frames of Python, of libraries and of ours: what is left, the user wrote."""
    kept: list[TracebackType] = []
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith(_NOT_THE_USERS) and "site-packages" not in file:
            kept.append(trace)
        trace = trace.tb_next
    found: TracebackType | None = None
    for each in reversed(kept):
        found = TracebackType(found, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return found


def _named_flow(module: ModuleType, place: str, name: str) -> FlowDefinition:
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part, None)
    if found is None:
        found = next((flow for flow in _flows_of(module).values() if flow.name == name), None)
    if isinstance(found, FlowDefinition):
        return found
    if isinstance(found, ModuleType):
        return _only_flow(found, found.__name__)
    what = f"has no flow {name!r}" if found is None else f"has {name!r}, but that is {_kind(found)}, not a flow"
    raise MissingFlowError(f"{place} {what}. {_offer(module)}")


def _kind(found: Any) -> str:
    return "a function" if hasattr(found, "__code__") else f"of type {type(found).__name__}"


def _only_flow(module: ModuleType, place: str) -> FlowDefinition:
    flows = _flows_of(module)
    if len(flows) == 1:
        return next(iter(flows.values()))
    if not flows:
        raise MissingFlowError(f"{place} has no flow. Put @flow above a function of it.")
    raise UnspecifiedFlowError(f"{place} has several flows. Name one: {_names(flows, place)}.")


def _flows_of(module: ModuleType) -> dict[str, FlowDefinition]:
    """Return the flows that `module` defines; those it merely imports only where it defines none."""
    flows = {name: one for name, one in vars(module).items() if isinstance(one, FlowDefinition)}
    own = {name: one for name, one in flows.items() if getattr(one.fn, "__module__", None) == module.__name__}
    return own or flows


def _offer(module: ModuleType) -> str:
    flows = _flows_of(module)
    return f"It has {_names(flows)}." if flows else "It has no flow at all: put @flow above a function of it."


def _names(flows: dict[str, FlowDefinition], place: str | None = None) -> str:
    shown = [name if place is None else f"{place}:{name}" for name in list(flows)[:_MOST_NAMES_SHOWN]]
    return ", ".join(shown) + (" …" if len(flows) > _MOST_NAMES_SHOWN else "")
