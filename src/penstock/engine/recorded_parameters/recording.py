"""The parameters of a run as they may be recorded, by the settings in use."""

from __future__ import annotations

from typing import Any

from penstock import settings
from penstock.engine.recorded_parameters.bounded_text import MAX_REPR, cut_text
from penstock.engine.recorded_parameters.budget import Budget, text_bytes
from penstock.engine.recorded_parameters.parts import Part
from penstock.engine.recorded_parameters.redaction import MASK, HookBroken, Redaction, load_hook
from penstock.engine.recorded_parameters.transcription import CUT, JSON, MAX_ITEMS, TYPES, Transcription

_SHOWN_BYTES = 120
_NOTE_BYTES = 100
_NO_TYPES_BYTES = 20
_complaints: set[str] = set()


def recorded(parameters: dict[str, Any]) -> dict[str, JSON]:
    """Return what may be written of `parameters` into the record.

    It is JSON that every database takes, of at the most `recording.parameters_max_bytes` bytes. What was left out is
    marked `"…"` or `{"__cut__": "… more"}`. Pydantic's secrets, and what stands under a name that one of the patterns
    of `recording.redact` matches, is `"********"`; everything else passes through `recording.redaction_hook`, if it is
    set. Where that hook fails, nothing is recorded but the names, and a warning says so once.

    What is of a class that JSON does not have is written as one it has, and its class is noted beside it:
    `{"day": "2026-01-31", "__types__": {"day": "datetime.date"}}`.

    Parameters:
        parameters: the values by name. They are not changed.
    """
    recording = settings.current().recording
    if recording.parameters_max_bytes < _NOTE_BYTES:
        return {CUT: f"{len(parameters)} more"} if parameters else {}
    budget = Budget(recording.parameters_max_bytes - _NO_TYPES_BYTES)
    try:
        transcription = Transcription(_redaction(recording))
        written: dict[str, JSON] = transcription.parts(
            [Part(name, value) for name, value in list(parameters.items())[:MAX_ITEMS]],
            len(parameters),
            "",
            budget,
            share=True,
        )
    except HookBroken:
        _complain(str(recording.redaction_hook))
        return dict.fromkeys(list(parameters)[:MAX_ITEMS], MASK)
    except Exception:
        # Out of memory or of stack: the run matters more than the record of its parameters.
        return dict.fromkeys(list(parameters)[:MAX_ITEMS], "…")
    if transcription.kinds:
        written[TYPES] = _types(transcription.kinds, budget.left)
    return written


def _types(kinds: dict[str, set[str]], room: int) -> JSON:
    """Return the classes in every parameter; where there is no room for all of them, say only that there are some."""
    types = {name: cut_text(", ".join(sorted(each)), MAX_REPR) for name, each in kinds.items()}
    size = sum(text_bytes(name) + text_bytes(text) + 4 for name, text in types.items()) + 4
    return types if size <= room else "…"


def shown(name: str, value: Any) -> str:
    """Return one parameter's value in a few words for a message, with the same things kept secret as in the record."""
    recording = settings.current().recording
    try:
        redaction = _redaction(recording)
        if any(redaction.hides_name(part) for part in name.split(".")):
            return MASK
        text = repr(Transcription(redaction).value(value, name, Budget(4 * _SHOWN_BYTES)))
    except HookBroken:
        return MASK
    return text if len(text) <= _SHOWN_BYTES else f"{text[:_SHOWN_BYTES]}…"


def is_secret_name(name: str) -> bool:
    """Tell whether what stands under `name` is kept out of the record by `recording.redact`."""
    return Redaction(settings.current().recording.redact).hides_name(name)


def _redaction(recording: Any) -> Redaction:
    if recording.redaction_hook is None:
        return Redaction(recording.redact)
    hook = load_hook(recording.redaction_hook)
    if hook is None:
        raise HookBroken
    return Redaction(recording.redact, hook)


def _complain(hook: str) -> None:
    if hook in _complaints:
        return
    _complaints.add(hook)
    import logging

    logging.getLogger("penstock.recording").warning(
        "The redaction hook %r can't be imported or failed, so the values of parameters are not recorded. Set "
        "recording.redaction_hook to a `module:function` that takes a path and a value and returns what to record.",
        hook,
    )
