"""Logging from within runs: lines go to the console and to the run's record."""

from __future__ import annotations

from penstock.logging.loggers import disable_run_logger as disable_run_logger
from penstock.logging.loggers import get_logger as get_logger
from penstock.logging.loggers import get_run_logger as get_run_logger

__all__ = ["disable_run_logger", "get_logger", "get_run_logger"]
