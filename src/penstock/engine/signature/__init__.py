"""What a function takes, and how the arguments of a call become parameters by name and back."""

from __future__ import annotations

from penstock.engine.signature.call_signature import CallSignature as CallSignature
from penstock.engine.signature.call_signature import is_pydantic_field as is_pydantic_field
from penstock.engine.signature.call_signature import name_of as name_of
