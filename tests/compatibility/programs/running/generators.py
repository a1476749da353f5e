"""Flows and tasks that yield."""

from __future__ import annotations

import asyncio

from prefect import flow, task


@task
def count(n: int):
    for number in range(n):
        print("yielding", number)
        yield number


@task
async def acount(n: int):
    for number in range(n):
        yield number


@task
def double(x):
    return 2 * x


@task
def fails_midway():
    yield 1
    raise ValueError("midway")


@flow
def consumer():
    got = []
    for number in count(3):
        got.append(double(number))
    print(got)
    for number in count(10):
        if number == 1:
            break
    print(count.submit(2).result())
    try:
        for number in fails_midway():
            print("got", number)
    except ValueError as error:
        print("caught", error)
    return "consumed"


@flow
def producer(n: int):
    for number in range(n):
        yield double(number)


@flow
async def aproducer(n: int):
    async for number in acount(n):
        yield number + 1


@flow
async def aconsumer():
    first = [number async for number in acount(3)]
    second = [number async for number in aproducer(2)]
    return first, second


if __name__ == "__main__":
    print(consumer())
    print(list(producer(3)))
    print(asyncio.run(aconsumer()))
