"""Systems that run the same case alternately, and what their figures say beside each other."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

import trial
from measures import Case
from peers import PENSTOCK, Peer

Say = Callable[[str], None]


@dataclass
class Comparison:
    """The figures of one case.

    Attributes:
        case: the case.
        figures: of each system, by its name: one set for every round it finished.
        failures: of each system that did not finish: why. It sits out the rounds after.
    """

    case: Case
    figures: dict[str, list[trial.Figures]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def median(self, system: str, figure: str) -> float | None:
        """Return the middle of a system's figures, or None where it has none."""
        found = [one[figure] for one in self.figures.get(system, ()) if figure in one]
        return statistics.median(found) if found else None

    def ratio(self, system: str, figure: str) -> float | None:
        """Return how many times Penstock's figure the system's is: the middle of the ratios of each round."""
        pairs = zip(self.figures.get(system, ()), self.figures.get(PENSTOCK.name, ()), strict=False)
        ratios = [
            theirs[figure] / ours[figure] for theirs, ours in pairs if figure in theirs and ours.get(figure, 0) > 0
        ]
        return statistics.median(ratios) if ratios else None


def compare(case: Case, peers: list[Peer], rounds: int, say: Say) -> Comparison:
    """Run `case` on `peers` in turn, A B C A B C …, so that whatever else the machine does falls on all of them."""
    comparison = Comparison(case)
    for number in range(1, rounds + 1):
        for peer in peers:
            if peer.name not in case.sizes or peer.name in comparison.failures:
                continue
            say(f"{case.name}: {peer.name}, round {number} of {rounds}")
            try:
                figures = trial.run(case, peer)
            except trial.TrialFailed as error:
                comparison.failures[peer.name] = str(error)
            else:
                comparison.figures.setdefault(peer.name, []).append(figures)
    return comparison
