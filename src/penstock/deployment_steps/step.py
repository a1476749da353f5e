"""The contract of steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

import msgspec

from penstock.core.errors import StepExecutionError

Tell = Callable[[str], object]
"""Called with each line that a step has to say."""


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step with its inputs, which are its fields.

    Attributes:
        name: what it is called in a deployment, after `penstock.deployments.steps.`.
    """

    name: ClassVar[str]

    @classmethod
    def of(cls, inputs: Mapping[str, Any]) -> Self:
        """Return the step with these inputs.

        Raises:
            StepExecutionError: one is missing, unknown or of the wrong type.
        """
        try:
            return msgspec.convert(dict(inputs), cls)
        except msgspec.ValidationError as error:
            known = ", ".join(cls.__struct_fields__)
            raise StepExecutionError(f"The inputs of step {cls.name} are wrong: {error}. It takes {known}.") from None

    def run(self, tell: Tell) -> dict[str, Any]:
        """Do it.

        Parameters:
            tell: called with each line that the step has to say.

        Returns:
            What later steps may refer to.
        """
        raise NotImplementedError
