"""What is known of the run that runs here: `runtime.flow_run.id`, `runtime.task_run.name` and the like.

Outside of a run every attribute has its empty value. For tests, the environment variable
`PENSTOCK__RUNTIME__FLOW_RUN__<NAME>` (or `TASK_RUN`) gives an attribute a value where there is none.
"""

from __future__ import annotations

from penstock.runtime import flow_run as flow_run
from penstock.runtime import task_run as task_run

__all__ = ["flow_run", "task_run"]
