"""A Ray cluster of one machine, without its dashboard."""

from __future__ import annotations

import logging

import ray


def start() -> None:
    """Start Ray with two workers."""
    ray.init(num_cpus=2, include_dashboard=False, logging_level=logging.ERROR, log_to_driver=False)


@ray.remote
def nothing(number: int) -> None:
    """Do nothing."""
