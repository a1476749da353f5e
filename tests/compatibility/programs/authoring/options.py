"""The options of flows and tasks, and what `with_options` makes of them."""

from __future__ import annotations

from datetime import timedelta

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import exponential_backoff


@task(
    name="load",
    description="Loads rows",
    tags=["io", "nightly"],
    version="7",
    retries=2,
    retry_delay_seconds=[1, 5],
    retry_jitter_factor=0.5,
    timeout_seconds=30,
    log_prints=True,
    cache_expiration=timedelta(hours=1),
)
def load(path: str, limit: int = 10) -> int:
    return limit


@flow(name="Nightly load", version="3", retries=1, retry_delay_seconds=4, timeout_seconds=60, description="All of it")
def nightly(path: str, limit: int = 5) -> int:
    return load(path, limit) + 1


def show(one) -> None:
    print(one.name, one.description, one.retries, one.retry_delay_seconds, one.timeout_seconds, one.version)


if __name__ == "__main__":
    show(load)
    print(sorted(load.tags), load.retry_jitter_factor, load.log_prints, load.cache_expiration)
    show(nightly)
    quick = load.with_options(name="quick load", retries=0, tags={"fast"}, timeout_seconds=5)
    show(quick)
    print(sorted(quick.tags), quick.retry_jitter_factor, quick.log_prints, quick.cache_expiration)
    show(load)
    weekly = nightly.with_options(
        name="Weekly load", task_runner=ThreadPoolTaskRunner(max_workers=2), persist_result=False
    )
    show(weekly)
    print(type(weekly.task_runner).__name__, weekly.persist_result, weekly("a"), nightly("a", limit=7))
    print(exponential_backoff(backoff_factor=10)(4))
    backed_off = load.with_options(retries=3, retry_delay_seconds=exponential_backoff(backoff_factor=2))
    print(backed_off.retry_delay_seconds)
    print(
        load.with_options(cache_policy=NO_CACHE).cache_policy == NO_CACHE,
        quick.fn is load.fn,
        isinstance(quick, type(load)),
    )
