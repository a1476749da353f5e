"""What a type checker tells users: right code is clean, and wrong code is refused on the line that is wrong.

In `wrong_code/` each wrong line ends in `# error: [code]`, with the code mypy reports; other lines must be clean.
"""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
RIGHT_CODE = sorted((HERE / "right_code").glob("*.py"))
WRONG_CODE = sorted((HERE / "wrong_code").glob("*.py"))

REPORTED = re.compile(r"^(?P<path>[^:]+):(?P<line>\d+): error: .*\[(?P<code>[a-z-]+)\]$")
MARK = re.compile(r"# error: (?P<codes>\[[^#]*\])")

Fault = tuple[int, str]


@cache
def reported_faults() -> dict[Path, set[Fault]]:
    """Check every example in one run of mypy and gather the line and code of each error, by file."""
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--hide-error-context"]
    command += [str(path) for path in RIGHT_CODE + WRONG_CODE]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode in {0, 1}, result.stdout + result.stderr
    faults: dict[Path, set[Fault]] = {}
    for line in result.stdout.splitlines():
        if found := REPORTED.match(line):
            faults.setdefault(ROOT / found["path"], set()).add((int(found["line"]), found["code"]))
    return faults


def marked_faults(path: Path) -> set[Fault]:
    """Read the line and code of each error that an example says it has."""
    return {
        (number, code)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if (mark := MARK.search(line))
        for code in re.findall(r"\[([a-z-]+)\]", mark["codes"])
    }


@pytest.mark.parametrize("path", RIGHT_CODE, ids=lambda path: path.stem)
def test_right_code_is_clean(path: Path) -> None:
    """A program as users write it has no type errors under the strict rules."""
    assert reported_faults().get(path, set()) == set()


@pytest.mark.parametrize("path", WRONG_CODE, ids=lambda path: path.stem)
def test_wrong_code_is_refused(path: Path) -> None:
    """Each marked line, and no other, has the error that it is marked with."""
    marked = marked_faults(path)
    assert marked, "marks no error: it belongs in right_code"
    assert reported_faults().get(path, set()) == marked
