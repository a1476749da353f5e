"""What a function takes, as a JSON schema: for forms, for checks, and for people."""

from __future__ import annotations

from penstock.engine.parameter_schema.schema import parameter_schema as parameter_schema
