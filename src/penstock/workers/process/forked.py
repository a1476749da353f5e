"""What a process does that a warm parent has forked for a run."""

from __future__ import annotations

import os
import random
import sys
from typing import Any

from penstock.client.transport import use_transport
from penstock.core.errors import PenstockException
from penstock.reporting.log_lines import reset_logging
from penstock.reporting.recorder import use_recorder
from penstock.settings.active import forget as forget_settings
from penstock.workers.child.assignment import flow_run_id_in, read_assignment
from penstock.workers.child.execution import NOT_STARTED
from penstock.workers.child.execution import carry_out as carry_out_assignment
from penstock.workers.child.parent import die_with_parent


def carry_out(flow: Any, entrypoint: tuple[str | None, str] | None) -> int:
    """Carry out the run that the environment names, and return the exit code.

    Parameters:
        flow: what was imported before the fork.
        entrypoint: the folder and the entrypoint that it was imported from.
    """
    _begin_anew()
    die_with_parent(os.environ)
    try:
        assignment = read_assignment(*flow_run_id_in(os.environ))
    except PenstockException as error:
        sys.stderr.write(f"penstock[{os.getpid()}]: {error}\n")
        return NOT_STARTED
    spec = assignment.spec
    is_at_hand = flow is not None and not spec.pull_steps and entrypoint == (spec.path, spec.entrypoint)
    return carry_out_assignment(assignment, flow if is_at_hand else None)


def _begin_anew() -> None:
    """Forget what was read from the parent's environment, and whatever must not be the same in two processes."""
    forget_settings()
    use_transport(None)
    use_recorder(None)
    reset_logging()
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
