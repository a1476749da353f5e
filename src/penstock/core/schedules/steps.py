"""The bound on the work of one question: steps, never time, so that every machine gives the same answer."""

from __future__ import annotations

STEPS = 20_000
"""How many steps a question may take. A step is a day or a time that is looked at; a day costs about a microsecond, a time two.

All days up to the horizon can be looked at once.
"""

STEPS_PER_INSTANT = 40
"""How many more it may take for each instant that it finds."""

COUNTING_STEPS = 20_000
"""How many steps it may take to count the times of a recurrence's rules, where these have a COUNT: two for each time."""

HORIZON_DAYS = 50 * 366
"""How far ahead of its beginning a question looks, in days: about fifty years."""


class OutOfStepsError(Exception):
    """A question has taken all the steps it may."""


class StepBudget:
    """The steps that are left to a question.

    Parameters:
        steps: how many it may take until it finds something.
    """

    __slots__ = ("left",)

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps

    def spend(self) -> None:
        """Take a step.

        Raises:
            OutOfStepsError: none was left.
        """
        if self.left <= 0:
            raise OutOfStepsError
        self.left -= 1

    def found(self) -> None:
        """Add the steps that an instant is worth."""
        self.left += STEPS_PER_INSTANT
