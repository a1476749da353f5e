"""The lowest floor stands on the standard library: every program loads it, and the rules of the server lie in it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

CORE = Path(__file__).parents[2] / "src/penstock/core"
# docs/design/decisions/0016-schedule-arithmetic.md: loaded when the first cron expression is parsed.
ALLOWED = {("schedules/cron.py", "cronsim")}


def strangers(source: str) -> set[str]:
    """Name the packages that a module imports, also for types only, beside the standard library and core."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return {
        name.partition(".")[0]
        for name in found
        if name.partition(".")[0] not in sys.stdlib_module_names and not f"{name}.".startswith("penstock.core.")
    }


def test_core_imports_nothing_but_the_standard_library() -> None:
    """Of all its modules, one imports one other package."""
    files = sorted(CORE.rglob("*.py"))
    assert len(files) > 20
    found = {(str(path.relative_to(CORE)), name) for path in files for name in strangers(path.read_text())}
    assert found == ALLOWED


def test_the_check_finds() -> None:
    """Every way of importing is seen, also within a function."""
    assert strangers("import msgspec.json, os") == {"msgspec"}
    assert strangers("def late():\n    from dateutil.rrule import rrule") == {"dateutil"}
    assert strangers("from penstock.wire import states") == {"penstock"}
    assert strangers("from penstock.core import clock\nfrom penstock.core.clock import now\nimport json") == set()
