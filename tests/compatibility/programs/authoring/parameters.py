"""Parameters are checked against, and made to fit, a flow's annotations; a task takes what it is given."""

from __future__ import annotations

import datetime
import enum
from typing import Literal, Optional, Union

from prefect import flow, task
from prefect.exceptions import ParameterBindError, ParameterTypeError
from pydantic import BaseModel


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Customer(BaseModel):
    name: str
    age: int = 30


@flow
def typed(
    customer: Customer,
    colour: Colour = Colour.RED,
    day: datetime.date = datetime.date(2024, 1, 1),
    size: Union[int, str] = 1,
    mode: Literal["fast", "slow"] = "fast",
    tags: Optional[list[str]] = None,
):
    return type(customer).__name__, customer.name, customer.age, colour.name, day.isoformat(), size, mode, tags


@flow(validate_parameters=False)
def unchecked(number: int):
    return type(number).__name__


@flow
def gathers(first, *rest, key="k", **more):
    return first, rest, key, more


@task
def taken_as_is(number: int):
    return type(number).__name__


@flow
def calls_the_task():
    return taken_as_is("5")


def attempt(call):
    try:
        print(call())
    except (ParameterTypeError, ParameterBindError) as error:
        print(type(error).__name__)


if __name__ == "__main__":
    attempt(lambda: typed(Customer(name="Ada")))
    attempt(
        lambda: typed({"name": "Eve", "age": "41"}, colour="blue", day="2024-02-29", size="7", mode="slow", tags=["a"])
    )
    attempt(lambda: typed({"age": 3}))
    attempt(lambda: typed(Customer(name="A"), colour="green"))
    attempt(lambda: typed(Customer(name="A"), mode="medium"))
    attempt(lambda: typed())
    attempt(lambda: typed(Customer(name="A"), unknown=1))
    attempt(lambda: unchecked("text"))
    attempt(lambda: calls_the_task())
    attempt(lambda: gathers(1))
    attempt(lambda: gathers(1, 2, 3, key="z", other=4))
    state = typed({"age": 3}, return_state=True)
    print(state.name, type(state.result(raise_on_failure=False)).__name__)
