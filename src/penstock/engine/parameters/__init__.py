"""The parameters of a flow: what their annotations are, and values that fit them."""

from __future__ import annotations

from penstock.engine.parameters.validation import validate_parameters as validate_parameters
