"""Tasks keep the signature and the return type of their function."""

from __future__ import annotations

from typing import assert_type

from penstock import task
from penstock.futures import PenstockFuture, PenstockFutureList
from penstock.states import State


@task
def add(x: int, y: int = 1) -> int:
    return x + y


@task(name="greet a person", retries=3, retry_delay_seconds=[1, 2.5], tags={"words"}, timeout_seconds=5)
def greet(name: str, *, loud: bool = False) -> str:
    return name.upper() if loud else name


@task
async def fetch(url: str) -> bytes:
    return url.encode()


@task
def nothing() -> None: ...


def called() -> None:
    assert_type(add(1), int)
    assert_type(add(x=1, y=2), int)
    assert_type(greet("Ida", loud=True), str)
    assert_type(add.fn(1, 2), int)


def submitted() -> None:
    assert_type(add.submit(1, y=2), PenstockFuture[int])
    assert_type(add.submit(1).result(), int)
    assert_type(greet.submit("Ida", loud=True).result(), str)
    assert_type(fetch.submit("a:").result(), bytes)
    assert_type(nothing.submit().result(), None)


def mapped() -> None:
    assert_type(add.map([1, 2], y=3), PenstockFutureList[int])
    assert_type(add.map([1, 2]).result(), list[int])


def as_state() -> None:
    assert_type(add(1, return_state=True), State[int])
    assert_type(add.submit(1, return_state=True), State[int])
    assert_type(add(1, wait_for=[greet.submit("Ida")]), int)


def with_other_options() -> None:
    again = add.with_options(name="add again", retries=2)
    assert_type(again(1), int)
    assert_type(again.submit(1, 2).result(), int)


async def awaited() -> None:
    assert_type(await fetch("a:"), bytes)
    assert_type(add(1), int)
