"""Async flows and tasks."""

from __future__ import annotations

import asyncio

from prefect import flow, task


@task
async def fetch(page: int) -> list[int]:
    await asyncio.sleep(0)
    return [page * 10 + n for n in range(3)]


@task
def total(values: list[int]) -> int:
    return sum(values)


@task
async def boom():
    await asyncio.sleep(0)
    raise LookupError("nothing there")


@flow
async def child(page: int) -> int:
    return total(await fetch(page))


@flow
def sync_child(page: int) -> int:
    return page + 1


@flow
async def pages(count: int):
    lists = await asyncio.gather(*[fetch(page) for page in range(count)])
    print(lists)
    futures = [fetch.submit(page) for page in range(count)]
    print([future.result() for future in futures])
    print(total.map(futures).result(), fetch.map([7, 8]).result())
    print(await child(2), await asyncio.gather(child(1), child(3)), sync_child(4))
    state = await fetch(5, return_state=True)
    print(state.name, await state.result() if asyncio.iscoroutine(got := state.result()) else got)
    try:
        await boom()
    except LookupError as error:
        print("caught", error)
    failed = await boom(return_state=True)
    print(failed.name, failed.is_failed())
    return len(futures)


@flow
def sync_parent():
    return [future.result() for future in fetch.map([1, 2])], total.submit(fetch.submit(1)).result()


@flow
async def fails():
    await boom()


if __name__ == "__main__":
    print(asyncio.run(pages(3)))
    print(sync_parent())
    print(asyncio.run(fetch(9)))
    state = asyncio.run(fails(return_state=True))
    print(state.name)
