"""What runs look like: as rows, pages, trees, log lines, live progress and JSON."""

from __future__ import annotations
