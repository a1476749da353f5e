"""How a run ends, by what its function returns or raises."""

from __future__ import annotations

from prefect import flow, task
from prefect.states import Cancelled, Completed, Failed, State


@task
def one() -> int:
    return 1


@task
def boom():
    raise ValueError("boom")


@flow
def returns_value():
    return {"rows": 3}


@flow
def returns_nothing():
    one()


@flow
def raises():
    raise KeyError("missing")


@flow
def ignores_a_failed_future():
    boom.submit()
    return "went on"


@flow
def returns_good_futures():
    return [one.submit(), one.submit()]


@flow
def returns_mixed_futures():
    return one.submit(), boom.submit()


@flow
def returns_failed_future():
    return boom.submit()


@flow
def returns_states():
    return [one(return_state=True), boom(return_state=True), boom(return_state=True)]


@flow
def returns_own_state():
    return Completed(message="all is well", data=42)


@flow
def returns_named_state():
    return Completed(name="Skipped", message="nothing new")


@flow
def returns_failed_state():
    return Failed(message="I say so")


@flow
def returns_cancelled_state():
    return Cancelled(message="called off")


@flow
def returns_exception():
    return ValueError("just a value")


@flow
def returns_a_generator():
    return (number * number for number in range(4))


@flow
def returns_plain_and_future():
    return [one.submit(), "text"]


def show(state: State) -> None:
    print(
        f"{state.type.value:<10} {state.name:<10}", state.message if "exception" not in str(state.message) else "raised"
    )


FLOWS = [
    returns_value,
    returns_nothing,
    raises,
    ignores_a_failed_future,
    returns_good_futures,
    returns_mixed_futures,
    returns_failed_future,
    returns_states,
    returns_own_state,
    returns_named_state,
    returns_failed_state,
    returns_cancelled_state,
    returns_exception,
    returns_a_generator,
    returns_plain_and_future,
]

if __name__ == "__main__":
    for each in FLOWS:
        print(each.name)
        show(each(return_state=True))
    print(returns_value(), returns_nothing(), returns_own_state())
    print([state.result() for state in returns_good_futures()])
    print(returns_a_generator(return_state=True).result())
    print([type(error).__name__ for error in [raises(return_state=True).result(raise_on_failure=False)]])
    for each in (raises, returns_failed_future, returns_failed_state, returns_cancelled_state):
        try:
            each()
        except Exception as error:
            print(each.name, "raised", type(error).__name__, error)
