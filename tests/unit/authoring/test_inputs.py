"""What arguments may hold: futures, states and annotations, in collections of all kinds, also ones that hold themselves."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple

import pydantic
import pytest
from support.record import history, task_runs

from penstock import allow_failure, flow, quote, task, unmapped
from penstock.annotations import opaque
from penstock.exceptions import UpstreamTaskError
from penstock.futures import PenstockFutureList
from penstock.states import Completed, Failed


@task
def one() -> int:
    return 1


@task
def boom() -> None:
    raise ValueError("boom")


@task
def same(value: Any, *more: Any, **named: Any) -> Any:
    return value


@task
def kind(value: Any) -> str:
    return type(value).__name__


class Pair(NamedTuple):
    first: Any
    second: Any


@dataclasses.dataclass
class Box:
    content: Any
    other: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Sealed:
    content: Any


class Model(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(arbitrary_types_allowed=True)
    content: Any
    other: int = 0


class SubList(list[Any]):
    """A list of a user's own."""


class SubDict(dict[str, Any]):
    """A dict of a user's own."""


def _as_it_is(value: Any) -> Any:
    return quote(value)


def in_flow(function: Callable[[], Any]) -> Any:
    """Return what `function` returns within a flow."""
    kept: list[Any] = []
    flow(lambda: kept.append(function()), name="around")()
    return kept[0]


WRAPPINGS: list[tuple[Callable[[Any], Any], Any]] = [
    (lambda x: x, 1),
    (lambda x: [x, 2], [1, 2]),
    (lambda x: (x,), (1,)),
    (lambda x: {x}, {1}),
    (lambda x: frozenset([x]), frozenset([1])),
    (lambda x: {"a": x, "b": {"c": [x]}}, {"a": 1, "b": {"c": [1]}}),
    (lambda x: Pair(x, [x]), Pair(1, [1])),
    (lambda x: Box(x, 5), Box(1, 5)),
    (lambda x: Sealed((x, x)), Sealed((1, 1))),
    (lambda x: Model(content=[x], other=3), Model(content=[1], other=3)),
    (lambda x: collections.OrderedDict(z=x), collections.OrderedDict(z=1)),
    (lambda x: collections.defaultdict(list, k=x), collections.defaultdict(list, k=1)),
    (lambda x: SubList([x]), SubList([1])),
    (lambda x: SubDict(k=x), SubDict(k=1)),
    (lambda x: [[[[[[x]]]]]], [[[[[[1]]]]]]),
]


@pytest.mark.parametrize(("wrap", "expected"), WRAPPINGS)
@pytest.mark.parametrize("kind", ["future", "state"])
@pytest.mark.parametrize("way", ["call", "submit", "flow"])
def test_results_take_the_place_of_futures_and_states(
    wrap: Callable[[Any], Any], expected: Any, kind: str, way: str
) -> None:
    """Wherever a future or state lies in an argument, the function gets its result, in a collection of the same kind."""

    def call() -> Any:
        given = wrap(one.submit() if kind == "future" else one(return_state=True))
        if way == "flow":
            return flow(_as_it_is, name="inner", validate_parameters=False)(given)
        return same.submit(given).result() if way == "submit" else same(given)

    got = in_flow(call)
    got = got.unwrap() if isinstance(got, quote) else got
    assert got == expected
    assert type(got) is type(expected)


def test_what_holds_no_future_is_not_copied() -> None:
    """A collection without futures is given as it is, also beside one with futures; nothing of the caller's changes."""
    plain, boxed = [1, [2]], Box([3])

    def call() -> Any:
        future = one.submit()
        given = {"plain": plain, "boxed": boxed, "future": future}
        got = same(given)
        assert given["future"] is future
        return got

    got = in_flow(call)
    assert got["plain"] is plain
    assert got["boxed"] is boxed
    assert got["future"] == 1


def test_a_future_list_becomes_a_list() -> None:
    """The list that `map` returns is given as a plain list of results."""
    got = in_flow(lambda: same(same.map([1, 2])))
    assert got == [1, 2]
    assert type(got) is list
    assert type(in_flow(lambda: same.submit(PenstockFutureList([one.submit()])).result())) is list


def test_collections_that_hold_themselves() -> None:
    """Arguments that are circles, or graphs in which everything knows everything, are given on in no time."""
    circle: list[Any] = []
    circle += [circle, circle]

    @dataclasses.dataclass
    class Node:
        neighbours: list[Any] = dataclasses.field(default_factory=list, repr=False, compare=False)

    nodes = [Node() for _ in range(30)]
    for node in nodes:
        node.neighbours = nodes
    shared: list[Any] = [object()]
    for _ in range(60):
        shared = [shared, shared]
    tolerant: list[Any] = []
    tolerant += [allow_failure(tolerant), allow_failure(tolerant)]

    def call() -> Any:
        assert same(circle) is circle
        assert same.submit(circle).result() is circle
        assert same(nodes) is nodes
        assert same.submit(shared).result() is shared
        assert same(tolerant)[0][0] is same(tolerant)[0][1]
        assert flow(_as_it_is, name="inner", validate_parameters=False)(circle).unwrap() is circle
        return "done"

    assert in_flow(call) == "done"


def test_a_future_in_a_circle_is_found() -> None:
    """A circle that holds a future is waited for; the future in it is left where replacing it would never end."""

    def call() -> Any:
        circle: list[Any] = [one.submit()]
        circle.append(circle)
        return same(circle)

    got = in_flow(call)
    assert got[0] == 1


def test_a_task_may_return_a_circle() -> None:
    """A result that holds itself is a result like any other."""

    @task
    def circular() -> list[Any]:
        circle: list[Any] = []
        circle += [circle, circle]
        return circle

    got = in_flow(lambda: circular.submit().result())
    assert got[0] is got
    assert flow(circular.fn, name="returns")()[1][0] is not None


def test_annotations() -> None:
    """`quote` passes a value as it is, `opaque` and `unmapped` the result of what they hold."""

    def call() -> Any:
        future = one.submit()
        quoted = same(quote([future]))
        assert quoted[0] is future
        held = same(quote([future]), wait_for=[future])
        assert held[0] is future
        assert same.submit(opaque(future)).result() == 1
        assert same(unmapped(future)) == 1
        assert same.submit([unmapped(future), {"k": unmapped(2)}]).result() == [1, {"k": 2}]
        return "done"

    assert in_flow(call) == "done"
    assert quote(5).unquote() == quote(5).unwrap() == 5
    assert unmapped("x")[17] == "x"
    assert allow_failure(1).rewrap(2) == allow_failure(2) != quote(2)
    assert repr(quote("a")) == "quote('a')"
    assert len({quote(1), quote(1), unmapped(1)}) == 2


@pytest.mark.parametrize("way", ["call", "submit"])
def test_a_failed_upstream_stops_what_depends_on_it(way: str) -> None:
    """The dependent task is not run: it ends Failed, named NotReady, with an error that names the upstream run."""

    def call() -> Any:
        failed = boom.submit()
        failed.wait()
        state = same([failed], return_state=True) if way == "call" else same.submit([failed], return_state=True)
        assert (state.name, state.type.value) == ("NotReady", "FAILED")
        with pytest.raises(UpstreamTaskError) as raised:
            state.result()
        assert str(raised.value) == state.message
        assert str(raised.value) == (
            f"Upstream task run {failed.task_run_id} did not reach a completed state; it is 'Failed'. "
            "Wrap the argument in allow_failure() to run all the same."
        )
        return same(1, wait_for=[failed], return_state=True).name

    assert in_flow(call) == "NotReady"
    assert [history(run) for run in task_runs()] == ["Pending Running Failed", *["Pending NotReady"] * 2]


def test_allow_failure_gives_the_exception() -> None:
    """A task that allows failure gets the exception in place of the result, wherever the future lies."""

    def call() -> Any:
        failed, good = boom.submit(), one.submit()
        alone = same(allow_failure(failed))
        deep = same.submit(allow_failure({"a": [failed, good]})).result()
        beside = same([allow_failure(failed), good])
        waited = same.submit("went on", wait_for=[allow_failure(failed)]).result()
        state = same(allow_failure(boom(return_state=True)))
        chained = same(allow_failure(same.submit(failed)))
        return alone, deep, beside, waited, state, chained

    alone, deep, beside, waited, state, chained = in_flow(call)
    for error in (alone, deep["a"][0], beside[0], state):
        assert isinstance(error, ValueError)
    assert (deep["a"][1], beside[1], waited) == (1, 1, "went on")
    assert isinstance(chained, UpstreamTaskError)


def test_states_made_by_hand_as_arguments() -> None:
    """A state is unpacked as a future is: its data is given, and one that did not complete stops the task."""

    def call() -> Any:
        assert same(Completed(data=5)) == 5
        assert same(Failed(message="no"), return_state=True).name == "NotReady"
        assert isinstance(same(allow_failure(Failed(data=KeyError("k")))), KeyError)
        assert kind(quote(Failed())) == "State"
        return "done"

    assert in_flow(call) == "done"


@pytest.mark.parametrize(
    "several", [list, tuple, set, iter, lambda futures: dict(enumerate(futures)).values(), lambda futures: futures[0]]
)
def test_wait_for_takes_any_collection(several: Callable[[list[Any]], Any]) -> None:
    """`wait_for` may be a list, tuple, set, iterator, view or a single future; a failure in it counts."""

    def call() -> Any:
        ended: list[str] = []

        @task
        def notes(word: str) -> None:
            ended.append(word)

        futures = [notes.submit("first")]
        same.submit(0, wait_for=several(futures)).wait()
        ended.append("second")
        bad = [boom.submit()]
        return ended, same.submit(0, wait_for=several(bad), return_state=True).name

    assert in_flow(call) == (["first", "second"], "NotReady")


def test_futures_of_keyword_and_variable_arguments() -> None:
    """Futures among `*args` and `**kwargs` are resolved too."""

    @task
    def gathers(*values: Any, **named: Any) -> Any:
        return values, named

    got = in_flow(lambda: gathers.submit(one.submit(), 2, k=one.submit(), m=[one.submit()]).result())
    assert got == ((1, 2), {"k": 1, "m": [1]})
