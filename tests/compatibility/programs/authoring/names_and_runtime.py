"""Run names from templates and functions, tags, and what a run knows of itself."""

from __future__ import annotations

import datetime

from prefect import flow, runtime, tags, task
from prefect.context import FlowRunContext, TaskRunContext, get_run_context
from prefect.exceptions import MissingContextError


def named_by_function() -> str:
    return f"{runtime.flow_run.flow_name}-of-{runtime.flow_run.parameters['who']}"


def task_named_by_function() -> str:
    return f"{runtime.task_run.task_name}:{runtime.task_run.parameters['x']}"


@task(task_run_name="add-{x}-and-{y}", tags=["maths"])
def add(x, y=1):
    return runtime.task_run.name, sorted(runtime.task_run.tags), runtime.task_run.parameters


@task(task_run_name=task_named_by_function)
def square(x):
    return runtime.task_run.name, runtime.task_run.run_count


@flow(flow_run_name="{who}-on-{day:%A}")
def templated(who: str, day: datetime.date):
    return runtime.flow_run.name, runtime.flow_run.parameters["who"], runtime.flow_run.flow_name


@flow(flow_run_name=named_by_function)
def by_function(who: str):
    return runtime.flow_run.name


@flow
def contexts():
    outer = get_run_context()

    @task
    def inner():
        here = get_run_context()
        return isinstance(here, TaskRunContext), here.task.name, FlowRunContext.get().flow_run.id == outer.flow_run.id

    return isinstance(outer, FlowRunContext), outer.flow.name, TaskRunContext.get(), inner()


@flow
def tagged():
    with tags("a", "b"):
        with tags("c"):
            inside = add(1)[1], sorted(runtime.flow_run.tags)
        after = add(1)[1]
    return inside, after, add(1)[1]


if __name__ == "__main__":
    print(templated("ada", datetime.date(2024, 2, 29)))
    print(by_function("grace"))

    @flow
    def tasks():
        return add(2, y=5), square(4), square.submit(3).result(), add.submit(x=1, y=2).result()

    print(tasks())
    print(contexts())
    print(tagged())
    with tags("outside"):
        print(tagged())
    print(
        runtime.flow_run.id,
        runtime.flow_run.name,
        runtime.flow_run.parameters,
        runtime.flow_run.tags,
        runtime.task_run.id,
    )
    try:
        get_run_context()
    except MissingContextError as error:
        print(type(error).__name__)
