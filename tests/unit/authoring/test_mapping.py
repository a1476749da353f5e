"""`Task.map`: what is walked, what is given whole, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from support.record import only_flow_run, task_runs

from penstock import allow_failure, flow, quote, task, unmapped
from penstock.exceptions import MappingLengthMismatch, MappingMissingIterable, ParameterBindError, UpstreamTaskError
from penstock.futures import PenstockFutureList


@task
def pair(x: Any, y: Any = "y") -> tuple[Any, Any]:
    return x, y


@task
def numbers(n: int) -> list[int]:
    return list(range(n))


@task
def boom() -> None:
    raise ValueError("boom")


def in_flow(function: Callable[[], Any]) -> Any:
    """Return what `function` returns within a flow."""
    kept: list[Any] = []
    flow(lambda: kept.append(function()), name="around")()
    return kept[0]


def generated() -> Iterator[int]:
    yield from (7, 8)


@pytest.mark.parametrize(
    ("arguments", "named", "results"),
    [
        (([1, 2],), {}, [(1, "y"), (2, "y")]),
        (([1, 2], [3, 4]), {}, [(1, 3), (2, 4)]),
        (([1, 2], (3, 4)), {}, [(1, 3), (2, 4)]),
        ((), {"x": [1, 2], "y": range(2)}, [(1, 0), (2, 1)]),
        (([1, 2], 5), {}, [(1, 5), (2, 5)]),
        (([1, 2], "ab"), {}, [(1, "ab"), (2, "ab")]),
        (([1, 2], b"ab"), {}, [(1, b"ab"), (2, b"ab")]),
        (([1, 2], None), {}, [(1, None), (2, None)]),
        (([1, 2], unmapped([3, 4, 5])), {}, [(1, [3, 4, 5]), (2, [3, 4, 5])]),
        ((unmapped([0]), [3, 4]), {}, [([0], 3), ([0], 4)]),
        ((generated(),), {"y": iter("ab")}, [(7, "a"), (8, "b")]),
        (({"a": 1, "b": 2},), {}, [("a", "y"), ("b", "y")]),
        ((["ab", [1]],), {}, [("ab", "y"), ([1], "y")]),
        ((quote([1, [2]]),), {}, [(1, "y"), ([2], "y")]),
        (([],), {}, []),
        (([1], np.array([5])), {}, [(1, 5)]),
        (([1], np.array(5)), {}, [(1, 5)]),
        (([], []), {}, []),
    ],
)
@pytest.mark.parametrize("where", ["flow", "outside"])
def test_what_is_walked_and_what_is_given_whole(
    where: str, arguments: tuple[Any, ...], named: dict[str, Any], results: list[Any]
) -> None:
    """Every iterable but text is walked; anything else, and what is unmapped, is given whole to each call."""
    arguments = tuple(generated() if isinstance(one, Iterator) else one for one in arguments)
    named = {name: iter("ab") if isinstance(value, Iterator) else value for name, value in named.items()}
    got = in_flow(lambda: pair.map(*arguments, **named)) if where == "flow" else pair.map(*arguments, **named)
    assert isinstance(got, PenstockFutureList)
    assert got.result() == results


def test_open_files_are_given_whole() -> None:
    """A file is no list of lines."""
    file = io.StringIO("a\nb\n")
    assert pair.map([1, 2], file).result() == [(1, file), (2, file)]


def test_futures_and_states_are_walked() -> None:
    """A future or state of a list is waited for and walked; a list of futures makes one call for each."""

    def maps() -> Any:
        future, state = numbers.submit(2), numbers(2, return_state=True)
        return (
            pair.map(future).result(),
            pair.map(state, y=unmapped(future)).result(),
            pair.map(pair.map([1, 2], 0), pair.map([3, 4], 0)).result(),
            pair.map([future, 5]).result(),
        )

    by_future, by_state, chained, of_list = in_flow(maps)
    assert by_future == [(0, "y"), (1, "y")]
    assert by_state == [(0, [0, 1]), (1, [0, 1])]
    assert chained == [((1, 0), (3, 0)), ((2, 0), (4, 0))]
    assert of_list == [([0, 1], "y"), (5, "y")]


def test_failures_among_what_is_walked() -> None:
    """A call whose item failed is not run, the others are; with allow_failure it gets the exception."""

    def maps() -> Any:
        futures = [numbers.submit(1), boom.submit()]
        states = pair.map(futures, return_state=True)
        allowed = pair.map(allow_failure(futures), y=allow_failure(boom.submit())).result()
        return [state.name for state in states], allowed

    names, allowed = in_flow(maps)
    assert names == ["Completed", "NotReady"]
    assert allowed[0][0] == [0]
    assert isinstance(allowed[1][0], ValueError)
    assert isinstance(allowed[1][1], ValueError)


def test_mapping_over_a_failed_future_is_refused() -> None:
    """A list that never came can't be walked: the call itself raises."""
    with pytest.raises(
        UpstreamTaskError, match="^Upstream task run .* did not reach a completed state; it is 'Failed'"
    ):
        in_flow(lambda: pair.map(boom.submit()))


def test_nothing_to_walk() -> None:
    """Without an iterable the message says what to do; no run is made."""
    for call in (lambda: pair.map(1, 2), lambda: pair.map("text"), lambda: pair.map(unmapped([1])), pair.map):
        with pytest.raises(MappingMissingIterable) as raised:
            call()
        assert (
            str(raised.value)
            == "'pair'.map() was given no iterable to walk. Give it at least one list, or call submit()."
        )
    assert task_runs() == []


def test_lengths_that_differ() -> None:
    """Iterables of different lengths are named with their lengths; no run is made."""
    with pytest.raises(MappingLengthMismatch) as raised:
        pair.map([1, 2], y=[1, 2, 3])
    assert str(raised.value) == (
        "'pair'.map() walks its iterables together, but they differ in length: argument 1 has 2, y has 3 items. "
        "Wrap what every call is to be given whole in unmapped()."
    )
    assert task_runs() == []


def test_arguments_that_do_not_fit() -> None:
    """A wrong or missing argument is told as by a call; no run is made."""
    with pytest.raises(ParameterBindError, match="'z' is not a parameter"):
        pair.map([1], z=2)
    with pytest.raises(ParameterBindError, match="'x' is missing"):
        pair.map(y=[1])
    assert task_runs() == []


def test_return_state_and_wait_for() -> None:
    """`return_state` waits and gives states in order; `wait_for` holds for each call."""
    order: list[str] = []

    @task
    def notes(word: str) -> str:
        order.append(word)
        return word

    def maps() -> Any:
        first = notes.submit("first")
        states = notes.map(["a", "b"], return_state=True, wait_for=iter([first]))
        return [state.result() for state in states]

    assert in_flow(maps) == ["a", "b"]
    assert order[0] == "first"
    first, *mapped = task_runs()
    assert [one.upstreams for one in mapped] == [{"wait_for": [first.id]}] * 2


def test_mapped_runs_belong_to_the_flow() -> None:
    """Each call is a task run of its own, with an id and name of its own."""
    in_flow(lambda: pair.map(range(5)).wait())
    runs = task_runs()
    assert {run.flow_run_id for run in runs} == {only_flow_run().id}
    assert len({run.id for run in runs}) == 5
    assert all(run.name.startswith("pair-") for run in runs)


def test_methods_of_a_future_list() -> None:
    """The list is a list: it can be sliced, added and walked; `wait` and `result` take a bound."""

    def maps() -> Any:
        futures = pair.map([1, 2, 3])
        futures.wait(timeout=30)
        return [one.result()[0] for one in futures[1:] + futures[:1]], futures.result(
            timeout=30, raise_on_failure=False
        )

    assert in_flow(maps) == ([2, 3, 1], [(1, "y"), (2, "y"), (3, "y")])
