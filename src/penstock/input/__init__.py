"""What people and other runs tell a flow run while it goes on, checked by type."""

from __future__ import annotations

from penstock.input.receiving import GetAutomaticInputHandler as GetAutomaticInputHandler
from penstock.input.receiving import GetInputHandler as GetInputHandler
from penstock.input.receiving import receive_input as receive_input
from penstock.input.run_input import AutomaticRunInput as AutomaticRunInput
from penstock.input.run_input import RunInput as RunInput
from penstock.input.run_input import RunInputMetadata as RunInputMetadata
from penstock.input.run_input import run_input_subclass_from_type as run_input_subclass_from_type
from penstock.input.sending import asend_input as asend_input
from penstock.input.sending import send_input as send_input

__all__ = [
    "AutomaticRunInput",
    "GetAutomaticInputHandler",
    "GetInputHandler",
    "RunInput",
    "RunInputMetadata",
    "asend_input",
    "receive_input",
    "run_input_subclass_from_type",
    "send_input",
]
