"""Wrong calls of tasks, each refused on its line."""

from __future__ import annotations

from penstock import task


@task
def add(x: int, y: int = 1) -> int:
    return x + y


@task
async def fetch(url: str) -> bytes:
    return url.encode()


def called() -> None:
    add("one")  # error: [call-overload]
    add()  # error: [call-overload]
    add(1, 2, 3)  # error: [call-overload]
    add(1, z=2)  # error: [call-overload]
    text: str = add(1)  # error: [assignment]
    print(text)


def submitted() -> None:
    add.submit("one")  # error: [call-overload]
    add.submit()  # error: [call-overload]
    add.submit(1, z=2)  # error: [call-overload]
    text: str = add.submit(1).result()  # error: [assignment]
    print(text)


def mapped() -> None:
    texts: list[str] = add.map([1, 2]).result()  # error: [assignment]
    print(texts)


def with_other_options() -> None:
    add.with_options(retries="three")  # error: [arg-type]
    add.with_options(retrys=3)  # error: [call-arg]
    add.with_options(retries=3)("one")  # error: [call-overload]


@task(retries="three")  # error: [call-overload] [untyped-decorator]
def hopeful() -> None: ...


@task(retrys=3)  # error: [call-overload] [untyped-decorator]
def misspelt() -> None: ...


async def awaited() -> None:
    fetch("a:")  # error: [unused-coroutine]
    await fetch(1)  # error: [call-overload]
    text: str = await fetch("a:")  # error: [assignment]
    print(text)
