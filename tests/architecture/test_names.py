"""Files and folders are named after what they hold."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "tests", "examples", "benchmarks", "docs", "scripts", "requirements")
WORDS_THAT_SAY_NOTHING = {"util", "utils", "utility", "utilities", "helper", "helpers", "common", "misc"}
# Programs written for Prefect import `prefect.utilities.annotations`; the package holds that one module.
KEPT_FOR_ITS_PATH = {Path("src/penstock/utilities"): {"__init__.py", "annotations.py"}}
# And they import `prefect_test_harness` from here.
KEPT_FOR_ITS_NAMES = {Path("src/penstock/testing/utilities.py"): {"penstock_test_harness", "prefect_test_harness"}}
# A page of the reference is called as its module is, which is looked at in its own place.
PAGES_OF_MODULES = Path("docs/reference/api")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
BUILT = {"__pycache__", "_build"}


def says_nothing(path: Path) -> bool:
    """Tell whether a word of the last part of a path is one of those that fit anything."""
    return not WORDS_THAT_SAY_NOTHING.isdisjoint(re.split(r"[^a-z]+", path.name.lower()))


def test_no_name_says_nothing() -> None:
    """No file or folder is called utils, helpers, common or misc, alone or as part of its name."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if BUILT.isdisjoint(path.parts)]
    assert found
    paths = {path.relative_to(ROOT) for path in found} - KEPT_FOR_ITS_PATH.keys() - KEPT_FOR_ITS_NAMES.keys()
    assert sorted(str(path) for path in paths if says_nothing(path) and path.parent != PAGES_OF_MODULES) == []


def test_what_is_kept_for_its_path_holds_nothing_else() -> None:
    """The one package of such a name has only the module whose path programs know."""
    for folder, names in KEPT_FOR_ITS_PATH.items():
        assert {path.name for path in (ROOT / folder).iterdir()} - BUILT == names


def test_what_is_kept_for_its_names_defines_nothing_else() -> None:
    """The one module of such a name has only the names that programs know."""
    for path, names in KEPT_FOR_ITS_NAMES.items():
        defined = [one for one in ast.parse((ROOT / path).read_text()).body if isinstance(one, DEFINITIONS)]
        assert {one.name for one in defined} <= names


def test_a_word_inside_a_name_counts() -> None:
    """`string_utils.py` is as empty a name as `utils.py`; `commons` and `utilise.py` are other words."""
    assert says_nothing(Path("string_utils.py"))
    assert says_nothing(Path("Helpers"))
    assert not says_nothing(Path("utilise.py"))
