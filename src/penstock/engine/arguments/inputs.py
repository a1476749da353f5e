"""What a run's arguments hold: futures to wait for, states to unpack, and the runs that values came from."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Collection, Iterator, KeysView, ValuesView
from typing import Any
from uuid import UUID

from penstock.core.annotations import BaseAnnotation, allow_failure, opaque, quote
from penstock.core.errors import UpstreamTaskError
from penstock.core.state import State, state_result
from penstock.engine.arguments.origins import Origins
from penstock.futures import PenstockFuture, PenstockFutureList

_ATOMS = frozenset({int, float, bool, str, bytes, type(None), complex, bytearray, range, UUID})
_SEQUENCES = (list, tuple, set, frozenset)
_MOST_TRACED_ITEMS = 1_000
_DEEPEST = 50

Replace = Callable[[Any], Any]


def is_plain(value: Any) -> bool:
    """Whether `value` certainly holds no future, state or annotation; told without looking at items one by one."""
    kind = type(value)
    if kind in _ATOMS:
        return True
    if kind in _SEQUENCES:
        return _ATOMS.issuperset(map(type, value))
    if kind is dict:
        return _ATOMS.issuperset(map(type, value.values()))
    return False


def find(value: Any, visit: Callable[[Any], None]) -> None:
    """Call `visit` with every future and state inside of `value`, whatever collections it is in."""
    if not is_plain(value):
        _find(value, visit, {}, 0)


def _find(value: Any, visit: Callable[[Any], None], seen: dict[int, Any], depth: int) -> None:
    if isinstance(value, (PenstockFuture, State)):
        visit(value)
        return
    while isinstance(value, BaseAnnotation):
        if isinstance(value, quote):
            return
        value = value.unwrap()
        if isinstance(value, (PenstockFuture, State)):
            visit(value)
            return
    if is_plain(value) or depth > _DEEPEST:
        return
    items = _items(value)
    if items and id(value) not in seen:
        # Kept, so that no other value gets its id; a collection that holds itself is walked once.
        seen[id(value)] = value
        for item in items:
            _find(item, visit, seen, depth + 1)


def _items(value: Any) -> Collection[Any]:
    if isinstance(value, _SEQUENCES):
        return value
    return value.values() if isinstance(value, dict) else _fields(value).values()


def replace(value: Any, change: Replace) -> Any:
    """Return `value` with every future and state in it replaced by what `change` makes of it.

    Collections that hold none are returned as they are, not copied. Annotations are taken off. In a collection that
    holds itself, the inner one stays as it is.
    """
    return value if is_plain(value) else _Replacing(change).replace(value, 0)


class _Replacing:
    """One walk: it meets each collection once, and gives the same one for it wherever it is met.

    Parameters:
        change: what is made of futures and states.
        is_tolerant: whether the walk is inside of `allow_failure` already.
    """

    __slots__ = ("_change", "_done", "_tolerant")

    def __init__(self, change: Replace, is_tolerant: bool = False) -> None:
        self._change = change
        self._done: dict[int, tuple[Any, Any]] = {}
        self._tolerant: _Replacing | None = self if is_tolerant else None

    def replace(self, value: Any, depth: int) -> Any:
        if isinstance(value, (PenstockFuture, State)):
            return self._change(value)
        if isinstance(value, (quote, opaque)):
            inner = value.unwrap()
            is_one = isinstance(value, opaque) and isinstance(inner, (PenstockFuture, State))
            return self._change(inner) if is_one else inner
        if isinstance(value, allow_failure):
            if self._tolerant is None:
                self._tolerant = _Replacing(_tolerant(self._change), is_tolerant=True)
            return self._tolerant.replace(value.unwrap(), depth)
        if isinstance(value, BaseAnnotation):
            return self.replace(value.unwrap(), depth)
        if is_plain(value) or depth > _DEEPEST:
            return value
        done = self._done
        if id(value) in done:
            return done[id(value)][1]
        # Both are kept, so that no other value gets the id.
        done[id(value)] = (value, value)
        replaced = _replace_items(value, lambda item: self.replace(item, depth + 1))
        done[id(value)] = (value, replaced)
        return replaced


def _replace_items(value: Any, change: Replace) -> Any:
    if isinstance(value, _SEQUENCES):
        items = [change(item) for item in value]
        return value if _same(items, value) else _sequence_like(value, items)
    if isinstance(value, dict):
        changed = {key: change(item) for key, item in value.items()}
        return value if _same(changed.values(), value.values()) else _dict_like(value, changed)
    fields = _fields(value)
    return _with_fields(value, {name: new for name, item in fields.items() if (new := change(item)) is not item})


def _tolerant(change: Replace) -> Replace:
    def result_or_exception(one: Any) -> Any:
        state = one.state if isinstance(one, PenstockFuture) else one
        return state_result(state, raise_on_failure=False) if state.is_final() else change(one)

    return result_or_exception


def _same(new: Any, old: Any) -> bool:
    return all(a is b for a, b in zip(new, old, strict=True))


def _sequence_like(value: Any, items: list[Any]) -> Any:
    if isinstance(value, PenstockFutureList):
        return items
    return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)


def _dict_like(value: dict[Any, Any], items: dict[Any, Any]) -> dict[Any, Any]:
    if type(value) is dict:
        return items
    twin = copy.copy(value)
    twin.update(items)
    return twin


def _fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass instance or pydantic model; empty for anything else."""
    kind = type(value)
    if hasattr(kind, "__dataclass_fields__") and not isinstance(value, type):
        return {name: getattr(value, name, None) for name in kind.__dataclass_fields__}
    # While another thread imports pydantic, it is there without its classes.
    model: Any = getattr(sys.modules.get("pydantic"), "BaseModel", ())
    if isinstance(value, model):
        return {name: getattr(value, name) for name in kind.model_fields}
    return {}


def _with_fields(value: Any, differing: dict[str, Any]) -> Any:
    if not differing:
        return value
    twin = copy.copy(value)
    for name, item in differing.items():
        object.__setattr__(twin, name, item)
    return twin


def listed(wait_for: Any) -> Collection[Any] | None:
    """Return what a caller gave as `wait_for`, one thing or several, as a collection that can be walked again."""
    if wait_for is None or isinstance(wait_for, _SEQUENCES):
        return wait_for
    if isinstance(wait_for, (Iterator, KeysView, ValuesView)):
        return list(wait_for)
    return [wait_for]


def futures_in(value: Any) -> list[PenstockFuture[Any]]:
    """Return the futures inside of `value`."""
    found: list[PenstockFuture[Any]] = []
    find(value, lambda one: found.append(one) if isinstance(one, PenstockFuture) else None)
    return found


def resolved(value: Any) -> Any:
    """Return `value` with the futures and states in it replaced by their results; the futures must be done.

    Raises:
        UpstreamTaskError: one of them did not complete.
    """
    return replace(value, _final_result)


def _final_result(one: Any) -> Any:
    state: State[Any] = one.state if isinstance(one, PenstockFuture) else one
    if not state.is_completed():
        thing = f"Upstream task run {one.task_run_id}" if isinstance(one, PenstockFuture) else "An upstream run"
        raise UpstreamTaskError(
            f"{thing} did not reach a completed state; it is {state.name!r}. "
            "Wrap the argument in allow_failure() to run all the same."
        )
    return state_result(state)


def states_for_futures(value: Any) -> Any:
    """Return `value` with the futures in it replaced by their states; the futures must be done."""
    return replace(value, lambda one: one.state if isinstance(one, PenstockFuture) else one)


def upstreams_of(parameters: dict[str, Any], origins: Origins | None) -> dict[str, list[UUID]]:
    """Return the runs each parameter came from, leaving out parameters that came from none.

    Futures and states name their runs; other values are known to `origins` by identity, also one level inside of
    collections of up to 1,000 items.
    """
    upstreams: dict[str, list[UUID]] = {}
    for name, value in parameters.items():
        runs: list[UUID] = []
        known = None if origins is None else origins.run_of(value)
        if known is not None:
            runs.append(known)
        elif type(value) not in _ATOMS:
            _collect_runs(value, origins, runs)
        if runs:
            upstreams[name] = list(dict.fromkeys(runs))
    return upstreams


def _collect_runs(value: Any, origins: Origins | None, runs: list[UUID]) -> None:
    def note(one: Any) -> None:
        run_id = one.task_run_id if isinstance(one, PenstockFuture) else _run_of_state(one)
        if run_id is not None:
            runs.append(run_id)

    find(value, note)
    if origins is None or not len(origins):
        return
    items = value.values() if isinstance(value, dict) else value if isinstance(value, _SEQUENCES) else ()
    if len(items) <= _MOST_TRACED_ITEMS:
        runs.extend(run for item in items if (run := origins.run_of(item)) is not None)


def _run_of_state(state: State[Any]) -> UUID | None:
    details = state._details
    return None if details is None else details.task_run_id or details.flow_run_id
