"""How words reach the screen: text or JSON, on a terminal or not."""

from __future__ import annotations
