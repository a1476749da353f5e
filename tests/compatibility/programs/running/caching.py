"""Results that are kept, and used again."""

from __future__ import annotations

from prefect import flow, task
from prefect.cache_policies import INPUTS, NO_CACHE, TASK_SOURCE
from prefect.tasks import task_input_hash

calls: list[str] = []


@task(persist_result=True)
def by_default(x):
    calls.append("default")
    return x * 2


@task(cache_policy=INPUTS)
def by_inputs(x, y=1):
    calls.append("inputs")
    return x + y


@task(cache_policy=INPUTS - "verbose")
def without(x, verbose=False):
    calls.append("without")
    return x


@task(cache_key_fn=lambda context, arguments: f"key-{arguments['x'] % 2}")
def by_key(x):
    calls.append("key")
    return x


@task(cache_key_fn=task_input_hash)
def by_hash(x):
    calls.append("hash")
    return x


@task(cache_policy=NO_CACHE, persist_result=True)
def never(x):
    calls.append("never")
    return x


@task(cache_policy=TASK_SOURCE + INPUTS)
def by_source(x):
    calls.append("source")
    return x


def counted(call) -> str:
    calls.clear()
    result = call()
    return f"{result} {len(calls)}"


@flow
def caches():
    print(counted(lambda: [by_default(1), by_default(1), by_default(2)]))
    print(counted(lambda: [by_inputs(1), by_inputs(1, 1), by_inputs(x=1), by_inputs(1, 2)]))
    print(counted(lambda: [without(1, verbose=True), without(1, verbose=False), without(2)]))
    print(counted(lambda: [by_key(1), by_key(3), by_key(2)]))
    print(counted(lambda: [by_hash("a"), by_hash("a"), by_hash("b")]))
    print(counted(lambda: [never(1), never(1)]))
    print(counted(lambda: [by_source(1), by_source(1)]))
    print(by_inputs(1, return_state=True).name, by_inputs(50, return_state=True).name)
    refreshed = by_inputs.with_options(refresh_cache=True)
    print(counted(lambda: [refreshed(1), by_inputs(1)]))
    print(counted(lambda: by_inputs.submit(1).result()))


@flow
def again():
    print(counted(lambda: [by_inputs(1), by_default(1)]))


if __name__ == "__main__":
    caches()
    again()
