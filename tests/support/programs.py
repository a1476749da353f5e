"""Run small programs as a user would: real processes, with a home of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

TIMEOUT_SECONDS = 120


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a program whose record lies under `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PENSTOCK_")}
    # No test leaves a process behind, unless it is about that.
    return {**kept, "PENSTOCK_HOME": str(home), "PENSTOCK_RECORDING_HAND_OVER_SECONDS": "0", **more}


def written(folder: Path, source: str, name: str = "program.py") -> Path:
    """Write a program and return its path."""
    path = folder / name
    path.write_text(dedent(source))
    return path


def with_tests() -> str:
    """Return the PYTHONPATH of a program that imports what tests share."""
    tests = str(Path(__file__).parents[1])
    return os.pathsep.join(part for part in (tests, os.environ.get("PYTHONPATH")) if part)


def started(program: Path, home: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    """Start a program and return its process; its output is kept for `communicate`."""
    return subprocess.Popen(
        [sys.executable, str(program), *arguments],
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=program.parent,
    )


def ran(program: Path, home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    process = started(program, home, *arguments, **more)
    out, err = process.communicate(timeout=TIMEOUT_SECONDS)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def command(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", "penstock", *arguments],
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


def listed(home: Path, *arguments: str) -> Any:
    """Run a command that prints JSON and return what it printed."""
    done = command(home, *arguments, "--output", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
