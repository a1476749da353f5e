"""The locked set of requirements is whole, and names no place that packages come from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements/dev.lock").read_text()
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

# Their versions are dates: no number tells when they break, so a cap would be a guess.
VERSIONED_BY_DATE = {"fsspec", "furo", "pandas-stubs", "s3fs", "tzdata"}


def locked_versions() -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9.-]+)==(\S+)", LOCK, flags=re.MULTILINE):
        versions.setdefault(canonicalize_name(name), set()).add(version)
    return versions


def requirements() -> list[Requirement]:
    project = PYPROJECT["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in project["dependencies"] + extras + PYPROJECT["dependency-groups"]["dev"]]


def test_the_lock_names_no_index() -> None:
    """The lock installs from whichever index a developer or CI is set to use."""
    assert re.findall(r"https?:|file:|//|--index|--extra-index|--find-links|--trusted-host", LOCK) == []


def test_every_locked_package_has_hashes() -> None:
    """Each package is followed by at least one SHA-256."""
    entries = re.split(r"^(?=[a-z])", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) > 20
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_requirement_is_locked_within_its_bounds() -> None:
    """What pyproject.toml asks for stands in the lock, in versions that it allows; if not, run `make lock`."""
    versions = locked_versions()
    unmet = [
        str(requirement)
        for requirement in requirements()
        if not versions.get(canonicalize_name(requirement.name))
        or not all(requirement.specifier.contains(version) for version in versions[canonicalize_name(requirement.name)])
    ]
    assert unmet == []


def test_every_requirement_is_capped() -> None:
    """A next major release of a requirement cannot reach a user before it is tested."""
    uncapped = [
        requirement.name
        for requirement in requirements()
        if not any(specifier.operator == "<" for specifier in requirement.specifier)
    ]
    assert set(uncapped) == VERSIONED_BY_DATE
