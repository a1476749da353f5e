"""`map`: one task run for every item."""

from __future__ import annotations

from prefect import allow_failure, flow, task, unmapped
from prefect.exceptions import MappingLengthMismatch, MappingMissingIterable
from prefect.futures import wait


@task
def add(x, y=100):
    return x + y


@task
def numbers(n):
    return list(range(n))


@task
def total(values):
    return sum(values)


@task
def inverse(x):
    return 1 / x


@task
def kind(value):
    return type(value).__name__


@flow
def maps():
    print(add.map([1, 2, 3]).result())
    print(add.map([1, 2, 3], [10, 20, 30]).result())
    print(add.map(x=[1, 2], y=unmapped(5)).result())
    print(add.map([1, 2], 7).result())
    print(add.map(range(3), y=(n * n for n in range(3))).result())
    print(add.map(numbers(3), y=1).result())
    print(add.map(numbers.submit(3), y=1).result())
    chained = add.map(add.map([1, 2, 3], 1), 1)
    print(chained.result(), total(chained), total.submit(chained).result())
    print([future.result() for future in add.map(["a", "b"], "c")])
    print(total.map([[1, 2], [3, 4]]).result(), total.map(unmapped([1, 2, 3]) if False else [[9]]).result())
    print(kind.map([None, 1, "s", [1], {"a": 1}]).result())
    print(kind.map(unmapped([1, 2])) if False else kind(unmapped([1, 2])))
    print(add.map({"a": 1, "b": 2}, y="!").result(), add.map([], 1).result())
    print([state.name for state in add.map([1, 2], return_state=True)])


@flow
def broken_maps():
    states = inverse.map([1, 0, 2], return_state=True)
    print([state.name for state in states])
    results = inverse.map([1, 0, 2]).result(raise_on_failure=False)
    print([type(result).__name__ for result in results])
    futures = inverse.map([1, 0, 2])
    done, not_done = wait(futures)
    print(len(done), len(not_done))
    print(kind.map(allow_failure(futures)).result())
    for call in (lambda: add.map([1, 2], [1, 2, 3]), lambda: add.map(1, 2), lambda: add.map("text", "text")):
        try:
            call()
        except (MappingLengthMismatch, MappingMissingIterable) as error:
            print(type(error).__name__)
    return "mapped"


if __name__ == "__main__":
    maps()
    print(broken_maps())
