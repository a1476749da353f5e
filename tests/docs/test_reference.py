"""The reference of the Python API, built as `make docs` builds it, has every public name."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SNAPSHOT = ROOT / "tests" / "architecture" / "public_names.txt"


def pinned_names() -> dict[str, list[str]]:
    """Return the names of every public module, as tests/architecture/test_public_names.py keeps them true."""
    modules: dict[str, list[str]] = {}
    for line in SNAPSHOT.read_text().splitlines():
        if line.startswith(" "):
            list(modules.values())[-1].append(line.strip())
        elif line:
            modules[line] = []
    return modules


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of the reference, by the module each describes."""
    built = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", str(ROOT / "docs"), str(built)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return {page.stem: page.read_text() for page in (built / "reference" / "api").glob("penstock*.html")}


def test_every_public_name_is_in_the_reference(pages: dict[str, str]) -> None:
    """Every pinned module has a page, and that page describes each of its names or links to where it is described."""
    missing: list[str] = []
    described = {anchor for page in pages.values() for anchor in re.findall(r'id="(?:module-)?(penstock[.\w]*)"', page)}
    for module, names in pinned_names().items():
        page = pages.get(module, "")
        links = {
            text: place
            for place, text in re.findall(
                r'href="[^"]*#(?:module-)?(penstock[.\w]*)"[^>]*><code[^>]*><span[^>]*>(\w+)<', page
            )
        }
        missing += [f"docs/reference/api/{module}.md"] * (not page)
        missing += [
            f"{module}.{name}"
            for name in names
            if f'id="{module}.{name}"' not in page and links.get(name) not in described
        ]
    assert missing == []


def test_the_reference_has_no_page_too_many(pages: dict[str, str]) -> None:
    """A page of a module that is no longer public is found."""
    assert set(pages) == set(pinned_names())
