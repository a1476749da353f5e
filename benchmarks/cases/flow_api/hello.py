"""The smallest program there is; the runner times the whole process."""

from __future__ import annotations

import sdk


@sdk.task
def greeting(name: str) -> str:
    return f"Hello, {name}"


@sdk.flow
def hello(name: str) -> str:
    return greeting(name)


assert hello("world") == "Hello, world"
sdk.report()
