"""An entrypoint names one flow, or one clear error says why not."""

from __future__ import annotations

import pickle
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.core.errors import MissingFlowError, ScriptError, UnspecifiedFlowError
from penstock.flows import load_flow_from_entrypoint

ONE_FLOW = (
    "from penstock import flow\n\nclass Row:\n    pass\n\n@flow\ndef nightly_report(day='Monday'):\n    return day\n"
)
TWO_FLOWS = ONE_FLOW + "\n@flow\ndef hourly():\n    return 1\n\nlimit = 3\n"


@pytest.fixture(autouse=True)
def _own_imports(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the path and the modules back as they were."""
    before = set(sys.modules)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_a_flow_is_found_by_file_and_function(tmp_path: Path) -> None:
    """What the file defines can be pickled by reference, as when another file imports it."""
    (tmp_path / "etl_of_a_file.py").write_text(ONE_FLOW)
    flow = load_flow_from_entrypoint(f"{tmp_path}/etl_of_a_file.py:nightly_report")
    assert (flow.name, flow.fn.__module__) == ("nightly-report", "etl_of_a_file")
    row = sys.modules["etl_of_a_file"].Row()
    assert type(pickle.loads(pickle.dumps(row))) is type(row)


def test_the_only_flow_of_a_file_needs_no_name(tmp_path: Path) -> None:
    """One flow in the file: the path is enough."""
    (tmp_path / "one_flow.py").write_text(ONE_FLOW)
    assert load_flow_from_entrypoint(f"{tmp_path}/one_flow.py").name == "nightly-report"


def test_a_flow_is_found_by_its_own_name_too(tmp_path: Path) -> None:
    """The name that people see names the flow as well as that of its function."""
    (tmp_path / "by_name.py").write_text(TWO_FLOWS)
    assert load_flow_from_entrypoint(f"{tmp_path}/by_name.py:nightly-report").fn.__name__ == "nightly_report"


@pytest.mark.parametrize("entrypoint", ["reports.daily:nightly_report", "reports.daily.nightly_report"])
def test_a_flow_is_found_in_a_package(tmp_path: Path, entrypoint: str) -> None:
    """A module is named with dots, and the flow after a colon or a last dot."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "__init__.py").touch()
    (tmp_path / "reports" / "daily.py").write_text(ONE_FLOW)
    sys.path.insert(0, str(tmp_path))
    assert load_flow_from_entrypoint(entrypoint).fn.__module__ == "reports.daily"


def test_a_file_of_a_package_may_import_relatively(tmp_path: Path) -> None:
    """A file in a package is imported as part of it."""
    package = tmp_path / "pipelines"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "days.py").write_text("first = 'Tuesday'\n")
    (package / "weekly.py").write_text("from .days import first\n" + ONE_FLOW.replace("'Monday'", "first"))
    assert load_flow_from_entrypoint(f"{package}/weekly.py").fn() == "Tuesday"


def test_a_file_may_have_the_name_of_a_module_of_python(tmp_path: Path) -> None:
    """`json.py` beside the flow's data is not taken for Python's own."""
    (tmp_path / "json.py").write_text(ONE_FLOW)
    name = load_flow_from_entrypoint(f"{tmp_path}/json.py").fn.__module__
    assert re.fullmatch("penstock_file_json_[0-9a-f]{8}", name)
    row = sys.modules[name].Row()
    assert type(pickle.loads(pickle.dumps(row))) is type(row)


def test_files_of_the_same_name_are_not_mixed_up(tmp_path: Path) -> None:
    """Each folder's `etl.py` is its own; loading one again gives the same flow, with the classes it had."""
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "same_name.py").write_text(ONE_FLOW.replace("Monday", f"day {number}"))
    first, second, again = (load_flow_from_entrypoint(f"{tmp_path}/{number}/same_name.py") for number in (1, 2, 2))
    assert (first.fn(), second.fn()) == ("day 1", "day 2")
    assert second is again


def test_a_file_finds_what_lies_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules in its folder and in the working folder, at once and when the flow runs, and its data by `__file__`."""
    folder, elsewhere = tmp_path / "flows", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (folder / "days_beside.py").write_text("first = 'Tuesday'\n")
    (folder / "later_beside.py").write_text("last = 'Sunday'\n")
    (folder / "data.txt").write_text("data")
    (elsewhere / "shared_here.py").write_text("shared = 'shared'\n")
    (folder / "weekly_beside.py").write_text(
        "from pathlib import Path\nfrom penstock import flow\nfrom days_beside import first\n"
        "from shared_here import shared\n\n@flow\ndef weekly():\n    from later_beside import last\n"
        "    return first, last, shared, (Path(__file__).parent / 'data.txt').read_text()\n"
    )
    monkeypatch.chdir(elsewhere)
    flow = load_flow_from_entrypoint("../flows/weekly_beside.py:weekly")
    assert flow.fn() == ("Tuesday", "Sunday", "shared", "data")


def test_a_module_is_found_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `python -m` finds it; a module that holds one flow is enough."""
    (tmp_path / "here_only.py").write_text(ONE_FLOW)
    monkeypatch.chdir(tmp_path)
    assert load_flow_from_entrypoint("here_only:nightly_report").fn.__module__ == "here_only"
    (tmp_path / "in_here").mkdir()
    (tmp_path / "in_here" / "__init__.py").touch()
    (tmp_path / "in_here" / "module.py").write_text(ONE_FLOW)
    assert load_flow_from_entrypoint("in_here.module:").fn.__module__ == "in_here.module"


def test_flows_that_are_only_imported_do_not_count(tmp_path: Path) -> None:
    """A file's own flow is the one that is meant, although it imports others to call them."""
    (tmp_path / "lent_flows.py").write_text(TWO_FLOWS)
    (tmp_path / "borrower.py").write_text(
        "from penstock import flow\nfrom lent_flows import hourly\n\n@flow\ndef mine():\n    return 1\n"
    )
    assert load_flow_from_entrypoint(f"{tmp_path}/borrower.py").name == "mine"


def test_a_method_of_a_class_can_be_a_flow(tmp_path: Path) -> None:
    """The path to it goes through the class."""
    (tmp_path / "of_a_class.py").write_text(
        "from penstock import flow\nclass Station:\n    @staticmethod\n    @flow\n    def read(): return 3\n"
    )
    assert load_flow_from_entrypoint(f"{tmp_path}/of_a_class.py:Station.read").fn() == 3


def test_an_error_in_a_file_shows_only_what_the_user_wrote(tmp_path: Path) -> None:
    """The traceback begins in the file and ends where the user's own code called what failed."""
    (tmp_path / "reads_settings.py").write_text("import json\nsettings = json.loads('{')\n")
    (tmp_path / "uses_settings.py").write_text("from reads_settings import settings\n")
    with pytest.raises(ScriptError, match="JSONDecodeError") as caught:
        load_flow_from_entrypoint(f"{tmp_path}/uses_settings.py:f")
    frames = traceback.extract_tb(caught.value.user_exc.__traceback__)
    assert [(Path(frame.filename).name, frame.lineno) for frame in frames] == [
        ("uses_settings.py", 1),
        ("reads_settings.py", 2),
    ]
    assert caught.value.__cause__ is caught.value.user_exc


def test_a_file_that_failed_is_imported_again(tmp_path: Path) -> None:
    """Mending it is enough; nothing half-made is kept."""
    file = tmp_path / "mended_file.py"
    file.write_text("1 / 0\n")
    with pytest.raises(ScriptError):
        load_flow_from_entrypoint(f"{file}:nightly_report")
    file.write_text(ONE_FLOW)
    assert load_flow_from_entrypoint(f"{file}:nightly_report").fn() == "Monday"


@pytest.mark.parametrize(
    ("entrypoint", "kind", "words"),
    [
        ("missing.py:f", MissingFlowError, ["There is no file", "missing.py"]),
        ("two.py:daily", MissingFlowError, ["two.py has no flow 'daily'", "It has nightly_report, hourly."]),
        ("two.py:limit", MissingFlowError, ["'limit', but that is of type int, not a flow"]),
        ("two.py", UnspecifiedFlowError, ["several flows", "two.py:nightly_report", "two.py:hourly"]),
        ("none.py", MissingFlowError, ["none.py has no flow", "Put @flow above a function"]),
        ("broken.py:f", ScriptError, ["broken.py raised ZeroDivisionError", "division by zero"]),
        ("leaves.py:f", ScriptError, ["leaves.py raised SystemExit"]),
        ("typo.py:f", ScriptError, ["typo.py raised SyntaxError", "line 2"]),
        ("silent.py:f", ScriptError, ["silent.py raised Silent while it was imported"]),
        ("needs.py:f", ScriptError, ["needs.py raised ModuleNotFoundError", "no_such_library"]),
        ("needs:f", ScriptError, ["needs raised ModuleNotFoundError", "no_such_library"]),
        ("notes.txt", MissingFlowError, ["There is no module 'notes' for the entrypoint 'notes.txt'"]),
        ("./notes.txt:f", MissingFlowError, ["can't be imported. Name a file that ends in .py"]),
        (".:f", MissingFlowError, ["'.:f' names no flow"]),
        ("./:f", MissingFlowError, ["There is no file"]),
        ("", MissingFlowError, ["'' names no flow"]),
        ("no_such_module_here:f", MissingFlowError, ["There is no module 'no_such_module_here'"]),
    ],
)
def test_each_mistake_has_its_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entrypoint: str, kind: type[Exception], words: list[str]
) -> None:
    """The message names the thing, the fact and the remedy."""
    monkeypatch.chdir(tmp_path)
    Path("two.py").write_text(TWO_FLOWS)
    Path("none.py").write_text("limit = 3\n")
    Path("broken.py").write_text("1 / 0\n")
    Path("leaves.py").write_text("raise SystemExit(3)\n")
    Path("typo.py").write_text("limit = 3\ndef (\n")
    Path("needs.py").write_text("import no_such_library\n")
    Path("silent.py").write_text("class Silent(Exception):\n    def __str__(self): return 1 / 0\nraise Silent\n")
    Path("notes.txt").write_text("notes")
    with pytest.raises(kind) as caught:
        load_flow_from_entrypoint(entrypoint)
    for word in words:
        assert word in str(caught.value)
