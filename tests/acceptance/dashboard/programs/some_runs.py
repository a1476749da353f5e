"""Flows that end in every way, and whose names, tags, parameters and errors hold scripts."""

from __future__ import annotations

import sys

from penstock import flow, tags, task

PLANTED = '"><img src=x onerror="window.planted=true"><script>window.planted=true</script>'


@task
def extract(number: int) -> int:
    return number


@task
def load(number: int) -> int:
    if number == 3:
        raise ValueError(PLANTED)
    return number


@flow(name="etl")
def etl(number: int = 1) -> int:
    return load(extract(number))


@flow(name="planted", flow_run_name=PLANTED)
def planted(text: str = PLANTED) -> None:
    raise RuntimeError(text)


def some(count: int) -> None:
    for number in range(count):
        with tags("even" if number % 2 == 0 else "odd"):
            etl(number, return_state=True)
    with tags(PLANTED):
        planted(return_state=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["one"]:
        etl(1)
    else:
        some(8)
