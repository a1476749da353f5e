"""Tasks and flows that are tried again."""

from __future__ import annotations

from prefect import flow, runtime, task
from prefect.states import Failed

attempts: dict[str, int] = {}


def attempt(name: str) -> int:
    attempts[name] = attempts.get(name, 0) + 1
    return attempts[name]


@task(retries=3)
def flaky(needs: int) -> str:
    if attempt("flaky") < needs:
        raise ConnectionError("not yet")
    return f"after {attempts['flaky']} attempts, run count {runtime.task_run.run_count}"


@task(retries=2)
def hopeless():
    attempt("hopeless")
    raise ConnectionError("never")


def only_connections(task, task_run, state) -> bool:
    return isinstance(state.result(raise_on_failure=False), ConnectionError)


@task(retries=5, retry_condition_fn=only_connections)
def picky():
    if attempt("picky") < 3:
        raise ConnectionError("try again")
    raise ValueError("give up")


@task(retries=2)
def says_failed():
    attempt("says failed")
    return Failed(message="again")


@task(retries=1, retry_delay_seconds=0.01)
async def async_flaky():
    if attempt("async") < 2:
        raise OSError("once")
    return "async done"


@flow(retries=2)
def flow_again():
    if attempt("flow") < 3:
        raise RuntimeError("flow")
    return f"flow run count {runtime.flow_run.run_count}"


@flow
def everything():
    print(flaky(3))
    print(hopeless(return_state=True).name, attempts["hopeless"])
    state = picky(return_state=True)
    print(state.name, type(state.result(raise_on_failure=False)).__name__, attempts["picky"])
    print(says_failed(return_state=True).message, attempts["says failed"])
    print(flaky.with_options(retries=0).submit(3).result())
    future = hopeless.submit()
    future.wait()
    print(future.state.name, attempts["hopeless"])


@flow
async def async_everything():
    return await async_flaky()


if __name__ == "__main__":
    import asyncio

    everything()
    print(flow_again())
    print(asyncio.run(async_everything()))
