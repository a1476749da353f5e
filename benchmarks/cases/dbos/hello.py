"""The smallest program there is; the runner times the whole process."""

from __future__ import annotations

import app
from dbos import DBOS


@DBOS.step()
def greeting(name: str) -> str:
    return f"Hello, {name}"


@DBOS.workflow()
def hello(name: str) -> str:
    return greeting(name)


app.launch()
assert hello("world") == "Hello, world"
DBOS.destroy()
print("{}")
