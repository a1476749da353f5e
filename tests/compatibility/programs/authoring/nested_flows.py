"""Flows that call flows and tasks that call tasks: one family of runs."""

from __future__ import annotations

from prefect import flow, runtime, task


@task
def split(text: str) -> list[str]:
    return text.split()


@task
def count_words(text: str) -> int:
    return len(split(text))


@flow
def count_all(texts: list[str], scale: int = 1) -> int:
    return scale * sum(count_words(text) for text in texts)


@flow
def fails(reason: str):
    raise RuntimeError(reason)


@flow(name="Library")
def library():
    me = runtime.flow_run.id
    first = count_all(["a b c", "d e"])
    second = count_all(["x y"], scale=10)
    bad = fails("no more books", return_state=True)
    try:
        fails("again")
    except RuntimeError as error:
        print("caught", error)

    @flow
    def child():
        return (
            runtime.flow_run.parent_flow_run_id == me,
            runtime.flow_run.root_flow_run_id == me,
            runtime.flow_run.id != me,
        )

    return first, second, bad.name, bad.is_failed(), child()


@task
def runs_a_flow(n: int) -> int:
    return count_all(["one two"] * n)


@flow
def through_a_task():
    return runs_a_flow(3), runs_a_flow.submit(2).result()


if __name__ == "__main__":
    print(library())
    print(through_a_task())
    print(count_words("outside of any flow"))
