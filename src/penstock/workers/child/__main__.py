"""The program of a run's process: `python -m penstock.workers.child`. The environment says which run."""

from __future__ import annotations

import os
import sys

from penstock.workers.child.execution import execute

if __name__ == "__main__":
    sys.exit(execute(os.environ))
