"""What is followed as JSON with named fields, as every answer is."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.server.http.json_models import as_public


def as_named_json(item: Any) -> bytes:
    """Return `item` as one line of JSON."""
    return msgspec.json.encode(as_public(item, type(item)))
