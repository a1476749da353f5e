"""What people and other runs tell a flow run while it goes on, checked by type."""

from __future__ import annotations

from penstock.input.actions import acreate_flow_run_input as acreate_flow_run_input
from penstock.input.actions import acreate_flow_run_input_from_model as acreate_flow_run_input_from_model
from penstock.input.actions import adelete_flow_run_input as adelete_flow_run_input
from penstock.input.actions import afilter_flow_run_input as afilter_flow_run_input
from penstock.input.actions import aread_flow_run_input as aread_flow_run_input
from penstock.input.actions import create_flow_run_input as create_flow_run_input
from penstock.input.actions import create_flow_run_input_from_model as create_flow_run_input_from_model
from penstock.input.actions import delete_flow_run_input as delete_flow_run_input
from penstock.input.actions import filter_flow_run_input as filter_flow_run_input
from penstock.input.actions import read_flow_run_input as read_flow_run_input
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
    "acreate_flow_run_input",
    "acreate_flow_run_input_from_model",
    "adelete_flow_run_input",
    "afilter_flow_run_input",
    "aread_flow_run_input",
    "asend_input",
    "create_flow_run_input",
    "create_flow_run_input_from_model",
    "delete_flow_run_input",
    "filter_flow_run_input",
    "read_flow_run_input",
    "receive_input",
    "run_input_subclass_from_type",
    "send_input",
]
