"""The command line: `penstock flow run …`, `penstock flow-run inspect …` and the rest."""

from __future__ import annotations


def main() -> None:
    """Run the command that the process was started with, and end the process with its exit code."""
    import sys

    from penstock.cli.program import run

    sys.exit(run(sys.argv[1:]))
