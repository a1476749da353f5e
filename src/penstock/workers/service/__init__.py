"""A worker at work: it says that it lives, claims runs, carries each to its end, and drains when it is asked to end."""

from __future__ import annotations
