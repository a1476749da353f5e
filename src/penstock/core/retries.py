"""When to try again: the arithmetic of retry delays."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

RetryDelay = float | Sequence[float] | Callable[[int], Sequence[float]] | None

MAX_RETRY_DELAY_SECONDS = 30 * 24 * 3600.0
MAX_EXPLICIT_DELAYS = 50


def exponential_backoff(backoff_factor: float) -> Callable[[int], list[float]]:
    """Return a `retry_delay_seconds` that doubles from `backoff_factor` seconds with each retry.

    Parameters:
        backoff_factor: the first delay, in seconds.

    Returns:
        A function from the number of retries to their delays: `backoff_factor * 2**n` for the n-th, from 0.
    """

    def delays(retries: int) -> list[float]:
        return [backoff_factor * max(1, 2**attempt) for attempt in range(min(retries, MAX_EXPLICIT_DELAYS))]

    return delays


def retry_delay_seconds(
    delay: RetryDelay,
    retry: int,
    jitter_factor: float | None = None,
    draw: Callable[[], float] = random.random,
) -> float:
    """Return how long to wait before a retry, in seconds.

    Parameters:
        delay: one number for every retry, or one number for each (the last one serves the rest).
        retry: which retry this is, from 1.
        jitter_factor: spreads the delay evenly over `delay * (1 ± jitter_factor)`, never below zero, so that
            runs which failed together do not come back together.
        draw: returns a number from [0, 1).
    """
    if delay is None or callable(delay):
        return 0.0
    if isinstance(delay, (int, float)):
        seconds = float(delay)
    elif not delay:
        return 0.0
    else:
        seconds = float(delay[min(retry, len(delay)) - 1])
    if jitter_factor:
        seconds *= 1 + jitter_factor * (2 * draw() - 1)
    return min(max(seconds, 0.0), MAX_RETRY_DELAY_SECONDS)
