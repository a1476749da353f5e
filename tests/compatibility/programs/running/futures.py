"""Futures: results of submitted tasks."""

from __future__ import annotations

import threading

from prefect import flow, task
from prefect.futures import PrefectFuture, as_completed, wait
from prefect.task_runners import ThreadPoolTaskRunner

gate = threading.Event()


@task
def square(x: int) -> int:
    return x * x


@task
def held(x: int) -> int:
    gate.wait(30)
    return x


@task
def bad():
    raise ArithmeticError("bad")


@task
def takes_anything(first, second=None):
    return first, second


@flow(task_runner=ThreadPoolTaskRunner(max_workers=4))
def futures():
    future = square.submit(4)
    print(isinstance(future, PrefectFuture), future.result(), future.state.name, future.state.result())
    print(sorted(each.result() for each in as_completed([square.submit(n) for n in range(5)])))
    slow, fast = held.submit(1), square.submit(3)
    fast.wait()
    done, not_done = wait([slow, fast], timeout=0.2)
    print(done == {fast}, not_done == {slow}, slow.state.is_final())
    try:
        slow.result(timeout=0.05)
    except TimeoutError as error:
        print("timed out", type(error).__name__)
    called = threading.Event()
    slow.add_done_callback(lambda future: called.set())
    gate.set()
    print(slow.result(), wait([slow, fast]).not_done, called.wait(30))
    failed = bad.submit()
    print(type(failed.result(raise_on_failure=False)).__name__, failed.state.name)
    try:
        failed.result()
    except ArithmeticError as error:
        print("raised", error)
    return "done"


@flow
def futures_as_arguments():
    three, four = square.submit(3), square.submit(4)
    print(takes_anything(three, {"deep": [four, {"er": (three,)}]}))
    print(takes_anything.submit([three, four], second={three.result(): four}).result())
    state = square(5, return_state=True)
    print(takes_anything(state, second=[state]))
    print(takes_anything(first=1, wait_for=[three]), takes_anything.submit(2, wait_for=[four, state]).result())
    return square.submit(three, return_state=True).result()


if __name__ == "__main__":
    print(futures())
    print(futures_as_arguments())
