"""The dashboard's bundle is made of the sources that stand beside it, and its packages are locked."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from penstock.server.http.dashboard.pages import DIST

UI = Path(__file__).parents[2] / "ui"
PARTS = ("index.html", "package.json", "package-lock.json", "vite.config.ts", "scripts/build.mjs")


def sources() -> list[str]:
    """Return the files that the bundle is made of, as ui/scripts/sources.mjs lists them."""
    names = [*PARTS]
    for folder in ("src", "public"):
        names += [path.relative_to(UI).as_posix() for path in (UI / folder).rglob("*") if path.is_file()]
    return sorted(
        name for name in names if not re.search(r"\.(test\.tsx?|d\.ts)$", name) and not name.startswith("src/test/")
    )


def test_the_bundle_is_of_these_sources() -> None:
    """Who changes the dashboard's sources builds its bundle anew: `scripts/ui-build`."""
    whole = hashlib.sha256()
    for name in sources():
        whole.update(f"{name} {hashlib.sha256((UI / name).read_bytes()).hexdigest()}\n".encode())
    assert (DIST / "source-hash.txt").read_text().strip() == whole.hexdigest(), (
        "run scripts/ui-build, and commit the bundle"
    )


def test_the_bundle_is_whole() -> None:
    """All that the page names is there, and the page has no script or style of its own, which the policy forbids."""
    page = (DIST / "index.html").read_text()
    named = re.findall(r'(?:src|href)="\./([^"]+)"', page)
    assert named
    assert [name for name in named if not (DIST / name).is_file()] == []
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=|https?://", page)


def test_the_lock_names_no_host() -> None:
    """The lock of the dashboard's packages leaves it to whoever installs where they come from."""
    lock = json.loads((UI / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    kept = {name: package for name, package in lock["packages"].items() if name and not package.get("inBundle")}
    assert [name for name, package in kept.items() if "integrity" not in package] == []
