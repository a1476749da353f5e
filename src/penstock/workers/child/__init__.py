"""What runs in the process of a run that a worker started: the code is brought here, the flow is found and called."""

from __future__ import annotations
