"""The commands, a file a group. Each loads what it needs when it runs: a group that is only listed costs nothing."""

from __future__ import annotations
