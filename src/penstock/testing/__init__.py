"""For tests of flows and tasks: a home of their own, and a clock that moves when it is told to."""

from __future__ import annotations

from penstock.testing.clock import ManualClock as ManualClock
from penstock.testing.clock import moving_clock as moving_clock
from penstock.testing.harness import penstock_test_harness as penstock_test_harness

__all__ = ["ManualClock", "moving_clock", "penstock_test_harness"]
