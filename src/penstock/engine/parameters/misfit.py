"""What is wrong with a parameter's value, in words that show no secrets."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, get_origin

from penstock.engine.recorded_parameters import shown

_MASK = "********"
_MAX_MISFITS = 20


class Misfit(NamedTuple):
    """A value that does not fit its annotation.

    Attributes:
        path: where it stands, such as `config.hosts.0`.
        given: the value in a few words; empty where there is none.
        expected: the annotation of the parameter.
        reason: why it does not fit.
    """

    path: str
    given: str
    expected: str
    reason: str

    @classmethod
    def missing(cls, name: str) -> Misfit:
        """A parameter without a default was not given."""
        return cls(name, "", "", "it has no default and was not given")

    @classmethod
    def from_pydantic(cls, name: str, annotation: Any, details: Any) -> Misfit:
        """One of the errors of a `pydantic.ValidationError` of a model whose only field is `value`."""
        path = ".".join([name, *map(str, details["loc"][1:])])
        given = _given(path, details["input"])
        spoken = details["type"] in ("value_error", "assertion_error")
        reason = "its validator refuses it" if spoken and _MASK in given else str(details["msg"])
        return cls(path, given, type_name(annotation), _lowered(reason))

    @classmethod
    def from_exception(cls, name: str, annotation: Any, value: Any, error: Exception) -> Misfit:
        """A validator raised something that is not about the value."""
        return cls(name, _given(name, value), type_name(annotation), f"its validator raised {type(error).__name__}")

    def sentence(self, flow_name: str) -> str:
        """Say it in a sentence."""
        if not self.given:
            return f"Flow {flow_name!r} needs its parameter {self.path!r}: {self.reason}."
        return (
            f"Flow {flow_name!r} can't take {self.given} as its parameter {self.path!r}, annotated {self.expected}: "
            f"{self.reason}."
        )

    def line(self) -> str:
        """Say it in a line of a list."""
        return (
            f"{self.path} = {self.given}, annotated {self.expected}: {self.reason}"
            if self.given
            else f"{self.path}: {self.reason}"
        )


def message_for(flow_name: str, misfits: list[Misfit]) -> str:
    """Return one message about every value that does not fit."""
    if len(misfits) == 1:
        return misfits[0].sentence(flow_name)
    lines = [misfit.line() for misfit in misfits[:_MAX_MISFITS]]
    if len(misfits) > _MAX_MISFITS:
        lines.append(f"and {len(misfits) - _MAX_MISFITS} more")
    return "\n  ".join([f"Flow {flow_name!r} can't take these parameters:", *lines])


def type_name(annotation: Any) -> str:
    """Return an annotation as one would write it, without the modules of typing."""
    if get_origin(annotation) is Annotated:
        annotation = annotation.__origin__
    if isinstance(annotation, type) and not hasattr(annotation, "__args__"):
        return annotation.__name__
    text = str(annotation).replace("typing.", "").replace("collections.abc.", "")
    return text if len(text) <= 100 else f"{text[:100]}…"


def _given(path: str, value: Any) -> str:
    text = shown(path, value)
    return text if text == _MASK else f"{text} ({type(value).__name__})"


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]
