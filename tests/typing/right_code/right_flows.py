"""Flows keep the signature and the return type of their function."""

from __future__ import annotations

from pathlib import Path
from typing import Any, assert_type

from penstock import Flow, flow
from penstock.runner.storage import GitRepository
from penstock.states import State
from penstock.task_runners import ThreadPoolTaskRunner


@flow
def survey(stations: list[str], *, limit: int = 10) -> dict[str, int]:
    return dict.fromkeys(stations, limit)


@flow(name="nightly", retries=2, retry_delay_seconds=5, timeout_seconds=60, log_prints=True, recoveries=1)
def nightly(day: str) -> int:
    return len(day)


@flow(task_runner=ThreadPoolTaskRunner(max_workers=4))
async def gather(count: int) -> list[bytes]:
    return [b""] * count


def called() -> None:
    assert_type(survey(["Ida"], limit=3), dict[str, int])
    assert_type(nightly("Monday"), int)
    assert_type(nightly.fn("Monday"), int)


def as_state() -> None:
    assert_type(survey(["Ida"], return_state=True), State[dict[str, int]])


def with_other_options() -> None:
    assert_type(nightly.with_options(name="hourly", retries=0)("Monday"), int)


async def awaited() -> None:
    assert_type(await gather(3), list[bytes])
    assert_type(await gather(3, return_state=True), State[list[bytes]])


def loaded() -> None:
    assert_type(flow.from_source("https://example.com/flows.git", "flows.py:survey"), Flow[..., Any])
    assert_type(flow.from_source(GitRepository("https://example.com/flows.git"), "flows.py:survey")(1), Any)


async def loaded_in_async_code() -> None:
    assert_type(await flow.afrom_source(Path("flows"), "flows.py:survey"), Flow[..., Any])
