"""Hooks are called when a run enters a state; a broken one changes nothing."""

from __future__ import annotations

from prefect import flow, task


def shows(word):
    def hook(of, run, state):
        print(f"{word}: {of.name} is {state.name}")

    return hook


async def later(of, run, state):
    print(f"async hook: {of.name} is {state.name}, run named {run.name == 'the-run'}")


def broken(of, run, state):
    print("broken hook")
    raise RuntimeError("hook")


@task(on_completion=[shows("task completed"), broken, shows("and again")], on_failure=[shows("task failed")])
def halve(number: int) -> int:
    if number % 2:
        raise ValueError("odd")
    return number // 2


@flow(
    flow_run_name="the-run",
    on_completion=[shows("flow completed"), later],
    on_failure=[shows("flow failed"), broken, later],
    on_running=[shows("flow running")],
)
def halves(numbers: list[int]):
    return [halve(number) for number in numbers]


@task(on_running=[shows("running")], retries=1, on_failure=[shows("failed at last")])
def never():
    raise ValueError("never")


@flow
def decorated():
    return 1


@decorated.on_completion
def at_completion(flow, run, state):
    print("decorated hook", state.name)


@halve.on_failure
def at_failure(task, run, state):
    print("second failure hook", type(state.result(raise_on_failure=False)).__name__)


if __name__ == "__main__":
    print(halves([4, 8]))
    print(halves([4, 3], return_state=True).name)
    decorated()
    never(return_state=True)
    decorated.with_options(name="renamed")()
