"""Measure Penstock beside its peers and print a table of ratios.

    python benchmarks/run.py                          everything: about half an hour
    python benchmarks/run.py --no-peers               Penstock alone: a few minutes
    python benchmarks/run.py --only called mapped     some cases
    python benchmarks/run.py --json figures.json      keep every figure of every round

Peers are installed into environments of their own under `.bench/` when they are first needed. One that can't be
installed, or does not finish a case, is named below the table; the others go on. No figure makes this fail.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
from pathlib import Path

import peers
import table
from comparison import Comparison, compare
from measures import CASES, Case
from peers import PEERS, PENSTOCK, Peer, PeerMissing


def main() -> None:
    """Measure what the command line asks for."""
    asked = _arguments()
    # Whoever ends this ends the scripts that it runs, and sees what was measured so far.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    systems, missing = _installed([] if asked.no_peers else [peer for peer in PEERS if peer.name in asked.peers])
    versions = {peer.name: peers.version(peer) for peer in systems}
    comparisons: list[Comparison] = []
    try:
        comparisons.extend(compare(case, systems, asked.repeat, _say) for case in _cases(asked.only))
    except KeyboardInterrupt:
        _say("stopped; what was measured so far:")
    print(_heading(versions, asked.repeat))
    print()
    print(table.draw(comparisons, [peer.name for peer in systems]))
    notes = [*table.failures(comparisons), *(f"{name} is missing: {why}" for name, why in missing.items())]
    print("".join(f"\n{note}" for note in notes))
    if asked.json:
        _keep(asked.json, comparisons, versions)


def _arguments() -> argparse.Namespace:
    names = [case.name for case in CASES]
    known = [peer.name for peer in PEERS]
    parser = argparse.ArgumentParser(description="Measure Penstock beside its peers.")
    parser.add_argument("--only", nargs="+", metavar="CASE", choices=names, default=names, help=", ".join(names))
    parser.add_argument("--peers", nargs="+", metavar="PEER", choices=known, default=known, help=", ".join(known))
    parser.add_argument("--no-peers", action="store_true", help="measure Penstock alone")
    parser.add_argument("--repeat", type=int, default=3, help="rounds of each case (3)")
    parser.add_argument("--json", type=Path, help="a file for every figure of every round")
    return parser.parse_args()


def _cases(names: list[str]) -> list[Case]:
    return [case for case in CASES if case.name in names]


def _installed(wanted: list[Peer]) -> tuple[list[Peer], dict[str, str]]:
    systems, missing = [PENSTOCK], {}
    for peer in wanted:
        _say(f"preparing {peer.name}")
        try:
            peers.install(peer)
        except PeerMissing as error:
            missing[peer.name] = str(error)
        else:
            systems.append(peer)
    return systems, missing


def _heading(versions: dict[str, str], rounds: int) -> str:
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    machine = f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}"
    how = f"medians of {rounds} rounds, systems in turn; (Nx): N times Penstock's, paired by round; !: over the aim"
    return f"{named}\n{machine}\n{how}"


def _keep(path: Path, comparisons: list[Comparison], versions: dict[str, str]) -> None:
    kept = {
        "versions": versions,
        "processors": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "cases": {
            one.case.name: {"sizes": one.case.sizes, "figures": one.figures, "failures": one.failures}
            for one in comparisons
        },
    }
    path.write_text(json.dumps(kept, indent=2) + "\n")


def _say(line: str) -> None:
    """Show what is going on, apart from the table."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
