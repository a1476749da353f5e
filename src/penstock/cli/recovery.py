"""Taking up a run that did not complete: which runs may be, and with which arguments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from penstock.cli.finding import find_flow_run
from penstock.core.errors import InvalidRequest
from penstock.core.state_type import StateType
from penstock.engine.recorded_parameters.recording import recorded
from penstock.engine.recorded_parameters.redaction import MASK
from penstock.engine.recorded_parameters.transcription import TYPES, WITHHELD
from penstock.wire.flow_runs import RESUMING, FlowRun

if TYPE_CHECKING:
    from penstock.flows import Flow

RECOVERABLE = frozenset({StateType.FAILED, StateType.CRASHED, StateType.PAUSED})

_CUT_TEXT = re.compile(r"… \(\+\d+ characters\)$")
_MARK = re.compile(r"__\w+__")


def run_to_recover(reference: str, flow_name: str, *, anew: bool = False) -> FlowRun:
    """Return the run that `reference` means, if it can be taken up by the flow `flow_name`.

    Parameters:
        reference: its name, its id, or the beginning of that.
        flow_name: the flow.
        anew: whether some of it is to be carried out anew, however it ended.

    Raises:
        ObjectNotFound: there is no such run.
        InvalidRequest: it is a run of another flow, it completed, or it is still running.
    """
    run = find_flow_run(reference)
    if run.flow_name != flow_name:
        raise InvalidRequest(f"{run.name!r} is a run of flow {run.flow_name!r}, not of {flow_name!r}.")
    resumes = run.state.name == RESUMING and run.deployment_id is None
    if run.state.type not in RECOVERABLE and not resumes and not (anew and run.state.type.is_terminal):
        ways = "" if anew or not run.state.type.is_terminal else " (--from-start or --from-task has it done again)"
        raise InvalidRequest(
            f"{run.name!r} is {run.state.name}: only a run that failed, crashed or is paused can be taken up again{ways}."
        )
    return run


def arguments_of(run: FlowRun, given: dict[str, Any], flow: Flow[..., Any]) -> dict[str, Any]:
    """Return the arguments `run` had, with those that are `given` in their places, as `flow` is to be called with them.

    Raises:
        InvalidRequest: an argument is not recorded whole, or not as what it was, and none is given for it.
        ParameterBindError: the arguments do not fit the flow's signature.
        ParameterTypeError: one of them does not fit its annotation.
    """
    types = run.parameters.get(TYPES, {})
    record = {
        name: run.parameters[name] for name in run.parameters if name != TYPES and not _is_default(run, name, flow)
    }
    lost = [name for name, value in record.items() if name not in given and not is_whole(name, value)]
    if lost:
        raise InvalidRequest(
            f"{run.name!r} can't be taken up as it was: {', '.join(map(repr, lost))} is not recorded whole, being secret or "
            f"too large. Give it again: -p {lost[0]}=…"
        )
    arguments = _called_again(flow, record, given)
    if isinstance(types, dict):
        types = {name: types[name] for name in record.keys() & types.keys() - given.keys()}
        if not types:
            return arguments
    becoming = flow.validate_parameters(arguments) if flow.should_validate_parameters else arguments
    _refuse_others(run, types, recorded({name: becoming.get(name) for name in record.keys() - given.keys()}))
    return arguments


def _called_again(flow: Flow[..., Any], record: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Bind recorded parameters, among which `*args` and `**kwargs` stand under their own names, and given ones."""
    shape, by_name = flow.signature.shape, dict(record)
    rest = by_name.pop(shape.var_positional, []) if shape.var_positional is not None else []
    keywords = by_name.pop(shape.var_keyword, {}) if shape.var_keyword is not None else {}
    by_name |= {**keywords, **given}
    if rest or shape.positional_only:
        rest = [*(by_name.pop(name) for name in shape.positional if name in by_name), *rest]
    return flow.signature.bind(tuple(rest), by_name)


def _is_default(run: FlowRun, name: str, flow: Flow[..., Any]) -> bool:
    """Whether a parameter is recorded as the flow's default for it is, of whatever class that may be."""
    types, default = run.parameters.get(TYPES), flow.signature.defaults.get(name, MASK)
    if not isinstance(types, dict) or name not in types or WITHHELD in types[name] or default is MASK:
        return False
    return recorded({name: default}) == {name: run.parameters[name], TYPES: {name: types[name]}}


def _refuse_others(run: FlowRun, types: Any, becoming: dict[str, Any]) -> None:
    """Raise where the flow would be given values that are not recorded as those that it was given the first time."""
    if not isinstance(types, dict):
        raise InvalidRequest(
            f"{run.name!r} can't be taken up as it was: its record has no room for what its arguments were. Give them "
            "all again: -p name=…"
        )
    now = becoming.get(TYPES, {})
    for name in sorted(types):
        same = isinstance(now, dict) and now.get(name) == types[name] and becoming[name] == run.parameters[name]
        if not same or WITHHELD in types[name]:
            raise InvalidRequest(
                f"{run.name!r} can't be taken up as it was: {name!r} held what JSON does not have ({types[name]}), and no "
                f"annotation of the flow makes that of the record. Annotate it, or give it again: -p {name}=…"
            )


def is_whole(name: str, value: Any) -> bool:
    """Whether a recorded parameter is all that the run was given, with nothing masked, cut or put in other words."""
    if _MARK.fullmatch(name):
        return False
    if isinstance(value, str):
        return MASK not in value and value != "…" and _CUT_TEXT.search(value) is None
    if isinstance(value, dict):
        return all(is_whole(key, inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(is_whole("", inner) for inner in value)
    return True
