"""Run a flow from outside of it: for tools that start flow runs, such as workers and the command line."""

from __future__ import annotations

from penstock.core.errors import FlowRunTimeoutError as FlowRunTimeoutError
from penstock.engine.flow_engine import run_flow as run_flow

__all__ = ["FlowRunTimeoutError", "run_flow"]
