"""The names of flows, tasks and their runs: which are allowed, how templates make them, and what a run is called else."""

from __future__ import annotations

from penstock.core.names.slug import slug as slug
from penstock.engine.names.checked_name import MAX_NAME_LENGTH as MAX_NAME_LENGTH
from penstock.engine.names.checked_name import check_name as check_name
from penstock.engine.names.run_name import run_name as run_name
